"""Durable turns on SQLite: ours against a handler that keeps nothing, and against the driver alone."""

from __future__ import annotations

from pathlib import Path

from tests.bench.figures import Contender, Section, interleave
from tests.bench.handler import Handler
from tests.bench.plain import PlainSqlite
from tests.bench.replies import GROUP
from tests.bench.service import Survey, opened, sqlite_url

OURS = "Pingyi: parsed message → commit, groups of ≤ 64"
HANDLER = "python-telegram-bot: JSON → handler, stub bot, in memory"
SENDING = "python-telegram-bot: the same, replies up to the wire"
PARSED = "python-telegram-bot: handler alone, updates parsed before"
SINGLE = "sqlite3: one turn per transaction"
GROUPED = "sqlite3: 64 turns per transaction"


def measure(folder: Path, rounds: int, batch: int) -> Section:
    """Return the section; `batch` residents answer everything in each round."""
    section = Section("Durable turns, SQLite (WAL, synchronous=FULL)", "turns/s")
    handlers = {
        HANDLER: Handler(batch),
        SENDING: Handler(batch, sends=True),
        PARSED: Handler(batch, parsed=True),
    }
    residents = batch * (rounds + 1)
    plain = {
        SINGLE: _plain(folder, residents, max(GROUP, batch // 4), 1),
        GROUPED: _plain(folder, residents, batch, GROUP),
    }
    with opened(sqlite_url(folder)) as database:
        survey = Survey(database, residents, batch)
        interleave(
            section,
            {
                OURS: Contender(survey.once),
                **{name: Contender(handler.once, handler.prepare) for name, handler in handlers.items()},
                **{name: Contender(contender.once) for name, contender in plain.items()},
            },
            rounds,
        )
        section.lines.append(survey.verify())
    for contender in (*plain.values(), *handlers.values()):
        contender.verify()
        contender.close()
    section.against(OURS, HANDLER, floor=1)
    section.against(OURS, SENDING)
    section.against(OURS, PARSED)
    section.against(OURS, SINGLE, floor=1, aim=3)
    section.against(OURS, GROUPED, floor=0.3, aim=0.6)
    section.lines.append(
        "sqlite3 and the handlers neither encrypt nor read free text; a handler forgets everything when it ends"
    )
    return section


def _plain(folder: Path, residents: int, batch: int, group: int) -> PlainSqlite:
    place = folder / f"plain-{group}"
    place.mkdir()
    with opened(sqlite_url(place)):
        pass  # the schema is all that is needed of it
    return PlainSqlite(place / "pingyi.db", residents, batch, group)
