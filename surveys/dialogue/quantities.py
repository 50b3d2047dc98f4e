"""What a question counts or measures, told by its wording, and whether a unit and a number go with that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """One sort of thing that is counted: the units said in replies, and the words by which a question asks for it."""

    units: re.Pattern[str]
    asked: re.Pattern[str]


def _quantity(units: str, asked: str) -> Quantity:
    return Quantity(re.compile(units), re.compile(asked))


#: A unit belongs to the first of these that it begins with; 个 alone goes with anything counted.
QUANTITIES = (
    _quantity(
        "周岁|岁|(?:years?|yrs?) old",
        "年龄|年纪|多大|岁|how old|your age|\\bage\\b|aged",
    ),
    _quantity(
        "个人|口人|口子|口|人|位|名|people|persons?|members?|adults?|residents?|of us",
        "口|人|几位|几名|多少名|people|persons?|household|members|residents|family|families",
    ),
    _quantity("次|回|趟|times?", "次|回|趟|\\btimes?\\b|how often|visits?"),
    _quantity("元|块钱|块|rmb|yuan", "元|钱|费|收入|块|工资|yuan|rmb|money|pa(?:y|id)|cost|price|income|spen[dt]"),
    _quantity("%|percent", "%|百分|比例|几成|percent|share|proportion"),
    _quantity("℃|°c|度", "度|℃|temperature|degrees?"),
    _quantity(
        "亩|公顷|平方米|平米|acres?|mu(?![a-z])|hectares?",
        "亩|面积|平方|平米|公顷|acres?|area|\\bmu\\b|hectares?|land",
    ),
    _quantity("公里|米|km", "公里|米|多远|多长|多高|距离|里路|far|distance|\\bkm\\b|long|high|tall|met(?:er|re)"),
    _quantity("公斤|斤|kg", "斤|多重|重量|kg|weigh"),
    _quantity("分|points?|marks?", "分|rate|score|points?|marks?|scale"),
    _quantity("件", "件|cases|items|things|matters"),
    _quantity("户", "户|household|famil"),
    _quantity("项|家|处", "项|家|处|how many"),
)
#: What no reply can be about unless the question names it: it would be another question's answer.
_NAMED_ONLY = tuple(
    quantity
    for quantity in QUANTITIES
    if any(map(quantity.units.fullmatch, ("岁", "元", "%", "度", "亩", "公斤", "公里")))
)
_HOUSEHOLD = re.compile(
    "几口|口人|(?:家里|家中|您家|你家|屋头|住)[^?]{0,6}(?:几|多少)(?:个)?人|household|live (?:with you|in your)"
)
_AGE = QUANTITIES[0].asked
_OFTEN = re.compile("[几多少]+(?:次|回|趟)|次数|how (?:many times|often)|how many visits")
_BELOW_NOUGHT = re.compile("温度|气温|℃|零下|变化|增减|差额|余额|结余|盈亏|temperature|change|difference|balance|loss")
#: More than a house holds, than anybody's years, than the days of two years.
MOST_PEOPLE, MOST_YEARS, MOST_TIMES = 30, 130, 1000
#: A bare number between these is as likely a year.
YEARS = range(1900, 2101)


def fits(unit: str, asked: str) -> bool:
    """Whether a reply with this unit may answer a question of this folded wording."""
    said = next((quantity for quantity in QUANTITIES if quantity.units.match(unit)), None)
    if said is None or said.asked.search(asked):
        return True
    return said not in _NAMED_ONLY and not any(quantity.asked.search(asked) for quantity in QUANTITIES)


def asks_often(asked: str) -> bool:
    """Whether a question of this folded wording asks how many times."""
    return bool(_OFTEN.search(asked))


def plausible(value: Decimal, asked: str) -> bool:
    """Whether a number can be meant as an answer: no minus where nothing falls below nought, no year for a family."""
    if value < 0:
        return bool(_BELOW_NOUGHT.search(asked))
    if _HOUSEHOLD.search(asked):
        return value <= MOST_PEOPLE
    if _AGE.search(asked):
        return value <= MOST_YEARS
    return not _OFTEN.search(asked) or (value <= MOST_TIMES and value not in YEARS)


def own_age(said: str, asked: str) -> bool:
    """Whether somebody tells the own age where none is asked for: "我72了", "I'm 72"."""
    told = re.fullmatch(r"我(?:今年|都|已经|快|满|虚岁)*\d{2,3}了?|(?:im|i am) \d{1,3}", said)
    return bool(told) and not _AGE.search(asked)


#: Units that fit any question; spans of time only fit one that names them.
UNITS = re.compile(
    r"(?:周岁|岁|个人|个|人|口人|口子|口|位|名|次|件|户|元|块钱|块|项|家|处|分|度|℃|°c|%|公里|平方米|平米|亩"
    r"|公顷|米|公斤|斤|回|趟"
    r"|years? old|yrs? old|people|persons?|times?|yuan|rmb|km|kg|points?|percent|members?"
    r"|acres?|hectares?|mu|of us)(?![a-z])",
)
SPANS = {
    "年": ("年",),
    "个月": ("月",),
    "月": ("月",),
    "天": ("天",),
    "日": ("日", "天"),
    "周": ("周", "星期"),
    "星期": ("周", "星期"),
    "小时": ("小时",),
    "分钟": ("分钟",),
    "year": ("year", "年"),
    "month": ("month", "月"),
    "week": ("week", "周", "星期"),
    "day": ("day", "天"),
    "hour": ("hour", "小时"),
    "minute": ("minute", "分钟"),
}
SPAN = re.compile(
    r"(?:(个月|星期|小时|分钟|年|月|天|日|周(?!岁))|(year|month|week|day|hour|minute)s?(?! old)(?![a-z]))"
)
#: Words of time that name no span: "how old are you this year" asks for no years.
_NO_SPAN = re.compile("今年|年龄|年纪|去年|每天|当天|今天")


def unit_first(rest: str) -> bool:
    """Whether what follows a number begins with a unit, so that it is part of the quantity: "3 个月没人管"."""
    return bool(SPAN.match(rest) or UNITS.match(rest) or re.match("[年月日天号点楼栋]", rest))


def unitless(after: str, asked: str) -> str | None:
    """Return what follows a number without its unit; None for a span of time the question does not name."""
    span = SPAN.match(after)
    if span:
        named = SPANS[span[1] or span[2]]
        wording = _NO_SPAN.sub("", asked)
        return after[span.end() :] if any(unit in wording for unit in named) else None
    unit = UNITS.match(after)
    if unit and not fits(unit[0], asked):
        return None
    return after[unit.end() :] if unit else after
