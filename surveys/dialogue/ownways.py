"""Numbers said in a way of their own: money in 块 and 毛, the people one lives with, halves, marks, "twice"."""

from __future__ import annotations

import re
from decimal import Decimal

from surveys.dialogue.numerals import NUMERAL_CHARACTERS, number
from surveys.dialogue.quantities import asks_often, unitless

#: What numbers are asked for, told by the wording of the question.
_MONEY = re.compile("元|多少钱|花了?钱|费用|yuan|rmb|money|pay|cost|price")
_PEOPLE = re.compile("几口|口人|几个人|多少人|几人|how many people|household|persons")
_SCALE = re.compile(r"(?:0|1)\s*(?:-|~|到|至|to)\s*(10|100|5)(?!\d)")
#: A number in digits or Chinese numerals.
COUNT = rf"(?:\d{{1,9}}|[{NUMERAL_CHARACTERS}]{{1,7}})"
_COINS = re.compile(
    rf"(?:(?P<yuan>{COUNT})(?:块|元)(?:钱)?)?(?:(?P<half>半)|(?P<tenths>{COUNT})(?P<mark>毛"
    rf"|角)?(?:钱)?)?(?:(?<=[毛角])(?P<cents>{COUNT})分?)?"
)
_BEFORE = re.compile(r"^(?:[¥￥]|rmb|cny|人民币)\s*(?=\d)")
_NOTHING = re.compile(
    "(?:一分(?:钱)?(?:都|也)?(?:没|没有|莫|不)(?:收|花|要|付|出)?|没(?:有)?(?:花|收|要|付"
    "|出)(?:过)?(?:一分)?(?:钱|费)|(?:不要|没要)钱|免费|不花钱|0元"
    "|(?:it was |it is |its |all )?(?:free(?: of charge)?|for free|nothing)|(?:i )?(?:did not|didnt) "
    "pay(?: anything)?)(?:的|了|嘛|吧|哦|啊|呀)*"
)
#: The people one lives with, told before their number: "我和老伴两个".
_WITH = re.compile(
    "(?:家里?|屋头)?(?:就|只有)?我(?:(?:和|跟|与|同|,)?(?:我)?(?:老伴儿?|老婆|老公|爱人|媳妇|妻子|丈夫|老头子"
    "|老太婆|儿子|女儿|闺女|孩子|娃娃?|爸妈?"
    "|妈|父母|孙子|孙女|儿媳))+,?(?:我们?)?(?=(?:一共|总共|共)?[两俩三四五六七八2-8])"
)
#: A number of times a year, said with the period the question names already.
_PERIOD = re.compile(
    "(?P<zh>一个月|每个月|每月|一年|每年|一周|每周|一个?星期|每天|一天)(?:大概|大约|差不多|就|能|也就|要|去"
    "|吃|来|有|得)*(?=[0-9一二两三四五六七八九十])"
    "|(?<=[a-z]) (?:a|per|each|every) (?P<en>year|month|week|day)$"
)
_PERIOD_ASKED = {
    "年": "年|year", "月": "月|month", "周": "周|星期|week", "期": "周|星期|week", "天": "天|日|day",
    "year": "年|year", "month": "月|month", "week": "周|星期|week", "day": "天|日|day",
}  # fmt: skip
_TOGETHER = re.compile("一(?:共|起)")
_HALVES = re.compile(
    rf"(?:(?P<n>{COUNT})(?P<unit>个|亩|公里|小时|年|里|斤|公斤|天|公顷)半|半(?:个)?(?P<only>亩|公里|小时|年|里"
    rf"|斤|公斤|天|公顷)"
    r"|(?P<en>a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3}) and a half(?P<after> [a-z]+)?"
    r"|(?:half an?|a half|half)(?P<of> [a-z]+)?)(?:多地|地)?"
)
_OFTEN = {"once": 1, "one time": 1, "only once": 1, "just once": 1, "twice": 2, "only twice": 2, "just twice": 2}
_NOT_ONCE = re.compile(
    "(?:我)?(?:一次|一回|一趟)(?:都|也)?没(?:有)?(?:去|来|吃|用|参加|办)?过?"
    "|(?:我)?从来?(?:都)?没(?:有)?(?:去|来|吃|用|参加|办)过?|(?:i )?(?:have )?never(?: been)?"
    "|not once|not even once"
)
_COMPANY = (
    (
        re.compile(
            "(?:家里?|屋头)?(?:就|只有|只)?(?:是)?我(?:自己)?(?:一个|1个|一人)(?:人)?"
            "|(?:just|only) me|(?:i )?(?:live )?alone"
        ),
        1,
    ),
    (
        re.compile(
            "(?:家里?)?(?:就|只有)?我(?:和|跟|与)(?:我)?(?:老伴儿?|老婆|老公|爱人|媳妇|妻子|丈夫|老头子|老太婆)"
            "|(?:just |only )?me and my (?:wife|husband)|my (?:wife|husband) and (?:me|i)"
        ),
        2,
    ),
    (re.compile("(?:就|只有)?(?:我们?|俺们?)?(?:老)?(?:两|俩|2)口(?:子)?|(?:就)?我们?(?:两|俩)(?:个)?(?:人)?"), 2),
)
_FAMILY = re.compile(rf"(?:我们?)?一家(?:子)?(?P<n>{COUNT})(?:口|个|人)(?:子|人)?")
#: A mark that is given: "打8分".
MARK = re.compile(rf"(?:我)?(?:就)?(?:打|给|评)(?:个)?\s*(?P<n>{COUNT})\s*分")


