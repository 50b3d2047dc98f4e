"""What the scores of one campaign are made of."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.scoring.design import ScoringDesign
from surveys.scoring.selfscore import SelfScore
from surveys.statistics.analysis import AnalysisSet
from surveys.units.directory import Unit


@dataclass(frozen=True, slots=True)
class ScoringFacts:
    """One campaign as scoring reads it.

    `frozen` says whether the rule in `design` was fixed at launch; a draft, and a campaign launched before rules were
    frozen, is scored by what its form says now. `year` is the local one in which it closed or closes. `own` are the
    scores units gave themselves.
    """

    analysis: AnalysisSet
    design: ScoringDesign
    directory: tuple[Unit, ...]
    own: tuple[SelfScore, ...]
    year: int
    frozen: bool
