"""Speeding follows from words and seconds that can be counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from surveys.quality.interviews import Places, interviews
from surveys.quality.speeding import FEWEST_RESPONDENTS, Reading, count_words, speeding, timed_part
from surveys.statistics.analysis import AnalysisSet, Paradata
from tests.quality.small_campaign import RATINGS, START, answers, campaign, form, times

FULL = answers("very", "fair", "fairly", "not", "very", "fair")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("您满意吗?", 4 / 1.5),
        ("How good is it?", 4),
        ("对${unit_name}的12项服务", (1 + 1 + 3) / 1.5 + 1),
        ("don't know", 2),
        ("", 0),
    ],
)
def test_words_are_those_between_blanks_and_characters_by_one_and_a_half(text: str, words: float) -> None:
    assert count_words(text) == pytest.approx(words)


def test_a_list_of_options_is_read_once() -> None:
    """Options 满意 比较满意 一般 不满意 have eleven characters, 您对q1满意吗? five and a word."""
    reading, shown = Reading(form()), set[str]()
    wording = 5 / 1.5 + 1
    assert reading.words("q1", "zh", shown) == pytest.approx(wording + 11 / 1.5)
    assert reading.words("q2", "zh", shown) == pytest.approx(wording)
    assert reading.words("q1", "zh", shown) == 0


def paced(*seconds: float) -> AnalysisSet:
    """Return a campaign in which each person takes so many seconds a question."""
    return campaign([FULL] * len(seconds), {n: Paradata(times(RATINGS, pace)) for n, pace in enumerate(seconds)})


def test_whoever_is_faster_than_reading_is_flagged() -> None:
    """Five questions after the first, 4⅓ words each: a third of a second for each takes 7.2 seconds."""
    check = speeding(form(), interviews(paced(1.0, 1.5, 5.0)))
    assert check.respondents == ("r0000",)
    assert check.flags[0].numbers["least_seconds"] == pytest.approx(5 * (5 / 1.5 + 1) / 3)
    assert check.flags[0].numbers["seconds"] == pytest.approx(5.0)
    assert "at most 5 seconds" in check.flags[0].evidence.text("en")


def test_half_the_median_is_flagged_once_there_are_enough_to_compare_with() -> None:
    slow = [20.0] * (FEWEST_RESPONDENTS - 1)
    assert speeding(form(), interviews(paced(9.0, *slow))).respondents == ("r0000",)
    assert speeding(form(), interviews(paced(9.0, *slow[1:]))).respondents == ()
    assert speeding(form(), interviews(paced(10.0, *slow))).respondents == ()


def test_a_long_pause_is_not_counted_as_answering() -> None:
    at = times(RATINGS, 1.0)
    for name in RATINGS[3:]:
        at[name] += timedelta(hours=3)
    [person] = interviews(campaign([FULL], {0: Paradata(at)}))
    part = timed_part(person, Places(form()), Reading(form()))
    assert len(part.questions) == 4
    assert part.seconds == pytest.approx(4.0)


def test_answers_of_one_message_share_its_time() -> None:
    at = dict.fromkeys(RATINGS[1:], START + timedelta(seconds=10)) | {"q1": START}
    [person] = interviews(campaign([FULL], {0: Paradata(at)}))
    part = timed_part(person, Places(form()), Reading(form()))
    assert [seconds for _, seconds in part.questions] == [2.0] * 5


def test_without_times_the_check_says_so() -> None:
    check = speeding(form(), interviews(campaign([FULL] * 3)))
    assert check.looked_at == 0
    assert check.untested is not None


def test_the_caution_says_which_way_the_servers_time_errs() -> None:
    caution = speeding(form(), ()).kind.caution.text("en")
    assert "at most so long" in caution
    assert "look quick" in caution
