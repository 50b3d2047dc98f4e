"""What a text costs as an SMS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.segments import segments


@pytest.mark.parametrize(
    ("text", "parts", "reason"),
    [
        ("", 0, "nothing is sent"),
        ("a" * 160, 1, "GSM-7 fits 160"),
        ("a" * 161, 2, "then 153 a part"),
        ("a" * 306, 2, "two full parts"),
        ("a" * 307, 3, "one more"),
        ("€" * 80, 1, "escaped characters take two septets"),
        ("€" * 81, 2, "so 162 septets"),
        ("a" * 152 + "€" + "a" * 10, 2, "an escape is not torn from its character"),
        ("评" * 70, 1, "UCS-2 fits 70"),
        ("评" * 71, 2, "then 67 a part"),
        ("评" * 134, 2, "two full parts"),
        ("评" * 135, 3, "one more"),
        ("😀" * 35, 1, "an emoji takes two UTF-16 units"),
        ("😀" * 36, 2, "so 72 units"),
        ("a" * 159 + "评", 3, "one Chinese character turns the whole text to UCS-2"),
        ("`", 1, "not in GSM-7, though ASCII"),
        ("`" * 71, 2, "so UCS-2 limits hold"),
    ],
)
def test_parts_follow_the_two_alphabets(text: str, parts: int, reason: str) -> None:
    assert segments(text) == parts, reason


@given(st.text(max_size=400), st.text(max_size=100))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert segments(text + more) >= segments(text)
