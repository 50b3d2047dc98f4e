"""What goes out: claimed in order per address, an attempt committed before the call, outcomes settled by evidence.

Two clocks: `now` is the service's (perhaps scaled), `wall` the machine's, for leases on network calls.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, text, update

from storage.campaigns import read_plan
from storage.tables.campaigns import campaigns
from storage.tables.messages import outbox
from storage.tables.residents import addresses, residents
from storage.vault import KeyFault, Vault
from surveys.campaign.contact import next_opening
from surveys.campaign.office import Office
from surveys.campaign.plan import CampaignState
from surveys.consent.consent import Consent

#: A call that has not returned after this long is no longer believed to be under way.
LEASE = timedelta(seconds=60)
#: How long after an unclear outcome, and how often, the provider is asked for evidence.
EVIDENCE_AFTER = timedelta(seconds=5)
EVIDENCE_FOR = timedelta(minutes=10)
ARRIVES = timedelta(seconds=2)
#: Tries before a message that certainly was not sent is put aside for staff.
TRIES = 6
FIRST_PAUSE = timedelta(seconds=15)
BULK = 1


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message whose attempt is committed: it must be sent now, once, and its outcome settled."""

    id: int
    channel: str
    attempt: str
    address: str
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: accepted, not_sent (try again), refused (never will be), unknown."""

    id: int
    attempt: str
    state: str
    provider_id: str = ""
    reason: str = ""


def claim(
    connection: Connection, vault: Vault, office: Office, *, now: datetime, wall: datetime, limit: int
) -> list[Claimed]:
    """Claim up to `limit` messages for sending and commit the attempt with the caller's transaction.

    Bulk messages are looked at once more: consent, campaign still open, quiet hours, worth sending still.
    """
    while rows := connection.execute(_DUE, {"now": now, "most": limit}).all():
        claimed = _claim_rows(connection, vault, office, rows, now=now, wall=wall)
        if claimed:
            return claimed
        # What was called off or put back stood in front of something that may go now.
    return []


def _claim_rows(
    connection: Connection, vault: Vault, office: Office, rows: Sequence[Any], *, now: datetime, wall: datetime
) -> list[Claimed]:
    plans = _plans(connection, {row.campaign_id for row in rows})
    claimed: list[Claimed] = []
    marks: list[dict[str, Any]] = []
    for row in rows:
        verdict = _verdict(row, plans.get(row.campaign_id), office, now)
        if isinstance(verdict, datetime):
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(due_at=verdict))
            continue
        if verdict:
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(state="cancelled", error=verdict))
            continue
        attempt = vault.name("attempt", row.key, row.attempts, length=24)
        try:
            body = json.loads(vault.open("outbox.body", row.key, row.body))
            address = vault.open("addresses.value", row.blind.hex(), row.value)
        except KeyFault as fault:  # one row that does not open must not hold up the others
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(state="dead", error=str(fault)[:255]))
            continue
        claimed.append(Claimed(row.id, row.channel, attempt, address, body["text"], tuple(body["options"])))
        marks.append({"of": row.id, "attempt": attempt, "wall": wall, "lease": wall + LEASE})
    if marks:
        connection.execute(_ATTEMPT, marks)
    return claimed


def _plans(connection: Connection, ids: set[str]) -> dict[str, Any]:
    wanted = sorted(ids - {""})
    if not wanted:
        return {}
    rows = connection.execute(
        select(campaigns.c.id, campaigns.c.state, campaigns.c.plan).where(campaigns.c.id.in_(wanted))
    )
    return {row.id: (row.state, read_plan(row.plan)) for row in rows}


def _verdict(row: Any, campaign: Any, office: Office, now: datetime) -> str | datetime:
    """Return '' to send, a reason to cancel, or the instant to wait for."""
    if row.expires_at is not None and row.expires_at <= now:
        return "expired"
    if row.priority != BULK:
        # What was on its way when its resident opted out is not tried again; the confirmation is of no interview.
        return "stopped" if row.consent == Consent.STOPPED.value and row.interview_id else ""
    about_case = bool(row.case_id)
    if row.consent is not None and not Consent(row.consent).allows(about_case=about_case):
        return "stopped"
    zone, opens, closes = office.zone, office.day_opens, office.day_closes
    if campaign is not None and not about_case:
        state, plan = campaign
        if state == CampaignState.CLOSED.value:
            return "closed"
        zone, opens, closes = plan.zone, plan.day_opens, plan.day_closes
    opening = next_opening(now, zone, opens, closes)
    return opening if opening > now else ""


def settle(connection: Connection, outcomes: Sequence[Outcome], *, now: datetime, wall: datetime) -> None:
    """Write how attempts ended. A receipt that came first has the better word and is not undone."""
    by_state: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for outcome in outcomes:
        row: dict[str, Any] = {"of": outcome.id, "attempt_was": outcome.attempt}
        if outcome.state == "accepted":
            row |= {"provider_id": outcome.provider_id, "now": now}
        elif outcome.state == "refused":
            row |= {"error": outcome.reason[:255]}
        elif outcome.state == "not_sent":
            tried = connection.execute(select(outbox.c.attempts).where(outbox.c.id == outcome.id)).scalar() or 1
            dead = tried >= TRIES
            pause = FIRST_PAUSE * 2 ** min(tried - 1, 8)
            row |= {"error": outcome.reason[:255], "state": "dead" if dead else "due", "due": now + pause}
        else:
            row |= {"error": outcome.reason[:255], "lease": wall + EVIDENCE_AFTER}
        by_state[outcome.state].append(row)
    for state, rows in by_state.items():
        connection.execute(_SETTLE[state], rows)


def unclear(connection: Connection, vault: Vault, *, wall: datetime, limit: int) -> list[Claimed]:
    """Return messages whose attempt has an unclear outcome and is due for a question to the provider.

    An attempt whose lease has run out (its process died) becomes unknown here; one that no evidence settles in
    EVIDENCE_FOR from when it became unclear is put aside for staff, never repeated.
    """
    connection.execute(_LAPSED, {"wall": wall})
    connection.execute(_HOPELESS, {"since": wall - EVIDENCE_FOR})
    rows = connection.execute(_UNKNOWN, {"wall": wall, "most": limit}).all()
    if rows:
        again = [{"of": row.id, "lease": wall + EVIDENCE_AFTER} for row in rows]
        connection.execute(_ASK_LATER, again)
    return [
        Claimed(
            row.id,
            row.channel,
            row.attempt,
            vault.open("addresses.value", row.blind.hex(), row.value),
            "",
            (),
        )
        for row in rows
    ]


def lapse(connection: Connection, wall: datetime) -> int:
    """At the start of the one process of an embedded service: attempts of the former one have unclear outcomes.

    The provider is asked a moment later: what the dead process had already written to its socket may still arrive.
    """
    return connection.execute(_LAPSE_ALL, {"wall": wall + ARRIVES}).rowcount


def next_due(connection: Connection) -> datetime | None:
    """Return when the next message is due, None if none is waiting."""
    found: datetime | None = connection.execute(select(func.min(outbox.c.due_at)).where(text("state = 'due'"))).scalar()
    return found


_other = outbox.alias("other")
# One call at a time to an address, in the order of what was said; but replies go before bulk messages (a paused
# campaign must not hold up an answer to its resident). The states stand as literals so that SQLite can use its
# partial indexes.
_BLOCKED = (
    select(text("1"))
    .select_from(_other)
    .where(
        _other.c.address_id == outbox.c.address_id,
        _other.c.id != outbox.c.id,
        text("other.state IN ('due', 'attempting', 'unknown')"),
        or_(
            text("other.state <> 'due'"),
            _other.c.priority < outbox.c.priority,
            and_(_other.c.priority == outbox.c.priority, _other.c.id < outbox.c.id),
        ),
    )
    .correlate(outbox)
    .exists()
)
_DUE = (
    select(
        outbox.c.id,
        outbox.c.key,
        outbox.c.channel,
        outbox.c.priority,
        outbox.c.body,
        outbox.c.attempts,
        outbox.c.expires_at,
        outbox.c.campaign_id,
        outbox.c.interview_id,
        outbox.c.case_id,
        addresses.c.blind,
        addresses.c.value,
        residents.c.consent,
    )
    .join(addresses, addresses.c.id == outbox.c.address_id)
    .outerjoin(residents, residents.c.id == outbox.c.resident_id)
    .outerjoin(campaigns, campaigns.c.id == outbox.c.campaign_id)
    .where(
        text("outbox.state = 'due'"),
        outbox.c.due_at <= bindparam("now"),
        or_(
            outbox.c.priority != BULK,
            outbox.c.case_id != "",  # a case does not rest with the campaign it came up in
            campaigns.c.state.is_(None),
            campaigns.c.state != CampaignState.PAUSED.value,
        ),
        ~_BLOCKED,
    )
    .order_by(outbox.c.priority, outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_ATTEMPT = (
    update(outbox)
    .where(outbox.c.id == bindparam("of"))
    .values(
        state="attempting",
        attempt=bindparam("attempt"),
        attempts=outbox.c.attempts + 1,
        attempted_at=bindparam("wall"),
        lease_until=bindparam("lease"),
    )
)
_MINE = (outbox.c.id == bindparam("of"), outbox.c.attempt == bindparam("attempt_was"))
_OPEN = text("state IN ('attempting', 'unknown')")
_SETTLE: dict[str, Any] = {
    "accepted": update(outbox)
    .where(*_MINE, _OPEN)
    .values(state="accepted", provider_id=bindparam("provider_id"), sent_at=bindparam("now"), error=""),
    "refused": update(outbox).where(*_MINE, _OPEN).values(state="failed", error=bindparam("error")),
    "not_sent": update(outbox)
    .where(*_MINE, _OPEN)
    .values(state=bindparam("state"), due_at=bindparam("due"), error=bindparam("error")),
    "unknown": update(outbox)
    .where(*_MINE, _OPEN)
    .values(state="unknown", lease_until=bindparam("lease"), error=bindparam("error")),
}
_LAPSED = (
    update(outbox)
    .where(text("state = 'attempting'"), outbox.c.lease_until < bindparam("wall"))
    .values(state="unknown", attempted_at=bindparam("wall"), error="the sending process ended")
)
# However long the service was down, the provider is asked before a message is put aside: the time for it begins now.
_LAPSE_ALL = (
    update(outbox)
    .where(text("state IN ('attempting', 'unknown')"))
    .values(
        state="unknown",
        attempted_at=bindparam("wall"),
        lease_until=bindparam("wall"),
        error="the sending process ended",
    )
)
_HOPELESS = (
    update(outbox)
    .where(text("state = 'unknown'"), outbox.c.attempted_at < bindparam("since"))
    .values(state="dead", error="the provider cannot say whether it was sent")
)
_UNKNOWN = (
    select(outbox.c.id, outbox.c.channel, outbox.c.attempt, addresses.c.blind, addresses.c.value)
    .join(addresses, addresses.c.id == outbox.c.address_id)
    .where(text("outbox.state = 'unknown'"), outbox.c.lease_until <= bindparam("wall"))
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_ASK_LATER = update(outbox).where(outbox.c.id == bindparam("of")).values(lease_until=bindparam("lease"))
