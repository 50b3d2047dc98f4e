"""How far a campaign has come, counted from its rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select

from storage.tables.campaigns import reach, sample
from storage.tables.messages import outbox
from storage.tables.talks import interviews, wakes
from surveys.dialogue.interview import Purpose


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """Counts of one campaign. `strata` maps a stratum to (drawn, released); the others map a state to its count.

    `started` counts survey interviews with at least one answer, `next_wake` is when the clock acts next.
    """

    strata: dict[str, tuple[int, int]]
    interviews: dict[str, int]
    started: int
    wakes: dict[str, int]
    outbox: dict[str, int]
    reach: dict[str, int]
    next_wake: datetime | None


def fieldwork(connection: Connection, campaign: str) -> Fieldwork:
    """Count what there is of `campaign`."""
    drawn = connection.execute(
        select(sample.c.stratum, func.count(), func.count(sample.c.released_at))
        .where(sample.c.campaign_id == campaign)
        .group_by(sample.c.stratum),
    )
    about = (interviews.c.campaign_id == campaign, interviews.c.purpose == Purpose.SURVEY.value)
    stages = connection.execute(select(interviews.c.stage, func.count()).where(*about).group_by(interviews.c.stage))
    started = connection.execute(select(func.count()).select_from(interviews).where(*about, interviews.c.answered > 0))
    due = connection.execute(
        select(func.min(wakes.c.due_at)).where(wakes.c.campaign_id == campaign, wakes.c.state == "due"),
    )
    return Fieldwork(
        strata={name: (int(all_), int(released)) for name, all_, released in sorted(tuple(row) for row in drawn)},
        interviews=_counted(stages),
        started=int(started.scalar_one()),
        wakes=_by(connection, wakes, wakes.c.state, campaign),
        outbox=_by(connection, outbox, outbox.c.state, campaign),
        reach=_by(connection, reach, reach.c.outcome, campaign),
        next_wake=due.scalar(),
    )


def _by(connection: Connection, table: Table, column: Column[Any], campaign: str) -> dict[str, int]:
    rows = connection.execute(
        select(column, func.count()).where(table.c.campaign_id == campaign).group_by(column),
    )
    return _counted(rows)


def _counted(rows: Any) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for name, count in rows:
        counts[str(name)] += int(count)
    return dict(sorted(counts.items()))
