"""The sheet `survey`, row by row: questions with their groups, before their expressions are looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.language import CHINESE, ENGLISH, LANGUAGES, message, translate
from surveys.questionnaire.choicesheet import ChoiceList, is_no, is_yes
from surveys.questionnaire.columns import SheetRow
from surveys.questionnaire.draft import Condition, Draft
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.form import ASKED, Choice, Kind
from surveys.questionnaire.rowtype import METADATA, RowType, row_type

OTHER = "other"
#: What `role` may say: the question that opens a complaint, and the one that stands for the whole survey.
ROLES = frozenset({"complaint", "key"})
MAX_CHOICES = 200

_NAME = re.compile(r"[^\W\d][\w.\-]*")
_SHOWN = ASKED | {Kind.NOTE}


@dataclass(slots=True)
class _Group:
    name: str
    kind: str
    row: SheetRow
    names: set[str] = field(default_factory=set)


class SurveySheet:
    """Reads the rows in order; `drafts`, and `groups` (their conditions and labels), are what it leaves."""

    def __init__(self, lists: Mapping[str, ChoiceList], languages: tuple[str, ...], findings: Findings) -> None:
        self.lists, self.languages, self.findings = lists, languages, findings
        self.drafts: list[Draft] = []
        self.conditions: list[Condition] = []
        self._open: list[_Group] = []
        self._names: set[str] = set()
        self._top: set[str] = set()

    def read(self, rows: list[SheetRow]) -> None:
        """Read all rows, then look for groups left open and for an empty form."""
        for row in rows:
            if not is_yes(row.get("disabled")):
                self._row(row)
        for group in self._open:
            self.findings.error(
                "unbalanced_group",
                group.row.at("type"),
                message("The group “{name}” is never closed.", name=group.name),
                message("Add a row end {kind} after its last question.", kind=group.kind),
            )

    def _row(self, row: SheetRow) -> None:
        written = row.get("type")
        if not written:
            if row.get("name") or row.translated("label"):
                self.findings.error(
                    "missing_type",
                    row.at("type"),
                    message("The row has no type."),
                    message("Write one, for example text or select_one."),
                )
            return
        kind = row_type(written)
        if kind.refusal and kind.fix:
            self.findings.error(kind.code, row.at("type"), kind.refusal, kind.fix)
        if kind.role == "begin" or (kind.role == "refused" and kind.group):
            self._begin(row, kind)
        elif kind.role == "end":
            self._end(row, kind)
        elif kind.role == "metadata":
            self._metadata(row, kind)
        elif kind.kind is not None:
            self._question(row, kind, kind.kind)

    def _begin(self, row: SheetRow, kind: RowType) -> None:
        name = self._claimed(row) or "?"
        if row.get("relevant"):
            self.conditions.append(Condition(row.get("relevant"), row.at("relevant")))
        self._open.append(_Group(name, kind.group, row))

    def _end(self, row: SheetRow, kind: RowType) -> None:
        if self._open and self._open[-1].kind == kind.group:
            self._open.pop()
            return
        self.findings.error(
            "unbalanced_group",
            row.at("type"),
            message("Nothing is open that “{type}” could close.", type=row.get("type")),
            message("Delete the row, or add begin {kind} before the first question of the group.", kind=kind.group),
        )

    def _metadata(self, row: SheetRow, kind: RowType) -> None:
        name = row.get("name")
        if name and _NAME.fullmatch(name) and name not in self._siblings():
            draft = Draft(row, Kind.CALCULATE, name, self._path(name), (), name, metadata=True)
            draft.calculation = METADATA[kind.standard]
            self.drafts.append(draft)

    def _question(self, row: SheetRow, kind: RowType, asked: Kind) -> None:
        name = self._claimed(row, f"note_{row.place.row}" if asked is Kind.NOTE else "")
        if not name:
            return
        draft = Draft(row, asked, self._unique(row, name), self._path(name), self._relevance(row), name)
        draft.labels = row.translated("label") or row.translated("hint")
        draft.hints = row.translated("hint") if row.translated("label") else {}
        draft.calculation = row.get("calculation")
        draft.required = self._required(row)
        draft.role = self._role(row)
        self._computed_instead(draft)
        self._labelled(draft)
        self.drafts.append(draft)
        if draft.kind in {Kind.SELECT_ONE, Kind.SELECT_MULTIPLE}:
            self._choices(draft, kind)

    def _computed_instead(self, draft: Draft) -> None:
        """Settle what calculation, default and read_only make of a row."""
        row, default = draft.row, draft.row.get("default")
        if draft.kind is Kind.CALCULATE and not draft.calculation:
            draft.calculation = default
            if not default:
                self.findings.error(
                    "missing_calculation",
                    row.at("calculation"),
                    message("The calculation of “{name}” is missing.", name=draft.name),
                    message("Write it in the column calculation."),
                )
        elif draft.kind is Kind.HIDDEN and default and not draft.calculation:
            draft.calculation = f'"{default}"' if '"' not in default else f"'{default}'"
        elif draft.kind in ASKED and draft.calculation:
            draft.kind = Kind.CALCULATE
            self.findings.warn(
                "computed",
                row.at("calculation"),
                message("“{name}” has a calculation: it is computed and not asked.", name=draft.name),
                message("Delete the calculation if residents shall answer."),
            )
        elif draft.kind in ASKED and is_yes(row.get("read_only")):
            draft.kind = Kind.NOTE
        elif draft.kind in ASKED and default:
            self.findings.warn(
                "default_ignored",
                row.at("default"),
                message(
                    "The default of “{name}” is left out: only what a resident says is an answer.", name=draft.name
                ),
                message("Delete the default."),
            )

    def _labelled(self, draft: Draft) -> None:
        if draft.kind not in _SHOWN:
            return
        if not draft.labels:
            self.findings.error(
                "missing_label",
                draft.row.at("label"),
                message("“{name}” has no label: there is nothing to say to the resident.", name=draft.name),
                message("Write the question in the label column."),
            )
            return
        missing = [language for language in self.languages if language not in draft.labels]
        if missing and "" not in draft.labels:
            self.findings.warn(
                "missing_translation",
                draft.row.at("label"),
                message("“{name}” is not translated into: {languages}.", name=draft.name, languages=", ".join(missing)),
                message("Fill in the label."),
            )
        if not draft.row.get("constraint") and draft.row.translated("constraint_message"):
            self.findings.warn(
                "message_without_constraint",
                draft.row.at("constraint_message"),
                message("“{name}” has a constraint message but no constraint.", name=draft.name),
                message("Write the constraint, or delete the message."),
            )

    def _choices(self, draft: Draft, kind: RowType) -> None:
        found = self.lists.get(kind.list_name)
        place = draft.row.at("type")
        if found is None or not found.choices:
            self.findings.error(
                "missing_list",
                place,
                message("The choices sheet has no list “{list}”.", list=kind.list_name),
                message("Add the list to the choices sheet, or correct its name here."),
            )
            return
        if len(found.choices) > MAX_CHOICES and not draft.row.get("choice_filter"):
            self.findings.error(
                "too_many_choices",
                place,
                message("The list “{list}” has more than {limit} choices.", limit=MAX_CHOICES, list=kind.list_name),
                message("Nobody can choose from it on a phone: shorten it, or use a choice_filter."),
            )
        blank = next((choice for choice in found.choices if re.search(r"\s", choice.name)), None)
        if blank and draft.kind is Kind.SELECT_MULTIPLE:
            self.findings.error(
                "bad_name",
                place,
                message("The choice “{name}” of a select_multiple has a blank in its name.", name=blank.name),
                message("Write an underscore instead."),
            )
        draft.choices, draft.satisfied = tuple(found.choices), tuple(found.satisfied)
        if kind.or_other:
            self._add_other(draft)

    def _add_other(self, draft: Draft) -> None:
        """Add the choice `other` and the question that asks which, as or_other means."""
        if all(choice.name != OTHER for choice in draft.choices):
            draft.choices = (*draft.choices, Choice(OTHER, self._in_our_languages("Other")))
        name = f"{draft.name}_{OTHER}"
        condition = Condition(f"selected(${{{draft.name}}}, '{OTHER}')", draft.row.at("type"))
        self._siblings().add(name)
        self._names.add(name)
        text = Draft(draft.row, Kind.TEXT, name, self._path(name), (*draft.conditions, condition), name)
        text.labels, text.follows = self._in_our_languages("Which other? Please say it in a few words."), draft.name
        self.drafts.append(text)

    def _in_our_languages(self, sentence: str) -> Mapping[str, str]:
        spoken = [language for language in self.languages if language in LANGUAGES] or [ENGLISH, CHINESE]
        return {language: translate(language, sentence) for language in spoken}

    def _claimed(self, row: SheetRow, otherwise: str = "") -> str:
        """Return the row's name once it is known to be well formed and the only one in its group."""
        name = row.get("name") or otherwise
        if not name:
            self.findings.error(
                "missing_name",
                row.at("name"),
                message("The row has no name."),
                message("Give it a short name in Latin letters, for example q1."),
            )
            return ""
        if not _NAME.fullmatch(name):
            self.findings.error(
                "bad_name",
                row.at("name"),
                message("“{name}” cannot be a name.", name=name),
                message("Begin with a letter; use letters, digits, _ - and . without blanks."),
            )
        elif name in self._siblings():
            self.findings.error(
                "duplicate_name",
                row.at("name"),
                message("There is already a row called “{name}”.", name=name),
                message("Rename one of them."),
            )
            return ""
        self._siblings().add(name)
        return name

    def _unique(self, row: SheetRow, name: str) -> str:
        """Return the name under which answers are kept: the standard allows one name in several groups, we do not."""
        unique = name
        if name in self._names:
            unique = self._path(name).replace("/", "_")
            while unique in self._names:
                unique += "_"
            self.findings.warn(
                "renamed",
                row.at("name"),
                message(
                    "“{name}” is also the name of a question in another group; here it is kept as “{unique}”.",
                    unique=unique,
                    name=name,
                ),
                message("Give every question a name of its own."),
            )
        self._names.add(unique)
        return unique

    def _siblings(self) -> set[str]:
        return self._open[-1].names if self._open else self._top

    def _path(self, name: str) -> str:
        return "/".join([*(group.name for group in self._open), name])

    def _relevance(self, row: SheetRow) -> tuple[Condition, ...]:
        rows = [*(group.row for group in self._open), row]
        return tuple(Condition(r.get("relevant"), r.at("relevant")) for r in rows if r.get("relevant"))

    def _required(self, row: SheetRow) -> str:
        cell = row.get("required")
        if is_no(cell):
            return ""
        return "true()" if is_yes(cell) else cell

    def _role(self, row: SheetRow) -> str:
        role = row.get("role").casefold()
        if role and role not in ROLES:
            self.findings.warn(
                "unknown_role",
                row.at("role"),
                message("The role “{role}” means nothing here.", role=role),
                message("Write complaint or key, or leave the cell empty."),
            )
            return ""
        return role
