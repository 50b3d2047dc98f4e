"""Grades and pass marks, judged with the uncertainty a score has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from surveys.language import Message, message
from surveys.scoring.rule import Band
from surveys.statistics.estimates import Estimate


class Standing(StrEnum):
    """Where a score stands to a pass mark: below or not below as far as 95 % intervals can tell."""

    BELOW = "below"
    NOT_SHOWN_BELOW = "not_shown_below"
    ABOVE = "above"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A score against a pass mark."""

    mark: float
    standing: Standing

    @property
    def words(self) -> Message:
        """The verdict in words."""
        mark = f"{self.mark:g}"
        match self.standing:
            case Standing.BELOW:
                return message("below {mark} with confidence", mark=mark)
            case Standing.NOT_SHOWN_BELOW:
                return message("not shown to be below {mark}", mark=mark)
            case Standing.ABOVE:
                return message("{mark} or above with confidence", mark=mark)
            case Standing.UNKNOWN:
                return message("not judged against {mark}: no score with an interval", mark=mark)


def judge(estimate: Estimate, mark: float) -> Verdict:
    """Judge a score by its 95 % interval: wholly below the mark, wholly at or above it, or neither."""
    if estimate.low is None or estimate.high is None:
        return Verdict(mark, Standing.UNKNOWN)
    if estimate.high < mark:
        return Verdict(mark, Standing.BELOW)
    return Verdict(mark, Standing.ABOVE if estimate.low >= mark else Standing.NOT_SHOWN_BELOW)


def band_of(bands: Sequence[Band], value: float) -> Band | None:
    """Return the band of a value, the worst one below all; None without bands. `bands` stand from best to worst."""
    # A mean of 85 must not miss its band by the last bit of a weighted sum.
    return next((band for band in bands if value >= band.least - 1e-9), bands[-1] if bands else None)


def is_in(bands: Sequence[Band], band: Band, estimate: Estimate) -> bool:
    """Return whether the whole interval lies in the band."""
    if estimate.low is None or estimate.high is None:
        return False
    return band_of(bands, estimate.low) == band == band_of(bands, estimate.high)
