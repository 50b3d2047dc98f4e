"""Straight-lining: the longest run of one answer, and how much a respondent's ratings vary.

`longest_run` is the longstring of Johnson (2005), `variability` the intra-individual response variability of Dunn,
Heggestad, Shanock and Theilgard (2018): the standard deviation, divisor n - 1, of one person's ratings.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import groupby
from math import sqrt

from surveys.language import message
from surveys.quality.flag import RESPONDENTS, Check, Flag, FlagKind
from surveys.quality.interviews import Interview

#: Fewer ratings show no pattern.
FEWEST = 6
#: This share of all ratings in one run.
LONG = 0.8
#: Less variability than this, in steps of the scale: one answer a step away among 16 others has 0.243.
FLAT = 0.25


def straight_lining(people: Sequence[Interview]) -> Check:
    """Return who gave nearly the same answer to all ratings; no opinion counts as an answer of its own."""
    flags = []
    tested = 0
    for person in people:
        if len(person.marks) < FEWEST:
            continue
        tested += 1
        steps = [mark.step for mark in person.marks if mark.step is not None]
        run = longest_run(mark.value if mark.step is None else mark.step for mark in person.marks)
        spread = variability(steps)
        flat = spread is not None and len(steps) >= FEWEST and spread < FLAT
        if run < LONG * len(person.marks) and not flat:
            continue
        numbers: dict[str, float | str] = {"ratings": len(person.marks), "longest_run": run}
        if spread is not None:
            numbers["variability"] = spread
        evidence = message("{run} of {n} ratings in a row are the same.", run=run, n=len(person.marks))
        if run < LONG * len(person.marks):
            evidence = message(
                "{n} ratings vary by {spread} steps of the scale (standard deviation).",
                n=len(steps),
                spread=f"{spread:.2f}",
            )
        flags.append(Flag(FlagKind.STRAIGHT_LINING, evidence, numbers, (person.key,)))
    return Check(
        kind=FlagKind.STRAIGHT_LINING,
        rule=message(
            "At least {fewest} ratings, of which {percent} % or more are one and the same answer in a row; or they "
            "vary by less than {flat} steps of the scale (standard deviation).",
            fewest=FEWEST,
            percent=f"{100 * LONG:.0f}",
            flat=FLAT,
        ),
        of=RESPONDENTS,
        looked_at=tested,
        flags=tuple(flags),
        untested=None if tested else message("Nobody gave {fewest} ratings or more.", fewest=FEWEST),
    )


def longest_run(answers: Iterable[Hashable]) -> int:
    """Return the length of the longest run of equal answers, 0 for none."""
    return max((sum(1 for _ in run) for _, run in groupby(answers)), default=0)


def variability(steps: Sequence[float]) -> float | None:
    """Return the standard deviation of one person's ratings, None for fewer than two."""
    n = len(steps)
    if n < 2:
        return None
    mean = sum(steps) / n
    return sqrt(sum((step - mean) ** 2 for step in steps) / (n - 1))
