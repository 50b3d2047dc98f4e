"""A number stated in a reply: exactly one, with the units of the question and nothing that makes it a range."""

from __future__ import annotations

import re
from decimal import Decimal

from surveys.dialogue.numerals import NUMERAL_CHARACTERS, number
from surveys.dialogue.spelling import APOSTROPHES

#: Words that make a number a bound or a range: 20多, 至少20, 三五个, more than 20.
RANGE = re.compile(
    "多|几|余|以上|以下|以内|至少|至多|最多|最少|超过|不到|不足|不止|大于|小于|少于|高于|低于|到|至|或|还是"
    "|半|来岁|出头|上下|之间"
    r"|\b(?:more|less|over|under|above|below|least|between|to|or|up|than|odd|some|few|several|and|half|plus"
    r"|not|nearly|almost)\b"
    r"|(?<=\d)\s*[-~–—/:×*]\s*(?=\d)|(?<=\d)\s*\+|[<>≤≥]",
)
ABOUT = re.compile(
    r"大概|大约|约|左右|差不多|可能|应该|估计|\b(?:about|around|roughly|approximately|approx|maybe|circa"
    r"|probably|or so)\b|~"
)
#: Units that fit any question; spans of time only fit one that names them.
UNITS = re.compile(
    r"(?:周岁|岁|个|人|口人|口|位|名|次|件|户|元|块钱|块|项|家|处|分|度|℃|°c|%|公里|平方米|平米|米|公斤|斤"
    r"|years? old|yrs? old|people|persons?|times?|yuan|rmb|km|kg|points?|percent|members?)(?![a-z])",
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
FILLERS = re.compile(
    r"我们?|俺|本人|家里?|今年|现在|一共|总共|共|有|是|住了?|已经|整|了|吧|的|啊|呀|哦|呢|嘛|岁数|年龄|年纪|谢谢|满"
    r"|\b(?:i|im|am|we|are|is|it|its|have|has|there|a|the|total|of|in|my|age|aged|for|old|just|now|exactly"
    r"|only|thanks|thank you|please)\b",
)
FIGURE = re.compile(
    rf"-?\d[\d,]*(?:\.\d+)?(?:万|千|百|亿|k(?![a-z]))?|[{NUMERAL_CHARACTERS}]+(?:点[{NUMERAL_CHARACTERS}]+)?"
    "|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -](?:one|two|three|four|five|six|seven"
    "|eight|nine)(?![a-z])"
    r"|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b",
)


def read_amount(text: str, asked: str) -> tuple[Decimal, bool] | None:
    """Return the one number a folded text states and whether it is said to be rough; None for none, two or a range.

    `asked` is the folded wording of the question: "3个月" is no answer to "how many years?".
    """
    if len(text) > 60:
        return None
    exact = APOSTROPHES.sub("", text).strip(" .!,")
    about = bool(ABOUT.search(exact))
    exact = ABOUT.sub(" ", exact).strip()
    if RANGE.search(exact):
        return None
    figures = list(FIGURE.finditer(exact))
    if len(figures) != 1:
        return None
    figure = figures[0]
    negative = figure[0].startswith("-")
    value = number(figure[0].removeprefix("-"))
    if value is None or value >= 10**15:
        return None
    before, after = exact[: figure.start()], exact[figure.end() :]
    if before and before[-1].isalpha() and before[-1].isascii():
        return None
    beyond = unitless(after.lstrip(), asked)
    if beyond is None:
        return None
    rest = re.sub(r"[\s,.!:;]+", "", FILLERS.sub(" ", before) + FILLERS.sub(" ", beyond))
    return None if rest else (-value if negative else value, about)


def unitless(after: str, asked: str) -> str | None:
    """Return what follows a number without its unit; None for a span of time the question does not name."""
    span = SPAN.match(after)
    if span:
        named = SPANS[span[1] or span[2]]
        return after[span.end() :] if any(unit in asked for unit in named) else None
    unit = UNITS.match(after)
    return after[unit.end() :] if unit else after
