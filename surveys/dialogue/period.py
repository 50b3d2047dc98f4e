"""A year or month stated where no day is asked for: 2024, 去年, 2024年10月, October 2024."""

from __future__ import annotations

import re
from datetime import date

from surveys.dialogue.day import MONTH, MONTHS, YEARS, read_day
from surveys.dialogue.numerals import NUMERAL_CHARACTERS, number

_FIGURE = rf"(?:\d{{1,4}}|[{NUMERAL_CHARACTERS}]{{1,4}})"
_YEAR = re.compile(
    rf"(?P<y>\d{{4}}|[{NUMERAL_CHARACTERS}]{{4}})年?|(?P<near>今年|去年|前年|明年)|(?P<said>this|last) year"
)
_MONTH = re.compile(
    rf"(?:(?P<y>\d{{4}}|[{NUMERAL_CHARACTERS}]{{4}})年|(?P<near>今年|去年|前年|明年)的?)(?P<m>{_FIGURE})月份?"
    r"|(?P<y2>\d{4})[-/.](?P<m2>\d{1,2})|(?P<m3>\d{1,2})[-/.](?P<y3>\d{4})"
)
_ENGLISH = re.compile(rf"{MONTH},? (?P<y>\d{{4}})")
_LAST = re.compile("上个?月|last month")
_THIS = re.compile("这个?月|本月|this month")


def read_year(text: str, language: str, today: date) -> str | None:
    """Return the first day of the year that a folded text states, ISO, or None."""
    stated = text.strip(" .!。")
    if found := _YEAR.fullmatch(stated):
        if found["near"] or found["said"]:
            shift = YEARS[found["near"]] if found["near"] else {"this": 0, "last": -1}[found["said"]]
            return f"{today.year + shift:04}-01-01"
        year = number(found["y"])
        return None if year is None or not 1900 <= year <= 2100 else f"{int(year):04}-01-01"
    day = read_day(stated, language, today)
    return f"{day[0].year:04}-01-01" if day else None


def read_month(text: str, language: str, today: date) -> str | None:
    """Return the first day of the month that a folded text states, ISO, or None."""
    stated = text.strip(" .!。")
    if _THIS.fullmatch(stated):
        return today.replace(day=1).isoformat()
    if _LAST.fullmatch(stated):
        return (date(today.year - 1, 12, 1) if today.month == 1 else date(today.year, today.month - 1, 1)).isoformat()
    if found := _MONTH.fullmatch(stated.replace(" ", "")):
        month = number(found["m"] or found["m2"] or found["m3"])
        written = found["y"] or found["y2"] or found["y3"]
        year = number(written) if written else today.year + YEARS[found["near"]]
        return _first(year, month)
    if english := _ENGLISH.fullmatch(stated):
        return _first(int(english["y"]), MONTHS[english["month"]])
    day = read_day(stated, language, today)
    return day[0].replace(day=1).isoformat() if day else None


def _first(year: object, month: object) -> str | None:
    y, m = int(str(year)) if year is not None else 0, int(str(month)) if month is not None else 0
    return f"{y:04}-{m:02}-01" if 1900 <= y <= 2100 and 1 <= m <= 12 else None
