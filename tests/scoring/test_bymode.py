"""Units rated in several ways are compared with themselves, and what is said of it is what questions are told by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from random import Random

import pytest
from rated_town import rated

from bot.reports.scorelines import lines
from bot.reports.scorespage import render_scores
from bot.reports.scorestable import scores_text
from storage.database import Database
from storage.ratings import read_scoring
from surveys.scoring.bymode import score_effects
from surveys.scoring.presets import preset
from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.report import report
from surveys.scoring.rule import ScoringRule
from surveys.statistics.disclosure import Withheld

POINTS: dict[str, float | None] = {"good": 100.0, "bad": 0.0}
RULE = ScoringRule("plain", {"en": "Plain"})


def ratings(forms: Mapping[str, list[tuple[int, str]]]) -> Ratings:
    """Return raters by mode, each rating one unit good or bad."""
    raters, rows = [], []
    for mode, said in forms.items():
        for unit, value in said:
            rows.append((len(raters), unit, value))
            raters.append(Rater(f"r{len(raters)}", "all", "", 1.0, 1e9, mode))
    units = tuple(RatedUnit(f"u{n}", f"u{n}") for n in range(1 + max(unit for _, unit, _ in rows)))
    asked = RatedQuestion("q", "q", {}, POINTS, {})
    return Ratings(
        tuple(raters), units, (asked,), [who for who, _, _ in rows], [unit for _, unit, _ in rows], [0] * len(rows),
        [value for _, _, value in rows],
    )  # fmt: skip


def said(unit: int, good: int, bad: int) -> list[tuple[int, str]]:
    return [(unit, "good")] * good + [(unit, "bad")] * bad


def test_of_one_unit_it_is_the_difference_of_two_means() -> None:
    """60 % of 50 and 80 % of 40: √(p₁q₁/n₁ + p₂q₂/n₂), up to n/(n−1)."""
    (row,) = score_effects(
        ratings({"self": said(0, 30, 20), "paper": said(0, 32, 8)}), RULE, randomised=False
    ).differences
    assert (row.mode, row.reference, row.n, row.n_reference) == ("paper", "self", 40, 50)
    assert row.value is not None
    assert row.reference_value is not None
    assert row.difference is not None
    assert (row.value.value, row.reference_value.value) == pytest.approx((80, 60))
    assert row.difference.value == pytest.approx(20)
    assert row.difference.se == pytest.approx(100 * sqrt((0.6 * 0.4 / 50 + 0.8 * 0.2 / 40) * 90 / 89))
    assert row.difference.low is not None
    assert row.difference.low < 20


def test_it_does_not_matter_which_units_were_rated_in_which_way() -> None:
    """Paper reaches the worse unit more often: unit by unit nobody rates differently."""
    forms = {"self": said(0, 36, 4) + said(1, 5, 15), "paper": said(0, 9, 1) + said(1, 20, 60)}
    (row,) = score_effects(ratings(forms), RULE, randomised=False).differences
    assert row.difference is not None
    assert row.difference.value == pytest.approx(0)
    assert row.labels["en"] == "Mean score of 2 units rated in both ways"


def test_units_with_few_forms_in_a_way_are_not_compared() -> None:
    forms = {"self": said(0, 30, 20) + said(1, 30, 20), "paper": said(0, 20, 20) + said(1, 0, 9)}
    (row,) = score_effects(ratings(forms), RULE, randomised=False).differences
    assert (row.n, row.labels["en"]) == (40, "Mean score of 1 units rated in both ways")
    few = {"self": said(0, 30, 20), "paper": said(0, 0, 9)}
    (row,) = score_effects(ratings(few), RULE, randomised=False).differences
    assert row.labels["en"] == "No unit has enough raters in both ways"
    assert (row.n, row.withheld, row.difference) == (9, Withheld.SMALL, None)


def test_a_way_whose_complement_is_small_is_withheld_too() -> None:
    """Three by phone are what self and paper leave of the unit's score."""
    forms = {"self": said(0, 30, 20), "paper": said(0, 8, 3), "phone": said(0, 0, 3)}
    rows = score_effects(ratings(forms), RULE, randomised=False).differences
    assert [(row.mode, row.withheld) for row in rows] == [("phone", Withheld.SMALL), ("paper", Withheld.SMALL)]


def test_one_way_has_nothing_to_differ_from() -> None:
    found = score_effects(ratings({"self": said(0, 30, 20)}), RULE, randomised=True)
    assert (found.differences, found.causal) == ((), True)


def test_where_everything_rated_lies_inside_units_the_report_still_compares_ways(database: Database) -> None:
    rated(database, size=120, each=6)
    with database.read() as connection:
        facts = read_scoring(connection, database.vault, "offices")
    random = Random(3)
    people = tuple(
        replace(person, mode=random.choice(("self", "paper"))) if person.mode else person
        for person in facts.analysis.respondents
    )
    found = report(replace(facts, analysis=replace(facts.analysis, respondents=people)), flagged=())
    assert found is not None
    (row,) = found.mode_effects.differences
    assert row.difference is not None
    assert row.difference.value is not None
    told = f"{row.difference.value:+.2f}"
    assert told in scores_text(found, "en", 200, colour=False)
    assert told in render_scores(found, "en")
    assert "按填答方式看得分" in render_scores(found, "zh")
    assert json.dumps(found.as_json()["mode_effects"])
    (line,) = [line for line in lines(found, "en") if line.part == "modes"]
    assert line.value == row.difference.value
    assert "no effect of the way" in scores_text(found, "en", 400, colour=False)
    assert preset("conduct_c").name == found.scores.rule.name
