"""Who of a panel is asked again: all of it, less the share that gives way to residents drawn anew."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")


def keep(panel: Sequence[T], rotate: float) -> tuple[Sequence[T], Sequence[T]]:
    """Part a stratum's panel, in the order of its tickets, into those asked again and those who may rest.

    The share `rotate` of them, half rounded up, gives way: the highest tickets, so that who stays is a simple random
    sample of the panel.

    >>> keep("abcdefg", 0.25)
    ('abcde', 'fg')
    """
    leaving = int(Fraction(str(rotate)) * len(panel) + Fraction(1, 2))
    return panel[: len(panel) - leaving], panel[len(panel) - leaving :]
