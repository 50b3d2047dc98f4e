"""Results can be recomputed by hand, are the same in any order, and never hold NaN."""

import json
import math
from dataclasses import replace
from random import Random

import pytest

from surveys.language import LANGUAGES
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import AnalysisSet, Respondent, StratumFrame
from surveys.statistics.comparison import standings
from surveys.statistics.disclosure import Withheld
from surveys.statistics.estimates import Estimate
from surveys.statistics.results import Results, compute_results
from tests.statistics.example_analysis import example_analysis, example_campaign

FORM = Form(
    "d",
    "f",
    {"en": "Form"},
    ("en",),
    "en",
    (
        Question("q", Kind.SELECT_ONE, "q", choices=tuple(Choice(n, {}) for n in ("good", "bad", "dk"))),
        Question("age", Kind.INTEGER, "age"),
        Question("more", Kind.TEXT, "more"),
    ),
    satisfied={"q": ("good",)},
)


def people(stratum: str, population: int, answers: list[str]) -> list[Respondent]:
    """Return released people; an empty answer is somebody who never replied."""
    return [
        Respondent(
            f"{stratum}{i}",
            stratum,
            "",
            "1.1" if answer else "2.20",
            "self" if answer else "",
            population / len(answers),
            {"q": answer, "age": "30"} if answer else {},
        )
        for i, answer in enumerate(answers)
    ]


@pytest.fixture(scope="module")
def by_hand() -> Results:
    """North: 1,000 residents, 20 asked, 16 answered. South: 3,000 residents, 20 asked, 10 answered."""
    north = people("north", 1000, ["good"] * 12 + ["bad"] * 4 + [""] * 4)
    south = people("south", 3000, ["good"] * 4 + ["bad"] * 4 + ["dk"] * 2 + [""] * 10)
    strata = (StratumFrame("north", 1000, 20, 20), StratumFrame("south", 3000, 20, 20))
    return compute_results(AnalysisSet(example_campaign(), FORM, strata, (*north, *south)))


def test_a_weighted_share_and_its_error_by_hand(by_hand: Results) -> None:
    """(1000·12/16 + 3000·4/10) / 4000, and the textbook variance of a stratified mean."""
    good = by_hand.question("q").overall.options[0]
    assert (good.count, good.share.n) == (16, 26)
    assert good.share.value == pytest.approx((1000 * 0.75 + 3000 * 0.4) / 4000)
    parts = [(0.25, 0.75, 16, 1000), (0.75, 0.4, 10, 3000)]
    variance = sum(w**2 * (1 - n / population) * p * (1 - p) / (n - 1) for w, p, n, population in parts)
    assert good.share.se == pytest.approx(math.sqrt(variance))
    assert good.share.df == 24


def test_the_satisfied_share_has_two_denominators(by_hand: Results) -> None:
    cell = by_hand.question("q").overall
    assert cell.satisfied is not None
    assert cell.dont_know == 2
    assert (cell.satisfied.of_answers.n, cell.satisfied.of_opinions.n) == (26, 24)
    assert cell.satisfied.of_answers.value == pytest.approx(1950 / 4000)
    assert cell.satisfied.of_opinions.value == pytest.approx(1950 / (4000 - 600))


def test_a_stratum_with_answers_enough_but_few_opinions_shows_no_satisfied_share(by_hand: Results) -> None:
    north, south = by_hand.question("q").strata
    assert north.satisfied is not None
    assert (south.n, south.satisfied, south.withheld) == (10, None, None)


def test_an_answer_everybody_gives_has_a_mean_without_an_interval(by_hand: Results) -> None:
    mean = by_hand.question("age").overall.mean
    assert mean is not None
    assert (mean.value, mean.low, mean.high) == (pytest.approx(30), None, None)


def test_the_weights_and_the_response_rate_by_hand(by_hand: Results) -> None:
    assert [step.final for step in by_hand.weights] == [pytest.approx(1000 / 16), pytest.approx(300)]
    assert by_hand.response.rates.rr1 == 26 / 40
    assert [row.rates.rr1 for row in by_hand.response_by_stratum] == [0.8, 0.5]
    assert by_hand.response.weighted.rr1 == pytest.approx((1000 * 0.8 + 3000 * 0.5) / 4000)


def test_text_answers_are_counted_and_never_repeated() -> None:
    analysis = example_analysis()
    said = replace(analysis.respondents[0], disposition="1.1", mode="self", values={"more": "路灯在我家门口不亮"})
    results = compute_results(replace(analysis, respondents=(said, *analysis.respondents[1:])))
    assert results.question("more").overall.n == 1
    assert "路灯" not in json.dumps(results.as_json(), ensure_ascii=False)


