"""What a text costs as an SMS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.segments import GSM_7, GSM_7_ESCAPED, Encoding, Sms, costly, count, segments


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


@pytest.mark.parametrize(
    ("text", "counted", "reason"),
    [
        ("", Sms(Encoding.GSM_7, 0, 0, 160), "an empty text has the whole room left"),
        ("ab€", Sms(Encoding.GSM_7, 4, 1, 156), "two letters and an escaped one are four septets"),
        ("a" * 161, Sms(Encoding.GSM_7, 161, 2, 145), "the second part holds 8 of 153"),
        ("a" * 152 + "€" + "a" * 10, Sms(Encoding.GSM_7, 164, 2, 141), "the escape moved whole to the second part"),
        ("您好👍", Sms(Encoding.UCS_2, 4, 1, 66), "two characters and a pair of surrogates"),
        ("评" * 66 + "😀" + "评" * 10, Sms(Encoding.UCS_2, 78, 2, 55), "the emoji moved whole to the second part"),
    ],
)
def test_a_count_names_encoding_units_segments_and_the_room_left(text: str, counted: Sms, reason: str) -> None:
    assert count(text) == counted, reason


def test_the_characters_that_force_ucs_2_are_named_once_in_their_order() -> None:
    assert costly("It’s “free” – it’s €5 [GSM]") == ("’", "“", "”", "–")
    assert costly("".join(GSM_7 | GSM_7_ESCAPED)) == ()


@given(st.text(max_size=400), st.text(max_size=100))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert segments(text + more) >= segments(text)


@given(st.text(max_size=400))
def test_a_text_is_ucs_2_exactly_if_some_character_forces_it(text: str) -> None:
    assert (count(text).encoding is Encoding.UCS_2) == bool(costly(text))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_ucs_2_units_are_what_utf_16_needs(text: str) -> None:
    if costly(text):
        assert count(text).units == len(text.encode("utf-16-le")) // 2


@given(st.text(max_size=400))
def test_units_fit_into_the_segments_and_would_not_fit_into_fewer(text: str) -> None:
    counted = count(text)
    room, part = (160, 153) if counted.encoding is Encoding.GSM_7 else (70, 67)
    whole = room if counted.segments <= 1 else part * counted.segments
    assert counted.left >= 0
    # At most one unit stays empty at the end of a part, because a character of two would be torn.
    assert whole - counted.left - max(0, counted.segments - 1) <= counted.units <= whole - counted.left
    assert counted.segments <= 1 or counted.units > room
