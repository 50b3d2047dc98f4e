"""Texts that are nearly the same are found, all of them, and their words are kept out of the evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.quality.interviews import interviews
from surveys.quality.texts import groups, near_identical, pairs, plain, runs, similarity
from tests.quality.small_campaign import answers, campaign, form

HANDBILL = "工作人员态度非常好,办事效率高,非常满意!"


@given(
    st.lists(st.frozensets(st.sampled_from("abcdefgh"), min_size=1), max_size=25), st.sampled_from([0.3, 0.5, 0.8, 1.0])
)
def test_the_short_way_finds_the_very_pairs_that_comparing_all_finds(
    sets: list[frozenset[str]], threshold: float
) -> None:
    every = {frozenset((a, b)) for a in range(len(sets)) for b in range(a) if similarity(sets[a], sets[b]) >= threshold}
    found = [frozenset(pair) for pair in pairs(sets, threshold)]
    assert set(found) == every
    assert len(found) == len(every)


@given(st.text(max_size=40))
def test_a_text_is_like_itself_however_it_is_spaced_and_punctuated(text: str) -> None:
    assert plain(" ".join(text)) == plain(text)
    assert similarity(runs(plain(text)), runs(plain(text))) == 1


def test_groups_hang_together_by_pairs() -> None:
    long = "办事大厅的工作人员态度很好非常耐心地解释了政策"
    assert groups([long, "完全不一样的另外一句话说的是路灯", long + "谢谢", long[1:]]) == [(0, 2, 3)]


def test_a_handbill_copied_by_three_is_flagged_without_its_words() -> None:
    varied = [
        answers("very", words=HANDBILL),
        answers("fair", words=" 工作人员态度非常好 办事效率高 非常满意"),
        answers("not", words="路灯坏了三个月没有人来修理,晚上很黑"),
        answers("fairly", words=HANDBILL + "。"),
    ]
    check = near_identical(form(), interviews(campaign(varied)))
    [flag] = check.flags
    assert flag.respondents == ("r0000", "r0001", "r0003")
    for language in ("zh", "en"):
        assert "态度" not in flag.evidence.text(language)


def test_short_phrases_are_everybodys() -> None:
    check = near_identical(form(), interviews(campaign([answers("very", words="没有意见")] * 5)))
    assert check.flags == ()
    assert check.untested is not None


def test_one_persons_own_words_about_several_units_are_no_copy_of_others() -> None:
    people = [{f"words@{unit}": HANDBILL for unit in (1, 2, 3)}]
    assert near_identical(form(of_units=True), interviews(campaign(people, of_units=True))).flags == ()


@pytest.mark.parametrize(
    ("written", "kept"), [("ＡＢＣ，１２３！", "abc123"), ("好,很好。 谢谢~", "好很好谢谢"), ("👍👍", "")]
)
def test_what_is_compared_is_letters_and_digits(written: str, kept: str) -> None:
    assert plain(written) == kept
