"""How long an answer takes at least: whoever takes that long is never flagged, one long silence hides no haste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.quality.interviews import Places, interviews
from surveys.quality.speeding import FEWEST_RESPONDENTS, Reading, least_seconds, speeding, timed_part
from surveys.questionnaire.form import Form, Kind, Question
from surveys.statistics.analysis import AnalysisSet, Paradata
from tests.quality.small_campaign import CHOICES, RATINGS, START, answers, campaign, form

FULL = answers("very", "fair", "fairly", "not", "very", "fair")
LONG = {
    "zh": "过去一年里您或您的家人到镇上的服务大厅办理过户口、社保、医保或者低保等事项时，工作人员的态度让您满意吗?",
    "en": "When you or your family went to the town's service hall during the past year to see to registration, social "
    "insurance, medical insurance or income support, were you satisfied with how the staff treated you?",
}


def at_gaps(seconds: Sequence[float], names: Sequence[str] = RATINGS) -> Paradata:
    """Return the instants of answers that came so many seconds after the one before each."""
    instant, at = START, {names[0]: START}
    for name, gap in zip(names[1:], seconds, strict=True):
        instant += timedelta(seconds=gap)
        at[name] = instant
    return Paradata(at)


def flagged(analysis: AnalysisSet, asked: Form | None = None) -> tuple[str, ...]:
    return speeding(asked or form(), interviews(analysis)).respondents


@pytest.mark.parametrize(
    ("words", "opinions", "least"),
    [
        pytest.param(0, 1, 2.0, id="one answer in a message of its own takes two seconds with nothing new to read"),
        pytest.param(0, 0, 1.0, id="to have no opinion takes one"),
        pytest.param(0, 6, 6.0, id="of a battery each answer takes one"),
        pytest.param(9, 1, 3.0, id="nine new words take three"),
        pytest.param(30, 6, 10.0, id="reading and judging overlap: the longer of the two counts"),
        pytest.param(9, 0, 3.0, id="what is new is read, whatever is said to it"),
    ],
)
def test_what_a_message_takes_at_least(words: float, opinions: float, least: float) -> None:
    assert least_seconds(words, opinions) == pytest.approx(least)


@pytest.mark.parametrize(("pace", "expected"), [(1.05, ("r0000",)), (1.95, ("r0000",)), (2.0, ()), (3.0, ())])
def test_one_answer_about_unit_after_unit_takes_two_seconds_each(pace: float, expected: tuple[str, ...]) -> None:
    """One rating each of twelve units: after the first the wording is known, and each has a unit to think of."""
    names = [f"q1@{unit}" for unit in range(1, 13)]
    analysis = campaign([dict.fromkeys(names, "fair")], {0: at_gaps([pace] * 11, names)}, of_units=True)
    assert flagged(analysis, form(of_units=True)) == expected


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_question_needs_its_own_time_in_either_language(language: str) -> None:
    """Six wordings of some fifty characters or forty words: ten seconds and more, where two will do for a short one."""
    questions = tuple(
        Question(name, Kind.SELECT_ONE, name, {key: f"{name}: {text}" for key, text in LONG.items()}, choices=CHOICES)
        for name in RATINGS
    )
    asked = replace(form(), questions=questions, languages=("zh", "en"))

    def paced(seconds: float) -> AnalysisSet:
        paradata = replace(at_gaps([seconds] * 5), language=language)
        return replace(campaign([FULL], {0: paradata}), form=asked)

    [person] = interviews(paced(10.0))
    least = timed_part(person, Places(asked), Reading(asked)).least / 5
    assert 8 < least < 14
    assert flagged(paced(least - 0.1), asked) == ("r0000",)
    assert flagged(paced(least + 0.1), asked) == ()


def test_one_long_silence_does_not_make_up_for_answers_that_came_too_fast() -> None:
    """Four answers in a second each and a quarter of an hour's half for the fifth: of that, six seconds are counted."""
    [flag] = speeding(form(), interviews(campaign([FULL], {0: at_gaps([1.0, 1.0, 450.0, 0.9, 0.9])}))).flags
    assert flag.numbers["seconds"] == pytest.approx(453.8)
    assert flag.numbers["counted_seconds"] == pytest.approx(3.8 + 6)
    assert flag.numbers["least_seconds"] == pytest.approx(10)
    for language in ("zh", "en"):
        assert "454" in flag.evidence.text(language)
        assert "{" not in flag.evidence.text(language)


@given(st.lists(st.floats(2.0, 10_000.0), min_size=5, max_size=5))
def test_whoever_takes_the_least_time_or_more_for_every_answer_is_never_flagged(gaps: list[float]) -> None:
    assert flagged(campaign([FULL], {0: at_gaps(gaps)})) == ()


@given(
    st.lists(st.floats(2.0, 60.0), min_size=5, max_size=5),
    st.lists(st.lists(st.floats(1.0, 60.0), min_size=5, max_size=5), min_size=FEWEST_RESPONDENTS, max_size=30),
)
def test_whoever_is_never_faster_than_the_middle_is_never_flagged(mine: list[float], others: list[list[float]]) -> None:
    """Slower than each of the others at every question, hence than half the middle of them."""
    slowest = [max(own, *(gaps[place] for gaps in others)) for place, own in enumerate(mine)]
    paces = [slowest, *others]
    analysis = campaign([FULL] * len(paces), {n: at_gaps(gaps) for n, gaps in enumerate(paces)})
    assert "r0000" not in flagged(analysis)