def peculiar(said: str, asked: str) -> Decimal | None:
    """Return a number said in the way peculiar to what is asked: money, people, marks."""
    if _MONEY.search(asked):
        if _NOTHING.fullmatch(said):
            return Decimal(0)
        coins = _coins(said)
        if coins is not None:
            return coins
        if before := _BEFORE.match(said):
            return number(said[before.end() :].removesuffix("元").strip())
    half = _halves(said, asked)
    if half is not None:
        return half
    if asks_often(asked):
        if said in _OFTEN:
            return Decimal(_OFTEN[said])
        if _NOT_ONCE.fullmatch(said):
            return Decimal(0)
    if _PEOPLE.search(asked):
        for words, count in _COMPANY:
            if words.fullmatch(said):
                return Decimal(count)
        if family := _FAMILY.fullmatch(said):
            return number(family["n"])
    if scale := _SCALE.search(asked):
        return _of_scale(said, scale[1])
    return None


def _halves(said: str, asked: str) -> Decimal | None:
    """Return the number of "一亩半", "半亩", "one and a half"."""
    half = _HALVES.fullmatch(said)
    if half is None:
        return None
    unit = (half["unit"] or half["only"] or half["after"] or half["of"] or "").strip()
    left = unitless(unit, asked)
    if left is None or (left and left not in {"个", "里"}):
        return None
    whole = half["n"] or half["en"]
    if whole is None:
        return Decimal("0.5")
    value = Decimal(1) if whole in {"a", "an"} else number(whole)
    return None if value is None else value + Decimal("0.5")


def without_company(before: str, asked: str) -> str:
    """Return what stands before the number of people without those who are told one by one: "我和老伴儿子三个"."""
    company = _WITH.match(before + "两") if _PEOPLE.search(asked) else None
    return before[company.end() :] if company else before


def without_period(said: str, asked: str) -> str:
    """Return "10次" of "一个月10次" where the question asks for a month; otherwise all that was said."""
    said = _TOGETHER.sub("共", said)
    period = _PERIOD.search(said)
    if period is None:
        return said
    names = _PERIOD_ASKED[period["en"] or period["zh"][-1]]
    return said[: period.start()] + said[period.end() :] if re.search(names, asked) else said


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
    if given := MARK.fullmatch(said):
        return number(given["n"])
    taken = re.fullmatch(rf"扣(?P<off>{COUNT})分[\s,.;]*(?:我)?(?:打|给|评)(?:个)?(?P<n>{COUNT})分", said)
    return number(taken["n"]) if taken else None
