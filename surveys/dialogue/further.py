"""Replies to questions of the rarer kinds: an order, a time, a place, a year or month."""

from __future__ import annotations

from datetime import date

from surveys.dialogue.clock import read_clock, read_moment
from surveys.dialogue.day import read_day
from surveys.dialogue.period import read_month, read_year
from surveys.dialogue.place import read_place
from surveys.dialogue.rank import read_rank
from surveys.dialogue.spelling import folded, legible
from surveys.questionnaire.form import Kind, Question

Found = tuple[str, str, float]


def read_further(question: Question, text: str, language: str, today: date) -> Found | None:
    """Return (value, rule, confidence) of a reply to a question of such a kind, None when it must be asked again.

    Pictures, voice messages and files are sent, not written: no words are one.
    """
    said = folded(legible(text))
    match question.kind:
        case Kind.RANK:
            return _ruled(read_rank(question, text, language), "rank")
        case Kind.TIME:
            return _ruled(read_clock(said), "time")
        case Kind.DATETIME:
            return _ruled(read_moment(said, language, today), "date")
        case Kind.GEOPOINT:
            place = read_place(said)
            return (place, "place", 1.0) if place else None
        case Kind.DATE:
            return _ruled(_day(question.appearance.split(), said, language, today), "date")
        case _:
            return None


def _day(appearances: list[str], said: str, language: str, today: date) -> tuple[str, float] | None:
    if "year" in appearances or "month-year" in appearances:
        stated = (read_year if "year" in appearances else read_month)(said, language, today)
        return (stated, 0.9) if stated else None
    day = read_day(said, language, today)
    return (day[0].isoformat(), day[1]) if day else None


def _ruled(found: tuple[str, float] | None, rule: str) -> Found | None:
    return (found[0], rule, found[1]) if found else None
