"""The covariance of two campaigns' scores where some of the same people answered in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveys.scoring.linearised import Linearised

if TYPE_CHECKING:
    from surveys.scoring.cells import Floats, Whole


@dataclass(frozen=True, slots=True)
class Moved:
    """What the raters of one campaign move its scores by: their running keys, and the place of every unit or area."""

    raters: tuple[str, ...]
    linearised: Linearised
    places: Mapping[str, int]


def covariances(now: Moved, then: Moved, again: Mapping[str, str]) -> dict[str, float]:
    """Return the covariance of the scores now and then, by unit or area of both campaigns.

    `again` maps the running key of whoever was drawn both times from then to now. Of n₁ raters of a stratum now, n₂ of
    a stratum of N people then and n₁₂ of both, the covariance of two totals is (n₁₂ − n₁ n₂ ÷ N) S₁₂, S₁₂ that of the
    influence values of those n₁₂ (Tam 1984, On covariances from overlapping samples). It is the variance where the
    same people say the same, and nothing where samples drawn apart meet by chance alone. Raters are here those who
    count in the correction of the variance, so that in n₁ n₂ ÷ (N n₁₂) they are those of the unit. Where people have
    changed their stratum, n₁ is reduced to the share of those who were in the other one. One person alone shows no
    covariance.
    """
    import numpy as np

    shared = [unit for unit in now.places if unit in then.places]
    found = dict.fromkeys(shared, 0.0)
    at = {again[key]: place for place, key in enumerate(then.raters) if key in again}
    pairs = [(place, at[key]) for place, key in enumerate(now.raters) if key in at]
    if not pairs or not shared:
        return found
    here, there = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    ours, theirs = now.linearised.strata, then.linearised.strata
    cells, cell = np.unique(ours.of[here] * len(theirs.sizes) + theirs.of[there], return_inverse=True)
    stratum, before = cells // len(theirs.sizes), cells % len(theirs.sizes)
    both = np.bincount(cell).astype(np.float64)
    stayed = both / np.bincount(stratum, both)[stratum]
    one, other = _values(now, here, shared), _values(then, there, shared)
    keys, left, right = np.intersect1d(one[0], other[0], assume_unique=True, return_indices=True)
    shape, size = (len(shared), len(cells)), len(shared) * len(cells)

    def by_cell(key: Whole, value: Floats) -> Floats:
        place = (key // len(pairs)) * len(cells) + cell[key % len(pairs)]
        return np.bincount(place, value, size).astype(np.float64).reshape(shape)

    products = by_cell(keys, one[1][left] * other[1][right])
    spread = products - by_cell(*one) * by_cell(*other) / both
    if now.linearised.several:
        full = ours.full[here] & theirs.full[there]
        twice = np.tile(np.bincount(cell, full, len(cells)).astype(np.float64), (len(shared), 1))
    else:
        twice = by_cell(keys, np.ones(len(keys)))
    first = now.linearised.raters()[[now.places[unit] for unit in shared]][:, stratum] * stayed
    second = then.linearised.raters()[[then.places[unit] for unit in shared]][:, before] / theirs.populations[before]
    chance = np.divide(first * second, twice, out=np.zeros(shape), where=twice > 0)
    factors = np.where(both > 1, both / np.maximum(both - 1, 1), 0.0) * (1 - chance)
    return dict(zip(shared, (spread * factors).sum(axis=1).tolist(), strict=True))


def _values(moved: Moved, people: Whole, shared: list[str]) -> tuple[Whole, Floats]:
    """Return the influence values of `people` on the units `shared`, and of which: unit × people + person, sorted."""
    import numpy as np

    linear = moved.linearised
    person = np.full(len(moved.raters), -1, np.int64)
    person[people] = np.arange(len(people))
    column = np.full(linear.units, -1, np.int64)
    column[[moved.places[unit] for unit in shared]] = np.arange(len(shared))
    used = (person[linear.who] >= 0) & (column[linear.unit] >= 0)
    key = column[linear.unit[used]] * len(people) + person[linear.who[used]]
    keys, place = np.unique(key, return_inverse=True)
    return keys, np.bincount(place, linear.values[used], len(keys)).astype(np.float64)
