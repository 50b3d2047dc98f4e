"""A workbook to enter answers into: the headers, a row for each resident if wanted, and what may be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from surveys.language import Message, message
from surveys.modes.columns import column_of, rates_units
from surveys.questionnaire.form import ASKED, SENT, Form, Kind, Question
from surveys.questionnaire.repeats import UNIT
from surveys.units.directory import Unit

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Instances of a repeat that get columns where nothing says how many there will be; more may be added.
INSTANCES = 3
_HEADER, _INK = "1F4E78", "FFFFFF"

_EXPLAINED: tuple[tuple[str, Message], ...] = (
    ("pseudonym", message("Whose answers these are; code (of an invitation) or office_id may stand instead.")),
    ("mode", message("paper, phone or doorstep.")),
    ("assisted", message("yes: somebody else has read or written for the resident.")),
    ("entered_by", message("Name or staff number of whoever enters this row.")),
    ("entered_by_unit", message("The unit that person belongs to, or none. Nobody enters ratings of their own unit.")),
    ("at", message("When it was answered, such as 2026-11-02 14:30; empty: now.")),
)
_KINDS: dict[Kind, Message] = {
    Kind.SELECT_ONE: message("one of the options below: name, label or number"),
    Kind.SELECT_MULTIPLE: message("any of the options below, parted by commas"),
    Kind.RANK: message("all options below in their order, parted by commas"),
    Kind.INTEGER: message("a whole number"),
    Kind.DECIMAL: message("a number"),
    Kind.DATE: message("a date such as 2026-11-02"),
    Kind.TEXT: message("words, as they were written or said"),
}


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """One resident who gets a row: office id, pseudonym, and the names of the units to evaluate in their order."""

    office_id: str
    pseudonym: str
    units: tuple[str, ...] = ()


def headers(form: Form, units_each: int) -> tuple[str, ...]:
    """Return the headers of a sheet for `form`, whose respondents evaluate `units_each` units."""
    fixed = ["pseudonym", "office_id", "mode", "assisted", "entered_by"]
    if rates_units(form):
        fixed.append("entered_by_unit")
    return (*fixed, "at", *_questions(form, units_each))


def answer_sheet(
    form: Form, units: Sequence[Unit], people: Sequence[SheetPerson], units_each: int, language: str
) -> bytes:
    """Return an .xlsx with the sheets `answers` and `codelist`; `language` is that of the explanations."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    answers = book.create_sheet("answers")
    names = headers(form, units_each)
    answers.append(list(names))
    for person in people:
        known = {"pseudonym": person.pseudonym, "office_id": person.office_id}
        known |= {f"{UNIT}[{n}]": name for n, name in enumerate(person.units, 1)}
        answers.append([_safe(known.get(name)) for name in names])
    _lay_out(answers, 16)
    codelist = book.create_sheet("codelist")
    for row in _codelist(form, units, language):
        codelist.append([_safe(text) for text in row])
    _lay_out(codelist, 32)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _questions(form: Form, units_each: int) -> Iterator[str]:
    """Yield the columns of the questions: those of a repeat instance by instance, each unit named before its own."""
    asked = [question for question in form.questions if question.kind in ASKED - SENT]
    at = 0
    while at < len(asked):
        first = asked[at]
        if not first.repeats:
            yield column_of(first.name)
            at += 1
            continue
        outer = first.repeats[0]
        block = [question for question in asked[at:] if question.repeats[:1] == (outer,)]
        for instance in range(1, 1 + (units_each if outer == UNIT else INSTANCES)):
            if outer == UNIT:
                yield f"{UNIT}[{instance}]"
            for question in block:
                inner = [".".join((str(instance), *rest)) for rest in _inner(len(question.repeats) - 1)]
                yield from (f"{column_of(question.name)}[{place}]" for place in inner)
        at += len(block)


def _inner(depth: int) -> list[tuple[str, ...]]:
    places: list[tuple[str, ...]] = [()]
    for _ in range(depth):
        places = [(*place, str(n)) for place in places for n in range(1, INSTANCES + 1)]
    return places


def _codelist(form: Form, units: Sequence[Unit], language: str) -> Iterator[tuple[str, ...]]:
    yield tuple(
        head.text(language)
        for head in (message("Column"), message("What it means"), message("Write"), message("Number"), message("Label"))
    )
    for name, says in _EXPLAINED:
        yield (name, says.text(language))
    for question in form.questions:
        if question.kind in ASKED - SENT:
            yield from _explained(question, language)
    if rates_units(form):
        meant = message("The unit that the columns with the same number are about.").text(language)
        for unit in units:
            yield (f"{UNIT}[n]", meant, unit.id, "", unit.name)


def _explained(question: Question, language: str) -> Iterator[tuple[str, ...]]:
    place = "[n]" if question.repeats else ""
    how = _KINDS.get(question.kind, message("as the question says"))
    required = f" ({message('required').text(language)})" if question.required else ""
    yield (column_of(question.name) + place, question.label(language), how.text(language) + required)
    for number, choice in enumerate(question.choices, 1):
        yield ("", "", choice.name, "" if choice.hidden else str(number), choice.label(language))


def _safe(text: str | None) -> str | None:
    """Return a text that no spreadsheet program runs as a formula."""
    return f"'{text}" if text and text[0] in "=+-@" else text


def _lay_out(sheet: Worksheet, width: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, cell in enumerate(sheet[1], 1):
        cell.font = Font(bold=True, color=_INK)
        cell.fill = PatternFill("solid", fgColor=_HEADER)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = "@"  # a name such as 1-2 must not become a date
    sheet.freeze_panes = "A2"
