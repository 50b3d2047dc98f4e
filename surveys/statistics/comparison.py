"""Which groups differ beyond chance, and which must be called tied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.statistics.estimates import Estimate


@dataclass(frozen=True, slots=True)
class Standing:
    """The groups whose interval lies wholly below (`above` them) or wholly above (`below` them) this group's."""

    above: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def tied(self) -> bool:
        """Whether this group is not distinguishable from any other."""
        return not (self.above or self.below)


def standings(groups: Mapping[str, Estimate]) -> Mapping[str, Standing]:
    """Compare every group with every other by their 95 % intervals; groups without an interval are left out.

    Two 95 % intervals that do not meet differ at about p < 0.006 where errors are alike, which leaves room for looking
    at several pairs. Where intervals meet, nothing is claimed: there is no ranking.
    """
    bounds = {name: (e.low, e.high) for name, e in groups.items() if e.low is not None and e.high is not None}
    return {
        name: Standing(
            above=tuple(other for other, (_, top) in bounds.items() if top < low),
            below=tuple(other for other, (bottom, _) in bounds.items() if bottom > high),
        )
        for name, (low, high) in bounds.items()
    }
