"""Frames for tests: made of residents written down one by one, and drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from surveys.campaign import publicity
from surveys.campaign.plan import Audience, SampleDesign
from surveys.sampling.draw import Assembled, Drawn, assemble_rows, members_of, select
from surveys.sampling.eligibility import age_reason, status_of


@dataclass(frozen=True, slots=True)
class Candidate(publicity.Candidate):
    """One resident of the frame as a draw sees them.

    `capped`: written to as often as is bearable. `rested`: asked in one of the last campaigns. `panel`: asked in the
    campaign whose panel is asked again.
    """

    capped: bool = False
    rested: bool = False
    panel: bool = False


def assemble(candidates: Iterable[Candidate], audience: Audience, year: int) -> Assembled:
    """Return the frame of `candidates`; `year` decides who is of age."""
    rows = [
        (
            candidate.pseudonym,
            candidate.stratum,
            status_of(
                audience,
                candidate.stratum,
                candidate.area,
                age_reason(audience, candidate.birth_year, year),
                stopped=candidate.stopped,
                reached=candidate.address is not None,
                capped=candidate.capped,
                panel=candidate.panel,
                rested=candidate.rested,
            ),
            candidate.address,
            candidate.resident,
            candidate.area,
        )
        for candidate in candidates
    ]
    return assemble_rows(rows)


def drawn_of(assembled: Assembled, design: SampleDesign, draw: str) -> Drawn:
    """Draw from an assembled frame."""
    found = select(assembled.frame, design, draw)
    return Drawn(members_of(assembled, found), found.exclusions, found.allocation, found.problems, found.kept)
