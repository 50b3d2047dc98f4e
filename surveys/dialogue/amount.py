"""A number stated in a reply: exactly one, with the units of the question and nothing that makes it a range."""

from __future__ import annotations

import re
from decimal import Decimal

from surveys.dialogue.numerals import NUMERAL_CHARACTERS, number
from surveys.dialogue.ownways import COUNT, MARK, peculiar, without_company, without_period
from surveys.dialogue.quantities import own_age, unit_first, unitless
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
FILLERS = re.compile(
    r"我们?|俺|本人|家里?|今年|现在|一共|总共|共|有|是|住了?|已经|整|了|吧|的|啊|呀|哦|呢|嘛|哈|哒|加我|[去来吃]了?|地|岁数"
    r"|年龄|年纪|谢谢|满"
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


_TAIL = re.compile("(?:撒|噻|哩|咧|嘞|着呢|嘛|咯|哦|吧|啊|呀|啰|叻)+$")


def read_amount(text: str, asked: str) -> tuple[Decimal, bool] | None:
    """Return the one number a folded text states and whether it is said to be rough; None for none, two or a range.

    `asked` is the folded wording of the question: "3个月" is no answer to "how many years?", and only where money is
    asked for does "两块半" mean 2.5.
    """
    if len(text) > 60:
        return None
    exact = _TAIL.sub("", APOSTROPHES.sub("", text).strip(" .!,"))
    if own_age(exact, asked) or "?" in exact:
        return None
    if exact.isdecimal() and exact.isascii():
        return (Decimal(exact), False) if len(exact) <= 15 else None
    exact = without_period(exact, asked)
    own_way = peculiar(exact, asked)
    if own_way is not None:
        return own_way, False
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
    before = without_company(before, asked)
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
    if marked := MARK.match(text):
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
    if FIGURE.search(_NO_FIGURES.sub("", rest)) and not _OF_WHICH.match(rest):
        return None
    if text[:end].endswith(" ") and not re.search(r"[,.;:!(\[]", text[:end]) and _NOUN.match(rest):
        return None
    return (value, end) if len(rest) >= 2 and not unit_first(rest) else None


_REMARKED = re.compile(
    rf"\s*(?P<head>-?{COUNT}(?:\.\d{{1,9}})?(?:岁|个人?|口人?|分|元|块|人)?)(?:\s*[,.;:!(\[]\s*|\s+)(?=\S)"
)


#: A number of some of those that were counted, and what may be the thing that was counted instead: "3 dogs".
_OF_WHICH = re.compile(r"其中|包括|含|including|of (?:which|whom|them)|\d+ of (?:them|whom|which)")
_NOUN = re.compile(
    "(?!(?:because|but|since|including|with|as|and|me|my|the|there|its|it|i|we|they|too|very|not|no|so"
    "|counting|thanks|thank|please)"
    "\\b)[a-z]|[\u4e00-\u9fff]{1,2}$|[只条头匹套间辆台张把座栋层楼栋号级]"
)


#: Words with a numeral in them that state no number.
_NO_FIGURES = re.compile("一(?:般|点|下|样|直|些|起|定|次性|律|边|共)|十分|万一|百姓|千万|统一|第一次")
