"""Whatever was answered, estimates are shares that add up, inside their intervals, and never NaN."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import AnalysisSet, Respondent, StratumFrame
from surveys.statistics.estimates import Estimate
from surveys.statistics.results import Results, compute_results
from tests.statistics.example_analysis import example_campaign

OPTIONS = ("good", "fair", "bad", "dk")
FORM = Form(
    "d",
    "f",
    {},
    ("en",),
    "en",
    (
        Question("one", Kind.SELECT_ONE, "one", choices=tuple(Choice(n, {}) for n in OPTIONS)),
        Question("many", Kind.SELECT_MULTIPLE, "many", choices=tuple(Choice(n, {}) for n in OPTIONS)),
        Question("number", Kind.DECIMAL, "number"),
    ),
    satisfied={"one": ("good",)},
)

CODES = st.sampled_from(["1.1", "1.1", "1.1", "1.2", "2.11", "2.12", "2.20", "3.10", "3.30", "4.10"])
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "one": st.sampled_from([*OPTIONS, "stranger"]),
        "many": st.lists(st.sampled_from(OPTIONS), min_size=1).map(" ".join),
        "number": st.one_of(st.integers(-5, 5), st.floats(-1e6, 1e6)).map(str),
    },
)


@st.composite
def analyses(draw: st.DrawFn) -> AnalysisSet:
    """Any small campaign: strata of one, strata of nobody, censuses, everybody alike, nobody at all."""
    alike = draw(st.booleans())
    same = draw(VALUES)
    strata, members = [], []
    for name in draw(st.lists(st.sampled_from("abcd"), unique=True)):
        codes = draw(st.lists(CODES, max_size=draw(st.sampled_from([1, 2, 14]))))
        population = len(codes) + draw(st.sampled_from([0, 1, 1000]))
        strata.append(StratumFrame(name, population, len(codes), len(codes)))
        for code in codes:
            values = same if alike else draw(VALUES)
            late = frozenset({"one"} if draw(st.integers(0, 9)) == 0 else ())
            weight = population / len(codes)
            members.append(Respondent(str(len(members)), name, "", code, "self", weight, values, late))
    return AnalysisSet(example_campaign(), FORM, tuple(strata), tuple(members), truth={"one": {"good": 1.0}})


def estimates(results: Results) -> list[Estimate]:
    """Return every estimate there is."""
    found: list[Estimate] = []
    for question in results.questions:
        for cell in (question.overall, *question.strata):
            found += [option.share for option in cell.options]
            found += [cell.satisfied.of_opinions, cell.satisfied.of_answers] if cell.satisfied else []
            found += [cell.mean] if cell.mean else []
    return found


def numbers(told: Any) -> list[float]:
    """Return every number of a JSON value."""
    if isinstance(told, dict):
        return [number for item in told.values() for number in numbers(item)]
    if isinstance(told, list):
        return [number for item in told for number in numbers(item)]
    return [told] if isinstance(told, int | float) else []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(analyses())
def test_no_campaign_however_small_makes_nan_or_an_interval_without_its_estimate(analysis: AnalysisSet) -> None:
    results = compute_results(analysis)
    told = json.dumps(results.as_json(), allow_nan=False)
    assert numbers(json.loads(told))
    for estimate in estimates(results):
        assert (estimate.low is None) == (estimate.high is None)
        if estimate.low is not None and estimate.value is not None:
            assert estimate.covers(estimate.value)
    one = results.question("one")
    for cell in (one.overall, *one.strata):
        if cell.options:
            assert abs(sum(option.share.value or 0 for option in cell.options) - 1) < 1e-9
            assert sum(option.count for option in cell.options) == cell.n
            for option in cell.options:
                share = option.share
                assert share.n == cell.n
                assert -1e-12 <= (share.value or 0) <= 1 + 1e-12
                assert (share.low is not None) == (share.df >= 1)
