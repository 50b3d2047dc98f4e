"""Randomness that witnesses typed in: its one written form, and the seed that follows from it.

The form is that of RFC 3797: the numbers of a source each followed by a full stop, without leading zeros, the source
closed by a slash. Numbers stand in the order they were announced in. The seed is SHA-256 over that form in hexadecimal,
so that anyone can compute it: `printf '5.2.7./' | sha256sum`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from surveys.language import Message, message
from surveys.problem import Problem, Refused

#: What stands between two numbers as people type them; a blank and a comma of either language do.
_BETWEEN = re.compile(r"[-\s,,、.·+;;/]+")
#: Longest number of a source: a stock index without its point, not a telephone number typed by mistake.
LONGEST = 18


@dataclass(frozen=True, slots=True)
class Source:
    """One public event, e.g. `福彩3D 2026321期`, and the numbers it gave in the order they were announced."""

    name: str
    numbers: tuple[int, ...]


def read_source(name: str, digits: str) -> Source:
    """Read what was typed, e.g. `5-2-7`; Refused if those are no numbers or the source has no name."""
    parts = [part for part in _BETWEEN.split(digits.strip()) if part]
    if not name.strip():
        raise _refused(message("The randomness has no source."), message('Name it: --source "福彩3D 2026321期"'))
    if not parts or not all(part.isascii() and part.isdigit() and len(part) <= LONGEST for part in parts):
        raise _refused(
            message("{digits} are not the numbers of a draw.", digits=digits or "''"),
            message("Write them as they were announced, e.g. --digits 5-2-7"),
        )
    return Source(" ".join(name.split()), tuple(map(int, parts)))


def canonical(sources: Sequence[Source]) -> str:
    """Return the one form of the numbers.

    >>> canonical([Source("a", (9319,)), Source("b", (2, 5, 8, 10, 12)), Source("c", (9, 18, 26, 34, 41, 45))])
    '9319./2.5.8.10.12./9.18.26.34.41.45./'
    """
    return "".join("".join(f"{number}." for number in source.numbers) + "/" for source in sources)


def seed_of(key: str) -> str:
    """Return the seed that follows from the canonical form: 64 hexadecimal digits."""
    return sha256(key.encode()).hexdigest()


def _refused(what: Message, fix: Message) -> Refused:
    return Refused([Problem("bad_randomness", what, fix, field="digits")])
