"""The draw: anyone can draw the same again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from random import Random

import pytest
from candidates import Candidate, assemble, drawn_of
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.plan import Audience, SampleDesign
from surveys.sampling.draw import Drawn
from surveys.sampling.tickets import ticket

FRAME = [
    Candidate(f"p{at:04}", at, "abc"[at % 3], f"area{at % 5}", 1940 + at % 70, at - 1 if at % 11 == 10 else at)
    for at in range(600)
]
DESIGN = SampleDesign(size=60, seed="7", reserve=0.5, replicates=3)


def drawn(frame: list[Candidate] = FRAME, design: SampleDesign = DESIGN, audience: Audience | None = None) -> Drawn:
    return drawn_of(assemble(frame, audience or Audience(), 2026), design, "water-2026")


def fingerprint(sample: Drawn) -> str:
    return json.dumps([(m.pseudonym, m.replicate, m.order) for m in sample.members])


@given(st.randoms(use_true_random=False))
def test_invariant_4_the_order_of_the_frames_rows_makes_no_difference(random: Random) -> None:
    shuffled = list(FRAME)
    random.shuffle(shuffled)
    assert drawn(shuffled) == drawn()


def test_invariant_4_same_seed_frame_and_plan_draw_the_same_sample_in_another_process() -> None:
    code = "import sys; from test_draw import drawn, fingerprint; sys.stdout.write(fingerprint(drawn()))"
    for hash_seed in ("0", "12345"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout == fingerprint(drawn())


def test_invariant_4_a_ticket_is_a_hash_anybody_can_compute() -> None:
    assert ticket("7", "water-2026", "城区", "abc") == sha256("7|water-2026|城区|abc".encode()).digest()


def test_the_sample_is_the_lowest_tickets_of_each_stratum() -> None:
    sample = drawn()
    for stratum in "abc":
        main = {m.pseudonym for m in sample.members if m.stratum == stratum and m.replicate == 0}
        reserve = {m.pseudonym for m in sample.members if m.stratum == stratum and m.replicate > 0}
        highest = max(ticket("7", "water-2026", stratum, p) for p in main)
        assert all(ticket("7", "water-2026", stratum, p) > highest for p in reserve)


def test_another_seed_draws_others() -> None:
    other = SampleDesign(size=60, seed="8", reserve=0.5, replicates=3)
    assert {m.pseudonym for m in drawn().members} != {m.pseudonym for m in drawn(design=other).members}


@given(st.integers(6, 300), st.integers(0, 4))
def test_main_sample_and_reserves_have_the_sizes_of_the_allocation(size: int, replicates: int) -> None:
    sample = drawn(design=SampleDesign(size=size, seed="1", replicates=replicates))
    sizes = Counter((m.stratum, m.replicate) for m in sample.members)
    assert sum(count for (_, replicate), count in sizes.items() if replicate == 0) == size
    for stratum, places in sample.allocation.items():
        for replicate, wanted in enumerate((places.main, *places.reserves)):
            assert sizes[stratum, replicate] == wanted


def test_a_longer_draw_begins_with_the_shorter_one() -> None:
    """Releasing a reserve replicate gives the sample that a larger main sample would have been."""
    small = drawn(design=SampleDesign(allocation="fixed", per_stratum={"a": 10}, seed="7", reserve=0.5))
    large = drawn(design=SampleDesign(allocation="fixed", per_stratum={"a": 15}, seed="7", reserve=0))
    assert {m.pseudonym for m in small.members} == {m.pseudonym for m in large.members}


def test_of_residents_who_share_a_number_exactly_one_can_be_drawn() -> None:
    sample = drawn(design=SampleDesign(size=546, seed="7", reserve=0))
    numbers = Counter(FRAME[m.resident].address for m in sample.members)
    assert set(numbers.values()) == {1}
    assert sample.exclusions["shared_number"] == sum(c.resident % 11 == 10 for c in FRAME)


def test_exclusions_are_counted_and_probabilities_are_of_those_who_can_be_drawn() -> None:
    frame = [
        Candidate("p1", 1, "a", "x", 1960, 1),
        Candidate("p2", 2, "a", "x", 1960, 2, stopped=True),
        Candidate("p3", 3, "a", "x", 1960, None),
        Candidate("p4", 4, "a", "x", 2010, 4),
        Candidate("p5", 5, "a", "x", None, 5),
        Candidate("p6", 6, "a", "x", 1960, 6),
        Candidate("p7", 7, "a", "x", 1960, 6),
        Candidate("p8", 8, "b", "x", 1960, 8),
        Candidate("p9", 9, "a", "y", 1960, 9),
    ]
    design = SampleDesign(size=1, seed="7", minimum_per_stratum=0, reserve=0)
    sample = drawn(frame, design, Audience(frozenset({"a"}), frozenset({"x"}), minimum_age=18))
    assert sample.exclusions == {"age_unknown": 1, "no_address": 1, "shared_number": 1, "stopped": 1, "under_age": 1}
    (places,) = sample.allocation.values()
    assert (places.population, places.available, places.main) == (5, 2, 1)
    (member,) = sample.members
    assert member.population == 5
    assert member.probability == (0.5 if member.resident == 1 else 0.25)


def test_everybody_has_the_same_chance() -> None:
    """Over 400 seeds each of 40 residents is drawn about a quarter of the time (chi-square within 5 sigma)."""
    frame = [Candidate(f"q{at}", at, "a", address=at) for at in range(40)]
    hits: Counter[int] = Counter()
    for seed in range(400):
        design = SampleDesign(size=10, seed=str(seed), reserve=0)
        hits.update(member.resident for member in drawn(frame, design).members)
    chi = sum((hits[at] - 100) ** 2 / 75 for at in range(40))
    assert chi == pytest.approx(39, abs=5 * (2 * 39) ** 0.5)


def test_a_design_that_cannot_be_met_draws_nobody() -> None:
    sample = drawn(design=SampleDesign(size=10_000))
    assert sample.members == ()
    assert [problem.code for problem in sample.problems] == ["sample_too_large"]
