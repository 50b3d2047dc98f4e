"""Scores with and without the raters under a flag: by the same rule, nobody deleted, and nobody's answer to be read."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from io import StringIO

import pytest
from rated_town import rated

from bot.reports.scorelines import scores_csv
from bot.reports.scorespage import render_scores
from bot.reports.scorestable import scores_text
from storage.database import Database
from storage.ratings import read_scoring
from surveys.quality.assessment import look
from surveys.quality.beside import NOBODY_LEFT_OUT
from surveys.quality.effect import without
from surveys.scoring.facts import ScoringFacts
from surveys.scoring.flagged import doubted
from surveys.scoring.report import ScoreReport, report
from surveys.statistics.disclosure import SMALLEST_CELL

#: What was read of each database, by number of raters: the campaign takes seconds to hold, and what is read is a value.
_READ: dict[tuple[str, int], ScoringFacts] = {}


def read(database: Database, size: int = 90) -> ScoringFacts:
    """Return what is read of a campaign in which every office has 30 raters (of 90)."""
    with database.read() as connection:
        key = connection.dialect.name, size
    if key not in _READ:
        rated(database, size=size)
        with database.read() as connection:
            _READ[key] = read_scoring(connection, database.vault, "offices")
    return _READ[key]


def some(facts: ScoringFacts, count: int) -> frozenset[str]:
    """Return the keys of so many respondents, spread over all units."""
    return frozenset(sorted(person.key for person in facts.analysis.respondents)[:count])


def with_flags(facts: ScoringFacts, flagged: frozenset[str]) -> ScoreReport:
    found = report(facts)
    assert found is not None
    return replace(found, doubted=doubted(facts, found.gathered, found.scores, flagged))


def test_without_them_scores_are_those_of_a_campaign_in_which_they_never_finished(database: Database) -> None:
    facts = read(database)
    flagged = some(facts, 45)
    found = with_flags(facts, flagged)
    never = report(replace(facts, analysis=without(facts.analysis, flagged)))
    assert never is not None
    for one in found.scores.units:
        beside = found.doubted.units[one.unit.id]
        expected = never.scores.unit(one.unit.id).total
        assert beside.score == expected
        assert beside.difference == pytest.approx((expected.value or 0) - (one.total.value or 0))
        assert beside.left_out + expected.estimate.n == one.total.estimate.n
    assert found.doubted.raters == 45


def test_scores_ranks_and_areas_are_those_of_everybody_whoever_is_flagged(database: Database) -> None:
    facts = read(database)
    plain = report(facts)
    assert plain is not None
    found = with_flags(facts, some(facts, 45))
    assert (found.scores.units, found.levels) == (plain.scores.units, plain.levels)


@pytest.mark.parametrize("count", [1, 5, 20, 45, 75, 88])
def test_a_score_without_them_is_shown_only_where_neither_part_is_small(database: Database, count: int) -> None:
    """Else what the few said is n × one score − (n − few) × the other; where none is left out there is no other."""
    facts = read(database)
    found = with_flags(facts, some(facts, count))
    seen = Counter[bool]()
    for one in found.scores.units:
        beside = found.doubted.units[one.unit.id]
        kept = one.total.estimate.n - beside.left_out
        small = beside.left_out < SMALLEST_CELL or kept < SMALLEST_CELL
        assert (beside.why_not == NOBODY_LEFT_OUT) is (beside.left_out == 0)
        assert (beside.score is None) is small is (beside.difference is None) is (beside.why_not is not None)
        seen[small] += 1
    assert seen.total() == 12
    assert (count == 45) is (seen[True] == 0)


def test_a_unit_none_of_whose_raters_is_flagged_keeps_its_score(database: Database) -> None:
    """Its raters would stand for those flagged in their strata: the score would move by weights, and tell of strata."""
    facts = read(database)
    people = tuple(replace(p, stratum=f"s{int(p.key[1:]) % 2}") for p in facts.analysis.respondents)
    [frame] = facts.analysis.strata
    half = {name: sum(p.stratum == name for p in people) for name in ("s0", "s1")}
    strata = tuple(
        replace(frame, name=name, population=frame.population // 2, drawn=size, released=size)
        for name, size in half.items()
    )
    facts = replace(facts, analysis=replace(facts.analysis, respondents=people, strata=strata))
    found = report(facts)
    assert found is not None
    unit = found.scores.units[0].unit.id
    others = [p.key for p in people if p.stratum == "s0" and unit not in facts.analysis.paradata[p.key].units]
    flagged = frozenset(others)
    beside = with_flags(facts, flagged).doubted.units[unit]
    assert (beside.left_out, beside.score, beside.difference, beside.why_not) == (0, None, None, NOBODY_LEFT_OUT)
    never = report(replace(facts, analysis=without(facts.analysis, flagged)))
    assert never is not None
    assert never.scores.unit(unit).total.estimate.n == found.scores.unit(unit).total.estimate.n
    assert never.scores.unit(unit).total.value != found.scores.unit(unit).total.value
    (line,) = [
        row
        for row in scores_csv(with_flags(facts, flagged), "en").splitlines()
        if row.startswith(f"unit,{unit},") and "without_flagged" in row
    ]
    assert "the same: none of those who answered here is left out" in line


def test_nobody_flagged_shows_nothing_beside(database: Database) -> None:
    facts = read(database, size=40)
    found = with_flags(facts, frozenset())
    assert (found.doubted.raters, dict(found.doubted.units)) == (0, {})
    assert "under a flag" not in scores_text(found, "en", 120, colour=False)
    assert "under a flag" not in render_scores(found, "en")


def test_the_report_looks_for_flags_itself_and_best_ratings_alone_are_none(database: Database) -> None:
    """The simulated residents answer within the same second: faster than anybody reads."""
    facts = read(database, size=40)
    found = report(facts)
    assert found is not None
    flagged = look(facts.analysis).flagged
    keys = {rater.key for rater in found.gathered.ratings.raters}
    assert found.doubted.raters == len(flagged & keys)
    best = [replace(person, values={name: "satisfied" for name in person.values if "@" in name and "." not in name})
            for person in facts.analysis.respondents]  # fmt: skip
    slow = replace(facts.analysis, respondents=tuple(best), paradata={})
    assert look(slow).flagged <= flagged


def test_terminal_page_table_and_json_say_the_same_and_that_nobody_is_deleted(database: Database) -> None:
    facts = read(database)
    found = with_flags(facts, some(facts, 45))
    one = found.scores.units[0]
    beside = found.doubted.units[one.unit.id]
    assert beside.score is not None
    assert beside.difference is not None
    difference = f"{beside.difference:+.2f}".replace("-", "−")
    record = json.loads(json.dumps(found.as_json()))
    assert record["flagged_raters"] == 45
    told = record["units"][0]["without_flagged"]
    assert told["left_out"] == beside.left_out
    assert told["difference"] == pytest.approx(beside.difference, abs=1e-6)
    rows = list(csv.DictReader(StringIO(scores_csv(found, "en").removeprefix("\ufeff"))))
    (row,) = [row for row in rows if row["unit"] == one.unit.id and row["measure"] == "without_flagged"]
    assert float(row["value"]) == pytest.approx(beside.score.value)
    assert difference in row["note"]
    for text in (scores_text(found, "en", 200, colour=False), render_scores(found, "en")):
        assert difference in text
        assert "not counted as one: 45." in " ".join(text.split())
    assert "没有删除任何人的答案" in render_scores(found, "zh")
    assert "r0000" not in json.dumps(record) + render_scores(found, "en"), "no running key is published"


def test_one_class_shows_its_own_units_only(database: Database) -> None:
    facts = read(database)
    found = with_flags(facts, some(facts, 45)).of_class("二类")
    assert set(found.doubted.units) == {one.unit.id for one in found.scores.units}
    assert "Office 12" in scores_text(found, "en", 200, colour=False)
