"""A workbook to enter answers into: the headers, a row for each resident if wanted, and what may be written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from surveys.dialogue.reading import Reading
from surveys.language import ENGLISH, Message, message, translate
from surveys.modes.cells import read_cell
from surveys.modes.columns import column_of, header_of, rates_units
from surveys.modes.operators import find_unit
from surveys.questionnaire.form import ASKED, SENT, Choice, Form, Kind, Question
from surveys.questionnaire.repeats import UNIT
from surveys.units.directory import Unit

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Instances of a repeat that get columns where nothing says how many there will be; more may be added.
INSTANCES = 3
#: Longest list whose options are tried out one by one; those of a longer one are written by their codes.
MOST_READ = 500
_REFERENCE = re.compile(r"\$\{\s*([^{}]+?)\s*\}")
_HEADER, _INK = "1F4E78", "FFFFFF"

_EXPLAINED: tuple[tuple[str, Message], ...] = (
    (
        "pseudonym",
        message(
            "Whose answers these are; the office id, or a column for the code of an invitation, may stand instead."
        ),
    ),
    ("office_id", message("The resident's id in the office's own list.")),
    ("mode", message("paper, phone or doorstep.")),
    ("assisted", message("yes: somebody else has read or written for the resident.")),
    ("entered_by", message("Name or staff number of whoever enters this row.")),
    ("entered_by_unit", message("The unit that person belongs to, or none. Nobody enters ratings of their own unit.")),
    ("at", message("When it was answered, such as 2026-11-02 14:30; empty: now.")),
)
_WHICH_UNIT = message("The unit that the columns with the same number are about.")
_KINDS: dict[Kind, Message] = {
    Kind.SELECT_ONE: message("one of the options below: its words, number or code"),
    Kind.SELECT_MULTIPLE: message("any of the options below, parted by commas"),
    Kind.RANK: message("all options below in their order, parted by commas"),
    Kind.INTEGER: message("a whole number"),
    Kind.DECIMAL: message("a number"),
    Kind.DATE: message("a date such as 2026-11-02"),
    Kind.TEXT: message("words, as they were written or said"),
}


#: What is said on a sheet of the facts that only an interview is given.
_STANDING_FOR: Mapping[str, Message] = {
    "unit_name": message("the unit"),
    "unit_duty": message("its duties"),
    "unit_class": message("its class"),
}


@dataclass(frozen=True, slots=True)
class SheetPerson:
    """One resident who gets a row: office id, pseudonym, and the units to evaluate in their order."""

    office_id: str
    pseudonym: str
    units: tuple[Unit, ...] = ()


def columns(form: Form, units_each: int, language: str) -> Iterator[tuple[str, str]]:
    """Yield the columns of a sheet in `language` for respondents who evaluate `units_each` units: header, meaning."""
    yield from ((header_of(name, language), says.text(language)) for name, says in _fields(form))
    yield from _questions(form, units_each, language)


def answer_sheet(
    form: Form, units: Sequence[Unit], people: Sequence[SheetPerson], units_each: int, language: str
) -> bytes:
    """Return an .xlsx in `language`: a sheet for the answers, and one that explains each of its columns."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment

    book = Workbook()
    book.remove(book.active)
    answers = book.create_sheet(translate(language, "answers"))
    meant = dict(columns(form, units_each, language))
    answers.append(list(meant))
    rated = header_of(UNIT, language)
    for person in people:
        known = {
            header_of("pseudonym", language): person.pseudonym,
            header_of("office_id", language): person.office_id,
            **{f"{rated}[{n}]": _unit_named(unit, person.units, language) for n, unit in enumerate(person.units, 1)},
        }
        answers.append([_safe(known.get(name)) for name in meant])
    _lay_out(answers, 16)
    for cell, text in zip(answers[1], meant.values(), strict=True):
        cell.comment = Comment(text, "")  # a header is a short code: what it asks stands where the pointer rests
    codelist = book.create_sheet(translate(language, "codelist"))
    for row in explanations(form, units, language):
        codelist.append([_safe(text) for text in row])
    _lay_out(codelist, 32)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fields(form: Form) -> list[tuple[str, Message]]:
    """Return the columns before the questions that a sheet for `form` has, each with what it means."""
    rated = rates_units(form)
    return [(name, says) for name, says in _EXPLAINED if rated or name != "entered_by_unit"]


