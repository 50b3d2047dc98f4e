"""What one cell says as an answer: the name, label or number of an option, an amount, a date, words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from surveys.dialogue.reading import EXACT, Reading, read_reply, storable
from surveys.language import LANGUAGES, Message, message
from surveys.questionnaire.form import OF_CHOICES, Kind, Question

#: What may stand between several choices in one cell.
_BETWEEN = re.compile(r"[\s,，、;；|/]+")
#: So many options are listed where an answer cannot be read.
LISTED = 8


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a cell is no answer, and what to write instead."""

    code: str
    what: Message
    fix: Message


def read_cell(question: Question, text: str, today: date, language: str) -> Reading | Unread:
    """Return what `text` answers to `question`, as the chat reads it; stored names of choices are taken as well.

    A cell that is the name of one choice and the number, letter or label of another is refused: nobody guesses.
    `language` is that of the finding.
    """
    if question.kind is Kind.TEXT:
        kept = storable(text)
        return Reading(kept, "text", 1.0) if kept else _unreadable(question, text, language)
    told = next((found for spoken in LANGUAGES if (found := read_reply(question, text, spoken, today))), None)
    named = _named(question, text) if question.kind in OF_CHOICES else ""
    if named and told and told.rule in EXACT and told.value != named:
        return Unread(
            "ambiguous",
            message("{text} is the name of one option and the number or label of another.", text=text[:40]),
            message("Write the option in words: {options}.", options=_options(question, language)),
        )
    if named:
        return Reading(named, "name", 1.0)
    return told or _unreadable(question, text, language)


def _named(question: Question, text: str) -> str:
    """Return the choices whose stored names stand in a cell, in the form's order; '' if any part is no name."""
    by_name = {choice.name.casefold(): choice.name for choice in question.choices}
    if question.kind is Kind.SELECT_ONE:
        return by_name.get(text.strip().casefold(), "")
    parts = [part.casefold() for part in _BETWEEN.split(text.strip()) if part]
    if not parts or any(part not in by_name for part in parts):
        return ""
    names = [by_name[part] for part in dict.fromkeys(parts)]
    if question.kind is Kind.RANK:
        return " ".join(names) if len(names) == len(question.choices) else ""
    return " ".join(choice.name for choice in question.choices if choice.name in names)


def _unreadable(question: Question, text: str, language: str) -> Unread:
    what = message("{text} cannot be read as an answer.", text=text[:40])
    match question.kind:
        case Kind.SELECT_ONE:
            fix = message("Write one of: {options}.", options=_options(question, language))
        case Kind.SELECT_MULTIPLE | Kind.RANK:
            fix = message("Write options, parted by commas: {options}.", options=_options(question, language))
        case Kind.INTEGER:
            fix = message("Write a whole number.")
        case Kind.DECIMAL:
            fix = message("Write a number.")
        case Kind.DATE:
            fix = message("Write a date such as 2026-11-02.")
        case _:
            fix = message("Correct it, or leave the cell empty.")
    return Unread("unreadable_answer", what, fix)


def _options(question: Question, language: str) -> str:
    labels = [choice.label(language) for choice in question.choices]
    return " / ".join(labels[:LISTED]) + (" …" if len(labels) > LISTED else "")
