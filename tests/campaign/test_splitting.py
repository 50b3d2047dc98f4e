"""A text that is too long for one message is cut where a reader would pause."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from surveys.campaign.splitting import split

#: Texts as they occur: Chinese and English words, figures, options, punctuation, emoji, much white space.
PIECES = st.sampled_from(
    [
        "您对村里的污水治理满意吗", "评议", "满意", "。", "，", "！", "？", "（2026年）", " ", "\n", "\n\n",
        "\n1 满意", "\n2. fair", "\n12 说不清\n", "Are you satisfied", "service", ". ", ", ", "1,234.50",
        "0571 8888 9999", "2026-03-02", "98%", "👍🏽", "e\u0301", "https://example.org/a?b=c ",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)
LONGEST = st.integers(12, 90)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(st.text(max_size=300) | TEXTS, st.integers(1, 90))
def test_every_part_says_something_and_fits(text: str, longest: int) -> None:
    parts = split(text, longest)
    if len(text) <= longest:
        assert parts == (text,)
    else:
        assert all(part.strip() == part and 0 < len(part) <= longest for part in parts)


@given(st.text(max_size=300) | TEXTS, st.integers(1, 90))
def test_only_spaces_at_the_cuts_are_left_out(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert "".join(map(bare, parts)) == bare(text)
    place = 0
    for part in parts:
        found = text.index(part, place)
        assert not text[place:found].strip()
        place = found + len(part)


@given(TEXTS, LONGEST)
@example("1,234.5098%0571 8888 9999", 12)
def test_no_number_is_cut(text: str, longest: int) -> None:
    """A figure that ends a part does not go on in the next: what stood together stays together."""
    cut = "\x00".join(split(text, longest))
    numbers = re.findall(r"\d+(?:[.,:/-]\d+)*%?", text)
    longer = [number for number in numbers if len(number) > longest]  # these may be cut, and what stands in them
    for number in numbers:
        if not any(number in one for one in longer):
            broken = "\x00?".join(map(re.escape, number))
            for found in re.findall(broken, cut):
                assert "\x00" not in found


@given(st.lists(st.from_regex(r"[1-9] [满意一般好坏 a-z]{1,20}", fullmatch=True), min_size=1, max_size=30), LONGEST)
def test_an_option_line_stays_whole(options: list[str], longest: int) -> None:
    options = [option.strip() for option in options]
    text = "\n".join(["您对村里的污水治理满意吗?", *options])
    lines = [line for part in split(text, longest) for line in part.split("\n")]
    if all(len(option) <= longest for option in options):
        assert lines[-len(options) :] == options


@given(TEXTS, LONGEST)
def test_what_was_split_fits_and_is_not_split_again(text: str, longest: int) -> None:
    for part in split(text, longest):
        assert split(part, longest) == (part,)


@pytest.mark.parametrize(
    ("text", "longest", "parts", "reason"),
    [
        ("短。", 10, ("短。",), "what fits is left alone"),
        ("  a  ", 10, ("  a  ",), "to the last space"),
        (
            "您好，这里是评议办公室。\n\n您对污水治理满意吗?\n1 满意\n2 不满意",
            30,
            ("您好，这里是评议办公室。", "您对污水治理满意吗?\n1 满意\n2 不满意"),
            "a question stays with its options, apart from the greeting",
        ),
        ("一二三四五。六七八九十。甲乙丙丁。", 13, ("一二三四五。六七八九十。", "甲乙丙丁。"), "Chinese sentences"),
        (
            "The street lamp works. It was mended on Monday. Thank you.",
            48,
            ("The street lamp works. It was mended on Monday.", "Thank you."),
            "English sentences",
        ),
        ("The price is 1,234.50 yuan", 19, ("The price is", "1,234.50 yuan"), "a number is not cut at its point"),
        ("请拨打电话0571 8888 9999咨询", 14, ("请拨打电话", "0571 8888 9999", "咨询"), "a phone number holds together"),
        (
            "他说“好的，谢谢您。”然后走了",
            11,
            ("他说“好的，谢谢您。”", "然后走了"),
            "a quotation mark stays with its sentence",
        ),
        ("incomprehensibilities", 10, ("incomprehe", "nsibilitie", "s"), "a word longer than a part must be cut"),
        ("12345678901234567890", 8, ("12345678", "90123456", "7890"), "so must a number"),
        ("在" * 9 + "e\u0301", 10, ("在" * 9, "e\u0301"), "an accent stays with its letter"),
        (" " * 30, 10, (), "spaces say nothing"),
    ],
)
def test_cuts_fall_where_a_reader_pauses(text: str, longest: int, parts: tuple[str, ...], reason: str) -> None:
    assert split(text, longest) == parts, reason


def test_a_part_without_room_is_an_error() -> None:
    with pytest.raises(ValueError, match="room"):
        split("abc", 0)
