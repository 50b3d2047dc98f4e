"""Loading the conversations a group of stimuli is about: set by set, locked in the order of their addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite

from storage.caserecord import open_case_row
from storage.codec import InterviewRow, NamedCodec
from storage.offers import read_offers
from storage.prepared import Lookup
from storage.tables.cases import cases
from storage.tables.registry import instant
from storage.tables.residents import resident_addresses, residents
from storage.tables.talks import conversations, interviews
from storage.vault import Vault
from surveys.cases.case import Case
from surveys.cases.progress import CLOSED
from surveys.dialogue.conversation import Conversation, Person
from surveys.dialogue.interview import Stage
from surveys.dialogue.loops import NO_BURST, Burst
from surveys.dialogue.surname import surname

LIVE_STAGES = (Stage.OPEN.value, Stage.WAITING.value)
CLOSED_STATES = tuple(state.value for state in CLOSED)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Conversations by address, and the cases their people have open or their interviews are about."""

    conversations: dict[int, Conversation]
    cases: dict[str, Case]


class Surnames:
    """Opens names once per process: a name changes only with an import, which changes its sealed bytes."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[bytes, str] = {}

    def of(self, office_id: str, sealed: bytes) -> str:
        """Return the surname behind a sealed name."""
        known = self._known.get(sealed)
        if known is None:
            if len(self._known) > 200_000:
                self._known.clear()
            known = self._known[sealed] = surname(self._vault.open("residents.name", office_id, sealed))
        return known


def load(
    connection: Connection, vault: Vault, codec: NamedCodec, surnames: Surnames, addresses: Collection[int]
) -> Loaded:
    """Lock and load the conversations at `addresses`, making the rows that do not exist yet."""
    ids = sorted(set(addresses))
    rows = {row[0]: row for row in _LOCK.rows(connection, ids)}
    missing = [address for address in ids if address not in rows]
    if missing:
        _make(connection, missing)
        rows |= {row[0]: row for row in _LOCK.rows(connection, missing)}
    open_cases = _cases_of(connection, vault, ids)
    cases_of: dict[int, list[str]] = defaultdict(list)
    for case in open_cases.values():
        cases_of[case.resident].append(case.id)
    people: dict[int, list[Person]] = defaultdict(list)
    languages: dict[int, str] = {}
    for address, resident, confirmed_at, office_id, name, language, consent in _PEOPLE.rows(connection, ids):
        languages.setdefault(address, language)
        people[address].append(
            Person(
                resident=resident,
                surname=surnames.of(office_id, name),
                confirmed=confirmed_at is not None,
                consent=consent,
                open_cases=tuple(sorted(cases_of.get(resident, ()))),
            )
        )
    talks: dict[int, list[Any]] = defaultdict(list)
    for address, *row in _INTERVIEWS.rows(connection, ids):
        talks[address].append(codec.open_interview(InterviewRow._make(row)))
    found = {}
    for address in ids:
        _, turn, language, offers, channel, heard_at, burst, since = rows[address]
        keep, erasure_until = read_offers(offers)
        found[address] = Conversation(
            address=address,
            people=tuple(people[address]),
            interviews=tuple(talks[address]),
            language=language or languages.get(address, "zh"),
            turn=turn,
            keep_offered=keep,
            channel=channel,
            heard_at=instant(heard_at),
            burst=NO_BURST if since is None else Burst.unpacked(burst, instant(since)),
            erasure_until=erasure_until,
        )
    return Loaded(found, open_cases)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_LOCK = Lookup(
    select(
        conversations.c.address_id,
        conversations.c.turn,
        conversations.c.language,
        conversations.c.keep_offered,
        conversations.c.channel,
        conversations.c.heard_at,
        conversations.c.burst,
        conversations.c.burst_since,
    )
    .order_by(conversations.c.address_id)
    .with_for_update(),  # on SQLite the one writer's BEGIN IMMEDIATE has the same effect
    conversations.c.address_id,
)
_PEOPLE = Lookup(
    select(
        resident_addresses.c.address_id,
        resident_addresses.c.resident_id,
        resident_addresses.c.confirmed_at,
        residents.c.office_id,
        residents.c.name,
        residents.c.language,
        residents.c.consent,
    )
    .join(residents, residents.c.id == resident_addresses.c.resident_id)
    .where(resident_addresses.c.ended_at.is_(None))
    .order_by(resident_addresses.c.address_id, resident_addresses.c.resident_id),
    resident_addresses.c.address_id,
)
_INTERVIEWS = Lookup(
    select(interviews.c.address_id, *(interviews.c[name] for name in InterviewRow._fields))
    .where(
        text(f"interviews.stage IN ({_quoted(LIVE_STAGES)})")
    )  # literals: the statement has no parameter but the addresses
    .order_by(interviews.c.address_id, interviews.c.started_at, interviews.c.id),
    interviews.c.address_id,
)
_OPEN_CASES = Lookup(
    select(resident_addresses.c.address_id)
    .join(cases, cases.c.resident_id == resident_addresses.c.resident_id)
    .where(text(f"cases.state NOT IN ({_quoted(CLOSED_STATES)})"))
    .distinct(),
    resident_addresses.c.address_id,
)
_CASES = (
    select(cases)
    .where(
        cases.c.resident_id.in_(
            select(resident_addresses.c.resident_id).where(
                resident_addresses.c.address_id.in_(bindparam("ids", expanding=True))
            )
        ),
        cases.c.state.notin_(CLOSED_STATES),
    )
    .order_by(cases.c.id)
)


def _make(connection: Connection, ids: Sequence[int]) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert(conversations).on_conflict_do_nothing(),
        [{"address_id": address, "turn": 0, "language": "", "keep_offered": ""} for address in ids],
    )


def _cases_of(connection: Connection, vault: Vault, ids: Sequence[int]) -> dict[str, Case]:
    some = [address for (address,) in _OPEN_CASES.rows(connection, ids)]
    if not some:
        return {}
    return {row.id: open_case_row(vault, row) for row in connection.execute(_CASES, {"ids": some})}
