"""Bursts and excesses of best ratings are found where they were put, and rarely where there are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from surveys.quality.canvassing import LEVEL, canvassing, verdicts
from surveys.quality.flag import Check
from surveys.quality.interviews import interviews
from surveys.statistics.analysis import AnalysisSet, Paradata
from tests.quality.small_campaign import RATINGS, START, campaign

ZONE = ZoneInfo("Asia/Shanghai")
UNITS = ("u1", "u2", "u3")


def town(seed: int, *, praised_in: int = 0, praised_all: str = "") -> AnalysisSet:
    """Return 300 people who rate three units over ten days, a third of them with the best throughout.

    The first `praised_in` answer in one hour and give u1 the best; `praised_all` gets the best from 60 %.
    """
    random = Random(seed)
    people, paradata = [], {}
    for number in range(300):
        canvassed = number < praised_in
        at = START + (
            timedelta(minutes=random.randint(0, 50)) if canvassed else timedelta(minutes=random.randint(60, 14_400))
        )
        values, came = {}, {}
        for place, unit in enumerate(UNITS, 1):
            share = 0.6 if unit == praised_all else 1 / 3
            best = (canvassed and unit == "u1") or random.uniform(0, 1) < share
            for name in RATINGS:
                values[f"{name}@{place}"] = "very" if best else random.choice(("fairly", "fair"))
                came[f"{name}@{place}"] = at
        people.append(values)
        paradata[number] = Paradata(came, units=UNITS)
    return campaign(people, paradata, of_units=True, strata=("s1", "s2", "s3"))


def checks(analysis: AnalysisSet) -> tuple[Check, Check]:
    return canvassing(interviews(analysis), ZONE)


def test_a_burst_is_found_with_its_unit_and_hour_and_everybody_in_it() -> None:
    burst, _ = checks(town(1, praised_in=12))
    [flag] = burst.flags
    assert flag.about == "u1"
    assert flag.numbers["hour"] == "2026-09-01T09:00:00+08:00"
    assert (flag.numbers["ratings"], flag.numbers["best"]) == (12, 12)
    assert flag.respondents == tuple(f"r{n:04d}" for n in range(12))
    assert float(flag.numbers["p"]) < LEVEL


def test_whoever_rated_in_that_hour_is_flagged_whatever_they_said() -> None:
    """To take out only the best answers would decide the result by the answer."""
    analysis = town(1, praised_in=12)
    one = analysis.respondents[3]
    honest = dict(one.values) | {"q1@1": "not"}
    people = [dict(p.values) if p is not one else honest for p in analysis.respondents]
    paradata = {n: analysis.paradata[p.key] for n, p in enumerate(analysis.respondents)}
    burst, _ = checks(campaign(people, paradata, of_units=True, strata=("s1", "s2", "s3")))
    assert burst.flags[0].numbers["best"] == 11
    assert "r0003" in burst.respondents


def test_a_unit_with_more_best_ratings_than_its_strata_give_is_named() -> None:
    _, excess = checks(town(2, praised_all="u2"))
    [flag] = excess.flags
    assert flag.about == "u2"
    assert float(flag.numbers["best"]) > float(flag.numbers["expected"]) + 20


def test_without_any_arrangement_next_to_nothing_is_flagged() -> None:
    """Thirty towns, two checks each: with p below 1 % after Bonferroni no more than one or two in sixty."""
    found = [check for seed in range(30) for check in checks(town(seed)) if check.flags]
    assert len(found) <= 2


def test_don_t_know_is_no_opinion_and_a_unit_nobody_judged_is_no_rating() -> None:
    values = {f"{name}@1": "dk" for name in RATINGS} | {"q1@2": "very", "q2@2": "dk"}
    [verdict] = verdicts(interviews(campaign([values], {0: Paradata(units=UNITS)}, of_units=True)), ZONE)
    assert (verdict.about, verdict.best, verdict.hour) == ("u2", True, None)


def test_where_no_units_are_rated_areas_are_compared() -> None:
    best, other = dict.fromkeys(RATINGS, "very"), dict.fromkeys(RATINGS, "fair")
    people = [best if number % 2 == 0 or number % 8 == 1 else other for number in range(200)]
    _, excess = checks(campaign(people, areas=("北街", "南街")))
    [flag] = excess.flags
    assert flag.about == "北街"
    assert len(flag.respondents) == 100


@pytest.mark.parametrize("areas", [("",), ("北街",)])
def test_a_single_area_is_compared_with_nothing_and_the_check_says_so(areas: tuple[str, ...]) -> None:
    _, excess = checks(campaign([dict.fromkeys(RATINGS, "very")] * 20, areas=areas))
    assert excess.looked_at == 0
    assert excess.untested is not None


@pytest.mark.parametrize("mode", ["paper", "phone", "doorstep"])
def test_an_hour_of_typing_in_is_no_burst(mode: str) -> None:
    """Twelve forms typed in on one morning look like twelve people who answered at once."""
    analysis = town(1, praised_in=12)
    people = tuple(
        replace(person, mode=mode) if number < 12 else person for number, person in enumerate(analysis.respondents)
    )
    typed = replace(analysis, respondents=people)
    burst, best = checks(typed)
    assert burst.flags == ()
    assert (burst.looked_at, burst.entered) == (288 * len(UNITS), 12)
    assert burst.passed_over is not None
    assert "12" in burst.passed_over.text("zh")
    assert best.looked_at == 300 * len(UNITS), "how many best ones there are does not depend on the time"
