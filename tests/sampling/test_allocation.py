"""How a sample is spread over the strata."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.campaign.plan import SampleDesign
from surveys.sampling.allocation import allocate, bounded

STRATA = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.tuples(st.integers(1, 5000), st.integers(0, 5000)).map(lambda pair: (pair[0], min(pair))),
    min_size=1,
    max_size=12,
)


def spread(size: int, populations: Mapping[str, int], available: Mapping[str, int], floor: int) -> dict[str, int]:
    """Return how many of each stratum are drawn, of `size` in all and at least `floor` of each."""
    design = SampleDesign(size=size, minimum_per_stratum=floor)
    allocation, problems = allocate(design, populations, available)
    assert problems == ()
    return {name: places.main for name, places in allocation.items()}


@pytest.mark.parametrize(
    ("size", "populations", "floor", "expected"),
    [
        (10, {"a": 50, "b": 30, "c": 20}, 0, {"a": 5, "b": 3, "c": 2}),
        (10, {"a": 9, "b": 9, "c": 9}, 0, {"a": 4, "b": 3, "c": 3}),  # equal remainders go by name
        (10, {"a": 980, "b": 10, "c": 10}, 2, {"a": 6, "b": 2, "c": 2}),  # floors are kept
        (100, {"a": 1000, "b": 1000, "c": 3}, 5, {"a": 49, "b": 48, "c": 3}),  # a small stratum is taken whole
        (7, {"a": 2, "b": 5}, 3, {"a": 2, "b": 5}),  # everybody
    ],
)
def test_shares_follow_population_between_floor_and_size(
    size: int,
    populations: dict[str, int],
    floor: int,
    expected: dict[str, int],
) -> None:
    assert spread(size, populations, populations, floor) == expected


@given(STRATA, st.integers(0, 20), st.floats(0, 1))
def test_an_allocation_sums_to_n_within_floors_and_caps(
    strata: dict[str, tuple[int, int]],
    floor: int,
    at: float,
) -> None:
    populations = {name: population for name, (population, _) in strata.items()}
    available = {name: count for name, (_, count) in strata.items()}
    least = sum(min(floor, count) for count in available.values())
    size = least + round(at * (sum(available.values()) - least))
    assume(size > 0)
    found = spread(size, populations, available, floor)
    assert sum(found.values()) == size
    for name, count in found.items():
        assert min(floor, available[name]) <= count <= available[name]


@given(STRATA, st.integers(1, 500))
def test_without_bounds_every_share_is_its_quota_rounded_up_or_down(
    strata: dict[str, tuple[int, int]],
    size: int,
) -> None:
    populations = {name: population + 500 for name, (population, _) in strata.items()}
    found = spread(size, populations, populations, 0)
    total = sum(populations.values())
    for name, count in found.items():
        assert abs(count - size * populations[name] / total) < 1


@pytest.mark.parametrize(("size", "floor"), [(11, 0), (3, 2)])
def test_bounds_that_cannot_be_kept_are_never_broken_silently(size: int, floor: int) -> None:
    with pytest.raises(ValueError, match="the sample is"):
        bounded(size, {"a": Fraction(5), "b": Fraction(5)}, {"a": floor, "b": floor}, {"a": 5, "b": 5})


@pytest.mark.parametrize(
    ("design", "code"),
    [
        (SampleDesign(size=0), "no_sample_size"),
        (SampleDesign(size=11), "sample_too_large"),
        (SampleDesign(size=3, minimum_per_stratum=2), "sample_too_small"),
        (SampleDesign(allocation="fixed", per_stratum={"a": 6}), "stratum_too_small"),
        (SampleDesign(allocation="fixed", per_stratum={"x": 1}), "stratum_unknown"),
        (SampleDesign(allocation="fixed"), "no_sample_size"),
    ],
)
def test_a_design_that_cannot_be_met_is_refused_with_its_reason(design: SampleDesign, code: str) -> None:
    allocation, problems = allocate(design, {"a": 5, "b": 5}, {"a": 5, "b": 5})
    assert allocation == {}
    assert [problem.code for problem in problems] == [code]


def test_fixed_numbers_are_taken_as_they_stand() -> None:
    allocation, _ = allocate(SampleDesign(allocation="fixed", per_stratum={"a": 3}), {"a": 5, "b": 5}, {"a": 4, "b": 5})
    assert {name: places.main for name, places in allocation.items()} == {"a": 3, "b": 0}
    assert allocation["a"].reserve == 1  # a fifth of three rounded, as far as residents are left


def test_reserves_are_parted_evenly_into_replicates() -> None:
    design = SampleDesign(size=50, reserve=0.3, replicates=4)
    allocation, _ = allocate(design, {"a": 1000}, {"a": 1000})
    assert allocation["a"].reserves == (4, 4, 4, 3)
