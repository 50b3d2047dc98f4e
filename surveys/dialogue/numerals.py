"""Numbers as people write them: 35, ３５, 三十五, 壹佰, 两万五, 1.5万, twenty-one."""

from __future__ import annotations

import re
from decimal import Decimal

#: The digits, everyday and formal (as on receipts), and 两 and 俩 for two.
DIGITS = {
    character: value
    for value, characters in enumerate(
        ("零〇", "一壹弌幺", "二贰两俩弍", "三叁参仨", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in characters
}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
JOINED = str.maketrans({"廿": "二十", "卅": "三十"})

ENGLISH_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ENGLISH = {word: value for value, word in enumerate(ENGLISH_UNITS)} | {
    word: 10 * value for value, word in enumerate(ENGLISH_TENS, start=2)
}

#: What may stand before "hundred".
HUNDREDS = {"a": 1} | {word: value for word, value in ENGLISH.items() if 1 <= value <= 9}

GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
ARABIC = re.compile(r"\d{1,15}(?:\.\d{1,9})?")
MIXED = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(万|千|百|亿|k)")

#: Characters a Chinese numeral may consist of.
NUMERAL_CHARACTERS = "".join(DIGITS) + "".join(SMALL) + "".join(LARGE) + "廿卅"


def chinese_number(text: str) -> int | None:
    """Return the value of a Chinese numeral (a whole number below 10¹²), or None when it is not one.

    "三十五" → 35, "一百零五" → 105, "一百五" → 150, "两万五" → 25000, "二〇二六" → 2026.
    "三五" (three to five) is None, as is anything not well formed ("百三百", "十百").
    """
    whole = text.translate(JOINED)
    if not whole or any(c not in NUMERAL_CHARACTERS for c in whole):
        return None
    if all(c in DIGITS for c in whole):
        return run_of_digits(whole)
    total = 0
    for large in ("亿億", "万萬"):
        place = next((i for i, c in enumerate(whole) if c in large), -1)
        if place < 0:
            continue
        front = below_ten_thousand(whole[:place].lstrip("零〇") if total else whole[:place])
        if not front:
            return None
        unit = LARGE[whole[place]]
        total += front * unit
        whole = whole[place + 1 :]
        if len(whole) == 1 and DIGITS.get(whole):  # 两万五 leaves the next lower unit unsaid
            return total + DIGITS[whole] * unit // 10
    if not whole:
        return total
    rest = below_ten_thousand(whole.lstrip("零〇") if total else whole)
    return None if rest is None else total + rest


def run_of_digits(digits: str) -> int | None:
    """Return the value of digits read one by one: a single one, or at least three as in years and numbers."""
    if len(digits) == 1 or len(digits) >= 3:
        return int("".join(str(DIGITS[c]) for c in digits[:15]))
    return None


def below_ten_thousand(text: str) -> int | None:
    """Return the value of a numeral with units up to 千, or None when its units do not fall."""
    total, digit, last, gap = 0, None, 10**4, False
    for c in text:
        if c in DIGITS:
            if DIGITS[c] == 0:
                if digit is not None or last in {10**4, 1}:
                    return None
                gap = True
                continue
            if digit is not None:
                return None
            digit = DIGITS[c]
        elif c in SMALL:
            unit = SMALL[c]
            if unit >= last or (digit is None and (unit != 10 or last not in {10**4, 100, 1000})):
                return None
            total, digit, last, gap = total + (digit or 1) * unit, None, unit, False
        else:
            return None
    if digit is None:
        return None if gap else total or None
    unsaid = 1 if gap or last in {10**4, 10} else last // 10  # 一百五 is 150, 一百零五 is 105
    return total + digit * unsaid


def english_number(text: str) -> int | None:
    """Return the value of zero … nine hundred and ninety-nine in English words, or None."""
    words = text.replace("-", " ").replace(" and ", " ").split()
    if len(words) >= 2 and words[1] == "hundred" and words[0] in HUNDREDS:
        rest = english_number(" ".join(words[2:])) if len(words) > 2 else 0
        return None if rest is None or rest >= 100 else 100 * HUNDREDS[words[0]] + rest
    if len(words) == 1:
        return ENGLISH.get(words[0])
    if len(words) == 2 and words[0] in ENGLISH_TENS and ENGLISH.get(words[1], 0) in range(1, 10):
        return ENGLISH[words[0]] + ENGLISH[words[1]]
    return None


def number(text: str) -> Decimal | None:
    """Return the value of a folded text that is one number and nothing else, or None.

    Digits with thousands commas and decimals, 万 and 千 after digits, Chinese numerals with 点, English words.
    """
    if ARABIC.fullmatch(text):
        return Decimal(text)
    if GROUPED.fullmatch(text) and len(text) <= 20:
        return Decimal(text.replace(",", ""))
    if mixed := MIXED.fullmatch(text):
        scale = {"万": 10**4, "千": 1000, "百": 100, "亿": 10**8, "k": 1000}[mixed[2]]
        return Decimal(mixed[1]) * scale
    if "点" in text:
        whole, _, fraction = text.partition("点")
        front = 0 if whole in {"零", "〇"} else chinese_number(whole)
        if front is None or not fraction or len(fraction) > 9 or any(c not in DIGITS for c in fraction):
            return None
        return Decimal(f"{front}." + "".join(str(DIGITS[c]) for c in fraction))
    value = chinese_number(text)
    if value is None:
        value = english_number(text)
    return None if value is None else Decimal(value)


def written(value: Decimal) -> str:
    """Return a number as XForms text: no exponent, no needless zeros ("3.50" → "3.5", "5.0" → "5")."""
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"", "-0"} else plain
