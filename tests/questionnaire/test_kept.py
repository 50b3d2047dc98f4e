"""What is kept of an object belongs to that object."""

from __future__ import annotations

from surveys.kept import KEPT_AT_MOST, Kept


def test_a_thing_is_worked_out_once() -> None:
    calls: list[object] = []
    kept = Kept[list[int], int](lambda thing: calls.append(thing) or sum(thing))  # type: ignore[func-returns-value]  # append returns None
    thing = [1, 2]
    assert (kept.of(thing), kept.of(thing)) == (3, 3)
    assert len(calls) == 1


def test_equal_things_are_told_apart_and_no_result_outlives_its_thing() -> None:
    """Short-lived objects reuse each other's identity; none may be answered with another's result."""
    kept = Kept[list[int], int](lambda thing: thing[0])
    assert all(kept.of([number]) == number for number in range(3 * KEPT_AT_MOST))
