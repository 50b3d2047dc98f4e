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
    r"(?:周岁|岁|个人|个|人|口人|口子|口|位|名|次|件|户|元|块钱|块|项|家|处|分|度|℃|°c|%|公里|平方米|平米|米|公斤|斤"
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


#: What numbers are asked for, told by the wording of the question.
_MONEY = re.compile("元|多少钱|花了?钱|费用|yuan|rmb|money|pay|cost|price")
_PEOPLE = re.compile("几口|口人|几个人|多少人|几人|how many people|household|persons")
_SCALE = re.compile(r"(?:0|1)\s*(?:-|~|到|至|to)\s*(10|100|5)(?!\d)")
#: Words of time that name no span: "how old are you this year" asks for no years.
_NO_SPAN = re.compile("今年|年龄|年纪|去年|每天|当天|今天")

_N = rf"(?:\d{{1,9}}|[{NUMERAL_CHARACTERS}]{{1,7}})"
_COINS = re.compile(
    rf"(?:(?P<yuan>{_N})(?:块|元)(?:钱)?)?(?:(?P<half>半)|(?P<tenths>{_N})(?P<mark>毛"
    rf"|角)?(?:钱)?)?(?:(?<=[毛角])(?P<cents>{_N})分?)?"
)
_BEFORE = re.compile(r"^(?:[¥￥]|rmb|cny|人民币)\s*(?=\d)")
_NOTHING = re.compile(
    "(?:一分(?:钱)?(?:都|也)?(?:没|没有|莫|不)(?:收|花|要|付|出)?|没(?:有)?(?:花|收|要|付|出)(?:过)?(?:一分)?(?:钱|费)|(?:不要|没要)钱|免费|不花钱|0元"
    "|(?:it was |it is |its |all )?(?:free(?: of charge)?|for free|nothing)|(?:i )?(?:did not|didnt) "
    "pay(?: anything)?)(?:的|了|嘛|吧|哦|啊|呀)*"
)
_COMPANY = (
    (
        re.compile(
            "(?:家里?|屋头)?(?:就|只有|只)?(?:是)?我(?:自己)?(?:一个|1个|一人)(?:人)?"
            "|(?:just|only) me|(?:i )?(?:live )?alone"
        ),
        1,
    ),
    (re.compile("(?:就|只有)?(?:我们?|俺们?)?(?:老)?(?:两|俩|2)口(?:子)?|(?:就)?我们?(?:两|俩)(?:个)?(?:人)?"), 2),
)
_FAMILY = re.compile(rf"(?:我们?)?一家(?:子)?(?P<n>{_N})(?:口|个|人)(?:子|人)?")
_MARK = re.compile(rf"(?:我)?(?:就)?(?:打|给|评)(?:个)?\s*(?P<n>{_N})\s*分")
_TAIL = re.compile("(?:撒|噻|哩|咧|嘞|着呢|嘛|咯|哦|吧|啊|呀|啰|叻)+$")


def read_amount(text: str, asked: str) -> tuple[Decimal, bool] | None:
    """Return the one number a folded text states and whether it is said to be rough; None for none, two or a range.

    `asked` is the folded wording of the question: "3个月" is no answer to "how many years?", and only where money is
    asked for does "两块半" mean 2.5.
    """
    if len(text) > 60:
        return None
    exact = _TAIL.sub("", APOSTROPHES.sub("", text).strip(" .!,"))
    if exact.isdecimal() and exact.isascii():
        return (Decimal(exact), False) if len(exact) <= 15 else None
    peculiar = _peculiar(exact, asked)
    if peculiar is not None:
        return peculiar, False
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


def read_amount_beside(text: str, asked: str) -> tuple[Decimal, int] | None:
    """Return the number a folded text begins with, and where the remark after it begins: "6 窗口太少", "4(保姆也算)".

    None where the remark holds a further number or makes the first one a bound.
    """
    if marked := _MARK.match(text):
        end, value = marked.end(), number(marked["n"])
    elif first := _REMARKED.match(text):
        end = first.end()
        found = read_amount(first["head"], asked)
        value = found[0] if found and not found[1] else None
    else:
        return None
    rest = text[end:].strip(" ,.;:!()[]")
    if value is None or not rest or RANGE.match(rest) or ABOUT.match(rest) or "?" in rest:
        return None
    if FIGURE.search(_NO_FIGURES.sub("", rest)):
        return None
    return (value, end) if len(rest) >= 2 and not unit_first(rest) else None


_REMARKED = re.compile(
    rf"\s*(?P<head>-?{_N}(?:\.\d{{1,9}})?(?:岁|个人?|口人?|分|元|块|人)?)(?:\s*[,.;:!(\[]\s*|\s+)(?=\S)"
)


#: Words with a numeral in them that state no number.
_NO_FIGURES = re.compile("一(?:般|点|下|样|直|些|起|定|次性|律|边|共)|十分|万一|百姓|千万|统一|第一次")


def unit_first(rest: str) -> bool:
    """Whether what follows a number begins with a unit, so that it is part of the quantity: "3 个月没人管"."""
    return bool(SPAN.match(rest) or UNITS.match(rest) or re.match("[年月日天号点楼栋]", rest))


def _peculiar(said: str, asked: str) -> Decimal | None:
    """Return a number said in the way peculiar to what is asked: money, people, marks."""
    if _MONEY.search(asked):
        if _NOTHING.fullmatch(said):
            return Decimal(0)
        coins = _coins(said)
        if coins is not None:
            return coins
        if before := _BEFORE.match(said):
            return number(said[before.end() :].removesuffix("元").strip())
    if _PEOPLE.search(asked):
        for words, count in _COMPANY:
            if words.fullmatch(said):
                return Decimal(count)
        if family := _FAMILY.fullmatch(said):
            return number(family["n"])
    if scale := _SCALE.search(asked):
        return _of_scale(said, scale[1])
    return None


def _coins(said: str) -> Decimal | None:
    """Return yuan of "12块5", "两块半", "三块五毛", "五毛"."""
    coins = _COINS.fullmatch(said)
    if not coins or not (coins["yuan"] or coins["mark"]) or not (coins["half"] or coins["tenths"]):
        return None
    yuan = number(coins["yuan"]) if coins["yuan"] else Decimal(0)
    tenths = Decimal(5) if coins["half"] else number(coins["tenths"])
    cents = number(coins["cents"]) if coins["cents"] else Decimal(0)
    if yuan is None or tenths is None or cents is None or not 0 < tenths < 10 or cents >= 10:
        return None
    return yuan + tenths / 10 + cents / 100


def _of_scale(said: str, top: str) -> Decimal | None:
    """Return a mark out of `top`."""
    if said in {"满分", "打满分", "给满分", "full marks", "top marks", "max", "maximum"}:
        return Decimal(top)
    marked = re.fullmatch(rf"(\d{{1,3}})\s*(?:/|out of)\s*{top}", said)
    if marked:
        return Decimal(marked[1])
    taken = re.fullmatch(rf"扣(?P<off>{_N})分[\s,.;]*(?:我)?(?:打|给|评)(?:个)?(?P<n>{_N})分", said)
    return number(taken["n"]) if taken else None


def unitless(after: str, asked: str) -> str | None:
    """Return what follows a number without its unit; None for a span of time the question does not name."""
    span = SPAN.match(after)
    if span:
        named = SPANS[span[1] or span[2]]
        wording = _NO_SPAN.sub("", asked)
        return after[span.end() :] if any(unit in wording for unit in named) else None
    unit = UNITS.match(after)
    return after[unit.end() :] if unit else after
