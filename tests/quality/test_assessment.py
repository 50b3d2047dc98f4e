"""All checks together: results with and without, nobody deleted, nothing published that leads to a person."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest

from surveys.language import LANGUAGES
from surveys.quality.assessment import Quality, published
from surveys.quality.beside import FEW_LEFT
from surveys.quality.effect import first_question
from surveys.quality.flag import FlagKind
from surveys.statistics.analysis import AnalysisSet, Paradata
from surveys.statistics.results import compute_results, quality_of
from tests.quality.small_campaign import RATINGS, answers, campaign, times, without
from tests.statistics.example_analysis import example_analysis


def town() -> AnalysisSet:
    """Return 60 people, the first twelve of them fast and full of praise."""
    random = Random(3)
    people, paradata = [], {}
    for number in range(60):
        fast = number < 12
        levels = ["very"] * 6 if fast else random.choices(("very", "fairly", "fair", "not", "dk"), k=6)
        people.append(answers(*levels))
        paradata[number] = Paradata(times(RATINGS, 1.0 if fast else random.uniform(9, 20)), address=f"a{number}")
    return campaign(people, paradata, strata=("s1", "s2"))


@pytest.fixture(scope="module")
def quality() -> Quality:
    return quality_of(town(), "q1")


def test_the_flagged_are_those_who_were_made_so(quality: Quality) -> None:
    made = {f"r{n:04d}" for n in range(12)}
    assert set(quality.check(FlagKind.SPEEDING).respondents) == made
    assert made <= set(quality.check(FlagKind.STRAIGHT_LINING).respondents)
    assert quality.flagged >= 12


def test_every_satisfied_share_stands_with_everybody_and_without_the_flagged(quality: Quality) -> None:
    assert [effect.question for effect in quality.effects if effect.kind is None] == list(RATINGS)
    results = compute_results(town())
    for effect in quality.effects:
        satisfied = results.question(effect.question).overall.satisfied
        assert satisfied is not None
        assert effect.everybody.value == pytest.approx(satisfied.of_opinions.value)
        assert effect.everybody.se == pytest.approx(satisfied.of_opinions.se)
        assert (effect.everybody.n, effect.everybody.df) == (satisfied.of_opinions.n, satisfied.of_opinions.df)


def test_without_them_is_what_results_would_be_had_they_never_finished(quality: Quality) -> None:
    effect = next(e for e in quality.effects if e.kind is None)
    flagged = {key for check in quality.checks if check.kind is not FlagKind.ALL_BEST for key in check.respondents}
    rest = compute_results(without(town(), *flagged)).question("q1").overall.satisfied
    assert rest is not None
    assert effect.without is not None
    assert effect.without.value == pytest.approx(rest.of_opinions.value)
    assert effect.without.se == pytest.approx(rest.of_opinions.se)
    assert effect.difference is not None
    assert effect.difference < 0


def test_flagged_people_stay_in_the_results(quality: Quality) -> None:
    results = compute_results(town())
    assert results.respondents == quality.respondents == 60
    assert results.quality == published(quality)


def test_what_is_published_names_nobody(quality: Quality) -> None:
    told = json.dumps(compute_results(town()).as_json()["quality"])
    assert "r00" not in told
    assert all(
        key not in json.dumps([str(c.evidence) for c in published(quality).checks]) for key in ("r0001", "r0011")
    )


def test_a_rest_of_fewer_than_ten_is_not_shown() -> None:
    people = [answers(*["very"] * 6)] * 12 + [answers("very", "fair", "not", "fairly", "dk", "fair")] * 5
    effects = quality_of(campaign(people), "q1").effects
    assert effects
    assert all(effect.without is None and effect.difference is None for effect in effects)
    assert all(effect.why_not == FEW_LEFT for effect in effects)


def test_ratings_of_units_count_by_the_respondent_as_unit_of_the_design() -> None:
    """The share of all ratings, (2 + 0 + 1) of (2 + 1 + 2): a ratio of two totals."""
    three = [{"q1@1": "very", "q1@2": "fairly"}, {"q1@1": "not", "q1@2": "dk"}, {"q1@1": "fair", "q1@2": "very"}]
    [effect] = [
        e
        for e in quality_of(campaign(three * 10, of_units=True), "q1").effects
        if e.question == "q1" and e.kind is None
    ]
    assert effect.everybody.value == pytest.approx(3 / 5)
    assert effect.everybody.n == 30


def test_the_order_of_people_changes_nothing() -> None:
    analysis = town()
    people = list(analysis.respondents)
    Random(1).shuffle(people)
    again = quality_of(replace(analysis, respondents=tuple(people)), "q1")
    assert again == quality_of(analysis, "q1")


def test_every_sentence_is_there_in_both_languages(quality: Quality) -> None:
    for check in quality.checks:
        said = [check.rule, check.kind.words, check.kind.caution, check.of, *(f.evidence for f in check.flags)]
        said += [check.untested] if check.untested else []
        for sentence in said:
            zh, en = (sentence.text(language) for language in LANGUAGES)
            assert zh != en
            assert "{" not in zh + en


def test_a_campaign_without_paradata_is_looked_at_as_far_as_its_answers_go() -> None:
    quality = quality_of(example_analysis(), "q7")
    assert quality.check(FlagKind.SPEEDING).untested is not None
    assert quality.check(FlagKind.ALL_BEST).looked_at > 0
    assert quality.nonresponse


def test_a_campaign_nobody_answered_has_checks_that_say_so() -> None:
    quality = quality_of(campaign([]), "q1")
    assert quality.respondents == 0
    assert all(check.untested is not None for check in quality.checks)
    assert quality.effects == ()


def test_the_question_shown_first_is_the_plans_the_forms_or_the_first() -> None:
    form = town().form
    assert form is not None
    assert first_question(form, "q3") == "q3"
    assert first_question(form, "words") == "q1"
