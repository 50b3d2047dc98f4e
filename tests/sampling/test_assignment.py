"""Which units each respondent evaluates."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.sampling.assignment import assign, evaluated, make_packets
from surveys.units.directory import Unit

CLASSES = {"A": 40, "B": 30, "C": 20, "D": 10}
UNITS = [Unit(f"{name}{n:02}", f"{name}{n}", unit_class=name) for name, size in CLASSES.items() for n in range(size)]
OF = {unit.id: unit.unit_class for unit in UNITS}
RESIDENTS = [f"p{number}" for number in range(500)]


def spread(counts: Counter[str], units: list[Unit], name: str) -> int:
    """Return by how much the most and the least evaluated unit of a class differ."""
    of_class = [counts[unit.id] for unit in units if unit.unit_class == name and not unit.exempt]
    return max(of_class) - min(of_class)


@st.composite
def _towns(draw: st.DrawFn) -> list[Unit]:
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    return [
        Unit(f"{name}{n}", "x", unit_class=f"class {name}", exempt=draw(st.booleans()) and n > 0)
        for name, size in enumerate(sizes)
        for n in range(size)
    ]


@settings(deadline=None)
@given(_towns(), st.integers(1, 8), st.integers(1, 60), st.text("abc", max_size=3))
def test_units_of_a_class_are_evaluated_equally_often_and_exempt_ones_never(
    units: list[Unit], k: int, people: int, seed: str
) -> None:
    given_out = assign([f"p{n}" for n in range(people)], units, k, seed)
    able = {unit.id for unit in units if not unit.exempt}
    counts = Counter(unit for hand in given_out.values() for unit in hand)
    assert set(counts) <= able
    assert all(len(hand) == len(set(hand)) == min(k, len(able)) for hand in given_out.values())
    assert all(spread(counts, units, name) <= 1 for name in {unit.unit_class for unit in units if not unit.exempt})


@settings(deadline=None, max_examples=30)
@given(st.permutations(RESIDENTS[:40]), st.permutations(UNITS[:30]))
def test_the_seed_alone_decides(residents: list[str], units: list[Unit]) -> None:
    assert assign(residents, units, 6, "s") == assign(RESIDENTS[:40], UNITS[:30], 6, "s")
    assert assign(residents, units, 6, "t") != assign(RESIDENTS[:40], UNITS[:30], 6, "s")


def test_without_quotas_every_unit_of_every_class_is_evaluated_about_equally_often() -> None:
    counts = Counter(unit for hand in assign(RESIDENTS, UNITS, 6, "7").values() for unit in hand)
    assert set(counts.values()) <= {29, 30, 31}, "500 residents with 6 of 100 units each: 30 times"


def test_quotas_say_how_many_of_each_class_a_resident_gets() -> None:
    quotas = {"A": 1, "B": 2, "C": 2, "D": 1}
    for hand in assign(RESIDENTS, UNITS, 6, "7", quotas=quotas).values():
        assert Counter(OF[unit] for unit in hand) == quotas


def test_pairs_of_units_meet_about_equally_often() -> None:
    """Twenty units, 400 hands of 5: 4000 pairs over 190, 21.05 each; dealt blindly, some meet 8 or 36 times."""
    units = UNITS[:20]
    hands = assign([f"p{n}" for n in range(400)], units, 5, "7").values()
    pairs = Counter(frozenset(pair) for hand in hands for pair in combinations(hand, 2))
    assert len(pairs) == 190
    assert 17 <= min(pairs.values()) <= max(pairs.values()) <= 25


def test_each_unit_comes_first_for_some() -> None:
    first = Counter(hand[0] for hand in assign(RESIDENTS, UNITS[:20], 5, "7").values())
    assert set(first) == {unit.id for unit in UNITS[:20]}


def test_packets_go_round_and_are_given_whole() -> None:
    packets = make_packets(UNITS, 6, 7, "7")
    given_out = assign(RESIDENTS, UNITS, 6, "7", packets=packets)
    counts = Counter(given_out.values())
    assert set(counts) == set(packets)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert make_packets(UNITS, 6, 7, "7") == packets


@pytest.mark.parametrize(
    ("quotas", "packets", "why"),
    [
        ({"A": 5}, None, "five are not six"),
        ({"A": 5, "X": 1}, None, "there is no such class"),
        ({"D": 11, "A": -5}, None, "D has ten units"),
        (None, [("A00", "nobody")], "a unit that is not there"),
        (None, [], "no packet at all"),
        (None, [()], "an empty packet"),
    ],
)
def test_what_cannot_be_met_is_refused(
    quotas: dict[str, int] | None, packets: list[tuple[str, ...]] | None, why: str
) -> None:
    with pytest.raises(ValueError, match=r"quotas|units"):
        assign(RESIDENTS[:3], UNITS, 6, "7", packets=packets, quotas=quotas)
    assert why


def test_an_exempt_unit_in_a_packet_is_refused() -> None:
    units = [*UNITS, Unit("E", "E", exempt=True)]
    with pytest.raises(ValueError, match="E"):
        assign(["p"], units, 2, "7", packets=[("A00", "E")])


def test_only_the_classes_that_are_named_are_evaluated() -> None:
    assert {unit.unit_class for unit in evaluated(UNITS, ["B", "D"])} == {"B", "D"}
    assert evaluated(UNITS) == UNITS
