"""Which column of a table of entered answers means what: who answered and how, then the questions by their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from surveys.columns import plain
from surveys.language import CHINESE, Message, message
from surveys.problem import Problem
from surveys.questionnaire.form import ASKED, SENT, Form, Question
from surveys.questionnaire.keys import Indices
from surveys.questionnaire.repeats import UNIT

#: What the columns before the questions may be called. Blanks, _, - and case do not count.
NAMES: Mapping[str, tuple[str, ...]] = {
    "pseudonym": ("pseudonym", "抽样代号", "代号"),
    "code": ("invitation code", "code", "邀请码"),
    "office_id": ("office id", "居民编号", "编号"),
    "mode": ("mode", "填答方式", "方式"),
    "assisted": ("assisted", "他人协助", "协助"),
    "entered_by": ("entered by", "录入人"),
    "entered_by_unit": ("entered by unit", "录入人单位"),
    "at": ("answered at", "at", "填答时间"),
}
#: What the column of the n-th unit may be called beside the name of its repeat.
_UNIT_IN_CHINESE = "单位"
#: The columns that say whose answers a row holds; one of them must be filled in.
WHO = ("pseudonym", "code", "office_id")
#: A question that is called like one of the columns above stands behind this.
QUESTION = "answer."
#: Columns that begin so are the office's own and left alone.
OWN = "#"

_FIELDS = {plain(name): field for field, names in NAMES.items() for name in names}
_COLUMN = re.compile(r"(?P<name>[^\[\]@]+?)\s*(?:[\[［]\s*(?P<in>[^\[\]］]+?)\s*[\]］]|@(?P<at>[0-9.]+))?")
_PLACE = re.compile(r"[1-9][0-9]?(?:\.[1-9][0-9]?)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A column of answers: the row of the form, and in which instance: by number, or by the unit it is about."""

    row: str
    place: Indices = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table: header by field, what each column of answers asks, which names the n-th unit."""

    fields: Mapping[str, str]
    asked: Mapping[str, Asked]
    units: Mapping[str, int]


def field_of(header: str) -> str:
    """Return the field that a header names, '' if it is none of those before the questions."""
    return _FIELDS.get(plain(header), "")


def header_of(field: str, language: str) -> str:
    """Return what the column of a field, or `unit` for that of the units, is called on a sheet in `language`."""
    if language != CHINESE:
        return field
    return _UNIT_IN_CHINESE if field == UNIT else next(name for name in NAMES[field] if not name.isascii())


def column_of(question: str) -> str:
    """Return the header under which the answers to a question stand."""
    return f"{QUESTION}{question}" if field_of(question) else question


def rates_units(form: Form) -> bool:
    """Whether the form runs through the units that a respondent evaluates."""
    return any(repeat.name == UNIT for repeat in form.repeats)


def read_layout(headers: Sequence[str], form: Form, file: str = "", sheet: str = "") -> tuple[Layout, list[Problem]]:
    """Return what the columns mean, and what is wrong with them."""
    fields: dict[str, str] = {}
    asked: dict[str, Asked] = {}
    units: dict[str, int] = {}
    problems: list[Problem] = []
    known = {question.name: question for question in form.questions if question.kind in ASKED}

    def tell(header: str, code: str, what: Message, fix: Message) -> None:
        problems.append(Problem(code, what, fix, file, sheet, 1, header))

    for header in headers:
        if header.startswith(OWN):
            continue
        field = field_of(header)
        if field in fields:
            tell(
                header,
                "duplicate_header",
                message("Two columns mean the same: {first} and {second}.", first=fields[field], second=header),
                message("Delete one of them."),
            )
        elif field:
            fields[field] = header
        elif (place := _nth_unit(header)) and rates_units(form):
            units[header] = place
        else:
            _read_question(header, known, asked, tell)
    counted = Counter(asked.values())
    for header, column in asked.items():
        if counted[column] > 1:
            tell(
                header,
                "duplicate_header",
                message("Two columns hold the same question."),
                message("Delete one of them."),
            )
    for field in _missing(fields, form):
        tell(
            field,
            "missing_column",
            message("There is no column {name}.", name=f"{field} ({header_of(field, CHINESE)})"),
            message("Add it to the header row, or begin with `pingyi answers sheet`."),
        )
    return Layout(fields, asked, units), problems


def _missing(fields: Mapping[str, str], form: Form) -> list[str]:
    wanted = ["mode", "entered_by", *(["entered_by_unit"] if rates_units(form) else [])]
    missing = [field for field in wanted if field not in fields]
    return missing if any(field in fields for field in WHO) else ["pseudonym", *missing]


def _nth_unit(header: str) -> int:
    found = _COLUMN.fullmatch(header)
    if found is None or found["name"].casefold() not in {UNIT, _UNIT_IN_CHINESE}:
        return 0
    place = found["in"] or found["at"] or ""
    return int(place) if place.isdigit() else 0


def _read_question(header: str, known: Mapping[str, Question], asked: dict[str, Asked], tell: object) -> None:
    assert callable(tell)  # noqa: S101 - handed over by read_layout alone
    text = header.removeprefix(QUESTION)
    found = _COLUMN.fullmatch(text)
    name = found["name"] if found else text
    row = name if name in known else _whatever_case(name, known)
    if found is None or not row:
        near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
        fix = message("Did you mean {name}?", name=near[0]) if near else message("Delete it, or put # before its name.")
        tell(header, "unknown_column", message("The questionnaire has no question {name}.", name=name), fix)
        return
    question = known[row]
    if question.kind in SENT:
        tell(
            header,
            "not_typed",
            message("Pictures and recordings cannot be typed."),
            message("Delete the column."),
        )
        return
    within = found["in"] or found["at"] or ""
    depth = len(question.repeats)
    place = tuple(map(int, within.split("."))) if _PLACE.fullmatch(within) else ()
    if within and not place and question.repeats == (UNIT,):
        asked[header] = Asked(row, (), within)
    elif len(place) == depth and bool(within) == bool(depth):
        asked[header] = Asked(row, place)
    elif depth:
        example = f"{row}[{'.'.join(['1'] * depth)}]"
        tell(
            header,
            "which_instance",
            message("The question is asked several times, and the column does not say which time."),
            message("Write {example}, or the unit in the brackets.", example=example)
            if question.repeats == (UNIT,)
            else message("Write {example} for the first.", example=example),
        )
    else:
        tell(
            header,
            "which_instance",
            message("The question is asked once."),
            message("Write {name} alone.", name=row),
        )


def _whatever_case(name: str, known: Mapping[str, Question]) -> str:
    alike = [row for row in known if row.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else ""
