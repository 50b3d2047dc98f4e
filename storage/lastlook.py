"""The last look at a message before its attempt: whether it may go now, and until when it is worth delivering."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage.failure import Failure
from storage.gates import Limits
from surveys.campaign.contact import closing, next_opening
from surveys.campaign.office import Office
from surveys.campaign.plan import CampaignState
from surveys.consent.consent import Consent

#: The priority of messages nobody has asked for.
BULK = 1


def verdict(row: Any, campaign: Any, office: Office, limits: Limits, now: datetime) -> str | datetime | Failure:
    """Return '' to send, a reason to cancel, the instant to wait for, or why it cannot go by this channel."""
    if row.expires_at is not None and row.expires_at <= now:
        return "expired"
    outside = limits.window is not None and not (
        row.heard_by == row.channel and row.heard_at is not None and now - row.heard_at < limits.window
    )
    if row.priority != BULK:
        # What was on its way when its resident opted out is not tried again; the confirmation is of no interview.
        if row.consent == Consent.STOPPED.value and row.interview_id:
            return "stopped"
        return Failure.UNREACHABLE if outside else ""
    about_case = bool(row.case_id)
    if row.consent is not None and not Consent(row.consent).allows(about_case=about_case):
        return "stopped"
    zone, opens, closes = _day(campaign if not about_case else None, office)
    if campaign is not None and not about_case and campaign[0] == CampaignState.CLOSED.value:
        return "closed"
    if outside:
        return Failure.UNREACHABLE
    opening = next_opening(now, zone, opens, closes)
    return opening if opening > now else ""


def _day(campaign: Any, office: Office) -> tuple[str, Any, Any]:
    """Return zone, opening and closing time of the day in which unasked messages may be sent."""
    if campaign is None:
        return office.zone, office.day_opens, office.day_closes
    plan = campaign[1]
    return plan.zone, plan.day_opens, plan.day_closes


def valid_until(row: Any, campaign: Any, office: Office, now: datetime, wall: datetime) -> datetime | None:
    """Return until when delivering is of use, by the machine's clock; what nobody asked for not in quiet hours."""
    ends = row.expires_at
    if row.priority == BULK:
        zone, _, closes = _day(campaign if not row.case_id else None, office)
        day = closing(now, zone, closes)
        ends = min(ends, day) if ends else day
    return wall + (ends - now) if ends else None
