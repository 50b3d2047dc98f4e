"""Whether a figure without some respondents may stand beside that of everybody: not where a few could be worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from surveys.language import Message, message
from surveys.statistics.disclosure import SMALLEST_CELL

#: Why a figure without some of the respondents is not shown.
FEW_LEFT = message("withheld: fewer than {smallest} are left", smallest=SMALLEST_CELL)
FEW_FLAGGED = message(
    "withheld: what the fewer than {smallest} left out said could be worked out", smallest=SMALLEST_CELL
)
FEW_APART = message(
    "withheld: beside the other figures, what fewer than {smallest} said could be worked out", smallest=SMALLEST_CELL
)
#: The figure would rest on the same answers: it could differ by weights alone, and tell what a small stratum said.
NOBODY_LEFT_OUT = message("the same: none of those who answered here is left out")


def why_not_beside(everybody: int, left_out: int) -> Message | None:
    """Return why a figure without `left_out` of the `everybody` it rests on is not shown, None if it may be.

    It and the figure of everybody differ by what those left out said. Where nobody is left out the two would differ
    only by the weights of the strata, which is no effect of the answers, and from which a small stratum's answers
    would follow.
    """
    if everybody - left_out < SMALLEST_CELL:
        return FEW_LEFT
    if not left_out:
        return NOBODY_LEFT_OUT
    return FEW_FLAGGED if left_out < SMALLEST_CELL else None


def few_apart(everybody: Collection[str], shown: Sequence[Collection[str]]) -> bool:
    """Whether figures without each of the sets `shown` part `everybody` into groups of which one is small.

    Any sum of such figures is one over whole groups; where none is small, none tells what a few said.
    """
    groups = Counter(tuple(key in some for some in shown) for key in everybody)
    return any(size < SMALLEST_CELL for size in groups.values())
