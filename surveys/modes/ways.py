"""How answers came: interviews by way of answering, and those in which somebody else read or wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from surveys.dialogue.interview import Mode
from surveys.statistics.design import Design, Margin
from surveys.statistics.disclosure import Withheld, withheld_cells
from surveys.statistics.estimates import NOTHING, OVERALL, Estimate, Survey

if TYPE_CHECKING:
    from surveys.statistics.answers import Weighted

#: The columns of those who had help, and of those who had none.
_HELPED, _ALONE = "helped", "alone"


@dataclass(frozen=True, slots=True)
class Way:
    """The interviews that came in one way (a Mode value), or with help in any way (empty): `n` of them.

    `assisted` counts those of them in which a relative or somebody else read or wrote. `share` is their weighted share
    of all interviews, absent where `withheld` says why.
    """

    mode: str
    n: int
    assisted: int
    share: Estimate | None = None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """The complete and partial interviews by way of answering, and `assisted`, those with help in whatever way."""

    by_mode: tuple[Way, ...]
    assisted: Way

    @property
    def several(self) -> bool:
        """Whether there is more to tell than that everybody answered alone, in the chat."""
        return bool(self.assisted.n) or any(way.mode != Mode.SELF.value for way in self.by_mode)


def ways_of_answering(people: Sequence[Weighted], margins: tuple[Margin, ...] = ()) -> Ways:
    """Return the ways interviews came in, in the order of Mode; shares of small cells are withheld, sizes told.

    Shares and errors are those of any other figure: of the whole design, with `margins` of calibrated weights.
    """
    modes = [person.respondent.mode for person in people]
    helped = [person.respondent.helped for person in people]
    counted, with_help = Counter(modes), Counter(mode for mode, one in zip(modes, helped, strict=True) if one)
    names = sorted(counted, key=order)
    columns: dict[str, Sequence[float | None]] = {_HELPED: [float(one) for one in helped]}
    columns |= {f"mode {name}": [float(mode == name) for mode in modes] for name in names}
    design = replace(Design.of([person.unit for person in people]), margins=margins)
    shares = Survey(design, columns).shares(columns) if people else {}

    def way(name: str, n: int, assisted: int, column: str, withheld: Withheld | None) -> Way:
        share = None if withheld else shares.get(column, {}).get(OVERALL, NOTHING)
        return Way(name, n, assisted, share, withheld)

    hidden = withheld_cells(counted)
    total = with_help.total()
    hidden_help = withheld_cells({_HELPED: total, _ALONE: len(people) - total})
    return Ways(
        tuple(way(name, counted[name], with_help[name], f"mode {name}", hidden.get(name)) for name in names),
        way("", total, total, _HELPED, hidden_help.get(_HELPED)),
    )


def order(mode: str) -> tuple[int, str]:
    """Return where a mode stands among the others; unknown ones come last, by name."""
    names = [known.value for known in Mode]
    return (names.index(mode) if mode in names else len(names), mode)
