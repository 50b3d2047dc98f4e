"""Chinese and English numerals: what is written can be read back, and what is no numeral is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.dialogue.numerals import chinese_number, english_number, number, written

DIGITS = "零一二三四五六七八九"


def four(value: int) -> str:
    """Return a number below 10,000 in Chinese, the way it is taught."""
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[digit] + name
        gap = False
    return text


def spelled(value: int) -> str:
    """Return a number below 10¹² in Chinese, the way it is taught."""
    if value == 0:
        return "零"
    text = ""
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, value = divmod(value, unit)
        if part:
            text += ("零" if text and part < 1000 else "") + four(part) + name
    return text.removeprefix("一") if text.startswith("一十") else text


@given(st.integers(0, 10**12 - 1) | st.integers(0, 20000))
def test_a_number_spelled_in_chinese_is_read_back(value: int) -> None:
    assert chinese_number(spelled(value)) == value


@given(st.integers(0, 10**8 - 1))
def test_formal_numerals_are_read_as_everyday_ones(value: int) -> None:
    formal = spelled(value).translate(str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟"))
    assert chinese_number(formal) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百五", 150),
        ("一百零五", 105),
        ("三千二", 3200),
        ("两万五", 25000),
        ("两百", 200),
        ("廿一", 21),
        ("卅", 30),
        ("二〇二六", 2026),
        ("一二三四五", 12345),
        ("十", 10),
        ("拾贰", 12),
        ("一百一", 110),
        ("一百十五", 115),
    ],
)
def test_everyday_forms_are_read(text: str, value: int) -> None:
    assert chinese_number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "三五",
        "百",
        "十百",
        "一十百",
        "百三百",
        "万",
        "三三十",
        "一般",
        "零零",
        "五零",
        "三十零",
        "十十",
        "一万万",
        "abc",
    ],
)
def test_what_is_not_well_formed_is_no_number(text: str) -> None:
    assert chinese_number(text) is None


@given(st.text("零〇一二两三九十百千万亿廿", max_size=12))
def test_any_row_of_numerals_is_a_number_or_none(text: str) -> None:
    value = chinese_number(text)
    assert value is None or 0 <= value < 10**15


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one", 1),
        ("twelve", 12),
        ("twenty", 20),
        ("twenty-one", 21),
        ("ninety nine", 99),
        ("twenty ten", None),
        ("one two", None),
        ("", None),
    ],
)
def test_english_words_below_a_hundred_are_read(text: str, value: int | None) -> None:
    assert english_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200", "1200"),
        ("1,20", None),
        ("12,345.5", "12345.5"),
        ("1.5万", "15000"),
        ("三点一四", "3.14"),
        ("零点五", "0.5"),
        ("点五", None),
        ("三点", None),
        ("1.2.3", None),
        ("2k", "2000"),
        ("", None),
    ],
)
def test_a_number_is_read_in_all_its_spellings(text: str, value: str | None) -> None:
    found = number(text)
    assert (written(found) if found is not None else None) == value


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_written_number_has_no_exponent_and_no_needless_nought(value: Decimal) -> None:
    text = written(value)
    assert Decimal(text) == value
    assert "E" not in text
    assert text == "0" or not text.startswith("-0") or text.startswith("-0.")
    assert "." not in text or not text.endswith("0")
