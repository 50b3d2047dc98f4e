"""What the service has stored by the end of a chaos run, opened with its own keys."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.codec import NamedCodec
from storage.engine import open_reader
from storage.tables.cases import events
from storage.tables.messages import inbox, outbox
from storage.tables.residents import addresses, residents
from storage.tables.talks import answers, interviews
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the outbox; `attempt_ids` are the ids of all its attempts, the first first."""

    id: int
    channel: str
    address: str
    text: str
    state: str
    attempts: int
    attempt_ids: tuple[str, ...]
    provider_id: str
    interview: str
    office_id: str
    error: str


@dataclass(frozen=True, slots=True)
class Again:
    """One decision to send a message again without knowing what became of the attempt."""

    attempt: str
    at: datetime


@dataclass
class Stored:
    """Everything the checks need. `answers` by office id; `inbox` counts rows by state and reason."""

    rows: list[Row] = field(default_factory=list)
    again: dict[str, Again] = field(default_factory=dict)  # by attempt
    answers: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    told: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # matters, by office id
    surveys: Counter[str] = field(default_factory=Counter)  # interviews by office id
    inbox: Counter[str] = field(default_factory=Counter)
    heard: set[str] = field(default_factory=set)  # provider ids of the inbox


def read(url: str, vault: Vault) -> Stored:
    """Open everything."""
    engine = open_reader(url)
    try:
        with engine.connect() as connection:
            return _read(connection, vault)
    finally:
        engine.dispose()


def _read(connection: Connection, vault: Vault) -> Stored:
    stored = Stored()
    names = {row.id: row.office_id for row in connection.execute(select(residents.c.id, residents.c.office_id))}
    where = {row.id: vault.open("addresses.value", row.blind.hex(), row.value)
             for row in connection.execute(select(addresses))}  # fmt: skip
    for row in connection.execute(select(outbox).order_by(outbox.c.id)):
        body = json.loads(vault.open("outbox.body", row.key, row.body))
        tried = tuple(vault.name("attempt", row.key, n, length=24) for n in range(row.attempts))
        stored.rows.append(
            Row(row.id, row.channel, where[row.address_id], body["text"], row.state, row.attempts, tried,
                row.provider_id, row.interview_id, names.get(row.resident_id, ""), row.error)
        )  # fmt: skip
    for row in connection.execute(select(events).where(events.c.kind == "SentAgainAfterUnknown")):
        attempt = json.loads(row.data)["attempt"]
        stored.again[attempt] = Again(attempt, row.at)
    _read_answers(connection, NamedCodec(vault), names, stored)
    stored.heard = set(connection.execute(select(inbox.c.provider_id)).scalars())
    stored.inbox = Counter(
        f"{row.state} {row.reason}".strip() for row in connection.execute(select(inbox.c.state, inbox.c.reason))
    )
    return stored


def _read_answers(connection: Connection, codec: NamedCodec, names: dict[int, str], stored: Stored) -> None:
    held: dict[str, Any] = {row.id: row for row in connection.execute(select(interviews))}
    for row in held.values():
        if row.purpose == "survey":
            stored.surveys[names[row.resident_id]] += 1
    for row in connection.execute(select(answers)):
        interview = held[row.interview_id]
        said = codec.open_answer(row.interview_id, row.question, row.body)
        office_id = names[interview.resident_id]
        if interview.purpose == "survey":
            stored.answers[office_id][row.question] = said["value"]
        elif row.question == "what":
            stored.told[office_id].append(said["value"])
