"""What became of every sampled person, from what happened to them and what staff were told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.events import record
from storage.saying import UNSENT
from storage.tables.campaigns import sample
from storage.tables.cases import events
from storage.tables.dispositions import told_dispositions
from storage.tables.messages import outbox
from storage.tables.registry import micros
from storage.tables.residents import resident_addresses
from storage.tables.talks import wakes
from storage.vault import Vault
from surveys.campaign.plan import Plan
from surveys.dialogue.interview import Stage
from surveys.dialogue.turn import Event
from surveys.statistics.dispositions import Disposition

#: What may have become of a message, from the worst to the best.
DELIVERIES = ("cancelled", "due", "attempting", "unknown", "dead", "failed", "accepted", "delivered")
#: What is not started any more for somebody of whom staff were told.
ASKING = ("invite", "remind", "resume", "failover")


def disposition(
    talk: Any, plan: Plan, *, applicable: int, delivery: str, confirmed: bool, late: int, stopped: bool = False
) -> Disposition:
    """Return the AAPOR code of one released resident; answers after the close do not count towards completion.

    `talk` is a row of interviews or None; `applicable` how many questions apply to the resident as far as the
    answers tell, reached or not (AAPOR counts all of them); `delivery` the best state of what was sent ('' for
    nothing); `confirmed` whether the resident is known to be reached at the number; `stopped` whether they had opted
    out after the draw, before they could be invited.
    """
    if talk is None:
        return Disposition.REFUSED if stopped else Disposition.NOTHING_BACK
    share = (talk.answered - late) / applicable if applicable else 0.0
    if share >= plan.complete_share and (talk.stage == Stage.COMPLETE.value or share >= 1):
        return Disposition.COMPLETE
    if talk.stage == Stage.COMPLETE.value and share >= plan.partial_share:
        return Disposition.PARTIAL
    if share >= plan.partial_share and talk.answered > 1:
        return Disposition.PARTIAL
    if talk.stage == Stage.DECLINED.value:
        return Disposition.REFUSED
    if talk.stage == Stage.WRONG_PERSON.value:
        return Disposition.UNDELIVERED
    if talk.answered:
        return Disposition.BREAK_OFF
    if delivery == "failed":
        return Disposition.UNDELIVERED
    return Disposition.NO_REPLY if confirmed and delivery == "delivered" else Disposition.NOTHING_BACK


def deliveries(connection: Connection, campaign: str) -> Mapping[int, str]:
    """Return the best that became of a campaign's messages, by resident."""
    rows = connection.execute(
        select(outbox.c.resident_id, outbox.c.state).where(outbox.c.campaign_id == campaign).distinct()
    )
    best: dict[int, str] = {}
    for resident, state in rows:
        if resident not in best or DELIVERIES.index(state) > DELIVERIES.index(best[resident]):
            best[resident] = state
    return best


def confirmed_since(connection: Connection, campaign: str) -> Mapping[int, datetime]:
    """Return since when drawn residents are known to be reached at one of their addresses."""
    rows = connection.execute(
        select(resident_addresses.c.resident_id, resident_addresses.c.confirmed_at)
        .join(sample, sample.c.resident_id == resident_addresses.c.resident_id)
        .where(sample.c.campaign_id == campaign, resident_addresses.c.confirmed_at.is_not(None))
    )
    first: dict[int, datetime] = {}
    for resident, at in rows:
        first[resident] = min(at, first.get(resident, at))
    return first


def stopped_before(connection: Connection, campaign: str) -> Mapping[int, datetime]:
    """Return who had opted out by the time they were to be invited, and when that was."""
    rows = connection.execute(
        select(events.c.resident_id, events.c.at, events.c.data)
        .where(events.c.campaign_id == campaign, events.c.kind == "InvitationWithheld")
        .order_by(events.c.id)
    )
    return {resident: at for resident, at, data in rows if json.loads(data)["reason"] == "stopped"}


def told(connection: Connection, campaign: str) -> Mapping[int, str]:
    """Return the code staff were told last, by resident; what was taken back is left out."""
    rows = connection.execute(
        select(told_dispositions.c.resident_id, told_dispositions.c.code)
        .where(told_dispositions.c.campaign_id == campaign)
        .order_by(told_dispositions.c.id)
    )
    newest = {row.resident_id: row.code for row in rows}
    return {resident: code for resident, code in newest.items() if code}


def tell(  # noqa: PLR0917 - of whom, what, why, by whom, when
    connection: Connection,
    vault: Vault,
    campaign: str,
    resident: int,
    code: str,
    reason: str,
    actor: str,
    now: datetime,
) -> bool:
    """Record what staff were told of a released resident; False if the campaign has none such.

    A code of '' takes back what was told before. With any other nothing more is sent to them about the campaign: no
    phone of somebody who has died is reminded. What they say themselves is still heard.
    """
    drawn = connection.execute(
        select(sample.c.pseudonym).where(
            sample.c.campaign_id == campaign, sample.c.resident_id == resident, sample.c.released_at.is_not(None)
        )
    ).first()
    if drawn is None:
        return False
    row = reason_row(campaign, resident, now)
    connection.execute(
        insert(told_dispositions).values(
            campaign_id=campaign,
            resident_id=resident,
            code=code,
            reason=vault.seal("told_dispositions.reason", row, reason),
            actor=actor,
            at=now,
        )
    )
    if code:
        _call_off(connection, campaign, resident)
    data = {"code": code}
    record(connection, [Event("DispositionTold", now, resident=resident, campaign=campaign, actor=actor, data=data)])
    return True


def reason_row(campaign: str, resident: int, at: datetime) -> str:
    """Return what a sealed reason is bound to."""
    return f"{campaign}|{resident}|{micros(at)}"


def _call_off(connection: Connection, campaign: str, resident: int) -> None:
    """Cancel what was still to be sent to a resident about the campaign, and to be asked; their cases go on."""
    connection.execute(
        update(outbox)
        .where(
            outbox.c.campaign_id == campaign,
            outbox.c.resident_id == resident,
            outbox.c.case_id == "",
            outbox.c.state.in_(UNSENT),
        )
        .values(state="cancelled", error="told")
    )
    connection.execute(
        update(wakes)
        .where(
            wakes.c.campaign_id == campaign,
            wakes.c.resident_id == resident,
            wakes.c.state == "due",
            wakes.c.kind.in_(ASKING),
        )
        .values(state="stale")
    )