def test_late_answers_and_break_offs_stay_out_and_are_counted() -> None:
    analysis = example_analysis()
    results = compute_results(analysis)
    used = [p for p in analysis.respondents if p.disposition in ("1.1", "1.2")]
    assert results.respondents == len(used)
    assert results.late_answers == sum(len(p.late) for p in analysis.respondents)
    assert results.late_answers > 0
    asked = results.question("q7")
    assert asked.late == sum("q7" in p.late for p in used)
    assert asked.overall.n == sum("q7" in p.values and "q7" not in p.late for p in used)


def test_truth_stands_beside_its_estimate() -> None:
    satisfied = compute_results(example_analysis()).question("q7").overall.satisfied
    assert satisfied is not None
    assert satisfied.truth is not None
    assert satisfied.truth.covered is satisfied.of_opinions.covers(satisfied.truth.value)
    assert compute_results(example_analysis(simulated=False)).question("q7").overall.options[0].truth is None


def test_the_order_of_people_changes_no_printed_figure() -> None:
    analysis = example_analysis()
    shuffled = list(analysis.respondents)
    Random(1).shuffle(shuffled)
    again = compute_results(replace(analysis, respondents=tuple(shuffled)))
    assert json.dumps(again.as_json()) == json.dumps(compute_results(analysis).as_json())


def test_json_has_stable_keys_and_sentences_in_both_languages() -> None:
    told = compute_results(example_analysis()).as_json()
    assert list(told) == [
        "format",
        "campaign",
        "form_titles",
        "response",
        "response_by_stratum",
        "weights",
        "weighting",
        "respondents",
        "n_effective",
        "modes",
        "late_answers",
        "headline",
        "questions",
        "cases",
        "reach",
        "quality",
        "ways",
        "mode_effects",
        "limitations",
    ]
    assert {"confirmed", "partly", "reopened", "unreachable", "declined", "by_state", "rates"} <= told["cases"].keys()
    assert told["campaign"]["starts_at"] == "2026-09-01T09:00:00+08:00"
    assert set(told["limitations"][0]) == set(LANGUAGES)
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_the_key_question_comes_first_where_it_has_a_satisfied_share() -> None:
    analysis = example_analysis(size=100)
    assert compute_results(analysis).headline == "q7"
    other = replace(analysis, campaign=replace(analysis.campaign, key_question="q1"))
    assert compute_results(other).headline == "q1"
    nothing = replace(analysis, campaign=replace(analysis.campaign, key_question="more"))
    assert compute_results(nothing).headline == "q7"


def test_a_campaign_that_asks_nothing_has_reach_alone() -> None:
    results = compute_results(AnalysisSet(example_campaign(), reach=example_analysis(size=50).reach))
    assert (results.questions, results.limitations, results.headline) == ((), (), "")
    assert results.response.rates.rr1 is None
    assert results.reach.sent > 0


def test_limitations_name_silent_strata_and_lonely_ones() -> None:
    strata = (StratumFrame("a", 80, 3, 3), StratumFrame("b", 20, 1, 1), StratumFrame("c", 100, 1, 1))
    members = (*people("a", 80, ["good", "bad", "good"]), *people("b", 20, ["good"]), *people("c", 100, [""]))
    results = compute_results(AnalysisSet(example_campaign(), FORM, strata, members))
    told = " ".join(str(limitation) for limitation in results.limitations)
    assert "Nobody answered in c: the figures do not speak for this 50.0 % of the population." in told
    assert "joined with another" in told
    assert {cell.withheld for cell in results.question("q").strata} == {Withheld.SMALL, Withheld.NOBODY}


def test_groups_differ_only_where_their_intervals_do_not_meet() -> None:
    stand = standings(
        {
            "high": Estimate(9, 0.9, low=0.8, high=0.95),
            "mid": Estimate(9, 0.7, low=0.6, high=0.8),
            "low": Estimate(9, 0.4, low=0.3, high=0.5),
            "unclear": Estimate(1, 0.5),
        },
    )
    assert stand.keys() == {"high", "mid", "low"}
    assert (stand["high"].above, stand["high"].below) == (("low",), ())
    assert (stand["mid"].above, stand["low"].below) == (("low",), ("high", "mid"))
    assert standings({"one": Estimate(9, 0.5, low=0.4, high=0.6)})["one"].tied
