"""Claiming what is due: in order per address, within the channel's rate, its attempt committed before the call.

Two clocks: `now` is the service's (perhaps scaled), `wall` the machine's, for rates and for leases on network calls.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, text, update

from storage.campaigns import read_plan
from storage.failing import LostMessage, after_failures
from storage.failure import Failure
from storage.gates import BULK_AHEAD, MARGIN, REPLY_AHEAD, Gate, Limits, leave_gates, open_gates
from storage.lastlook import BULK, valid_until, verdict
from storage.resending import LATER_MESSAGE, OVERTAKEN, opens, sent_again
from storage.tables.campaigns import campaigns
from storage.tables.messages import outbox
from storage.tables.registry import Instant
from storage.tables.residents import addresses, residents
from storage.tables.talks import conversations
from storage.vault import KeyFault, Vault
from surveys.campaign.office import Office
from surveys.campaign.plan import CampaignState
from surveys.campaign.segments import segments

#: A call that has not returned after this long is no longer believed to be under way.
LEASE = timedelta(seconds=60)
#: A message nobody knows the outcome of holds up what comes after it for so long, then no more.
HOLDS_UP = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message whose attempt is committed: it must be sent now, once, and its outcome settled.

    `leaves_at` is its turn at the gate, None if the channel has no rate. `known`: provider ids of other messages to
    the address since the attempt (when evidence is asked for).
    """

    id: int
    channel: str
    attempt: str
    address: str
    text: str
    options: tuple[str, ...] = ()
    bulk: bool = False
    guard: str = ""
    discreet: bool = False
    valid_until: datetime | None = None
    leaves_at: datetime | None = None
    since: datetime | None = None
    known: frozenset[str] = frozenset()


@dataclass(slots=True)
class Claims:
    """What was claimed, and after how many seconds a gate lets pass what had to stay behind (None: nothing had to)."""

    messages: list[Claimed] = field(default_factory=list)
    again: float | None = None

    def wait(self, seconds: float) -> None:
        """Note that something waits for a gate."""
        self.again = seconds if self.again is None else min(self.again, seconds)


@dataclass(frozen=True, slots=True)
class Claiming:
    """One claim: by whom, when, and how many messages there is room for (`bulk`: of those nobody waits for)."""

    vault: Vault
    office: Office
    limits: Mapping[str, Limits]
    now: datetime
    wall: datetime
    limit: int
    bulk: int


def claim(connection: Connection, order: Claiming) -> Claims:
    """Claim messages for sending and commit their attempts with the caller's transaction.

    Bulk messages are looked at once more: consent, campaign still open, quiet hours, worth sending still.
    """
    claims = Claims()
    gates = open_gates(connection, order.limits, order.wall)
    for gate in gates:
        _claim_channel(connection, order, gate, claims)
    leave_gates(connection, gates)
    return claims


def next_due(connection: Connection) -> datetime | None:
    """Return when the next message is due, None if none is waiting."""
    found: datetime | None = connection.execute(select(func.min(outbox.c.due_at)).where(text("state = 'due'"))).scalar()
    return found


def _claim_channel(connection: Connection, order: Claiming, gate: Gate, claims: Claims) -> None:
    room = order.limit - len(claims.messages)
    while room > 0:
        # A slow channel is not asked for more than it can take: the rest would be read in vain.
        most = min(room, 8) if gate.limits.per_second and gate.limits.per_second <= 100 else room
        rows = connection.execute(
            _DUE,
            {
                "now": order.now,
                "wall": order.wall,
                "held": order.wall - HOLDS_UP,
                "channel": gate.channel,
                "lowest": BULK if order.bulk > 0 else BULK - 1,
                "most": most,
            },
        ).all()
        if not rows or _claim_rows(connection, order, gate, rows, claims):
            return
        # What was called off or put back stood in front of something that may go now.


