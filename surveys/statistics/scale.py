"""How a rated question's options fall into satisfied, neutral, dissatisfied and don't-know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.statistics.figures import OptionFigures


@dataclass(frozen=True, slots=True)
class Scale:
    """The options of a rated question in the form's order, from best to worst, don't-know apart."""

    positive: tuple[OptionFigures, ...]
    neutral: tuple[OptionFigures, ...]
    negative: tuple[OptionFigures, ...]
    dont_know: tuple[OptionFigures, ...]


def scale_of(options: Sequence[OptionFigures]) -> Scale:
    """Split options around the neutral one.

    The form says which options are satisfied. If more options are left than were satisfied, the first of them is the
    middle of the scale (满意 比较满意 | 一般 | 不太满意 不满意); with as many on either side there is no middle.
    """
    opinions = [option for option in options if not option.dont_know]
    positive = [option for option in opinions if option.satisfied]
    rest = [option for option in opinions if not option.satisfied]
    middle = 1 if len(rest) > len(positive) else 0
    return Scale(
        positive=tuple(positive),
        neutral=tuple(rest[:middle]),
        negative=tuple(rest[middle:]),
        dont_know=tuple(option for option in options if option.dont_know),
    )