def _questions(form: Form, units_each: int, language: str) -> Iterator[tuple[str, str]]:
    """Yield the columns of the questions: those of a repeat instance by instance, each unit named before its own."""
    asked = [question for question in form.questions if question.kind in ASKED - SENT]
    told = {question.name: readable(question.label(language), form, language) for question in asked}
    at = 0
    while at < len(asked):
        first = asked[at]
        if not first.repeats:
            yield column_of(first.name), told[first.name]
            at += 1
            continue
        outer = first.repeats[0]
        block = [question for question in asked[at:] if question.repeats[:1] == (outer,)]
        for instance in range(1, 1 + (units_each if outer == UNIT else INSTANCES)):
            if outer == UNIT:
                yield f"{header_of(UNIT, language)}[{instance}]", _WHICH_UNIT.text(language)
            for question in block:
                inner = [".".join((str(instance), *rest)) for rest in _inner(len(question.repeats) - 1)]
                yield from ((f"{column_of(question.name)}[{place}]", told[question.name]) for place in inner)
        at += len(block)


def _inner(depth: int) -> list[tuple[str, ...]]:
    places: list[tuple[str, ...]] = [()]
    for _ in range(depth):
        places = [(*place, str(n)) for place in places for n in range(1, INSTANCES + 1)]
    return places


def explanations(form: Form, units: Sequence[Unit], language: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows that explain a sheet: column, meaning, what to write, and for options their number and code."""
    heads = (
        message("Column"),
        message("What it means"),
        message("Write"),
        message("or its number"),
        message("or its code"),
    )
    yield tuple(head.text(language) for head in heads)
    for name, says in _fields(form):
        yield (header_of(name, language), says.text(language))
    for question in form.questions:
        if question.kind in ASKED - SENT:
            yield from _explained(question, form, language)
    if rates_units(form):
        for unit in units:
            yield (
                f"{header_of(UNIT, language)}[n]",
                _WHICH_UNIT.text(language),
                _unit_named(unit, units, language),
                "",
                unit.id,
            )


def _explained(question: Question, form: Form, language: str) -> Iterator[tuple[str, ...]]:
    place = f"[{'.'.join('n' * len(question.repeats))}]" if question.repeats else ""
    how = _KINDS.get(question.kind, message("as the question says"))
    if question.required:
        how = message("{how} (required)", how=how)
    yield (column_of(question.name) + place, readable(question.label(language), form, language), how.text(language))
    for number, choice in enumerate(question.choices, 1):
        label = choice.label(language)
        shown = "" if choice.hidden or not _means(question, str(number), choice, language) else str(number)
        code = choice.name if _means(question, choice.name, choice, language) else ""
        if not _REFERENCE.search(label) and _means(question, label, choice, language):
            yield ("", "", label, shown, code)
        else:
            yield ("", readable(label, form, language), code or shown, shown, code)


def _means(question: Question, text: str, choice: Choice, language: str) -> bool:
    """Whether a cell that says `text` is read as `choice`; in a list too long to try, whether it is its code."""
    if len(question.choices) > MOST_READ:
        return text == choice.name
    alone = replace(question, kind=Kind.SELECT_ONE) if question.kind is Kind.RANK else question
    found = read_cell(alone, text, date.min, language)
    return isinstance(found, Reading) and found.value == choice.name


def readable(text: str, form: Form, language: str) -> str:
    """Return a text of the form with a word in place of each `${name}`, whose answer nobody knows yet."""
    asked = {question.name for question in form.questions if question.kind in ASKED}

    def word(reference: re.Match[str]) -> str:
        name = reference[1]
        if name in asked:
            return translate(language, "(answer to {column})", column=column_of(name))
        return _STANDING_FOR[name].text(language) if name in _STANDING_FOR else "…"

    return _REFERENCE.sub(word, text)


def _unit_named(unit: Unit, among: Sequence[Unit], language: str) -> str:
    """Return how the sheet calls a unit: by a name that means no other of them, else by its id."""
    name = (unit.name_en if language == ENGLISH else "") or unit.name
    return name if find_unit(name, among) == unit else unit.id


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
