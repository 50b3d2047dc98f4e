"""Randomness that witnesses typed in: its one written form, and the seed that follows from it.

The form is that of RFC 3797: the numbers of a source each followed by a full stop, without leading zeros, the source
closed by a slash. Numbers stand in the order they were announced in. The seed is SHA-256 over that form in hexadecimal,
so that anyone can compute it: `printf '5.2.7./' | sha256sum`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from surveys.language import Message, message
from surveys.problem import Problem, Refused

#: What stands between two numbers as people type them: one sign, blanks around it or alone. Wide signs are made narrow.
_BETWEEN = re.compile(r"\s*[-–—,、。.·+;/]\s*|\s+")
#: Figures and signs as a Chinese keyboard gives them, U+FF01 to U+FF5E, and the plain ones they stand for.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HAN = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "001234567891" + "23456789")
_HAN_FIGURE = re.compile("[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]")
#: Ten, hundred and so on: 十一 may be one number or two, so that it is not guessed.
_HAN_TENS = re.compile("[十拾百佰千仟万萬廿卅两]")
_DICE = re.compile(r"\bdi(?:c?e)\b|骰|色子", re.IGNORECASE)
_COINS = re.compile(r"\bcoins?\b|硬币", re.IGNORECASE)
#: Fewest results that the public events together must have been able to give. With fewer, whoever fixes the frame
#: could try every sample beforehand and shape the frame until each of them suits.
FEWEST = 2**20
#: Longest number of a source: a stock index without its point, not a telephone number typed by mistake.
LONGEST = 18


@dataclass(frozen=True, slots=True)
class Source:
    """One public event, e.g. `七星彩 2026133期`, and the numbers it gave in the order they were announced.

    `figures` is how many figures each was written with, so that 07 counts as two; empty where that is not known.
    """

    name: str
    numbers: tuple[int, ...]
    figures: tuple[int, ...] = field(default=(), compare=False)

    @property
    def possibilities(self) -> int:
        """How many results the event could have given: 6 for a throw of dice, 2 for a coin, 10 for each figure."""
        faces = 6 if _DICE.search(self.name) else 2 if _COINS.search(self.name) else 10
        if faces < 10 and max(self.numbers) <= faces:
            return int(faces ** len(self.numbers))
        figures = self.figures or tuple(len(str(number)) for number in self.numbers)
        return int(10 ** sum(figures))


def read_source(name: str, digits: str) -> Source:
    """Read what was typed, e.g. `5-2-7`, `５－２－７` or `五-二-七`.

    Refused if those are no numbers, if a number is missing between two signs, if Chinese figures can be read in more
    than one way, or if the source has no name.
    """
    if not name.strip():
        raise _refused(message("The randomness has no source."), message('Name it: --source "七星彩 2026133期"'))
    typed = digits.translate(_NARROW).strip()
    if _HAN_TENS.search(typed) or (_HAN_FIGURE.search(typed) and re.search("[0-9]", typed)):
        raise _refused(
            message("{digits} can be read in more than one way.", digits=digits),
            message("Write them as they were announced in figures, e.g. --digits 5-2-7-0-4-1-11"),
        )
    parts = _BETWEEN.split(typed.translate(_HAN))
    if len(parts) > 1 and not all(parts):
        raise _refused(
            message("In {digits} a number is missing: a sign stands with no number beside it.", digits=digits),
            message("Write every number once with one sign between two, e.g. --digits 5-2-7-0-4-1-11"),
        )
    if not all(part.isascii() and part.isdigit() and len(part) <= LONGEST for part in parts):
        raise _refused(
            message("{digits} are not the numbers of a draw.", digits=digits or "''"),
            message("Write them as they were announced, e.g. --digits 5-2-7-0-4-1-11"),
        )
    return Source(" ".join(name.split()), tuple(map(int, parts)), tuple(map(len, parts)))


def possibilities(sources: Sequence[Source]) -> int:
    """Return how many results the events together could have given, if none of them is named twice."""
    return math.prod(source.possibilities for source in sources)


def refuse_few(sources: Sequence[Source]) -> None:
    """Refused if the events could have given so few results that every sample might have been tried beforehand."""
    count = possibilities(sources)
    if count < FEWEST:
        what = message(
            "The numbers are one of only {count} possible results; a draw that nobody can foresee needs {fewest}.",
            count=f"{count:,}",
            fewest=f"{FEWEST:,}",
        )
        fix = message(
            "Draw more numbers before the witnesses: 7 figures of a lottery (a second --source and --digits), or 8 "
            "throws of dice (dice or 骰子 in the name of the source)."
        )
        raise Refused([Problem("too_few_numbers", what, fix, field="digits")])


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
