"""Estimates agree with R's survey package on its own stratified sample of California schools."""

import csv
from pathlib import Path

import pytest

from surveys.statistics.estimates import Estimate, Survey, Unit

DATA = Path(__file__).with_name("data") / "apistrat.csv"
ROWS = list(csv.DictReader(DATA.read_text(encoding="utf-8").splitlines()))


def close(value: float | None, reference: float) -> bool:
    """Whether a value is the reference value to 1e-6 relative."""
    return value == pytest.approx(reference, rel=1e-6)


@pytest.fixture(scope="module")
def schools() -> Survey:
    units = [Unit(row["stype"], float(row["pw"]), float(row["fpc"])) for row in ROWS]
    yes = [float(row["sch.wide"] == "Yes") for row in ROWS]
    return Survey(
        units,
        {
            "api00": [float(row["api00"]) for row in ROWS],
            "enroll": [float(row["enroll"]) for row in ROWS],
            "tested": [float(row["api.stu"]) for row in ROWS],
            "wide": yes,
            "wide without an award": [
                value if row["awards"] == "No" else None for row, value in zip(ROWS, yes, strict=True)
            ],
        },
    )


def test_mean_api00_its_error_and_design_effect(schools: Survey) -> None:
    mean = schools.means(["api00"])["api00"][""]
    assert close(mean.value, 662.287363160)
    assert close(mean.se, 9.40894080280)
    assert mean.deff == pytest.approx(1.204457, abs=5e-7)
    assert (mean.n, mean.df) == (200, 197)


def test_total_enrolment(schools: Survey) -> None:
    total = schools.total("enroll")
    assert close(total.value, 3687177.5324383)
    assert close(total.se, 114641.71610078)


def test_share_of_schools_that_met_the_target_with_both_intervals(schools: Survey) -> None:
    share = schools.shares(["wide"])["wide"][""]
    assert close(share.value, 0.82794801141582)
    assert close(share.se, 0.024344780113075)
    assert close(share.low, 0.77453965435157)
    assert close(share.high, 0.87081485454451)
    assert share.interval == "logit"


def test_ratio_of_tested_to_enrolled(schools: Survey) -> None:
    ratio = schools.ratio("tested", "enroll")
    assert close(ratio.value, 0.83695688694052)
    assert close(ratio.se, 0.0077571031666379)


@pytest.mark.parametrize(
    ("stratum", "reference"),
    [
        ("E", (0.91, 0.0284351962063673, 0.835445944244483, 0.952688893981645)),
        ("H", (0.52, 0.0689676349228163, 0.38337951662151, 0.653693359751292)),
        ("M", (0.70, 0.0638374303471832, 0.558829150582122, 0.811254786980171)),
    ],
)
def test_a_stratum_is_a_domain_with_its_own_degrees_of_freedom(
    schools: Survey,
    stratum: str,
    reference: tuple[float, ...],
) -> None:
    share = schools.shares(["wide"], grouped=True)["wide"][stratum]
    found = (share.value, share.se, share.low, share.high)
    assert all(close(value, expected) for value, expected in zip(found, reference, strict=True))


def test_those_without_an_answer_stay_in_the_design_as_a_domain_does(schools: Survey) -> None:
    share = schools.shares(["wide without an award"])["wide without an award"][""]
    assert close(share.value, 0.5234860880476366)
    assert close(share.se, 0.0576420260992799)
    assert close(share.low, 0.4096263323767954)
    assert close(share.high, 0.6349559011120272)
    assert share.df == 84


def test_everybody_alike_gets_the_exact_interval_of_korn_and_graubard() -> None:
    """Without spread it is the Clopper-Pearson interval: for n = 30 and p = 1 its lower end solves p^30 = 0.025."""
    share = Survey([Unit("a", 100.0, 3000.0)] * 30, {"yes": [1.0] * 30}).shares(["yes"])["yes"][""]
    assert share.interval == "korn-graubard"
    assert share.low == pytest.approx(0.025 ** (1 / 30), rel=1e-9)
    assert share.high == 1.0


def test_no_units_give_no_estimates() -> None:
    survey = Survey([], {"yes": []})
    assert survey.shares(["yes"]) == {}
    assert survey.total("yes") == Estimate(n=0)
