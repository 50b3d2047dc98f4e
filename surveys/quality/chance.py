"""How likely chance alone is: exact permutation tests, without drawing a single permutation.

If labels are shuffled among the members of each stratum, the number of labelled ones in a cell is a sum of independent
hypergeometric variables, whose distribution is worked out in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, sqrt
from typing import NamedTuple

#: Smaller probabilities change nothing in what is reported.
NEGLIGIBLE = 1e-15


class Part(NamedTuple):
    """The part of a cell in one stratum: `members` and `labelled` of the stratum, `here` how many are in the cell."""

    members: int
    labelled: int
    here: int


def expected(parts: Sequence[Part]) -> float:
    """Return how many labelled ones chance puts into the cell on average."""
    return sum(part.here * part.labelled / part.members for part in parts if part.members)


def spread(parts: Sequence[Part]) -> float:
    """Return the standard deviation of that number."""
    variance = 0.0
    for members, labelled, here in parts:
        if members > 1:
            share = labelled / members
            variance += here * share * (1 - share) * (members - here) / (members - 1)
    return sqrt(variance)


def chance_of(parts: Sequence[Part], found: int) -> float:
    """Return the probability that a shuffle puts `found` labelled ones or more into the cell."""
    low, shares = 0, [1.0]
    for part in parts:
        start, more = hypergeometric(part)
        low, shares = low + start, convolved(shares, more)
        cut = 0
        while cut < len(shares) - 1 and shares[cut] < NEGLIGIBLE:
            cut += 1
        low, shares = low + cut, shares[cut:]
        while len(shares) > 1 and shares[-1] < NEGLIGIBLE * NEGLIGIBLE:
            shares.pop()
    return min(1.0, sum(shares[max(0, found - low) :]))


def hypergeometric(part: Part) -> tuple[int, list[float]]:
    """Return the smallest possible count and the probabilities of it and those above it.

    ValueError unless 0 ≤ labelled, here ≤ members.
    """
    members, labelled, here = part
    if not (0 <= labelled <= members and 0 <= here <= members):
        raise ValueError(f"{labelled} labelled and {here} here of {members} members are no counts")
    low, high = max(0, here - (members - labelled)), min(here, labelled)
    whole = _log_choose(members, here)
    return low, [
        exp(_log_choose(labelled, count) + _log_choose(members - labelled, here - count) - whole)
        for count in range(low, high + 1)
    ]


def sign_test(up: int, down: int) -> float:
    """Return the probability of `up` or more among up + down changes if either direction were as likely."""
    changes = up + down
    return min(1.0, sum(exp(_log_choose(changes, count)) for count in range(up, changes + 1)) * 0.5**changes)


def convolved(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """Return the probabilities of the sum of two independent counts."""
    if len(one) < len(other):
        one, other = other, one
    summed = [0.0] * (len(one) + len(other) - 1)
    for offset, share in enumerate(other):
        for place, value in enumerate(one, offset):
            summed[place] += share * value
    return summed


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
