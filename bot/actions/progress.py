"""How an action tells how far it has come."""

from __future__ import annotations

from collections.abc import Callable

#: Called with what is done and how much there is in all, both counted in the action's own units.
Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Tell nobody."""