def _claim_rows(connection: Connection, order: Claiming, gate: Gate, rows: Sequence[Any], claims: Claims) -> bool:
    """Claim of `rows` what may go; return whether anything was, or had to wait for the gate."""
    plans = _plans(connection, {row.campaign_id for row in rows})
    marks: list[dict[str, Any]] = []
    full = False
    lost: list[LostMessage] = []
    for row in rows:
        if row.priority == BULK and order.bulk - sum(mark["bulk"] for mark in marks) <= 0:
            full = True
            break
        said = verdict(row, plans.get(row.campaign_id), order.office, gate.limits, order.now)
        if isinstance(said, datetime):
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(due_at=said))
            continue
        if isinstance(said, Failure):
            connection.execute(
                update(outbox)
                .where(outbox.c.id == row.id)
                .values(state="failed", error=f"{said.value}: outside the window for free messages")
            )
            lost.append(LostMessage(row.id, said))
            continue
        if said:
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(state="cancelled", error=said))
            continue
        try:
            body = json.loads(order.vault.open("outbox.body", row.key, row.body))
            address = order.vault.open("addresses.value", row.blind.hex(), row.value)
        except KeyFault as fault:  # one row that does not open must not hold up the others
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(state="dead", error=str(fault)[:255]))
            continue
        if row.overtaken and opens(body):  # while it waited to be sent again the conversation has gone on
            connection.execute(OVERTAKEN, {"of": row.id})
            continue
        words = body["text"]
        if row.unclear_at is not None and not gate.limits.evidence:
            words = f"{sent_again(row.language)}\n{words}"
        units = segments(words) if gate.limits.segmented and gate.limits.per_second else 1
        ahead = BULK_AHEAD if row.priority == BULK else REPLY_AHEAD
        turn = gate.slot(units, wall=order.wall, ahead=ahead)
        if turn is None:
            claims.wait(max(0.0, (gate.next_free_at - ahead - order.wall).total_seconds()))
            full = True
            break
        attempt = order.vault.name("attempt", row.key, row.attempts, length=24)
        claims.messages.append(
            Claimed(
                row.id,
                row.channel,
                attempt,
                address,
                words,
                tuple(body["options"]),
                bulk=row.priority == BULK,
                guard=body.get("guard", ""),
                discreet=body.get("discreet", False),
                valid_until=valid_until(row, plans.get(row.campaign_id), order.office, order.now, order.wall),
                leaves_at=turn if gate.limits.per_second else None,
                since=order.wall,
            )
        )
        marks.append(
            {
                "of": row.id,
                "attempt": attempt,
                "wall": order.wall,
                "lease": order.wall + LEASE,
                # Where nobody can be asked, what may have arrived once stays so, whatever becomes of a later attempt.
                "unclear": None if gate.limits.evidence else row.unclear_at,
                "bulk": int(row.priority == BULK),
                "address": row.address_id,
                "free": turn + timedelta(seconds=gate.limits.gap / MARGIN),
            }
        )
    if marks:
        connection.execute(_ATTEMPT, marks)
        if gate.limits.gap:
            connection.execute(_PACE, marks)
    after_failures(connection, lost, order.now)
    return full or bool(marks)


def _plans(connection: Connection, ids: set[str]) -> dict[str, Any]:
    wanted = sorted(ids - {""})
    if not wanted:
        return {}
    rows = connection.execute(
        select(campaigns.c.id, campaigns.c.state, campaigns.c.plan).where(campaigns.c.id.in_(wanted))
    )
    return {row.id: (row.state, read_plan(row.plan)) for row in rows}


_other = outbox.alias("other")
# One call at a time to an address, in the order of what was said; but replies go before bulk messages (a paused
# campaign must not hold up an answer to its resident), and what has been unclear for long holds up nobody. The states
# stand as literals so that SQLite can use its partial indexes.
_BLOCKED = (
    select(text("1"))
    .select_from(_other)
    .where(
        _other.c.address_id == outbox.c.address_id,
        _other.c.id != outbox.c.id,
        text("other.state IN ('due', 'attempting', 'unknown')"),
        or_(
            text("other.state = 'attempting'"),
            and_(text("other.state = 'unknown'"), _other.c.attempted_at > bindparam("held", type_=Instant())),
            and_(
                text("other.state = 'due'"),
                or_(
                    _other.c.priority < outbox.c.priority,
                    and_(_other.c.priority == outbox.c.priority, _other.c.id < outbox.c.id),
                ),
            ),
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
        outbox.c.address_id,
        outbox.c.unclear_at,
        and_(outbox.c.unclear_at.is_not(None), LATER_MESSAGE).label("overtaken"),
        addresses.c.blind,
        addresses.c.value,
        residents.c.consent,
        conversations.c.channel.label("heard_by"),
        conversations.c.heard_at,
        conversations.c.language,
    )
    .join(addresses, addresses.c.id == outbox.c.address_id)
    .outerjoin(residents, residents.c.id == outbox.c.resident_id)
    .outerjoin(campaigns, campaigns.c.id == outbox.c.campaign_id)
    .outerjoin(conversations, conversations.c.address_id == outbox.c.address_id)
    .where(
        text("outbox.state = 'due'"),
        outbox.c.channel == bindparam("channel"),
        outbox.c.priority <= bindparam("lowest"),
        outbox.c.due_at <= bindparam("now"),
        or_(
            outbox.c.priority != BULK,
            outbox.c.case_id != "",  # a case does not rest with the campaign it came up in
            campaigns.c.state.is_(None),
            campaigns.c.state != CampaignState.PAUSED.value,
        ),
        or_(addresses.c.free_at.is_(None), addresses.c.free_at <= bindparam("wall")),
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
        unclear_at=bindparam("unclear", type_=Instant()),
    )
)
_PACE = update(addresses).where(addresses.c.id == bindparam("address")).values(free_at=bindparam("free"))
