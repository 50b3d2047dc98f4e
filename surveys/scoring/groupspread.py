"""What small evaluator groups do to the error of a score that weighs them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveys.scoring.linearised import Linearised

if TYPE_CHECKING:
    from surveys.scoring.cells import Flags, Floats, Whole


@dataclass(frozen=True, slots=True)
class GroupSpread:
    """Per unit: what is added to the variance, and the degrees of freedom that the groups leave."""

    added: Floats
    degrees: Whole


def group_spread(linearised: Linearised, group: Whole, weight: Floats, shares: Floats, varies: Flags) -> GroupSpread:
    """Return the correction for scores that weigh groups.

    `group` and `weight` are those of each form of `linearised`; `shares` the part of each group in the unit's score
    (units × groups); `varies` whether answers differ (units × groups × questions). A group that is weighed up from a
    handful of people carries the error with their few degrees of freedom: df = (Σ V)² ÷ Σ (V² ÷ df), over groups
    (Satterthwaite 1946).
    If all of a group agree, its error is not nothing: it is given the mean spread of the unit's other groups, for as
    many people as it is worth.
    """
    import numpy as np

    units, many = shares.shape
    differ = varies.any(axis=2)
    place = linearised.unit * many + group
    parts = Linearised(linearised.strata, linearised.who, place, linearised.values, units * many)
    variances = parts.variances().reshape(units, many)
    degrees = np.maximum(parts.degrees().reshape(units, many), 1)
    worth = group_worth(place, weight, (units, many))
    known = differ & (shares > 0)
    single = np.divide(variances * worth, shares**2, out=np.zeros_like(variances), where=known)
    mean = single.sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    silent = ~differ & (shares > 0) & (worth > 0)
    added = np.where(silent, shares**2 * mean / np.maximum(worth, 1.0), 0.0)
    variances += added
    total = variances.sum(axis=1)
    below = (variances**2 / degrees).sum(axis=1)
    found = np.divide(total**2, below, out=np.full(units, np.inf), where=below > 0)
    return GroupSpread(added.sum(axis=1), np.maximum(np.minimum(found, 1e9), 1.0).astype(np.int64))


def group_worth(place: Whole, weight: Floats, shape: tuple[int, int]) -> Floats:
    """Return what the forms of each unit and group are worth (Kish); `place` is unit × groups + group of each form."""
    import numpy as np

    size = shape[0] * shape[1]
    sums, squares = np.bincount(place, weight, size), np.bincount(place, weight**2, size)
    found: Floats = (sums**2 / np.maximum(squares, 1e-300)).reshape(shape)
    return found


def worth_of(unit: Whole, group: Whole, weight: Floats, shares: Floats) -> Floats:
    """Return per unit what its forms are worth to a score that weighs groups: 1 ÷ Σ share² ÷ worth of the group.

    `unit`, `group` and `weight` are those of each form; `shares` the part of each group in the score (units × groups).
    A unit without a score is worth nothing.
    """
    import numpy as np

    worth = group_worth(unit * shares.shape[1] + group, weight, (shares.shape[0], shares.shape[1]))
    squares = np.divide(shares**2, worth, out=np.zeros_like(shares), where=worth > 0).sum(axis=1)
    found: Floats = np.divide(1.0, squares, out=np.zeros_like(squares), where=squares > 0)
    return found
