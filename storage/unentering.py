"""Taking an import of answers back, and listing the imports there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from storage.campaigns import load as load_campaign
from storage.desk import Desk
from storage.events import record
from storage.loading import LIVE_STAGES
from storage.loading import load as load_talks
from storage.tables.modes import answer_imports, entered
from storage.tables.residents import residents
from storage.tables.talks import answers, interviews, wakes
from storage.wakes import write_wakes
from surveys.campaign.plan import CampaignState
from surveys.consent.consent import Consent
from surveys.dialogue.interview import Stage
from surveys.dialogue.turn import Event, Wake


@dataclass(frozen=True, slots=True)
class AnswerImport:
    """One file of answers that was taken; `undone_at` says when it was taken back."""

    number: int
    campaign: str
    file: str
    size: int
    made_at: datetime
    undone_at: datetime | None


def listed(connection: Connection, campaign: str = "") -> tuple[AnswerImport, ...]:
    """Return the imports of a campaign, of all if none is named, in the order they were made."""
    statement = select(answer_imports).order_by(answer_imports.c.id)
    if campaign:
        statement = statement.where(answer_imports.c.campaign_id == campaign)
    return tuple(
        AnswerImport(row.id, row.campaign_id, row.file, row.size, row.made_at, row.undone_at)
        for row in connection.execute(statement)
    )


def undo_import(connection: Connection, desk: Desk, now: datetime, number: int) -> int | None:
    """Take import `number` back and return how many interviews lost their answers; None if there is none to take back.

    An interview that was under way in the chat goes on there, an invitation that was still to go out goes out. Whoever
    has opted out since is not asked again, and of whom everything was deleted nothing is left to take back.
    """
    made = connection.execute(
        select(answer_imports)
        .where(answer_imports.c.id == number, answer_imports.c.undone_at.is_(None))
        .with_for_update()
    ).first()
    if made is None:
        return None
    rows = connection.execute(
        select(entered, interviews.c.address_id, interviews.c.resident_id, residents.c.consent, residents.c.erased_at)
        .join(interviews, interviews.c.id == entered.c.interview_id)
        .join(residents, residents.c.id == interviews.c.resident_id)
        .where(entered.c.import_id == number)
        .order_by(entered.c.interview_id)
    ).all()
    # Locks the conversations: nothing is heard there meanwhile.
    load_talks(connection, desk.vault, desk.codec, desk.surnames, [row.address_id for row in rows])
    campaign = load_campaign(connection, made.campaign_id)
    open_until = campaign.plan.closes_at + timedelta(days=campaign.plan.late_days)
    happened, expiring = [], []
    for row in rows:
        if row.erased_at is not None:
            continue
        wake = _put_back(connection, row, now, open_until)
        expiring += [wake] if wake else []
        happened.append(
            Event(
                "AnswersTakenBack",
                now,
                resident=row.resident_id,
                interview=row.interview_id,
                campaign=made.campaign_id,
                actor="staff",
                data={"number": number},
            )
        )
    invited = [row.resident_id for row in rows if row.invite_due and row.consent == Consent.GIVEN.value]
    if campaign.state in {CampaignState.RUNNING, CampaignState.PAUSED}:
        _invite_again(connection, made.campaign_id, invited)
    write_wakes(connection, expiring)
    connection.execute(update(answer_imports).where(answer_imports.c.id == number).values(undone_at=now))
    data = {"number": number, "interviews": len(happened)}
    ended = Event("AnswersImportTakenBack", now, campaign=made.campaign_id, actor="staff", data=data)
    record(connection, [*happened, ended])
    return len(happened)


def _put_back(connection: Connection, row: Row[Any], now: datetime, open_until: datetime) -> Wake | None:
    """Bring an interview back to what it was; return the wake that ends it some day, if it is open again."""
    connection.execute(delete(answers).where(answers.c.interview_id == row.interview_id))
    if not row.stage:
        connection.execute(delete(interviews).where(interviews.c.id == row.interview_id))
        return None
    live = row.stage in LIVE_STAGES
    stage = Stage.DECLINED.value if live and row.consent != Consent.GIVEN.value else row.stage
    connection.execute(
        update(interviews)
        .where(interviews.c.id == row.interview_id)
        .values(
            stage=stage,
            turn=row.turn,
            mode=row.interview_mode,
            answered=0,
            state=row.state,
            changed_at=now,
        )
    )
    if stage not in LIVE_STAGES:
        return None
    key = f"expire|{row.interview_id}|{row.import_id}"
    return Wake("expire", max(now, open_until), row.interview_id, key, resident=row.resident_id)


def _invite_again(connection: Connection, campaign: str, people: Sequence[int]) -> None:
    for resident in people:
        connection.execute(
            update(wakes)
            .where(
                wakes.c.campaign_id == campaign,
                wakes.c.kind == "invite",
                wakes.c.resident_id == resident,
                wakes.c.state == "stale",
            )
            .values(state="due")
        )
