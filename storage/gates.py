"""The gate every message of a channel passes: how fast, whether the channel is well, and for whom it is open.

One row per channel, in the database, so that all processes keep one rate: GCRA with `next_free_at`. All times are
the machine's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select, update

from storage.failure import Failure
from storage.prepared import Insert
from storage.tables.messages import gates

#: Of the provider's rate so much is used: messages that leave evenly arrive less evenly.
MARGIN = 0.9
#: How far ahead messages are claimed to wait for their turn; bulk hardly, so that a reply soon has the next turn.
REPLY_AHEAD = timedelta(milliseconds=250)
BULK_AHEAD = timedelta(milliseconds=5)
#: Failures in a row after which a channel rests; then one message at a time tries whether it is well again.
THRESHOLD = 8
FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=5)
#: A probe that has not been settled after this long is given up, and another one is sent.
PROBE = timedelta(seconds=60)
#: A provider that asks for patience without saying how much.
PATIENCE = timedelta(seconds=1)
#: Failures that say something about the channel, not about one message.
OF_THE_CHANNEL = frozenset({Failure.BUSY, Failure.DOWN, Failure.MISCONFIGURED})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel's provider allows.

    `per_second`: messages a second over all processes, or SMS segments if `segmented`; 0 is no limit.
    `gap`: seconds between two messages to one address. `window`: free messages may be sent so long after the
    resident's last one by this channel. `evidence`: the provider can be asked what became of an attempt; where it
    cannot, a question whose outcome is unknown is sent again and anything else is parked.
    """

    per_second: float = 0.0
    segmented: bool = False
    gap: float = 0.0
    window: timedelta | None = None
    evidence: bool = True


@dataclass(slots=True)
class Gate:
    """One channel's gate while it is locked."""

    channel: str
    limits: Limits
    next_free_at: datetime
    closed_until: datetime | None
    failures: int
    left: int | None = field(init=False)  # how many may still pass; None is any number
    changed: bool = False

    def __post_init__(self) -> None:
        self.left = 1 if self.failures >= THRESHOLD else None

    def slot(self, units: int, *, wall: datetime, ahead: timedelta) -> datetime | None:
        """Return when a message of `units` leaves, and take that turn; None if it is further ahead than `ahead`."""
        start = max(self.next_free_at, wall)
        if self.left == 0 or start - wall > ahead:
            return None
        if self.limits.per_second:
            self.next_free_at = start + timedelta(seconds=units / (self.limits.per_second * MARGIN))
            self.changed = True
        if self.left is not None:
            self.left -= 1
            self.closed_until, self.changed = wall + PROBE, True
        return start


@dataclass(frozen=True, slots=True)
class Result:
    """What one attempt says of its channel: `failure` is None if the provider took the message."""

    channel: str
    attempt: str
    failure: Failure | None
    retry_after: float = 0.0
    reason: str = ""


def open_gates(connection: Connection, limits: Mapping[str, Limits], wall: datetime) -> list[Gate]:
    """Lock the gates of these channels and return those that are not closed.

    Claims of several processes follow one another by this lock: whoever comes second sees what the first took.
    """
    rows = {row.channel: row for row in connection.execute(_LOCK, {"channels": sorted(limits)})}
    missing = sorted(set(limits) - set(rows))
    if missing:
        _NEW.many(connection, [{"channel": name, "next_free_at": _EPOCH} for name in missing])
        rows = {row.channel: row for row in connection.execute(_LOCK, {"channels": sorted(limits)})}
    return [
        Gate(name, limits[name], row.next_free_at, row.closed_until, row.failures)
        for name, row in rows.items()
        if row.closed_until is None or row.closed_until <= wall
    ]


def leave_gates(connection: Connection, passed: Iterable[Gate]) -> None:
    """Write the turns that were taken."""
    rows = [
        {"of": gate.channel, "next": gate.next_free_at, "closed": gate.closed_until} for gate in passed if gate.changed
    ]
    if rows:
        connection.execute(_TAKEN, rows)


def learn(connection: Connection, results: Iterable[Result], wall: datetime) -> None:
    """Let channels rest that fail again and again or ask for patience, and let those that work go on."""
    for result in sorted(results, key=lambda result: result.channel):
        if result.failure is None:
            connection.execute(_WELL, {"of": result.channel})
        elif result.failure in OF_THE_CHANNEL:
            _worse(connection, result, wall)


def spread(attempt: str) -> float:
    """Return a number in [0, 1) that follows from `attempt`: the jitter of pauses, the same when a run is repeated."""
    return int.from_bytes(hashlib.sha256(attempt.encode()).digest()[:4]) / 2**32


def _worse(connection: Connection, result: Result, wall: datetime) -> None:
    row = connection.execute(_LOCK, {"channels": [result.channel]}).first()
    if row is None:
        return
    failures = row.failures + 1
    rest = timedelta(0)
    if result.failure is Failure.MISCONFIGURED:
        failures, rest = max(failures, THRESHOLD), LONGEST_REST
    elif failures >= THRESHOLD:
        # One throttled message waits by itself; only when all are throttled does the channel.
        patience = timedelta(seconds=result.retry_after) or PATIENCE
        longest = min(LONGEST_REST, FIRST_REST * 2 ** min(failures - THRESHOLD, 10))
        rest = patience if result.failure is Failure.BUSY else longest * (0.5 + spread(result.attempt) / 2)
    closed = max(filter(None, (row.closed_until if failures > THRESHOLD else None, wall + rest)))
    connection.execute(
        _WORSE,
        {"of": result.channel, "failed": failures, "closed": closed if rest else None, "why": result.reason[:255]},
    )


_NEW = Insert(gates, ("channel", "next_free_at"), fixed={"failures": "0", "reason": "''"}, unique=("channel",))
_LOCK = (
    select(gates)
    .where(gates.c.channel.in_(bindparam("channels", expanding=True)))
    .order_by(gates.c.channel)
    .with_for_update()  # on SQLite the one writer's BEGIN IMMEDIATE has the same effect
)
_TAKEN = (
    update(gates)
    .where(gates.c.channel == bindparam("of"))
    .values(next_free_at=bindparam("next"), closed_until=bindparam("closed"))
)
_WELL = (
    update(gates)
    .where(gates.c.channel == bindparam("of"), or_(gates.c.failures > 0, gates.c.closed_until.is_not(None)))
    .values(failures=0, closed_until=None, reason="")
)
_WORSE = (
    update(gates)
    .where(gates.c.channel == bindparam("of"))
    .values(failures=bindparam("failed"), closed_until=bindparam("closed"), reason=bindparam("why"))
)
