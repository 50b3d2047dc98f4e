"""How attempts end: settled by the channel's answer, else by evidence, else by a stated policy; never repeated blindly.

`now` is the service's clock (perhaps scaled), `wall` the machine's.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, text, update

from storage.claiming import Claimed
from storage.failing import LostMessage, after_failures
from storage.failure import Failure
from storage.gates import Result, learn, spread
from storage.resending import settle_unaskable
from storage.tables.messages import outbox
from storage.tables.residents import addresses
from storage.vault import Vault

#: How long after an unclear outcome, and how often, the provider is asked for evidence.
EVIDENCE_AFTER = timedelta(seconds=5)
EVIDENCE_FOR = timedelta(minutes=10)
ARRIVES = timedelta(seconds=2)
#: Tries before a message that certainly was not sent is put aside for staff; the pauses grow up to the longest.
TRIES = 6
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
#: A phone that is switched off: tries, and the first pause between them.
TRIES_AWAY = 3
PAUSE_AWAY = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended.

    `state`: accepted; failed (`failure` says what follows); unknown; late (not called at all); absent (it was unclear,
    and the provider says that it does not have it).
    """

    id: int
    attempt: str
    state: str
    channel: str = ""
    provider_id: str = ""
    reason: str = ""
    failure: Failure = Failure.DOWN
    retry_after: float = 0.0


def settle(connection: Connection, outcomes: Sequence[Outcome], *, now: datetime, wall: datetime) -> None:
    """Write how attempts ended. A receipt that came first has the better word and is not undone."""
    by_state: dict[str, list[dict[str, Any]]] = defaultdict(list)
    lost: list[LostMessage] = []
    for outcome in outcomes:
        row: dict[str, Any] = {"of": outcome.id, "attempt_was": outcome.attempt}
        if outcome.state == "accepted":
            by_state["accepted"].append(row | {"provider_id": outcome.provider_id, "now": now})
        elif outcome.state == "unknown":
            error = outcome.reason[:255]
            by_state["unknown"].append(row | {"error": error, "wall": wall, "lease": wall + EVIDENCE_AFTER})
        elif outcome.state == "absent":
            lost += _settle_failed(connection, outcome, now, again_at=now)
        elif outcome.state == "late":
            by_state["late"].append(row | {"due": now})
        else:
            lost += _settle_failed(connection, outcome, now)
    for state, rows in by_state.items():
        connection.execute(_SETTLE[state], rows)
    after_failures(connection, lost, now)
    learn(connection, _results(outcomes), wall)


def _results(outcomes: Sequence[Outcome]) -> list[Result]:
    """Return what the outcomes say of their channels: one acceptance speaks for a whole group."""
    well = {outcome.channel: outcome for outcome in outcomes if outcome.state == "accepted"}
    # No answer is a failure of the channel too; that evidence found nothing is none: the provider has answered.
    failed = [o for o in outcomes if o.state in {"failed", "unknown"} and o.channel not in well]
    return [
        *(Result(outcome.channel, outcome.attempt, None) for outcome in well.values()),
        *(Result(o.channel, o.attempt, o.failure, o.retry_after, o.reason) for o in failed),
    ]


def _settle_failed(
    connection: Connection, outcome: Outcome, now: datetime, *, again_at: datetime | None = None
) -> list[LostMessage]:
    """Settle one attempt that certainly did not reach anybody; return the message if it is lost for its channel.

    `again_at` is when to try again, if not after the usual pause.
    """
    row = connection.execute(_ATTEMPTED, {"of": outcome.id, "attempt_was": outcome.attempt}).first()
    if row is None:
        return []
    state, due, faults = next_try(outcome.failure, row.faults, outcome.attempt, outcome.retry_after, now)
    error = f"{outcome.failure.value}: {outcome.reason}"[:255]
    if outcome.failure is Failure.OPTED_OUT and not row.interview_id:
        state = "cancelled"  # our word of an opt-out, which the carrier has taken and confirmed itself
    connection.execute(
        update(outbox)
        .where(outbox.c.id == outcome.id)
        .values(state=state, due_at=again_at or due, faults=faults, error=error)
    )
    return [LostMessage(outcome.id, outcome.failure)] if outcome.failure.final or state == "failed" else []


def next_try(
    failure: Failure, faults: int, attempt: str, retry_after: float, now: datetime
) -> tuple[str, datetime, int]:
    """Return the state after a failure, when the message is due again, and its count of tries.

    A provider that asks for patience, or a channel that is set up wrongly, uses up no try. Pauses double up to the
    longest, with full jitter in their upper half.
    """
    jitter = 0.5 + spread(attempt) / 2
    if failure.final:
        return "failed", now, faults
    if failure is Failure.BUSY:
        return "due", now + timedelta(seconds=max(retry_after, 1.0) * (1 + spread(attempt) / 4)), faults
    if failure is Failure.MISCONFIGURED:
        return "due", now + LONGEST_PAUSE * jitter / 10, faults
    if failure is Failure.AWAY:
        return ("failed" if faults + 1 >= TRIES_AWAY else "due"), now + PAUSE_AWAY * 2**faults, faults + 1
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(faults, 10)) * jitter
    return ("dead" if faults + 1 >= TRIES else "due"), now + pause, faults + 1


