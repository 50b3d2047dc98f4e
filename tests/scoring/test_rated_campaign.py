"""A campaign of twelve offices and sixty residents, from the chat to its scores, on both databases."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest
from rated_town import answered, later, rated
from sqlalchemy import select, update
from town import Town

from storage import selfscores
from storage.database import Database
from storage.ratings import read_compared, read_scoring
from storage.tables.campaigns import campaigns, sample
from storage.tables.talks import answers
from surveys.scoring.design import ScoringDesign
from surveys.scoring.report import ScoreReport, report
from surveys.scoring.selfscore import SelfScore
from surveys.statistics.disclosure import SMALLEST_CELL

POINTS = {"satisfied": 100.0, "basically": 70.0, "not": 30.0}


def scored(database: Database, name: str = "offices") -> ScoreReport:
    with database.read() as connection:
        found = report(*read_compared(connection, database.vault, name))
    assert found is not None
    return found


def test_what_was_said_in_the_chat_is_scored_for_the_very_unit_it_was_said_of(database: Database) -> None:
    town = rated(database)
    assert answered(town) == {"complete": 60}
    found = scored(database)
    ratings = found.gathered.ratings
    said: defaultdict[str, list[float]] = defaultdict(list)
    for unit, value in zip(ratings.unit, ratings.value, strict=True):
        if value in POINTS:
            said[ratings.units[unit].id].append(POINTS[value])
    assert len(ratings.value) == 240
    for one in found.scores.units:
        points = said[one.unit.id]
        assert one.total.estimate.n == len(points)
        # Everybody of one stratum has the same weight: the score is the plain mean.
        assert one.total.value == pytest.approx(sum(points) / len(points))
    # The first instance of a resident is the first unit on the list, and so on.
    given = json.loads(town.rows(sample, resident_id=1)[0].units)
    first = [ratings.units[u].id for w, u in zip(ratings.who, ratings.unit, strict=True) if w == 0]
    assert sorted(first) == sorted(given)


def test_the_rule_is_frozen_at_launch_and_ranks_stay_within_a_class(database: Database) -> None:
    rated(database, size=40, design=ScoringDesign(pass_mark=80))
    found = scored(database)
    assert found.frozen
    assert found.scores.rule.name == "conduct_c"
    assert {ranks.of for ranks in found.scores.classes} == {6}
    for one in found.scores.units:
        assert one.rank is not None
        assert one.rank.of == 6
        others = {*one.rank.better, *one.rank.worse, *one.rank.tied}
        assert {int(unit[1:]) > 6 for unit in others} == {int(one.unit.id[1:]) > 6}
        assert found.verdicts[one.unit.id].mark == 80
    assert [level.name for level in found.levels] == ["县", "市"]
    assert [len(level.areas) for level in found.levels] == [2, 1]


def test_answers_after_the_close_are_left_out_and_counted(database: Database) -> None:
    town = rated(database, size=40)
    before = scored(database)
    chosen = {row.interview_id for row in town.rows(answers)[:1]}
    database.write(
        lambda c: c.execute(
            update(answers).where(answers.c.interview_id.in_(chosen), answers.c.question == "overall@1").values(late=1)
        )
    )
    after = scored(database)
    assert (before.gathered.late, after.gathered.late) == (0, 1)
    assert len(after.gathered.ratings.value) == len(before.gathered.ratings.value) - 1
    assert any("after the close" in note.text("en") for note in after.notes)


def test_a_unit_of_few_raters_shows_nothing(database: Database) -> None:
    rated(database, size=20)
    found = scored(database)
    small = [one for one in found.scores.units if one.total.estimate.n < SMALLEST_CELL]
    assert small
    for one in small:
        assert one.total.value is None
        assert one.rank is None
        assert one.total.why_not is not None
    told = json.dumps(found.as_json())
    assert "NaN" not in told
    by_id = {unit["unit"]["id"]: unit for unit in json.loads(told)["units"]}
    assert all(by_id[one.unit.id]["total"]["estimate"]["value"] is None for one in small)
    assert all(part["score"]["estimate"]["value"] is None for one in small for part in by_id[one.unit.id]["dimensions"])


def test_a_change_is_told_with_its_years_and_a_campaign_that_is_not_there_is_named(database: Database) -> None:
    town = rated(database, name="offices-2026")
    later(town, 2 * 365)
    town.wakes()
    rated(database, town=town, seed=11, design=ScoringDesign(compare_with=("offices-2026", "offices-1999")))
    found = scored(database)
    assert {(change.since, change.years, change.missing) for change in found.changes} == {("offices-2026", 2, (2027,))}
    assert {change.unit for change in found.changes} >= {one.unit.id for one in found.scores.units}
    assert all(change.change is not None and change.change.low is not None for change in found.changes)
    areas = {change.unit: change for change in found.changes if change.area}
    assert areas.keys() == {"city", "county-1", "county-2"}
    assert areas["county-1"].rank_before is not None
    assert areas["county-1"].rank_before.of == 2, "every rank states N, that of the other year too"
    assert [note.text("en") for note in found.not_compared] == [
        "There is no campaign offices-1999 to compare with.",
    ]


def test_scores_of_another_rule_are_not_compared(database: Database) -> None:
    town = rated(database, name="before", size=40)
    later(town, 400)
    town.wakes()
    other = {
        "name": "own",
        "points": {"*": {"satisfied": 10, "basically": 5, "not": 0, "unknown": "none"}},
    }
    rated(database, town=town, size=40, design=ScoringDesign(compare_with=("before",), rule=other))
    found = scored(database)
    assert found.scores.rule.name == "own"
    assert {change.change for change in found.changes} == {None}
    assert all("another rule" in change.why_not.text("en") for change in found.changes if change.why_not)


def test_self_scores_stand_beside_and_units_without_one_are_named(database: Database) -> None:
    town = rated(database)
    own = [SelfScore("U01", 99.0), SelfScore("U12", 98.0)]
    database.write(lambda c: selfscores.put(c, "offices", own, "own.csv", town.clock.now()))
    found = scored(database)
    assert found.gaps["U12"].overrated is True
    assert found.gaps["U12"].gap.value == pytest.approx((found.scores.unit("U12").total.value or 0) - 98)
    assert "U01" not in found.without
    assert len(found.without) == 10


def test_a_campaign_from_before_rules_were_frozen_is_scored_and_says_so(database: Database) -> None:
    rated(database, size=40)
    plan = json.loads(_plan(database))
    del plan["scoring"]
    database.write(lambda c: c.execute(update(campaigns).values(plan=json.dumps(plan))))
    found = scored(database)
    assert not found.frozen
    assert found.scores.rule.name == "conduct_c"
    assert any("not frozen" in note.text("en") for note in found.notes)


def test_a_questionnaire_that_rates_nothing_has_no_scores(database: Database) -> None:
    town = Town(database)
    town.launch()
    with database.read() as connection:
        assert report(read_scoring(connection, database.vault, "water")) is None


def _plan(database: Database) -> str:
    with database.read() as connection:
        return str(connection.execute(select(campaigns.c.plan)).scalar_one())
