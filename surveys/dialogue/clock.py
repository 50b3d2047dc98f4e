"""A time of day stated in a reply: 15:30, 下午三点半, 3 pm, half past nine in the morning; a day with it."""

from __future__ import annotations

import re
from datetime import date

from surveys.dialogue.day import read_day
from surveys.dialogue.numerals import NUMERAL_CHARACTERS, number

_FIGURE = rf"(?:\d{{1,2}}|[{NUMERAL_CHARACTERS}]{{1,4}})"
_DIGITS = re.compile(r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?::(?P<s>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?")
_ENGLISH = re.compile(
    r"(?:(?P<to>half past|quarter past|quarter to)\s+)?(?P<h>\d{1,2}|[a-z]+)(?:\s*o'?clock|\s*oclock)?\s*"
    r"(?P<half>[ap]\.?m\.?|in the morning|in the afternoon|in the evening|at night)?"
)
_CHINESE = re.compile(
    rf"(?P<part>凌晨|清晨|清早|早上|早晨|上午|中午|正午|下午|午后|傍晚|晚上|夜里|半夜|今早|今晚)?的?(?P<h>{_FIGURE})(?:点钟?|时)"
    rf"(?:(?P<half>半)|(?P<quarter>[一三123])刻|(?P<m>{_FIGURE})分?|(?P<whole>整))?"
)
_AFTERNOON = frozenset({"下午", "午后", "傍晚", "晚上", "今晚"})
_NIGHT = frozenset({"夜里", "半夜"})
_NOON = frozenset({"中午", "正午"})
_NAMED = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0), "正午": (12, 0), "零点": (0, 0), "午夜": (0, 0)}
#: What may stand around a time and says nothing.
EDGES = " .!,。"
_FRONT = re.compile(r"^(?:(?:大概是?|大约|约|差不多|是|在|at|about|around|it was)\s*)+")
_BACK = re.compile(r"(?:\s*(?:吧|的|左右|的时候|呢|了|来的|办的|please|thanks|谢谢))+$")
#: What may stand between a day and a time.
_JOINTS = (" at ", " 的 ", "的", ",", "t", " ", "")


def read_clock(text: str) -> tuple[str, float] | None:
    """Return the time of day a folded text states as `15:30:00` and how sure that is, or None.

    An hour from 1 to 12 that says neither which half of the day nor its minutes in digits may be either and is asked
    again.
    """
    stated = _BACK.sub("", _FRONT.sub("", text.strip(EDGES))).strip()
    if stated in _NAMED:
        return _made(*_NAMED[stated])
    if digits := _DIGITS.fullmatch(stated):
        return _in_half(int(digits["h"]), int(digits["m"]), int(digits["s"] or 0), digits["half"] or "")
    if chinese := _CHINESE.fullmatch(stated.replace(" ", "")):
        return _chinese(chinese)
    if english := _ENGLISH.fullmatch(stated):
        return _english(english)
    return None


def read_moment(text: str, language: str, today: date) -> tuple[str, float] | None:
    """Return the day and time a folded text states as `2026-10-03T15:30:00` and how sure that is, or None."""
    stated = text.strip()
    for place in range(1, len(stated)):
        clock = read_clock(stated[place:]) if stated[place - 1 : place + 1].strip() else None
        if clock is None:
            continue
        for joint in _JOINTS:
            front = stated[:place]
            if not front.endswith(joint):
                continue
            day = read_day(front.removesuffix(joint) if joint else front, language, today)
            if day:
                return f"{day[0].isoformat()}T{clock[0]}", min(day[1], clock[1])
    return None


def _chinese(found: re.Match[str]) -> tuple[str, float] | None:
    hour = number(found["h"])
    minute = 30 if found["half"] else 0
    if found["quarter"]:
        minute = 45 if found["quarter"] in "三3" else 15
    if found["m"]:
        stated = number(found["m"].lstrip("零〇") or "0")
        minute = 60 if stated is None else int(stated)
    if hour is None:
        return None
    part, hours = found["part"] or "", int(hour)
    if part in _AFTERNOON and 1 <= hours <= 11:
        return _made(hours + 12, minute)
    if part in _NOON:
        return _made(hours + 12 if hours in {1, 2} else hours, minute) if hours in {11, 12, 1, 2} else None
    if part in _NIGHT:
        return _made(hours % 12 + (12 if 6 <= hours <= 11 else 0), minute) if 1 <= hours <= 12 else _made(hours, minute)
    if part in _AFTERNOON and hours == 12:
        return _made(0, minute) if part in {"晚上", "今晚"} else _made(12, minute)
    if part:
        return _made(hours, minute)
    return None if 1 <= hours <= 12 else _made(hours, minute)


def _english(found: re.Match[str]) -> tuple[str, float] | None:
    hour = number(found["h"])
    half = (found["half"] or "").replace(".", "")
    if hour is None or not half or not 1 <= hour <= 12:
        return None
    minute = {"half past": 30, "quarter past": 15, "quarter to": -15}.get(found["to"] or "", 0)
    morning = half == "am" or half.endswith("morning") or (half == "at night" and hour in {12, 1, 2, 3, 4})
    total = (int(hour) % 12 + (0 if morning else 12)) * 60 + minute
    return _made(total // 60 % 24, total % 60)


def _in_half(hour: int, minute: int, second: int, half: str) -> tuple[str, float] | None:
    if not half:
        return _made(hour, minute, second)
    if not 1 <= hour <= 12:
        return None
    return _made(hour % 12 + (12 if half.startswith("p") else 0), minute, second)


def _made(hour: int, minute: int, second: int = 0) -> tuple[str, float] | None:
    if hour == 24 and minute == 0:
        hour = 0
    return (f"{hour:02}:{minute:02}:{second:02}", 1.0) if hour < 24 and minute < 60 and second < 60 else None
