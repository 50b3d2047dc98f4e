"""The exact permutation test says what shuffling says."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.quality.chance import Part, chance_of, expected, hypergeometric, sign_test, spread


@st.composite
def parts(draw: st.DrawFn) -> Part:
    members = draw(st.integers(1, 12))
    return Part(members, draw(st.integers(0, members)), draw(st.integers(0, members)))


def shuffled(part: Part) -> dict[int, float]:
    """Return the probability of every count by going through all cells there could be."""
    counts: dict[int, float] = {}
    for cell in combinations(range(part.members), part.here):
        labelled = sum(member < part.labelled for member in cell)
        counts[labelled] = counts.get(labelled, 0.0) + 1 / comb(part.members, part.here)
    return counts


@given(parts(), parts())
def test_the_chance_is_that_of_all_permutations(one: Part, other: Part) -> None:
    every = [(first + second, p * q) for first, p in shuffled(one).items() for second, q in shuffled(other).items()]
    mean = sum(count * p for count, p in every)
    assert expected([one, other]) == pytest.approx(mean, abs=1e-9)
    assert spread([one, other]) == pytest.approx(sqrt(sum((c - mean) ** 2 * p for c, p in every)), abs=1e-7)
    for found in range(one.here + other.here + 2):
        likely = sum(p for count, p in every if count >= found)
        assert chance_of([one, other], found) == pytest.approx(likely, abs=1e-9)


@given(st.lists(parts(), min_size=1, max_size=6))
def test_more_is_never_likelier(cell: list[Part]) -> None:
    chances = [chance_of(cell, found) for found in range(sum(part.here for part in cell) + 2)]
    assert chances[0] == pytest.approx(1)
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(chances))


def test_large_strata_keep_their_precision() -> None:
    """Fisher's exact test, in another way: 60 of 100 labelled in a cell of 100 among 1,000 of whom 300 are."""
    exact = sum(comb(300, k) * comb(700, 100 - k) for k in range(60, 101)) / comb(1000, 100)
    assert chance_of([Part(1000, 300, 100)], 60) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("part", [Part(3, 4, 1), Part(3, 1, 4), Part(3, -1, 1)])
def test_counts_that_cannot_be_are_refused(part: Part) -> None:
    with pytest.raises(ValueError, match="no counts"):
        hypergeometric(part)


@given(st.integers(0, 30), st.integers(0, 30))
def test_the_sign_test_counts_heads(up: int, down: int) -> None:
    n = up + down
    assert sign_test(up, down) == pytest.approx(sum(comb(n, k) for k in range(up, n + 1)) / 2**n)
