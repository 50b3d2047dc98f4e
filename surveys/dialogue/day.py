"""A day stated in a reply: 2026-10-03, 10月3日, 昨天, 3 October."""

from __future__ import annotations

import re
from datetime import date, timedelta

from surveys.dialogue.numerals import NUMERAL_CHARACTERS, number
from surveys.language import ENGLISH

NEAR = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
}
#: A day without a year this many days off may as well be in the year before or after.
CLOSE = 120
YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1}
MONTHS = {
    name: month
    for month, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
MONTH = (
    "(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\\.?"
)
FIGURE = rf"(?:\d+|[{NUMERAL_CHARACTERS}]+)"
WHOLE = re.compile(r"(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})|(?P<m2>\d{2})(?P<d2>\d{2}))")
CHINESE = re.compile(
    rf"(?:(?P<y>\d{{4}}|[{NUMERAL_CHARACTERS}]{{4}})年|(?P<near>今年|去年|前年"
    f"|明年)的?)?(?P<m>{FIGURE})月(?:份)?(?P<d>{FIGURE})(?:日|号)?",
)
SHORT = re.compile(r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})")
ENGLISH_DAY = re.compile(
    rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH}"
    rf"|{MONTH.replace('<month>', '<month2>')} (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?:,? (?P<y>\d{4}))?",
)
FRONT = re.compile(r"^(?:(?:是|在|就是|就在|好像是|应该是|大概是?|about|on|it was|since|around)\s*)+")
BACK = re.compile(
    r"(?:\s*(?:吧|的|啊|呀|了|哦|呢|左右|来的|办的|the|上午|下午|早上|晚上|中午|morning|evening|afternoon"
    "|night|please|thanks))+$"
)


def read_day(text: str, language: str, today: date) -> tuple[date, float] | None:
    """Return the day a folded text states and how sure that is, or None.

    A day without a year is the nearest one to `today`. "10/3" is the 3rd of October in Chinese; in English it may be
    the 10th of March as well and is only read when one of the two cannot be a month.
    """
    stated = BACK.sub("", FRONT.sub("", text.strip(" .!,"))).strip()
    if stated in NEAR:
        return moved(today, NEAR[stated])
    tight = stated.replace(" ", "")
    if whole := WHOLE.fullmatch(tight):
        return made(int(whole["y"]), int(whole["m"] or whole["m2"]), int(whole["d"] or whole["d2"]), 1.0)
    if chinese := CHINESE.fullmatch(tight):
        month, day = number(chinese["m"]), number(chinese["d"])
        year = number(chinese["y"]) if chinese["y"] else None
        if month is None or day is None or (chinese["y"] and year is None):
            return None
        if chinese["near"]:
            return made(today.year + YEARS[chinese["near"]], int(month), int(day), 0.9)
        return made(int(year), int(month), int(day), 1.0) if year is not None else nearest(int(month), int(day), today)
    if brief := SHORT.fullmatch(tight):
        return brief_day(int(brief["a"]), int(brief["b"]), language, today)
    if english := ENGLISH_DAY.fullmatch(stated):
        month_number = MONTHS[english["month"] or english["month2"]]
        day_number = int(english["d"] or english["d2"])
        if english["y"]:
            return made(int(english["y"]), month_number, day_number, 1.0)
        return nearest(month_number, day_number, today)
    return None


def brief_day(first: int, second: int, language: str, today: date) -> tuple[date, float] | None:
    """Return the day of "10/3"."""
    if language == ENGLISH:
        if first > 12:
            return nearest(second, first, today)
        if second <= 12 and first != second:
            return None
    return nearest(first, second, today)


def moved(today: date, days: int) -> tuple[date, float] | None:
    """Return the day so many days from today."""
    try:
        return today + timedelta(days=days), 1.0
    except OverflowError:
        return None


def made(year: int, month: int, day: int, confidence: float) -> tuple[date, float] | None:
    """Return the day, or None when the calendar has no such day or it is over 150 years off any life."""
    try:
        stated = date(year, month, day)
    except ValueError:
        return None
    return (stated, confidence) if 1850 <= stated.year <= 2200 else None


def nearest(month: int, day: int, today: date) -> tuple[date, float] | None:
    """Return the day of that month that is nearest to today, or None when two years are about as near."""
    days = [found[0] for year in (today.year - 1, today.year, today.year + 1) if (found := made(year, month, day, 1.0))]
    if not days:
        return None
    closest = min(days, key=lambda d: abs((d - today).days))
    return (closest, 0.8) if abs((closest - today).days) <= CLOSE else None
