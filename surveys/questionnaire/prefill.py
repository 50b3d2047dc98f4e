"""What default, calculation and read_only make of a row: suggested, computed, said or asked."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from surveys.language import message
from surveys.questionnaire.choicesheet import is_yes
from surveys.questionnaire.draft import Draft
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.form import ASKED, OF_CHOICES, Kind
from surveys.questionnaire.moments import clock_of, moment_of

_NAMES_OF_PYXFORM = {Kind.DATETIME: "dateTime"}


def default_expression(written: str, kind: Kind) -> str:
    """Return the expression of a default: what pyxform takes for dynamic as written, anything else as a quoted text."""
    from pyxform.utils import default_is_dynamic

    if not written or default_is_dynamic(written, _NAMES_OF_PYXFORM.get(kind, kind.value)):
        return written
    if '"' not in written:
        return f'"{written}"'
    return f"'{written}'" if "'" not in written else '"' + written.replace('"', "”") + '"'


def static_default(expression: str) -> str | None:
    """Return the text that the expression of a static default stands for, None of a dynamic one."""
    quoted = len(expression) > 1 and expression[0] == expression[-1] and expression[0] in "\"'"
    return expression[1:-1] if quoted and expression[0] not in expression[1:-1] else None


def settle(draft: Draft, findings: Findings) -> Draft | None:
    """Settle what calculation, default and read_only make of a row; return the note that says a read-only value."""
    note = None
    row, written = draft.row, draft.row.get("default")
    fixed = is_yes(row.get("read_only"))
    if draft.kind is Kind.CALCULATE and not draft.calculation:
        draft.calculation = default_expression(written, Kind.TEXT)
        if not written:
            findings.error(
                "missing_calculation",
                row.at("calculation"),
                message("The calculation of “{name}” is missing.", name=draft.name),
                message("Write it in the column calculation."),
            )
    elif draft.kind is Kind.HIDDEN and not draft.calculation:
        draft.calculation = default_expression(written, Kind.TEXT)
    elif draft.kind in ASKED and fixed and (draft.calculation or written):
        draft.calculation = draft.calculation or default_expression(written, draft.kind)
        note = _shown(draft)
    elif draft.kind in ASKED and draft.calculation:
        draft.kind = Kind.CALCULATE
        findings.warn(
            "computed",
            row.at("calculation"),
            message("“{name}” has a calculation: it is computed and not asked.", name=draft.name),
            message("Delete the calculation if residents shall answer."),
        )
    elif draft.kind in ASKED and fixed:
        draft.kind = Kind.NOTE
    elif draft.kind in ASKED:
        draft.default = default_expression(written, draft.kind)
    if row.get("trigger") and draft.kind is Kind.CALCULATE:
        findings.warn(
            "ignored",
            row.at("trigger"),
            message("“{name}” is computed anew with every answer, whatever its trigger says.", name=draft.name),
            message("Delete the trigger; write once(…) for what must stay as it was first."),
        )
    return note


def _shown(draft: Draft) -> Draft | None:
    """Make a read-only value a calculation, and say it with its label as a note."""
    draft.kind = Kind.CALCULATE
    if not draft.labels:
        return None
    note = Draft(draft.row, Kind.NOTE, f"{draft.name}_shown", f"{draft.path}_shown", draft.conditions, "")
    note.labels = {language: f"{label} ${{{draft.name}}}" for language, label in draft.labels.items()}
    note.follows, note.repeats = draft.name, draft.repeats
    return note


def _fits(written: str, kind: Kind) -> bool:
    """Return whether a text is what a question of that kind takes."""
    match kind:
        case Kind.INTEGER | Kind.DECIMAL:
            try:
                number = Decimal(written.strip())
            except InvalidOperation:
                return False
            return number.is_finite() and (kind is Kind.DECIMAL or number == number.to_integral_value())
        case Kind.DATE | Kind.DATETIME:
            try:
                return moment_of(written) is not None
            except ValueError:
                return False
        case Kind.TIME:
            return clock_of(written) is not None
        case _:
            return True


def remarks_on_default(draft: Draft, findings: Findings) -> None:
    """Look whether a default can be an answer, and warn where it leads."""
    written = static_default(draft.default)
    if written and not _fits(written, draft.kind):
        findings.error(
            "bad_default",
            draft.row.at("default"),
            message("The default “{text}” is no {type}.", text=written, type=draft.kind.value),
            message("Write one, or delete the default."),
        )
        return
    names = {choice.name for choice in draft.choices}
    if written and draft.kind in OF_CHOICES and names and not names.issuperset(written.split()):
        findings.error(
            "unknown_choice",
            draft.row.at("default"),
            message("The default “{text}” is no choice of “{name}”.", text=written, name=draft.name),
            message("Write the name of a choice, or delete the default."),
        )
    elif draft.default and draft.kind in OF_CHOICES:
        findings.warn(
            "leading_default",
            draft.row.at("default"),
            message("The default of “{name}” is offered to residents: it leads them to it.", name=draft.name),
            message("Delete the default if their own opinion is asked for."),
        )
