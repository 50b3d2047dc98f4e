"""How much two campaigns' scores move together follows from who answered both, by arithmetic alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rated_town import later, rated

from storage.database import Database
from storage.ratings import read_compared
from surveys.scoring.design import ScoringDesign
from surveys.scoring.linearised import Linearised, strata_of
from surveys.scoring.overlap import Moved, covariances
from surveys.scoring.ratings import Rater
from surveys.scoring.report import report
from surveys.scoring.trend import difference
from surveys.statistics.estimates import Estimate

POPULATION = {"a": 40.0, "b": 25.0}


def moved(keys: str, values: Sequence[float], strata: str | None = None, places: dict[str, int] | None = None) -> Moved:
    """Return a campaign of one unit in which rater `keys[i]` of stratum `strata[i]` moves the score by `values[i]`."""
    strata = strata or "a" * len(keys)
    raters = [Rater(key, s, "", 1.0, POPULATION[s]) for key, s in zip(keys, strata, strict=True)]
    who, unit = np.arange(len(keys)), np.zeros(len(keys), np.int64)
    linear = Linearised(strata_of(raters, who.tolist(), unit.tolist()), who, unit, np.array(values, np.float64), 1)
    return Moved(tuple(keys), linear, places or {"u": 0})


def same(keys: str) -> dict[str, str]:
    return {key: key for key in keys}


def test_of_the_same_people_saying_the_same_the_covariance_is_the_variance() -> None:
    one = moved("pqrstuv", [1.0, -2.0, 0.5, 0.5, 3.0, -4.0, 1.0], "aaaabbb")
    found = covariances(one, one, same("pqrstuv"))["u"]
    assert found == pytest.approx(one.linearised.variances()[0])


def test_then_nothing_is_left_of_the_error_of_the_change() -> None:
    """80 then and now, by the very same answers: the finite population correction is in both, and cancels."""
    one = moved("pqrs", [1.0, -2.0, 0.5, 0.5])
    se = float(np.sqrt(one.linearised.variances()[0]))
    score = Estimate(4, 80.0, se, 80 - 2 * se, 80 + 2 * se, 3)
    found = difference(score, score, covariances(one, one, same("pqrs"))["u"])
    assert found is not None
    assert found.se == pytest.approx(0.0, abs=1e-7)
    assert (found.low, found.high) == (pytest.approx(0.0, abs=1e-7), pytest.approx(0.0, abs=1e-7))


def test_people_who_answered_once_leave_the_change_as_of_samples_drawn_apart() -> None:
    one, other = moved("pqrs", [1.0, -2.0, 0.5, 0.5]), moved("wxyz", [1.0, -1.0, 2.0, -2.0])
    assert covariances(one, other, {}) == {"u": 0.0}
    assert covariances(one, other, same("nobody")) == {"u": 0.0}
    found = difference(Estimate(4, 80.0, 3.0, 74.0, 86.0, 3), Estimate(4, 70.0, 4.0, 62.0, 78.0, 3), 0.0)
    assert found is not None
    assert found.se == 5.0


def test_three_of_four_the_same_by_hand() -> None:
    """Overlap r, s, t of 40 people: (3 − 4 · 4 ÷ 40) · S, S from (1, 0), (2, 3), (0, 0): means 1 and 1."""
    now, then = moved("qrst", [-3.0, 1.0, 2.0, 0.0]), moved("rstz", [0.0, 3.0, 0.0, -3.0])
    spread = ((1 - 1) * (0 - 1) + (2 - 1) * (3 - 1) + (0 - 1) * (0 - 1)) / 2
    assert covariances(now, then, same("rst"))["u"] == pytest.approx((3 - 4 * 4 / 40) * spread)


def test_as_many_in_common_as_chance_gives_move_nothing() -> None:
    """Of 40 people twenty and four are drawn: two in common are what chance gives, (2 − 20 · 4 ÷ 40) = 0."""
    now = moved("abcdefghijklmnopqrst", list(range(20)))
    then = moved("stuv", [5.0, -3.0, 1.0, 2.0])
    assert covariances(now, then, same("st"))["u"] == pytest.approx(0.0)


def test_the_running_keys_of_two_campaigns_are_different_ones() -> None:
    now, then = moved("pqrs", [1.0, -2.0, 0.5, 0.5]), moved("1234", [0.5, 0.5, -2.0, 1.0])
    again = dict(zip("1234", "srqp", strict=True))
    assert covariances(now, then, again)["u"] == pytest.approx(now.linearised.variances()[0])


def test_whoever_moved_to_another_stratum_still_answered_twice() -> None:
    """All four stay together and are all the raters of their stratum: (4 − 4 · 4 ÷ 25) · S."""
    now, then = moved("pqrs", [1.0, -2.0, 0.5, 0.5], "aaaa"), moved("pqrs", [1.0, -2.0, 0.5, 0.5], "bbbb")
    spread = sum(value**2 for value in (1.0, -2.0, 0.5, 0.5)) / 3
    assert covariances(now, then, same("pqrs"))["u"] == pytest.approx((4 - 16 / 25) * spread)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5), st.booleans()), min_size=2, max_size=20))
def test_the_covariance_is_the_same_from_either_side(people: list[tuple[float, float, bool]]) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"[: len(people)]
    now, then = moved(letters, [one for one, _, _ in people]), moved(letters, [other for _, other, _ in people])
    again = same("".join(key for key, (_, _, both) in zip(letters, people, strict=True) if both))
    there, back = covariances(now, then, again)["u"], covariances(then, now, again)["u"]
    assert there == pytest.approx(back, abs=1e-9)


def test_units_that_only_one_campaign_rated_have_none() -> None:
    now, then = moved("pq", [1.0, -1.0]), moved("pq", [1.0, -1.0], places={"other": 0})
    assert covariances(now, then, same("pq")) == {}


def test_a_panel_rating_twice_gives_narrower_intervals_of_change(database: Database) -> None:
    """The same sixty people answer the same both times, units and areas: the change has no error left."""
    town = rated(database, name="before")
    later(town, 400)
    town.wakes()
    rated(database, town=town, design=ScoringDesign(compare_with=("before",)))
    with database.read() as connection:
        facts, earlier = read_compared(connection, database.vault, "offices")
    found = report(facts, earlier)
    then = earlier["before"]
    assert found is not None
    assert then is not None
    assert then.again is not None
    assert len(then.again) == 60
    assert not found.not_compared
    spread = [change for change in found.changes if change.before and change.before.se]
    assert any(change.area for change in spread)
    assert spread
    for change in spread:
        assert change.change is not None
        assert change.change.value == pytest.approx(0.0, abs=1e-9)
        assert change.change.se == pytest.approx(0.0, abs=1e-6)
    unknown = report(facts, {"before": replace(then, again=None)})
    assert unknown is not None
    for known, apart in zip(found.changes, unknown.changes, strict=True):
        if known.change and apart.change and known.before and known.before.se:
            assert apart.change.se == pytest.approx(known.before.se * 2**0.5)
    (note,) = unknown.not_compared
    assert "suppose that nobody did" in note.text("en")
    assert note.text("zh") != note.text("en")