def unclear(
    connection: Connection, vault: Vault, *, blind_channels: Collection[str], now: datetime, wall: datetime, limit: int
) -> list[Claimed]:
    """Return messages whose attempt has an unclear outcome and is due for a question to the provider.

    An attempt whose lease has run out (its process died) becomes unknown here; one that no evidence settles in
    EVIDENCE_FOR from when it became unclear is put aside for staff. On `blind_channels`, whose providers cannot be
    asked, what belongs to a conversation is sent again and anything else is put aside. A question that has been
    overtaken is not sent again: the later message carries what is open, and an answer to the old one would be taken
    for an answer to that.
    """
    connection.execute(_LAPSED, {"wall": wall, "lease": wall})
    settle_unaskable(connection, vault, sorted(blind_channels), now=now, wall=wall)
    connection.execute(_HOPELESS, {"since": wall - EVIDENCE_FOR})
    rows = connection.execute(_UNKNOWN, {"wall": wall, "most": limit}).all()
    if not rows:
        return []
    connection.execute(_ASK_LATER, [{"of": row.id, "lease": wall + EVIDENCE_AFTER} for row in rows])
    known = _known_ids(connection, rows)
    return [
        Claimed(
            row.id,
            row.channel,
            row.attempt,
            vault.open("addresses.value", row.blind.hex(), row.value),
            json.loads(vault.open("outbox.body", row.key, row.body))["text"],
            since=row.attempted_at,
            known=frozenset(known[row.address_id]),
        )
        for row in rows
    ]


def lapse(connection: Connection, wall: datetime) -> int:
    """At the start of the one process of an embedded service: attempts of the former one have unclear outcomes.

    The provider is asked a moment later: what the dead process had already written to its socket may still arrive.
    """
    return connection.execute(_LAPSE_ALL, {"wall": wall, "lease": wall + ARRIVES}).rowcount


def _known_ids(connection: Connection, rows: Sequence[Any]) -> defaultdict[int, set[str]]:
    """Return the provider ids of other messages to the same addresses."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    residents = sorted({row.resident_id for row in rows})
    asked = sorted({row.address_id for row in rows})
    for address, provider_id in connection.execute(_IDS, {"residents": residents, "addresses": asked}):
        found[address].add(provider_id)
    return found


_MINE = (outbox.c.id == bindparam("of"), outbox.c.attempt == bindparam("attempt_was"))
_OPEN = text("state IN ('attempting', 'unknown')")
_SETTLE: dict[str, Any] = {
    "accepted": update(outbox)
    .where(*_MINE, _OPEN)
    .values(state="accepted", provider_id=bindparam("provider_id"), sent_at=bindparam("now"), error=""),
    "late": update(outbox).where(*_MINE, _OPEN).values(state="due", due_at=bindparam("due"), error=""),
    "unknown": update(outbox)
    .where(*_MINE, text("state = 'attempting'"))
    .values(state="unknown", unclear_at=bindparam("wall"), lease_until=bindparam("lease"), error=bindparam("error")),
}
_ATTEMPTED = select(outbox.c.faults, outbox.c.interview_id).where(*_MINE, _OPEN).with_for_update()
_ORPHANED = update(outbox).values(
    state="unknown",
    unclear_at=bindparam("wall"),
    lease_until=bindparam("lease"),
    error="the sending process ended",
)
_LAPSED = _ORPHANED.where(text("state = 'attempting'"), outbox.c.lease_until < bindparam("wall"))
# However long the service was down, the provider is asked before a message is put aside: the time for it begins now.
_LAPSE_ALL = _ORPHANED.where(_OPEN)
_HOPELESS = (
    update(outbox)
    .where(text("state = 'unknown'"), outbox.c.unclear_at < bindparam("since"))
    .values(state="dead", error="the provider cannot say whether it was sent")
)
_UNKNOWN = (
    select(
        outbox.c.id,
        outbox.c.key,
        outbox.c.channel,
        outbox.c.attempt,
        outbox.c.attempted_at,
        outbox.c.address_id,
        outbox.c.resident_id,
        outbox.c.body,
        addresses.c.blind,
        addresses.c.value,
    )
    .join(addresses, addresses.c.id == outbox.c.address_id)
    .where(text("outbox.state = 'unknown'"), outbox.c.lease_until <= bindparam("wall"))
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_ASK_LATER = update(outbox).where(outbox.c.id == bindparam("of")).values(lease_until=bindparam("lease"))
_IDS = select(outbox.c.address_id, outbox.c.provider_id).where(
    outbox.c.resident_id.in_(bindparam("residents", expanding=True)),
    outbox.c.address_id.in_(bindparam("addresses", expanding=True)),
    outbox.c.provider_id != "",
)
