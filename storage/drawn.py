"""Finding the drawn residents that rows of entered answers speak of, and how each of them stands."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, select

from storage.campaignunits import of_campaign
from storage.invitations import token_blind
from storage.tables.campaigns import sample
from storage.tables.modes import answer_imports, entered
from storage.tables.residents import invitations, residents
from storage.tables.talks import interviews
from storage.vault import Vault
from surveys.dialogue.interview import Purpose
from surveys.modes.entry import Drawn
from surveys.modes.standing import standing_of
from surveys.units.directory import Unit

#: Codes looked up at once: what every database takes as parameters of one statement.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DrawnResidents:
    """The sample of a campaign by pseudonym and by office id, and by those invitation codes that were asked for."""

    by_pseudonym: Mapping[str, Drawn]
    by_office_id: Mapping[str, Drawn]
    by_code: Mapping[str, Drawn]


def drawn_residents(
    connection: Connection, vault: Vault, campaign: str, *, codes: Collection[str] = (), now: datetime
) -> DrawnResidents:
    """Return everybody drawn for `campaign`; codes that have run out or were never given lead to nobody."""
    known = {unit.id: unit for unit in of_campaign(connection, campaign).units}
    rows = connection.execute(_standings().where(sample.c.campaign_id == campaign)).all()
    people = {row.resident_id: _drawn(row, known) for row in rows}
    owners = _owners(connection, vault, codes, now)
    return DrawnResidents(
        by_pseudonym={drawn.pseudonym: drawn for drawn in people.values()},
        by_office_id={row.office_id: people[row.resident_id] for row in rows},
        by_code={code: people[owner] for code, owner in owners.items() if owner in people},
    )


def standings(connection: Connection, campaign: str, wanted: Collection[int]) -> Mapping[int, Drawn]:
    """Return how these residents stand now, by resident."""
    ids, found = sorted(wanted), {}
    for start in range(0, len(ids), AT_ONCE):
        some = sample.c.resident_id.in_(ids[start : start + AT_ONCE])
        for row in connection.execute(_standings().where(sample.c.campaign_id == campaign, some)):
            found[row.resident_id] = _drawn(row, {})
    return found


def stands(interview: ColumnElement[str]) -> ColumnElement[bool]:
    """Say whether an interview was entered by an import that has not been taken back."""
    return exists().where(
        entered.c.interview_id == interview,
        answer_imports.c.id == entered.c.import_id,
        answer_imports.c.undone_at.is_(None),
    )


def _standings() -> Select[Any]:
    return (
        select(
            sample.c.pseudonym,
            sample.c.resident_id,
            sample.c.released_at,
            sample.c.units,
            residents.c.office_id,
            residents.c.consent,
            interviews.c.id,
            interviews.c.stage,
            interviews.c.answered,
            stands(interviews.c.id).label("entered"),
        )
        .join(residents, residents.c.id == sample.c.resident_id)
        .outerjoin(
            interviews,
            (interviews.c.resident_id == sample.c.resident_id)
            & (interviews.c.campaign_id == sample.c.campaign_id)
            & (interviews.c.purpose == Purpose.SURVEY.value),
        )
        .order_by(sample.c.pseudonym)
    )


def _drawn(row: Row[Any], units: Mapping[str, Unit]) -> Drawn:
    assigned = json.loads(row.units) if row.units else []
    return Drawn(
        pseudonym=row.pseudonym,
        resident=row.resident_id,
        standing=standing_of(
            released=row.released_at is not None,
            consent=row.consent,
            stage=row.stage or "",
            answered=row.answered or 0,
            entered=bool(row.entered),
        ),
        interview=row.id or "",
        units=tuple(units[unit] for unit in assigned if unit in units),
    )


def _owners(connection: Connection, vault: Vault, codes: Collection[str], now: datetime) -> dict[str, int]:
    by_blind = {token_blind(vault, code): code for code in codes}
    blinds, found = sorted(by_blind), {}
    for start in range(0, len(blinds), AT_ONCE):
        some = invitations.c.token.in_(blinds[start : start + AT_ONCE])
        for token, resident in connection.execute(
            select(invitations.c.token, invitations.c.resident_id).where(some, invitations.c.expires_at > now)
        ):
            found[by_blind[bytes(token)]] = int(resident)
    return found
