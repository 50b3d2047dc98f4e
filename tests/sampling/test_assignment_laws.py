"""Laws of the assignment of units, for every town, size and seed: balance, spread pairs, quotas, repeatability."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.sampling.assignment import assign, make_packets
from surveys.units.directory import Unit

SEED = st.text("abc7", max_size=4)
LAW = settings(deadline=None, max_examples=60)


@dataclass(frozen=True)
class Town:
    """Units of a few classes, how many residents there are, and how many units of which class each one rates."""

    units: tuple[Unit, ...]
    residents: tuple[str, ...]
    quotas: Mapping[str, int]

    @property
    def k(self) -> int:
        """How many units each resident rates."""
        return sum(self.quotas.values())

    def counts(self, hands: Mapping[str, tuple[str, ...]]) -> Counter[str]:
        """Return how often each unit is rated, zeros included."""
        found = Counter({unit.id: 0 for unit in self.units})
        found.update(unit for hand in hands.values() for unit in hand)
        return found


@st.composite
def towns(draw: st.DrawFn, classes: int = 4, residents: int = 40) -> Town:
    sizes = draw(st.lists(st.integers(1, 8), min_size=1, max_size=classes))
    quotas = {f"class {n}": draw(st.integers(0, min(3, size)), label=f"quota of {n}") for n, size in enumerate(sizes)}
    if not any(quotas.values()):
        quotas["class 0"] = 1
    return Town(
        tuple(Unit(f"{n}-{i}", "x", unit_class=f"class {n}") for n, size in enumerate(sizes) for i in range(size)),
        tuple(f"p{n}" for n in range(draw(st.integers(1, residents)))),
        quotas,
    )


@LAW
@given(towns(), SEED)
def test_every_resident_rates_each_class_as_often_as_its_quota_and_no_unit_twice(town: Town, seed: str) -> None:
    of = {unit.id: unit.unit_class for unit in town.units}
    hands = assign(town.residents, town.units, town.k, seed, quotas=town.quotas)
    assert set(hands) == set(town.residents)
    for hand in hands.values():
        assert len(set(hand)) == len(hand)
        assert Counter(of[unit] for unit in hand) == Counter({n: q for n, q in town.quotas.items() if q})


@LAW
@given(towns(), SEED)
def test_with_quotas_two_units_of_a_class_are_rated_equally_often_up_to_one(town: Town, seed: str) -> None:
    counts = town.counts(assign(town.residents, town.units, town.k, seed, quotas=town.quotas))
    for name, quota in town.quotas.items():
        of_class = [counts[unit.id] for unit in town.units if unit.unit_class == name]
        assert sum(of_class) == quota * len(town.residents)
        assert max(of_class) - min(of_class) <= 1


@LAW
@given(towns(), SEED)
def test_without_quotas_any_two_units_are_rated_equally_often_up_to_one(town: Town, seed: str) -> None:
    """Classes take part by their size, so that nothing stands between units of different classes either."""
    counts = town.counts(assign(town.residents, town.units, town.k, seed)).values()
    assert max(counts) - min(counts) <= 1


@LAW
@given(towns(residents=15), SEED)
def test_balance_does_not_wait_for_the_last_resident(town: Town, seed: str) -> None:
    """Hands are dealt one after the other: after each of them every class is balanced."""
    hands = list(assign(town.residents, town.units, town.k, seed, quotas=town.quotas).items())
    for dealt in range(1, len(hands)):
        counts = town.counts(dict(hands[:dealt]))
        for name in town.quotas:
            of_class = [counts[unit.id] for unit in town.units if unit.unit_class == name]
            assert max(of_class) - min(of_class) <= 1


@LAW
@given(st.integers(3, 12), st.data(), st.integers(1, 60), SEED)
def test_pairs_of_units_are_spread_at_least_as_evenly_as_a_blind_deal_spreads_them(
    size: int, data: st.DataObject, people: int, seed: str
) -> None:
    """Dealt blindly a pair meets in each hand with p = k(k − 1) / N(N − 1), so that its meetings vary by p(1 − p)."""
    k = data.draw(st.integers(2, size))
    units = [Unit(f"u{n:02}", "x") for n in range(size)]
    hands = assign([f"p{n}" for n in range(people)], units, k, seed).values()
    met = Counter(dict.fromkeys(combinations(sorted(unit.id for unit in units), 2), 0))
    met.update(pair for hand in hands for pair in combinations(sorted(hand), 2))
    p = k * (k - 1) / (size * (size - 1))
    uneven = sum((count - people * p) ** 2 for count in met.values())
    assert uneven <= len(met) * people * p * (1 - p) + 1e-6


@LAW
@given(towns(), SEED, st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_hands_in_whatever_order_people_and_units_come(
    town: Town, seed: str, random: Random
) -> None:
    residents, units = list(town.residents), list(town.units)
    first = assign(residents, units, town.k, seed, quotas=town.quotas)
    random.shuffle(residents)
    random.shuffle(units)
    assert assign([*residents, residents[0]], units, town.k, seed, quotas=town.quotas) == first


@LAW
@given(towns(), SEED, st.integers(1, 9))
def test_packets_are_balanced_within_and_go_round_evenly(town: Town, seed: str, count: int) -> None:
    packets = make_packets(town.units, town.k, count, seed)
    counts = Counter({unit.id: 0 for unit in town.units})
    counts.update(unit for packet in packets for unit in packet)
    assert max(counts.values()) - min(counts.values()) <= 1
    given_out = assign(town.residents, town.units, town.k, seed, packets=packets)
    turns = Counter(dict.fromkeys(range(count), 0))
    turns.update(next(n for n, packet in enumerate(packets) if packet == hand) for hand in given_out.values())
    if len(set(packets)) == count:
        assert max(turns.values()) - min(turns.values()) <= 1
    assert set(given_out.values()) <= set(packets)


@LAW
@given(towns(), SEED)
def test_quotas_that_do_not_make_k_are_refused(town: Town, seed: str) -> None:
    with pytest.raises(ValueError, match="quotas"):
        assign(town.residents, town.units, town.k - 1, seed, quotas=town.quotas)
