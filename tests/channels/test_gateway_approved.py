"""A text goes out only if the whole of it fits an approved template, whatever stands in its variables."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.approved import Approved, Template

WORDS = st.text(alphabet="ab，\n", min_size=1, max_size=3).filter(str.strip)
VALUES = st.text(alphabet="abc", min_size=1, max_size=6)


def template_of(words: list[str]) -> str:
    """Return words with variables between them."""
    return "".join(f"{word}{{{number}}}" for number, word in enumerate(words[:-1])) + words[-1]


def by_regex(words: list[str], longest: int, text: str) -> bool:
    """Say whether the text fits, by a machine that tries every way there is."""
    between = f"([^【】]{{1,{longest}}})"
    return re.fullmatch(between.join(map(re.escape, words)), text, re.DOTALL) is not None


@given(
    words=st.lists(WORDS, min_size=1, max_size=4),
    edges=st.tuples(st.booleans(), st.booleans()),
    longest=st.integers(1, 5),
    text=st.text(alphabet="abc，\n", max_size=14),
)
@example(words=["a", "a", "b"], edges=(False, False), longest=2, text="acacacb")
def test_a_text_fits_exactly_if_some_way_of_filling_the_template_gives_it(
    words: list[str], edges: tuple[bool, bool], longest: int, text: str
) -> None:
    words = ["", *words] if edges[0] else words
    words = [*words, ""] if edges[1] else words
    found = Approved([Template("T", template_of(words))], longest_variable=longest).match(text)
    assert (found is not None) == by_regex(words, longest, text)


@given(words=st.lists(WORDS, min_size=1, max_size=5), data=st.data())
def test_what_a_template_is_filled_with_comes_out_so_that_it_makes_the_same_text(
    words: list[str], data: st.DataObject
) -> None:
    values = data.draw(st.lists(VALUES, min_size=len(words) - 1, max_size=len(words) - 1))
    text = words[0] + "".join(value + word for value, word in zip(values, words[1:], strict=True))
    found = Approved([Template("T", template_of(words))]).match(text)
    assert found is not None
    assert list(found.variables) == [str(number) for number in range(len(words) - 1)]
    again = words[0] + "".join(v + w for v, w in zip(found.variables.values(), words[1:], strict=True))
    assert again == text == found.content
    assert all(found.variables.values())


def test_a_text_made_to_have_many_ways_takes_no_longer_than_another() -> None:
    """A regular expression would try the ways one after the other, and outlive the campaign."""
    words = ["", *["a"] * 30, "b"]
    approved = Approved([Template("T", template_of(words))], longest_variable=2000)
    assert approved.match("a" * 2000) is None
    assert approved.match("a" * 2000 + "b") is not None


def test_of_several_templates_the_one_with_the_most_words_wins_whatever_the_order() -> None:
    wide, narrow = Template("wide", "{1}谢谢{2}"), Template("narrow", "您好{1}，谢谢您！{2}")
    for templates in ([wide, narrow], [narrow, wide]):
        assert Approved(templates).match("您好王先生，谢谢您！再见").template == "narrow"  # type: ignore[union-attr]  # it fits
        assert Approved(templates).match("好，谢谢你").template == "wide"  # type: ignore[union-attr]  # it fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("【测评办】您好，第 3 题", True),
        ("您好，第 3 题", True),  # the signature is put before it
        ("【别的】您好，第 3 题", False),  # another office's
        (" 【测评办】您好，第 3 题", False),  # not at the beginning
        ("【测评办】您好，第  题", True),  # one blank is something
        ("【测评办】您好，第题", False),
        ("【测评办】您好，第 3 题。", False),  # one sign too many
        ("【测评办】您好，第 12345678901 题", False),  # longer than a variable may be
        ("【测评办】您好，第【x】题", False),  # a second signature
        ("", False),
    ],
)
def test_the_whole_text_counts_with_its_own_signature_or_none(text: str, fits: bool) -> None:  # noqa: FBT001 - a table
    approved = Approved([Template("T", "您好，第{n}题")], signature="测评办", longest_variable=10)
    assert (approved.match(text) is not None) is fits


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{1}", "more than variables"),  # would approve anything
        (" {1} ", "more than variables"),
        ("", "more than variables"),
        ("您好{1}{2}", "between two variables"),  # nobody could say where one ends
        ("{1}好{1}", "stands once"),
    ],
)
def test_a_template_that_cannot_be_matched_for_certain_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Template("T", text)


def test_line_ends_of_every_system_are_one() -> None:
    approved = Approved([Template("T", "一\r\n二{1}")])
    assert all(approved.match(f"一{end}二三") for end in ("\n", "\r\n", "\r"))


def test_templates_are_tried_from_the_most_words_to_the_least() -> None:
    approved = Approved([Template(str(n), "x" * n + "{1}") for n in (1, 3, 2)])
    assert all(more.weight >= less.weight for more, less in pairwise(approved._templates))
    assert len(approved) == 3
