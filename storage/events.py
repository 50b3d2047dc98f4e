"""The record of what happened: rows are added and never changed; they hold no answer and no message text."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, insert

from storage.tables.cases import events
from surveys.dialogue.turn import Event


def record(connection: Connection, happened: Sequence[Event]) -> None:
    """Append `happened` in order."""
    if not happened:
        return
    connection.execute(
        insert(events),
        [
            {
                "at": event.at,
                "kind": event.kind,
                "resident_id": event.resident,
                "interview_id": event.interview,
                "campaign_id": event.campaign,
                "case_id": event.case,
                "actor": event.actor,
                "data": json.dumps(event.data, ensure_ascii=False, sort_keys=True),
            }
            for event in happened
        ],
    )
