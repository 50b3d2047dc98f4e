"""What the scores of one campaign are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveys.scoring.design import ScoringDesign
from surveys.scoring.selfscore import SelfScore
from surveys.statistics.analysis import AnalysisSet
from surveys.units.directory import Unit


@dataclass(frozen=True, slots=True)
class ScoringFacts:
    """One campaign as scoring reads it.

    `frozen` says whether the rule in `design` was fixed at launch; a draft, and a campaign launched before rules were
    frozen, is scored by what its form says now. `directory` holds the units as they were at launch if `units_frozen`;
    those of a draft, and of a campaign launched before units were kept, are as they stand today. `year` is the local
    one in which it closed or closes. `own` are the scores units gave themselves. `again` belongs to an earlier
    campaign that another is compared with: it maps the running key of whoever was drawn both times from the earlier to
    the later one, and is None where that is not known.
    """

    analysis: AnalysisSet
    design: ScoringDesign
    directory: tuple[Unit, ...]
    own: tuple[SelfScore, ...]
    year: int
    frozen: bool
    units_frozen: bool
    again: Mapping[str, str] | None = None
