"""What was worked out of an immutable object, kept for the next time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Forms and questions at hand at once are far fewer; those narrowed by a choice filter come and go.
KEPT_AT_MOST = 1024


class Kept(Generic[T, R]):
    """Remembers `work_out(thing)` by the identity of `thing`.

    Forms and questions hold mappings, so they have no hash. The thing is kept beside its result: no other object can
    take its identity. Nothing a resident said may be kept here.
    """

    def __init__(self, work_out: Callable[[T], R]) -> None:
        self._work_out = work_out
        self._known: dict[int, tuple[T, R]] = {}

    def of(self, thing: T) -> R:
        """Return what follows from `thing`."""
        known = self._known.get(id(thing))
        if known is None:
            if len(self._known) >= KEPT_AT_MOST:
                self._known.clear()
            known = self._known[id(thing)] = (thing, self._work_out(thing))
        return known[1]
