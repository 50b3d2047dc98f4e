"""Everything that is stored about one resident, opened, as JSON-able values: what the law lets them ask for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from storage.caserecord import open_case_row
from storage.codec import InterviewRow, NamedCodec
from storage.dispositions import reason_row
from storage.frames import in_every_frame
from storage.tables.campaigns import reach, sample
from storage.tables.cases import cases, events, staff_calls
from storage.tables.dispositions import told_dispositions
from storage.tables.messages import attachments, inbox, outbox
from storage.tables.residents import (
    addresses,
    consents,
    frame_members,
    invitations,
    resident_addresses,
    residents,
)
from storage.tables.talks import answers, conversations, interviews, wakes
from storage.vault import Vault


def person_data(connection: Connection, vault: Vault, office_id: str) -> dict[str, Any] | None:
    """Return everything about the resident with this office id, times as ISO 8601 in UTC; None if there is none.

    What came with messages (voice, pictures) is listed with kind, size and case; its bytes are not part of it.
    """
    row = connection.execute(select(residents).where(residents.c.office_id == office_id)).first()
    if row is None:
        return None
    reached = connection.execute(
        select(resident_addresses, addresses.c.kind, addresses.c.blind, addresses.c.value)
        .join(addresses, addresses.c.id == resident_addresses.c.address_id)
        .where(resident_addresses.c.resident_id == row.id)
        .order_by(resident_addresses.c.rank, resident_addresses.c.address_id)
    ).all()
    places = [link.address_id for link in reached]
    return {
        "resident": {
            "id": row.id,
            "office_id": row.office_id,
            "name": vault.open("residents.name", row.office_id, row.name),
            "language": row.language,
            "birth_year": row.birth_year,
            "telegram": row.telegram,
            "consent": row.consent,
            "updated_at": _value(row.updated_at),
        },
        "addresses": [
            {
                "address": link.address_id,
                "kind": link.kind,
                "value": vault.open("addresses.value", link.blind.hex(), link.value),
                "rank": link.rank,
                "confirmed_at": _value(link.confirmed_at),
                "ended_at": _value(link.ended_at),
            }
            for link in reached
        ],
        "consents": _rows(connection, _of(consents, row.id).order_by(consents.c.id)),
        "invitations": _rows(connection, _of(invitations, row.id), without=("token",)),
        "frames": _frames(connection, in_every_frame(vault, row.office_id, erased=row.erased_at is not None)),
        "samples": _rows(connection, _of(sample, row.id).order_by(sample.c.campaign_id)),
        "publicity": _rows(connection, _of(reach, row.id).order_by(reach.c.campaign_id, reach.c.sending)),
        "interviews": _interviews(connection, vault, row.id),
        "cases": _cases(connection, vault, row.id),
        "attachments": _rows(
            connection, _of(attachments, row.id).order_by(attachments.c.id), without=("reference", "body")
        ),
        "dispositions": _dispositions(connection, vault, row.id),
        "calls": _rows(connection, _of(staff_calls, row.id).order_by(staff_calls.c.id)),
        "messages_to": _messages_to(connection, vault, row.id),
        "messages_from_unsettled": _messages_from(connection, vault, places),
        "conversations": _rows(
            connection,
            select(conversations).where(conversations.c.address_id.in_(places)).order_by(conversations.c.address_id),
        ),
        "appointments": _rows(connection, _of(wakes, row.id).order_by(wakes.c.id)),
        "events": [
            {**event, "data": json.loads(event["data"])}
            for event in _rows(connection, _of(events, row.id).order_by(events.c.id))
        ],
    }


def _of(table: Any, resident: int) -> Select[Any]:
    return select(table).where(table.c.resident_id == resident)


def _rows(connection: Connection, statement: Select[Any], *, without: Sequence[str] = ()) -> list[dict[str, Any]]:
    return [
        {name: _value(value) for name, value in row._mapping.items() if name not in without}  # noqa: SLF001 - SQLAlchemy's public name for it
        for row in connection.execute(statement)
    ]


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _frames(connection: Connection, theirs: ColumnElement[bool]) -> list[dict[str, Any]]:
    found = select(frame_members).where(theirs).order_by(frame_members.c.frame_id)
    rows = _rows(connection, found)
    return [{**row, "attributes": json.loads(row["attributes"])} for row in rows]


def _interviews(connection: Connection, vault: Vault, resident: int) -> list[dict[str, Any]]:
    codec = NamedCodec(vault)
    rows = connection.execute(_of(interviews, resident).order_by(interviews.c.started_at, interviews.c.id)).all()
    found = []
    for row in rows:
        state = codec.open_interview(InterviewRow._make(getattr(row, name) for name in InterviewRow._fields))
        given = connection.execute(
            select(answers).where(answers.c.interview_id == row.id).order_by(answers.c.at, answers.c.question)
        ).all()
        found.append(
            {
                "interview": row.id,
                "campaign": row.campaign_id,
                "case": row.case_id,
                "address": row.address_id,
                "purpose": row.purpose,
                "stage": row.stage,
                "mode": row.mode,
                "started_at": _value(row.started_at),
                "changed_at": _value(row.changed_at),
                "values": dict(state.values),
                "given": dict(state.given),
                "taken_back": dict(state.was),
                "unread": state.unread,
                "answers": [
                    {
                        "question": answer.question,
                        **codec.open_answer(row.id, answer.question, answer.body),
                        "rule": answer.rule,
                        "confidence": answer.confidence,
                        "mode": answer.mode,
                        "late": bool(answer.late),
                        "at": _value(answer.at),
                    }
                    for answer in given
                ],
            }
        )
    return found


def _cases(connection: Connection, vault: Vault, resident: int) -> list[dict[str, Any]]:
    rows = connection.execute(_of(cases, resident).order_by(cases.c.opened_at, cases.c.id)).all()
    found = []
    for row in rows:
        case = open_case_row(vault, row)
        plain = {name: _value(value) for name, value in row._mapping.items()}  # noqa: SLF001 - SQLAlchemy's public name for it
        found.append({**plain, "text": case.text, "resolution": case.resolution, "reason": case.reason})
    return found


def _dispositions(connection: Connection, vault: Vault, resident: int) -> list[dict[str, Any]]:
    """Return what staff were told became of the resident in a campaign."""
    return [
        {
            "campaign": row.campaign_id,
            "code": row.code,
            "reason": vault.open("told_dispositions.reason", reason_row(row.campaign_id, resident, row.at), row.reason)
            if row.reason
            else "",
            "actor": row.actor,
            "at": _value(row.at),
        }
        for row in connection.execute(_of(told_dispositions, resident).order_by(told_dispositions.c.id))
    ]


def _messages_to(connection: Connection, vault: Vault, resident: int) -> list[dict[str, Any]]:
    rows = connection.execute(_of(outbox, resident).order_by(outbox.c.id))
    return [
        {
            "at": _value(row.created_at),
            "channel": row.channel,
            "address": row.address_id,
            "state": row.state,
            "delivered_at": _value(row.delivered_at),
            "campaign": row.campaign_id,
            "case": row.case_id,
            "text": json.loads(vault.open("outbox.body", row.key, row.body))["text"],
        }
        for row in rows
    ]


def _messages_from(connection: Connection, vault: Vault, places: Sequence[int]) -> list[dict[str, Any]]:
    """Return messages that wait for a person; the words of settled ones are not kept."""
    rows = connection.execute(
        select(inbox)
        .where(inbox.c.address_id.in_(places), or_(inbox.c.state == "staff", inbox.c.state == "failed"))
        .order_by(inbox.c.id)
    )
    return [
        {
            "at": _value(row.received_at),
            "channel": row.channel,
            "reason": row.reason,
            "text": vault.open("inbox.body", f"{row.channel}|{row.provider_id}", row.body),
        }
        for row in rows
    ]
