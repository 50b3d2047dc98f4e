"""Whom an awareness message goes to: an audience apart from everybody who is drawn for a survey in the field."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from surveys.campaign.plan import Audience
from surveys.sampling.eligibility import age_reason, included
from surveys.sampling.frame import NO_ADDRESS, STOPPED
from surveys.sampling.tickets import ticket

#: Why somebody of the audience gets no message of their own: another resident of the number gets it.
DRAWN, SAME_NUMBER = "drawn", "same_number"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One resident of the frame who may get the message; `address` is the number they are reached at, if any."""

    pseudonym: str
    resident: int
    stratum: str
    area: str = ""
    birth_year: int | None = None
    address: int | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who gets the message, in the order of their tickets, and who does not, by reason."""

    chosen: tuple[Candidate, ...] = ()
    left_out: dict[str, tuple[int, ...]] = field(default_factory=dict)  # reason -> residents


def recipients(
    frame: Iterable[Candidate],
    *,
    audience: Audience,
    year: int,
    campaign: str,
    seed: str,
    drawn: Collection[int],
) -> Recipients:
    """Choose one resident per number from the audience.

    Nobody is chosen whose number is in `drawn`: somebody drawn would read the message there too.
    """
    chosen: list[tuple[bytes, Candidate]] = []
    out: dict[str, list[int]] = {}
    for candidate in frame:
        if not included(audience, candidate.stratum, candidate.area):
            continue
        reason = age_reason(audience, candidate.birth_year, year)
        if not reason:
            reason = _unreached(candidate, drawn)
        if reason:
            out.setdefault(reason, []).append(candidate.resident)
        else:
            chosen.append((ticket(seed, campaign, "", candidate.pseudonym), candidate))
    chosen.sort(key=lambda pair: (pair[0], pair[1].pseudonym))
    taken: set[int | None] = set()
    first = []
    for _, candidate in chosen:
        if candidate.address in taken:
            out.setdefault(SAME_NUMBER, []).append(candidate.resident)
        else:
            taken.add(candidate.address)
            first.append(candidate)
    return Recipients(tuple(first), {reason: tuple(sorted(who)) for reason, who in sorted(out.items())})


def _unreached(candidate: Candidate, drawn: Collection[int]) -> str:
    if candidate.stopped:
        return STOPPED
    if candidate.address is None:
        return NO_ADDRESS
    return DRAWN if candidate.address in drawn else ""
