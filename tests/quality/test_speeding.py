"""Speeding follows from words and seconds that can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
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


def batteries(pace: float, value: str = "fair", *, units: int = 4) -> AnalysisSet:
    """Return one who rates each unit in one message on all six, and then says something, each reply after `pace` s."""
    values, at = {}, {}
    for unit in range(1, units + 1):
        for number, row in enumerate((*RATINGS, "words")):
            values[f"{row}@{unit}"] = "没有" if row == "words" else value
            exchange = 2 * (unit - 1) + (number == len(RATINGS))
            at[f"{row}@{unit}"] = START + timedelta(seconds=pace * exchange)
    return campaign([values], {0: Paradata(at)}, of_units=True)


def test_batteries_of_unit_after_unit_at_one_reply_a_second_are_flagged() -> None:
    """28 answers in 8 replies, the first untimed: three batteries of six seconds and four texts of two."""
    check = speeding(form(of_units=True), interviews(batteries(1.0)))
    assert check.respondents == ("r0000",)
    numbers = check.flags[0].numbers
    assert (numbers["questions"], numbers["seconds"]) == (22, pytest.approx(7.0))
    assert count_words("还有什么想说的?") / 3 < 2
    assert numbers["least_seconds"] == pytest.approx(3 * 6 + 4 * 2)


@pytest.mark.parametrize(("pace", "flagged"), [(3.0, True), (5.0, False), (8.0, False)])
def test_a_quick_but_human_pace_is_not_flagged(pace: float, *, flagged: bool) -> None:
    """Eight seconds are enough for six judgements; three, for a battery and a text alike, are not."""
    assert bool(speeding(form(of_units=True), interviews(batteries(pace))).flags) is flagged


def test_to_know_nothing_of_a_unit_is_one_judgement() -> None:
    """Seven replies in 14 seconds: who has no opinion on all six needs a second for that, and two for the text."""
    assert speeding(form(of_units=True), interviews(batteries(2.0))).respondents == ("r0000",)
    assert speeding(form(of_units=True), interviews(batteries(2.0, "dk"))).respondents == ()
    assert speeding(form(of_units=True), interviews(batteries(0.5, "dk"))).respondents == ("r0000",)


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
    """Five questions after the first, 4⅓ words each: 1.4 seconds to read, two with an answer of one's own."""
    check = speeding(form(), interviews(paced(1.0, 1.9, 2.0, 5.0)))
    assert check.respondents == ("r0000", "r0001")
    assert check.flags[0].numbers["least_seconds"] == pytest.approx(5 * 2)
    assert check.flags[0].numbers["seconds"] == pytest.approx(5.0)
    assert "at most 5 s;" in check.flags[0].evidence.text("en")


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


@pytest.mark.parametrize("mode", ["paper", "phone", "doorstep"])
def test_what_staff_typed_in_is_not_looked_at_and_counted(mode: str) -> None:
    """All answers of a row have one instant, or those of typing: neither says how long the resident took."""
    analysis = paced(1.0, 1.0, 5.0)
    first, *others = analysis.respondents
    mixed = replace(analysis, respondents=(replace(first, mode=mode), *others))
    check = speeding(form(), interviews(mixed))
    assert (check.respondents, check.looked_at, check.entered) == (("r0001",), 2, 1)
    assert check.passed_over is not None
    assert check.passed_over.text("en").startswith(
        "Not looked at are interviews on paper, by phone or at the door (1):"
    )


def test_a_relative_who_types_in_the_chat_is_looked_at_like_anybody() -> None:
    analysis = paced(1.0, 5.0)
    first, second = analysis.respondents
    check = speeding(form(), interviews(replace(analysis, respondents=(replace(first, mode="assisted"), second))))
    assert (check.respondents, check.entered, check.passed_over) == (("r0000",), 0, None)


def test_the_middle_respondent_is_one_who_answered_by_chat() -> None:
    """Forty who answered in no time on paper would make twenty slow ones the rule, or the other way round."""
    slow, typed = [20.0] * FEWEST_RESPONDENTS, [0.1] * 40
    analysis = paced(*slow, *typed)
    people = tuple(
        replace(person, mode="paper") if number >= FEWEST_RESPONDENTS else person
        for number, person in enumerate(analysis.respondents)
    )
    check = speeding(form(), interviews(replace(analysis, respondents=people)))
    assert (check.respondents, check.looked_at, check.entered) == ((), FEWEST_RESPONDENTS, 40)
