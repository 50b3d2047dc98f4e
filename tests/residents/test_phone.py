"""Numbers as people write them."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.residents.phone import _library, e164, masked, numbers

MOBILE = "+8613812345678"


@pytest.mark.parametrize(
    ("written", "number", "reason"),
    [
        ("13812345678", MOBILE, "as it should be"),
        ("138 1234 5678", MOBILE, "grouped"),
        ("138-1234-5678", MOBILE, "hyphens"),
        ("１３８１２３４５６７８", MOBILE, "full-width digits"),
        ("+86 138 1234 5678", MOBILE, "country code"),
        ("8613812345678", MOBILE, "country code without plus"),
        ("008613812345678", MOBILE, "dialled from abroad"),
        ("0138 1234 5678", MOBILE, "a trunk zero too many"),
        ("(138)1234-5678", MOBILE, "brackets"),
        ("'13812345678", MOBILE, "a spreadsheet's text mark"),
        ("13812345678.0", MOBILE, "a spreadsheet's number"),
        ("tel:+86-138-1234-5678", MOBILE, "a link"),
        ("010-62345678", "+861062345678", "landline with area code"),
        ("+852 5123 4567", "+85251234567", "another country"),
        ("1.38123E+10", None, "shortened by a spreadsheet"),
        ("1381234567", None, "a digit is missing"),
        ("138123456789", None, "a digit too many"),
        ("96110", None, "a service number"),
        ("无", None, "none"),
        ("", None, "empty"),
        ("12345678901", None, "no such range"),
    ],
)
def test_a_written_number_becomes_e164_or_nothing(written: str, number: str | None, reason: str) -> None:
    assert e164(written, "CN") == number, reason


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("13812345678/13912345678", ("13812345678", "13912345678")),
        ("13812345678；13912345678", ("13812345678", "13912345678")),
        ("13812345678、 13912345678", ("13812345678", "13912345678")),
        ("13812345678(妈妈),13912345678（本人）", ("13812345678", "13912345678")),
        ("13812345678或13912345678", ("13812345678", "13912345678")),
        ("(138)1234-5678", ("(138)1234-5678",)),
        (" ", ()),
    ],
)
def test_one_cell_may_hold_several_numbers(cell: str, parts: tuple[str, ...]) -> None:
    assert numbers(cell) == parts


PIECES = st.sampled_from(
    ["+86", "86", "0086", "0", "00", "+", "138", "139", "170", "179", "112", " ", "-", "1", "17951"]
)
REGIONS = st.sampled_from(["CN", "HK", "US", "GB", "DE", "KE"])


@given(st.lists(PIECES | st.text("0123456789", max_size=9), max_size=6).map("".join), REGIONS)
def test_the_fast_path_gives_the_verdict_of_the_whole_library(text: str, region: str) -> None:
    assert e164(text, region) == _library(text.strip(), region)


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"))
def test_the_fast_path_agrees_on_every_mobile_range(text: str) -> None:
    number = phonenumbers.parse(text, "CN")
    assert (e164(text, "CN") is not None) == phonenumbers.is_valid_number(number)


@given(st.text(max_size=30), REGIONS)
def test_no_text_crashes_and_a_number_found_is_found_again(text: str, region: str) -> None:
    number = e164(text, region)
    assert number is None or e164(number, region) == number


def test_a_masked_number_keeps_its_ends_only() -> None:
    assert masked(MOBILE) == "+86138****5678"
    assert "8123" not in masked(MOBILE)
    assert masked("+85212345") == "+85****45"
