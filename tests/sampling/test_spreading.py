"""Neyman, equal and bounded allocation: what holds whatever the strata are."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.plan import SampleDesign
from surveys.problem import Refused
from surveys.sampling.allocation import allocate, bounded, without_spread
from surveys.sampling.rotation import keep
from surveys.sampling.spread import read_spread

#: Weight, floor and cap of each stratum.
BOUNDED = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.tuples(st.fractions(0, 1000, max_denominator=50), st.integers(0, 30), st.integers(0, 400)).map(
        lambda three: (three[0], min(three[1], three[2]), three[2])
    ),
    min_size=1,
    max_size=10,
)


def spread(strata: dict[str, tuple[Fraction, int, int]], at: float) -> dict[str, int]:
    floors = {name: floor for name, (_, floor, _) in strata.items()}
    caps = {name: cap for name, (_, _, cap) in strata.items()}
    size = sum(floors.values()) + round(at * (sum(caps.values()) - sum(floors.values())))
    found = bounded(size, {name: weight for name, (weight, _, _) in strata.items()}, floors, caps)
    assert sum(found.values()) == size
    return found


@given(BOUNDED, st.floats(0, 1))
def test_whatever_the_weights_the_sum_is_n_within_every_floor_and_cap(
    strata: dict[str, tuple[Fraction, int, int]], at: float
) -> None:
    for name, count in spread(strata, at).items():
        assert strata[name][1] <= count <= strata[name][2]


@given(BOUNDED, st.floats(0, 1))
def test_of_two_strata_with_equal_bounds_the_heavier_gets_no_less(
    strata: dict[str, tuple[Fraction, int, int]], at: float
) -> None:
    found = spread(strata, at)
    for one, (heavy, *bounds) in strata.items():
        for other, (light, *others) in strata.items():
            if heavy > light and bounds == others:
                assert found[one] >= found[other]


@given(BOUNDED, st.floats(0, 1), st.randoms(use_true_random=False))
def test_the_order_in_which_strata_are_told_makes_no_difference(
    strata: dict[str, tuple[Fraction, int, int]], at: float, random: object
) -> None:
    names = list(strata)
    random.shuffle(names)  # type: ignore[attr-defined]
    assert spread({name: strata[name] for name in names}, at) == spread(strata, at)


@pytest.mark.parametrize(
    ("design", "expected", "why"),
    [
        (SampleDesign(size=60, allocation="equal"), {"a": 20, "b": 20, "c": 20}, "evenly"),
        (SampleDesign(size=60, allocation="equal", maximum_per_stratum=20), {"a": 20, "b": 20, "c": 20}, "at the cap"),
        (
            SampleDesign(size=60, allocation="neyman", spread={"a": 0.5, "b": 0.25, "c": 0.5}),
            {"a": 39, "b": 13, "c": 8},
            "600 × .5, 400 × .25 and 120 × .5 are 300 : 100 : 60",
        ),
        (
            SampleDesign(size=60, allocation="neyman", spread={"a": 0.0, "b": 0.0, "c": 0.0}),
            {"a": 20, "b": 20, "c": 20},
            "nothing tells the strata apart",
        ),
        (SampleDesign(size=60, maximum_per_stratum=25), {"a": 25, "b": 25, "c": 10}, "what a cap frees goes on"),
        (SampleDesign(size=60, minimum_per_stratum=15), {"a": 27, "b": 18, "c": 15}, "a floor takes from the others"),
    ],
)
def test_each_way_of_spreading(design: SampleDesign, expected: dict[str, int], why: str) -> None:
    populations = {"a": 600, "b": 400, "c": 120}
    allocation, problems = allocate(design, populations, populations)
    assert problems == ()
    assert {name: places.main for name, places in allocation.items()} == expected, why


@pytest.mark.parametrize(
    ("design", "code"),
    [
        (SampleDesign(size=10, allocation="neyman", spread={"a": 0.5}), "no_spread"),
        (SampleDesign(size=10, maximum_per_stratum=4), "sample_above_caps"),
        (SampleDesign(size=10, maximum_per_stratum=4, minimum_per_stratum=6), "bounds_inverted"),
    ],
)
def test_bounds_and_spread_that_cannot_be_kept_are_refused(design: SampleDesign, code: str) -> None:
    assert [problem.code for problem in allocate(design, {"a": 20, "b": 20}, {"a": 20, "b": 20})[1]] == [code]


@given(st.lists(st.integers()), st.fractions(0, 1).map(float))
def test_a_panel_is_parted_in_two_by_the_order_of_its_tickets(panel: list[int], rotate: float) -> None:
    staying, leaving = keep(panel, rotate)
    assert [*staying, *leaving] == panel
    assert abs(len(leaving) - rotate * len(panel)) <= 0.5 + 1e-9


def test_the_spread_follows_from_published_shares_and_what_was_withheld_stays_out() -> None:
    def cell(stratum: str, p: float | None) -> dict[str, object]:
        return {"stratum": stratum, "satisfied": None if p is None else {"of_opinions": {"value": p}}}

    results = {
        "headline": "q7",
        "questions": [{"name": "q1"}, {"name": "q7", "strata": [cell("城区", 0.8), cell("x", None)]}],
    }
    assert read_spread(json.dumps(results).encode()) == {"城区": 0.4}


WITHHELD = {"headline": "q", "questions": [{"name": "q", "strata": [{"stratum": "x", "satisfied": None}]}]}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("[]", "is not the results.json of a campaign"),
        ("{}", "is not the results.json of a campaign"),
        ("a,b", "is not the results.json of a campaign"),
        (json.dumps({"headline": "", "questions": [], "scores": {"units": []}}), "of a campaign that rates units"),
        (json.dumps({"headline": "", "questions": [], "scores": None}), "no question of the campaign says who"),
        (json.dumps(WITHHELD), "withheld or unknown in the file: too few answered"),
    ],
)
def test_a_file_that_tells_no_spread_is_refused_with_what_is_the_case(file: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_spread(file.encode(), "results.json")
    (problem,) = refused.value.problems
    assert (problem.code, problem.field) == ("no_spread", "sample.spread_from")
    assert said in problem.what.text("en")
    assert ("is written by" in problem.fix.text("en")) == ("is not the" in said), "what to do instead"


SIZES = {"a": 600, "b": 400, "one": 1, "two": 2}


@pytest.mark.parametrize(
    ("design", "needless", "why"),
    [
        (SampleDesign(size=60), ("one", "two"), "one resident; two, of whom the minimum takes both"),
        (
            SampleDesign(size=60, minimum_per_stratum=0),
            ("one",),
            "one of two may be drawn: which number is not settled",
        ),
        (SampleDesign(size=1003), ("a", "b", "one", "two"), "everybody is drawn"),
        (
            SampleDesign(size=61, minimum_per_stratum=29, maximum_per_stratum=29),
            ("a", "b", "one", "two"),
            "the minimum is the maximum",
        ),
    ],
)
def test_no_spread_is_asked_where_none_has_a_part(design: SampleDesign, needless: tuple[str, ...], why: str) -> None:
    design = replace(design, allocation="neyman")
    assert without_spread(design, SIZES, SIZES) == needless, why
    assert without_spread(replace(design, allocation="equal"), SIZES, SIZES) == (), "nobody asks"
    given = {name: 0.5 for name in SIZES if name not in needless}
    allocation, problems = allocate(replace(design, spread=given), SIZES, SIZES)
    assert problems == ()
    assert sum(places.main for places in allocation.values()) == design.size


@given(
    st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(1, 60), min_size=1, max_size=8),
    st.integers(1, 5),  # without a minimum a stratum of one is drawn or not by what is written
    st.floats(0, 1),
    st.floats(0, 1).map(lambda s: round(s, 3)),
)
def test_whatever_spread_is_written_where_none_is_needed_the_sample_is_the_same(
    populations: dict[str, int], minimum: int, at: float, written: float
) -> None:
    least = sum(min(minimum, count) for count in populations.values())
    size = least + round(at * (sum(populations.values()) - least))
    design = SampleDesign(size=size, allocation="neyman", minimum_per_stratum=minimum)
    needless = without_spread(design, populations, populations)
    needed = {name: 0.1 + 0.05 * at for at, name in enumerate(sorted(populations)) if name not in needless}
    without = allocate(replace(design, spread=needed), populations, populations)
    assert without[1] == ()
    assert without == allocate(
        replace(design, spread={**needed, **dict.fromkeys(needless, written)}), populations, populations
    )
