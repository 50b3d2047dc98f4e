"""Which cells of a breakdown are withheld, so that nobody's answer can be read off or worked out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from surveys.language import Message, message

#: A breakdown cell of fewer answers is not published.
SMALLEST_CELL = 10


class Withheld(StrEnum):
    """Why a cell shows no figures."""

    NOBODY = "nobody"
    SMALL = "small"
    COMPLEMENT = "complement"

    @property
    def words(self) -> Message:
        """The reason in words."""
        return WORDS[self]


WORDS: Mapping[Withheld, Message] = {
    Withheld.NOBODY: message("nobody answered"),
    Withheld.SMALL: message("withheld: fewer than {smallest} answers", smallest=SMALLEST_CELL),
    Withheld.COMPLEMENT: message("withheld to protect another group"),
}


def withheld_cells(sizes: Mapping[str, int], smallest: int = SMALLEST_CELL) -> Mapping[str, Withheld]:
    """Return the cells to withhold, each with its reason; `sizes` counts the answers of each cell.

    All cells and their sum are published together. If those withheld held fewer than `smallest` answers in all, the
    rest could be taken from the sum and their answers be left over, so the next smallest cell is withheld as well.
    """
    reasons = {name: Withheld.SMALL if size else Withheld.NOBODY for name, size in sizes.items() if size < smallest}
    hidden = sum(sizes[name] for name in reasons)
    if 0 < hidden < smallest:
        shown = [name for name in sizes if name not in reasons]
        if shown:
            reasons[min(shown, key=lambda name: sizes[name])] = Withheld.COMPLEMENT
    return reasons
