"""The scores units gave themselves: handed in for a campaign, read beside its public scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.events import record
from storage.tables.scores import self_scores
from surveys.dialogue.turn import Event
from surveys.scoring.selfscore import SelfScore


def put(
    connection: Connection, campaign: str, handed_in: Sequence[SelfScore], source: str, now: datetime
) -> Counter[str]:
    """Add or replace the scores of these units; return how many are new, updated and unchanged."""
    known = {score.unit: score.score for score in of_campaign(connection, campaign)}
    counts = Counter(new=0, updated=0, unchanged=0)
    fresh = []
    for score in handed_in:
        before = known.get(score.unit)
        counts["new" if before is None else "unchanged" if before == score.score else "updated"] += 1
        if before != score.score:
            fresh.append(score)
    if fresh:
        units = [score.unit for score in fresh]
        connection.execute(
            delete(self_scores).where(self_scores.c.campaign_id == campaign, self_scores.c.unit_id.in_(units))
        )
        connection.execute(
            insert(self_scores),
            [
                {
                    "campaign_id": campaign,
                    "unit_id": score.unit,
                    "score": score.score,
                    "source": source[-255:],
                    "at": now,
                }
                for score in fresh
            ],
        )
        happened = Event("SelfScoresTaken", now, campaign=campaign, actor="staff", data={**counts})
        record(connection, [happened])
    return counts


def of_campaign(connection: Connection, campaign: str) -> tuple[SelfScore, ...]:
    """Return the scores units gave themselves in this campaign, by unit."""
    rows = connection.execute(
        select(self_scores.c.unit_id, self_scores.c.score)
        .where(self_scores.c.campaign_id == campaign)
        .order_by(self_scores.c.unit_id)
    )
    return tuple(SelfScore(unit, float(score)) for unit, score in rows)
