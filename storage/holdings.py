"""Counting what is kept about one resident."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.campaigns import read_plan
from storage.tables.campaigns import campaigns
from storage.tables.cases import cases
from storage.tables.residents import addresses, consents, resident_addresses
from storage.tables.talks import answers, interviews
from surveys.consent.holdings import Holdings
from surveys.dialogue.interview import Purpose


def holdings(connection: Connection, resident: int) -> Holdings:
    """Return counts and dates of what is kept about `resident`; nothing is opened for it."""
    kinds = Counter(
        connection.execute(
            select(addresses.c.kind)
            .join(resident_addresses, resident_addresses.c.address_id == addresses.c.id)
            .where(resident_addresses.c.resident_id == resident, resident_addresses.c.ended_at.is_(None))
        ).scalars()
    )
    surveys = (interviews.c.resident_id == resident, interviews.c.purpose == Purpose.SURVEY.value)
    answered = (
        select(func.count())
        .select_from(answers)
        .join(interviews, interviews.c.id == answers.c.interview_id)
        .where(interviews.c.resident_id == resident)
    )
    since: datetime | None = connection.execute(
        select(consents.c.at).where(consents.c.resident_id == resident).order_by(consents.c.id.desc()).limit(1)
    ).scalar()
    plans = connection.execute(
        select(campaigns.c.plan).where(campaigns.c.id.in_(select(interviews.c.campaign_id).where(*surveys)))
    ).scalars()
    return Holdings(
        numbers=kinds["phone"],
        chats=kinds["telegram"],
        interviews=_count(connection, select(func.count()).select_from(interviews).where(*surveys)),
        answers=_count(connection, answered),
        cases=_count(connection, select(func.count()).select_from(cases).where(cases.c.resident_id == resident)),
        since=since,
        delete_on=max((read_plan(plan).delete_on for plan in plans), default=None),
    )


def _count(connection: Connection, statement: object) -> int:
    return int(connection.execute(statement).scalar_one())  # type: ignore[call-overload]  # a select of one number
