"""Straight-lining is measured as R's package `careless` 1.2 measures it, and flagged where enough was rated."""

import pytest

from surveys.quality.interviews import interviews
from surveys.quality.straightlining import longest_run, straight_lining, variability
from tests.quality.small_campaign import answers, campaign

#: The rows of inst/testdata/lonstring-test-data.csv of `careless`, and what `longstring` returns for them.
ALTERNATING = [([1] * (10 * k) + [0, 1] * (50 - 5 * k), 10 * k) for k in range(1, 10)]
BLOCKS = ([1] * 10 + [0] * 10) * 5


@pytest.mark.parametrize(("answered", "longest"), [*ALTERNATING, (BLOCKS, 10)])
def test_the_longest_run_is_that_of_careless(answered: list[int], longest: int) -> None:
    assert len(answered) == 100
    assert longest_run(answered) == longest


@pytest.mark.parametrize("place", range(1, 11))
def test_the_longest_run_is_found_wherever_it_ends(place: int) -> None:
    """The matrix in the help page of longstring: in row i the first i columns hold i, the others count on."""
    assert longest_run([place] * place + list(range(place + 1, 11))) == place


@pytest.mark.parametrize(
    ("rated", "irv"),
    [
        ([3] * 10, 0.0),
        ([1, 2, 3, 4, 5] * 2, 1.490712),
        ([1] * 5 + [5] * 5, 2.108185),
    ],
)
def test_variability_is_the_irv_of_careless(rated: list[float], irv: float) -> None:
    """The matrix of tests/testthat/test-irv.R, after Curran (2016)."""
    assert variability(rated) == pytest.approx(irv, abs=5e-7)


def test_one_rating_has_no_variability_and_none_has_no_run() -> None:
    assert variability([3]) is None
    assert longest_run([]) == 0


def test_the_same_answer_to_all_is_flagged_and_a_varied_one_is_not() -> None:
    people = [answers(*["fairly"] * 6), answers("very", "fair", "fairly", "not", "very", "fair")]
    check = straight_lining(interviews(campaign(people)))
    assert check.respondents == ("r0000",)
    assert check.looked_at == 2
    assert "6 of 6 ratings in a row are the same" in check.flags[0].evidence.text("en")


def test_dont_know_all_along_is_the_same_answer_as_well() -> None:
    assert straight_lining(interviews(campaign([answers(*["dk"] * 6)]))).respondents == ("r0000",)


def test_five_ratings_are_too_few_and_the_check_says_that_nobody_was_looked_at() -> None:
    check = straight_lining(interviews(campaign([answers(*["very"] * 5)])))
    assert (check.looked_at, check.flags) == (0, ())
    assert check.untested is not None


def test_ratings_of_several_units_are_looked_at_together_in_the_order_they_were_asked() -> None:
    """Three units, the first half in order, then all alike: 15 of 18 in a row."""
    ladder = ("very", "fair", "not")
    people = [
        {f"q{n}@{unit}": ladder[n % 3] if unit == 1 and n < 4 else "fairly" for unit in (1, 2, 3) for n in range(1, 7)}
    ]
    check = straight_lining(interviews(campaign(people, of_units=True)))
    assert check.flags[0].numbers["longest_run"] == 15
