"""What each resident of the frame is to a draw: can be drawn, or why not."""

from __future__ import annotations

from surveys.campaign.plan import Audience
from surveys.sampling.frame import (
    AGE_UNKNOWN,
    CAPPED,
    DRAWABLE,
    NO_ADDRESS,
    OUTSIDE,
    PANEL,
    RESTED,
    STOPPED,
    UNDER_AGE,
)


def status_of(
    audience: Audience,
    stratum: str,
    area: str,
    age: str,
    *,
    stopped: bool,
    reached: bool,
    capped: bool,
    panel: bool,
    rested: bool,
) -> str:
    """Return what a resident is to the draw: can be drawn, or the first reason why not; `age` as `age_reason` says."""
    if not included(audience, stratum, area):
        return OUTSIDE
    if age:
        return age
    if stopped:
        return STOPPED
    if not reached:
        return NO_ADDRESS
    if capped:
        return CAPPED
    if panel:
        return PANEL
    return RESTED if rested else DRAWABLE


def included(audience: Audience, stratum: str, area: str) -> bool:
    """Whether somebody of this stratum and area belongs to the audience."""
    return (not audience.strata or stratum in audience.strata) and (not audience.areas or area in audience.areas)


def age_reason(audience: Audience, birth_year: int | None, year: int) -> str:
    """Return why age keeps somebody out, or ''. Only who has certainly had the birthday this `year` is of age."""
    if audience.minimum_age <= 0:
        return ""
    if birth_year is None:
        return AGE_UNKNOWN
    return "" if year - birth_year > audience.minimum_age else UNDER_AGE
