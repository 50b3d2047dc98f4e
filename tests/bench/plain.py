"""The floor under any durable turn: the driver alone, same tables and indexes, no dialogue and no encryption.

A turn reads the state, writes the answer, advances the state, queues the reply; texts are random bytes as long as
the sealed ones.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.replies import GROUP, TURNS

STATE, ANSWER, REPLY = 320, 90, 300  # bytes of a sealed state, answer and reply
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "wal_autocheckpoint = 10000")
READ = "SELECT id, turn, state FROM interviews WHERE address_id = ? AND stage IN ('open', 'waiting')"
WRITE = (
    "INSERT INTO answers (interview_id, question, body, rule, confidence, mode, late, at) "
    "VALUES (?, ?, ?, 'number', 1.0, 'self', 0, 1) "
    "ON CONFLICT (interview_id, question) DO UPDATE SET body = excluded.body, at = excluded.at"
)
ADVANCE = "UPDATE interviews SET turn = ?, answered = ?, asked = ?, state = ?, changed_at = 1 WHERE id = ?"
QUEUE = (
    "INSERT INTO outbox (key, address_id, resident_id, interview_id, campaign_id, case_id, channel, priority, body, "
    "state, due_at, attempt, attempts, provider_id, error, created_at) "
    "VALUES (?, ?, ?, ?, 'water', '', 'simulator', 0, ?, 'due', 1, '', 0, '', '', 1)"
)
BEGIN_INTERVIEW = (
    "INSERT INTO interviews (id, address_id, resident_id, campaign_id, case_id, purpose, stage, turn, mode, answered, "
    "asked, state, started_at, changed_at) "
    "VALUES (?, ?, ?, 'water', '', 'survey', 'open', 0, 'self', 0, 1, ?, 1, 1)"
)


def begun(resident: int) -> tuple[Any, ...]:
    """Return the row of an interview that has begun."""
    return (f"{resident:020d}", resident, resident, os.urandom(STATE))


def answered(interview: str, question: int) -> tuple[Any, ...]:
    """Return the row of an answer."""
    return (interview, f"q{question}", os.urandom(ANSWER))


def advanced(interview: str, turn: int) -> tuple[Any, ...]:
    """Return the next state of an interview."""
    return (turn, turn, turn + 1, os.urandom(STATE), interview)


def queued(resident: int, interview: str, turn: int) -> tuple[Any, ...]:
    """Return the row of a reply."""
    return (f"{resident}|{turn}", resident, resident, interview, os.urandom(REPLY))


class PlainSqlite:
    """The same turns through sqlite3, `group` of them in a transaction."""

    def __init__(self, file: Path, residents: int, batch: int, group: int) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}").close()
        self._batch, self._group = batch, group
        self.talked = self.turns = 0
        self._connection.execute("BEGIN")
        self._connection.executemany(BEGIN_INTERVIEW, (begun(n) for n in range(1, residents + 1)))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def once(self) -> int:
        """Take the next residents through; return how many turns were committed."""
        before = self.turns
        for start in range(self.talked + 1, self.talked + self._batch + 1, GROUP):
            together = range(start, min(start + GROUP, self.talked + self._batch + 1))
            for question in range(1, TURNS + 1):
                for place in range(0, len(together), self._group):
                    self._commit(together[place : place + self._group], question)
        self.talked += self._batch
        return self.turns - before

    def _commit(self, residents: Sequence[int], question: int) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        for resident in residents:
            interview, turn, _ = execute(READ, (resident,)).fetchone()
            execute(WRITE, answered(interview, question))
            execute(ADVANCE, advanced(interview, turn + 1))
            execute(QUEUE, queued(resident, interview, turn + 1))
        execute("COMMIT")
        self.turns += len(residents)

    def verify(self) -> None:
        """Count the rows."""
        found = self._connection.execute(
            "SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM outbox)"
        ).fetchone()
        if found != (self.turns, self.turns):
            raise AssertionError((found, self.turns))
