"""Rank sets: how wide they are, and what they say."""

from __future__ import annotations

import numpy as np
import pytest

from surveys.language import message
from surveys.scoring.ranking import Contestant, LeftOut, rank_sets


def sets(values: list[float], se: float, *, df: int = 200) -> list[tuple[str, int, int]]:
    found = [Contestant(f"u{n}", value, df, 50, varies=True) for n, value in enumerate(values)]
    ranks = rank_sets("x", found, np.eye(len(values)) * se**2).ranks
    return [(one.unit, one.first, one.last) for one in ranks]


def test_units_far_apart_have_one_rank_and_near_ones_share_a_set() -> None:
    assert sets([90, 70, 69, 50], 1.0) == [("u0", 1, 1), ("u1", 2, 3), ("u2", 2, 3), ("u3", 4, 4)]


def test_a_difference_that_is_noise_ranks_nobody() -> None:
    assert sets([90, 89, 88], 5.0) == [("u0", 1, 3), ("u1", 1, 3), ("u2", 1, 3)]


def test_two_units_are_told_apart_just_beyond_the_t_of_the_whole_error() -> None:
    """One pair bears all 5 %: t(0.975, 200) × √2 = 2.7887."""
    assert sets([52.789, 50.0], 1.0)[0][2] == 1
    assert sets([52.788, 50.0], 1.0)[0][2] == 2


def test_more_pairs_ask_for_more_difference() -> None:
    """Three pairs bear 5 % together: the difference that told two units apart tells none of three."""
    assert sets([52.789, 50.0, 50.0], 1.0)[0] == ("u0", 1, 3)


def test_what_one_person_says_of_two_units_is_compared_within_that_person() -> None:
    """Scores that move together differ more surely than their own errors say."""
    found = [Contestant("a", 55, 100, 50, varies=True), Contestant("b", 50, 100, 50, varies=True)]
    together = rank_sets("x", found, np.array([[9.0, 8.5], [8.5, 9.0]]))
    apart = rank_sets("x", found, np.array([[9.0, 0.0], [0.0, 9.0]]))
    assert [one.last for one in together.ranks] == [1, 2]
    assert [one.last for one in apart.ranks] == [2, 2]


def test_a_unit_of_whom_all_say_the_same_has_the_spread_of_its_class() -> None:
    """Ten people who agree do not prove that everybody does."""
    found = [
        Contestant("same", 100, 9, 10, varies=False),
        Contestant("near", 99, 99, 100, varies=True),
        Contestant("far", 20, 99, 100, varies=True),
    ]
    ranks = {one.unit: one for one in rank_sets("x", found, np.diag([0.0, 1.0, 1.0])).ranks}
    assert (ranks["same"].first, ranks["same"].last) == (1, 2)
    assert ranks["far"].first == 3


def test_where_nothing_varies_nothing_is_ranked() -> None:
    found = [Contestant(name, value, 20, 21, varies=False) for name, value in (("a", 100), ("b", 60))]
    assert [(one.first, one.last) for one in rank_sets("x", found, np.zeros((2, 2))).ranks] == [(1, 2), (1, 2)]


def test_units_of_whom_all_say_the_same_are_told_apart_by_the_ends_of_their_intervals() -> None:
    """Thirty who all say the best and thirty who all say the worst differ, whatever the others think; ten do not."""

    def ranks(best: float, worst: float, people: int) -> list[tuple[int, int]]:
        found = [
            Contestant(name, value, people - 1, people, varies=False, low=0.0, high=100.0)
            for name, value in (("a", best), ("b", worst))
        ]
        return [(one.first, one.last) for one in rank_sets("x", found, np.zeros((2, 2))).ranks]

    assert ranks(100, 0, 30) == [(1, 1), (2, 2)]
    assert ranks(100, 90, 30) == [(1, 2), (1, 2)]
    assert ranks(100, 60, 10) == [(1, 2), (1, 2)]
    assert ranks(60, 0, 60) == [(1, 1), (2, 2)]


def test_a_unit_of_whom_all_say_the_same_is_compared_with_one_that_varies_by_its_interval() -> None:
    """Of ten who agree the interval reaches down to 69.2: it holds 80 and not 50."""
    same = Contestant("same", 100, 9, 10, varies=False, low=0.0, high=100.0)
    for value, last in ((80.0, 2), (50.0, 1)):
        other = Contestant("other", value, 99, 100, varies=True, low=0.0, high=100.0)
        first = rank_sets("x", [same, other], np.diag([0.0, 1.0])).ranks[0]
        assert (first.unit, first.first, first.last) == ("same", 1, last)


def test_a_unit_without_degrees_of_freedom_is_told_apart_from_nobody() -> None:
    found = [Contestant("a", 90, 0, 5, varies=True), Contestant("b", 10, 50, 51, varies=True)]
    assert [(one.first, one.last) for one in rank_sets("x", found, np.eye(2)).ranks] == [(1, 2), (1, 2)]


@pytest.mark.parametrize(("values", "words"), [
    ([50], "the only unit ranked in its class"),
    ([90, 50], "rank 1 of 2"),
    ([50, 50], "tied: ranks 1 to 2 of 2"),
])  # fmt: skip
def test_a_set_is_said_with_how_many_units_there_are(values: list[float], words: str) -> None:
    found = [Contestant(f"u{n}", value, 50, 51, varies=True) for n, value in enumerate(values)]
    assert str(rank_sets("x", found, np.eye(len(values))).ranks[0].words) == words


def test_units_left_out_stand_beside_the_ranking_and_do_not_count_in_it() -> None:
    out = LeftOut("small", message("withheld"))
    found = rank_sets("x", [Contestant("a", 1, 9, 10, varies=True)], np.eye(1), [out])
    assert (found.of, found.pairs, found.left_out) == (1, 0, (out,))
    assert "N = 1" in str(found.words)
    assert rank_sets("x", [], np.zeros((0, 0))).ranks == ()
