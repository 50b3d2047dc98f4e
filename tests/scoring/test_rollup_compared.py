"""Areas are compared over the years only where units count in them alike; else it is said what differs, early."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from rated_town import later, rated

from bot.reports.scorewords import change_words
from storage.database import Database
from storage.ratings import read_compared, read_earlier
from surveys.campaign.plan import CampaignKind, Plan
from surveys.campaign.scoringcheck import check_scoring
from surveys.problem import Severity
from surveys.questionnaire.templates import template_form
from surveys.scoring.design import ScoringDesign
from surveys.scoring.measure import Earlier, rolled_otherwise
from surveys.scoring.report import report

ALIKE = ScoringDesign()
PEOPLE = ScoringDesign(rollup="people")


def weights(**by_unit: float) -> ScoringDesign:
    return ScoringDesign(unit_weights=by_unit)


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        pytest.param(ALIKE, ALIKE, "", id="every unit alike both times"),
        pytest.param(PEOPLE, PEOPLE, "", id="by people both times, however many they are by now"),
        pytest.param(weights(a=1, b=2), weights(a=50, b=100), "", id="the same proportions"),
        pytest.param(weights(a=1, b=2), weights(a=1, b=2, c=0), "", id="a weight of nothing is none"),
        pytest.param(ALIKE, PEOPLE, "then: by the residents its raters stand for; now: every unit alike", id="alike"),
        pytest.param(PEOPLE, ALIKE, "then: every unit alike; now: by the residents its raters stand for", id="people"),
        pytest.param(weights(a=1), ALIKE, "now: by the weights of the plan", id="weights are new"),
        pytest.param(ScoringDesign(rollup="people", unit_weights={"a": 1}), PEOPLE, "now: by the weights", id="both"),
        pytest.param(weights(a=1, b=2), weights(a=1, b=3), "weights of units in their area are others", id="weights"),
    ],
)
def test_what_differs_is_named(now: ScoringDesign, then: ScoringDesign, said: str) -> None:
    found = rolled_otherwise(now, then)
    assert (said in found.text("en")) if found and said else (found is None and not said)
    assert found is None or found.text("zh") != found.text("en")


def plan(design: ScoringDesign) -> Plan:
    now = datetime(2026, 11, 2, tzinfo=UTC)
    return Plan(
        name="p", kind=CampaignKind.SURVEY, organiser="o", legal_basis="l", delete_on=date(2030, 1, 1), starts_at=now,
        closes_at=now, zone="UTC", titles={}, form=template_form("conduct_c").digest, scoring=design,
    )  # fmt: skip


def checked(now: ScoringDesign, then: ScoringDesign, *, areas: bool) -> list[tuple[str, str, Severity]]:
    form = template_form("conduct_c")
    found = check_scoring(
        plan(now), form, {"town"}, {"before": Earlier(launched=True, form=form, design=then)}, areas=areas
    )
    return [(problem.code, problem.field, problem.severity) for problem in found]


def test_a_plan_is_told_before_launch_that_areas_will_not_be_compared() -> None:
    """A warning: units are compared all the same. Without areas there is nothing to tell."""
    now = ScoringDesign(rollup="people", compare_with=("before",))
    warned = [("areas_compared_otherwise", "scoring.rollup", Severity.WARNING)]
    assert checked(now, ALIKE, areas=True) == warned
    assert checked(now, ALIKE, areas=False) == []
    assert checked(now, PEOPLE, areas=True) == []


def test_another_rule_is_told_alone_as_an_error() -> None:
    now = ScoringDesign(preset="conduct_c", rollup="people", compare_with=("before",))
    [(code, _, severity)] = checked(now, ScoringDesign(preset="conduct_b"), areas=True)
    assert (code, severity) == ("compared_otherwise", Severity.ERROR)


def test_scores_of_units_are_compared_and_areas_say_that_the_rollup_changed(database: Database) -> None:
    town = rated(database, size=40, name="before")
    later(town, 40)
    rated(database, size=40, town=town, design=ScoringDesign(compare_with=("before",), rollup="people"))
    with database.read() as connection:
        facts, earlier = read_compared(connection, database.vault, "offices")
        known = read_earlier(connection, ["before"])
    found = report(facts, earlier)
    assert found is not None
    units = [change for change in found.changes if not change.area]
    areas = [change for change in found.changes if change.area]
    assert any(change.change is not None for change in units)
    assert areas
    for change in areas:
        assert change.change is None
        assert "by the residents its raters stand for" in change_words(change, "en")
        assert "rule" not in change_words(change, "en")
        assert "按评议人所代表的居民人数计入" in change_words(change, "zh")
    form = template_form("conduct_c")
    [problem] = check_scoring(plan(facts.design), form, set(), known)
    assert problem.code == "areas_compared_otherwise"
    assert "units count in their area otherwise" in problem.text("en")
