"""A message when no question is open is offered to be passed on, unless it is only politeness."""

from __future__ import annotations

import pytest
from player import set_scene


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("谢谢", "thanks"),
        ("收到,谢谢!", "two of them"),
        ("好的好的,辛苦了", "three"),
        ("thank you", "English"),
        ("Ok, thanks. Bye", "English, several"),
        ("……", "nothing but punctuation"),
        ("3", "a number without a question"),
    ],
)
def test_a_pleasantry_gets_no_reply(text: str, reason: str) -> None:
    assert set_scene("resident: 王秀英").hear(text) == [], reason


@pytest.mark.parametrize(
    "text", ["路灯坏了", "好的 但是路灯还是坏的", "the street lamp is broken", "no water since monday"]
)
def test_anything_else_is_offered_to_be_passed_on(text: str) -> None:
    stage = set_scene("resident: 王秀英")
    assert "1 同意转办" in stage.hear(text)
    assert stage.cases == {}
    stage.hear("1")
    assert [case.text for case in stage.cases.values()] == [text]
