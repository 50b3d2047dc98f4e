"""Weights are made in named steps and speak for the whole eligible population."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.plan import CampaignKind
from surveys.statistics.analysis import AnalysisSet, CampaignFacts, Respondent, StratumFrame
from surveys.statistics.weights import effective_size, variance_strata, weigh
from tests.statistics.example_analysis import example_analysis

FACTS = CampaignFacts(
    name="c",
    titles={},
    organiser="o",
    legal_basis="l",
    kind=CampaignKind.SURVEY,
    starts_at=datetime(2026, 9, 1, tzinfo=UTC),
    closes_at=datetime(2026, 9, 30, tzinfo=UTC),
    as_of=datetime(2026, 10, 1, tzinfo=UTC),
    zone="Asia/Shanghai",
)


def sample(codes: list[str], population: int, stratum: str = "a") -> tuple[Respondent, ...]:
    weight = population / len(codes)
    return tuple(Respondent(f"{stratum}{i}", stratum, "", code, "", weight) for i, code in enumerate(codes))


def test_base_eligibility_and_nonresponse_by_hand() -> None:
    """1,000 residents, 10 invited, 1 not eligible, 3 answered: 100, then 900 eligible, then 300 each."""
    codes = ["1.1", "1.1", "1.2", "4.10", "2.12", "2.20", "2.20", "2.11", "3.10", "3.30"]
    [step] = weigh(AnalysisSet(FACTS, strata=(StratumFrame("a", 1000, 12, 10),), respondents=sample(codes, 1000)))
    assert (step.base, step.eligible_population, step.nonresponse, step.final) == (100, 900, 3, 300)
    assert (step.released, step.not_eligible, step.respondents) == (10, 1, 3)


def test_a_stratum_where_nobody_answered_has_no_final_weight() -> None:
    [step] = weigh(AnalysisSet(FACTS, strata=(StratumFrame("a", 50, 2, 2),), respondents=sample(["2.20"] * 2, 50)))
    assert (step.base, step.nonresponse, step.final) == (25, None, None)


def test_a_stratum_of_which_nobody_was_released_has_no_weights() -> None:
    [step] = weigh(AnalysisSet(FACTS, strata=(StratumFrame("a", 50, 2, 0),)))
    assert (step.base, step.final, step.eligible_population) == (None, None, 0)


def test_final_weights_add_up_to_the_eligible_population_of_strata_that_answered() -> None:
    for step in weigh(example_analysis()):
        if step.final is not None:
            assert step.final * step.respondents == pytest.approx(step.eligible_population)


def test_equal_weights_lose_nothing_and_unequal_ones_do() -> None:
    assert effective_size([2.0] * 10) == pytest.approx(10)
    assert effective_size([1.0, 3.0]) == pytest.approx(1.6)
    assert effective_size([]) == 0


@pytest.mark.parametrize(
    ("sizes", "collapsed", "reason"),
    [
        ({"a": 3, "b": 2}, {"a": "a", "b": "b"}, "every stratum shows a spread"),
        ({"a": 3, "b": 1}, {"a": "b + a", "b": "b + a"}, "a lonely one joins the only other"),
        ({"a": 9, "b": 1, "c": 2}, {"a": "a", "b": "b + c", "c": "b + c"}, "… the smallest other"),
        ({"a": 1, "b": 1, "c": 2}, {"a": "a + b", "b": "a + b", "c": "c"}, "lonely ones join each other"),
        ({"a": 1}, {"a": "a"}, "one unit in all has nobody to join"),
        ({}, {}, "nobody at all"),
    ],
)
def test_lonely_strata_are_collapsed(sizes: dict[str, int], collapsed: dict[str, str], reason: str) -> None:
    assert variance_strata(sizes) == collapsed, reason


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 50)))
def test_no_variance_is_sought_in_a_stratum_of_one_unless_it_is_all_there_is(sizes: dict[str, int]) -> None:
    joined: dict[str, int] = {}
    for name, stratum in variance_strata(sizes).items():
        joined[stratum] = joined.get(stratum, 0) + sizes[name]
    assert sum(sizes.values()) < 2 or min(joined.values()) >= 2


@pytest.mark.parametrize(
    ("strata", "people", "words"),
    [
        ((StratumFrame("a", 9, 1, 1), StratumFrame("a", 9, 1, 1)), (), "listed twice"),
        ((StratumFrame("a", 9, 2, 2),), sample(["1.1"], 9) * 2, "respondent is listed twice"),
        ((StratumFrame("b", 9, 0, 0),), sample(["1.1"], 9), "has respondents and no frame"),
        ((StratumFrame("a", 9, 2, 2),), sample(["1.1"], 9), "2 released, 1 listed"),
        ((StratumFrame("a", 9, 1, 1),), (Respondent("x", "a", "", "1.1", "", 0.0),), "weight"),
        ((StratumFrame("a", 9, 1, 1),), (Respondent("x", "a", "", "1.1", "", float("nan")),), "weight"),
    ],
)
def test_parts_that_contradict_each_other_are_refused(
    strata: tuple[StratumFrame, ...],
    people: tuple[Respondent, ...],
    words: str,
) -> None:
    with pytest.raises(ValueError, match=words):
        AnalysisSet(FACTS, strata=strata, respondents=people)


def test_more_released_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="released ≤ drawn ≤ population"):
        StratumFrame("a", 5, 6, 6)
