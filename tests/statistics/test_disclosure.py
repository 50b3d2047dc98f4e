"""Small cells are withheld, and cannot be worked out from the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.statistics.disclosure import SMALLEST_CELL, Withheld, withheld_cells


@pytest.mark.parametrize(
    ("sizes", "withheld", "reason"),
    [
        ({"a": 10, "b": 99}, {}, "ten answers are enough"),
        ({"a": 9, "b": 50, "c": 20}, {"a": Withheld.SMALL, "c": Withheld.COMPLEMENT}, "nine could be worked out"),
        ({"a": 5, "b": 5, "c": 20}, {"a": Withheld.SMALL, "b": Withheld.SMALL}, "two hide each other"),
        ({"a": 0, "b": 20}, {"a": Withheld.NOBODY}, "nobody has nothing to hide"),
        ({"a": 3}, {"a": Withheld.SMALL}, "nothing else is there to withhold"),
        ({}, {}, "no cells"),
    ],
)
def test_which_cells_are_withheld(sizes: dict[str, int], withheld: dict[str, Withheld], reason: str) -> None:
    assert withheld_cells(sizes) == withheld, reason


@given(st.dictionaries(st.text(), st.integers(0, 40), max_size=12))
def test_what_the_published_cells_leave_over_is_never_a_small_group(sizes: dict[str, int]) -> None:
    hidden = withheld_cells(sizes)
    assert all(size >= SMALLEST_CELL for name, size in sizes.items() if name not in hidden)
    left_over = sum(sizes[name] for name in hidden)
    assert left_over == 0 or left_over >= SMALLEST_CELL or len(hidden) == len(sizes)


def test_every_reason_has_words() -> None:
    assert len({reason.words.template for reason in Withheld}) == len(Withheld)
