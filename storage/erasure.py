"""Deleting everything about a resident who asked for it; a row without a person stays for the design weights.

Two steps. `erase` runs in the transaction that decides it. The number itself is deleted by `finish`, an hour later,
so that the last message can still go out; `finish` also repeats what a message heard at the same instant may have
brought back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, or_, select, update

from storage.caserecord import case_row, open_case_row
from storage.codec import InterviewRow, NamedCodec, compact
from storage.events import record
from storage.frames import in_every_frame
from storage.saying import UNSENT
from storage.suppressed import erased_office_id, office_id_blind, suppressed_blind
from storage.tables.cases import cases, staff_calls
from storage.tables.dispositions import told_dispositions
from storage.tables.messages import attachments, inbox, outbox
from storage.tables.modes import entered
from storage.tables.residents import (
    addresses,
    consents,
    frame_members,
    invitations,
    resident_addresses,
    residents,
    suppressions,
)
from storage.tables.talks import answers, conversations, interviews, wakes
from storage.vault import Vault
from surveys.cases.progress import CLOSED, withdraw
from surveys.consent.consent import Consent
from surveys.dialogue.interview import Interview, Stage
from surveys.dialogue.turn import Event

#: A last message that will not go out is waited for this long.
WAITED = timedelta(hours=48)
#: States of a message whose words may still be needed.
OPEN = ("due", "attempting", "unknown")
NOTHING_SAID = compact({"text": "", "options": []})


def erase(connection: Connection, vault: Vault, resident: int, now: datetime) -> bool:
    """Delete what is kept about a resident and end their links; False if there is no such resident, or no more.

    Open cases end as withdrawn. Messages under way keep their words until `finish`.
    """
    row = connection.execute(
        select(residents).where(residents.c.id == resident, residents.c.erased_at.is_(None)).with_for_update()
    ).first()
    if row is None:
        return False
    _suppress(connection, vault, resident, row.office_id, now)
    connection.execute(
        update(resident_addresses)
        .where(resident_addresses.c.resident_id == resident, resident_addresses.c.ended_at.is_(None))
        .values(ended_at=now, confirmed_at=None)
    )
    _sweep(connection, vault, resident, now, messages_in=("cancelled", "accepted", "delivered", "failed", "dead"))
    said = select(consents.c.id).where(consents.c.resident_id == resident, consents.c.source == "erased")
    if connection.execute(said).first() is None:
        connection.execute(
            insert(consents).values(
                resident_id=resident, consent=Consent.STOPPED.value, source="erased", channel="staff", at=now
            )
        )
    office_id = erased_office_id(vault, row.office_id)
    connection.execute(
        update(residents)
        .where(residents.c.id == resident)
        .values(
            office_id=office_id,
            name=vault.seal("residents.name", office_id, ""),
            language="zh",
            birth_year=None,
            telegram=False,
            consent=Consent.STOPPED.value,
            updated_at=now,
            erased_at=now,
        )
    )
    # Frames and samples keep stratum and area: without them the others' weights could not be computed.
    connection.execute(
        update(frame_members)
        .where(in_every_frame(vault, row.office_id))
        .values(birth_year=None, address_id=None, language="zh", attributes="{}")
    )
    return True


def finish(connection: Connection, vault: Vault, resident: int, now: datetime) -> bool:
    """Delete the numbers and the last words of an erased resident; False if a message is still under way."""
    erased_at = connection.execute(select(residents.c.erased_at).where(residents.c.id == resident)).scalar()
    if erased_at is None:
        return True
    own = _own(connection, resident, erased_at)
    mine = or_(outbox.c.resident_id == resident, outbox.c.address_id.in_(own))
    if (
        now - erased_at < WAITED
        and connection.execute(select(outbox.c.id).where(mine, outbox.c.state.in_(OPEN))).first()
    ):
        return False
    connection.execute(update(outbox).where(mine, outbox.c.state.in_(UNSENT)).values(state="cancelled", error="erased"))
    _sweep(connection, vault, resident, now, messages_in=None, own=own, until=erased_at)
    for address in own:
        blind = vault.blind("erased", str(address))
        connection.execute(
            update(addresses)
            .where(addresses.c.id == address)
            .values(blind=blind, value=vault.seal("addresses.value", blind.hex(), ""))
        )
    return True


def _suppress(connection: Connection, vault: Vault, resident: int, office_id: str, now: datetime) -> None:
    """Remember, as keyed hashes, what no import may bring back: the office's own id, numbers that are theirs alone."""
    blinds = [office_id_blind(vault, office_id)]
    rows = connection.execute(
        select(addresses.c.blind, addresses.c.value)
        .join(resident_addresses, resident_addresses.c.address_id == addresses.c.id)
        .where(
            resident_addresses.c.resident_id == resident,
            resident_addresses.c.ended_at.is_(None),
            addresses.c.kind == "phone",
            ~_held_by_another(resident),
        )
    )
    blinds += [suppressed_blind(vault, vault.open("addresses.value", blind.hex(), value)) for blind, value in rows]
    known = set(connection.execute(select(suppressions.c.blind).where(suppressions.c.blind.in_(blinds))).scalars())
    fresh = [{"blind": blind, "at": now} for blind in dict.fromkeys(blinds) if blind not in known]
    if fresh:
        connection.execute(insert(suppressions), fresh)


def _held_by_another(resident: int) -> ColumnElement[bool]:
    other = resident_addresses.alias("other")
    return exists().where(
        other.c.address_id == resident_addresses.c.address_id,
        other.c.resident_id != resident,
        other.c.ended_at.is_(None),
    )


def _own(connection: Connection, resident: int, erased_at: datetime) -> list[int]:
    """Return the addresses that were this resident's at the end, and those that were nobody else's ever.

    A number that is somebody else's by now, or that has changed hands between others, is theirs to keep.
    """
    other = resident_addresses.alias("other")
    others = and_(other.c.address_id == resident_addresses.c.address_id, other.c.resident_id != resident)
    return list(
        connection.execute(
            select(resident_addresses.c.address_id)
            .where(
                resident_addresses.c.resident_id == resident,
                or_(
                    ~exists().where(others),
                    and_(
                        resident_addresses.c.ended_at >= erased_at,
                        ~exists().where(others, other.c.ended_at.is_(None)),
                    ),
                ),
            )
            .order_by(resident_addresses.c.address_id)
        ).scalars()
    )


def _sweep(
    connection: Connection,
    vault: Vault,
    resident: int,
    now: datetime,
    *,
    messages_in: Collection[str] | None,
    own: Collection[int] | None = None,
    until: datetime | None = None,
) -> None:
    """Delete what was said by and to a resident; `messages_in` names the states of messages that lose their words.

    What came in after `until` is a stranger's and waits for a person.
    """
    own = _own(connection, resident, now) if own is None else own
    _end_interviews(connection, vault, resident, now)
    _end_cases(connection, vault, resident, now)
    connection.execute(delete(attachments).where(attachments.c.resident_id == resident))
    connection.execute(delete(invitations).where(invitations.c.resident_id == resident))
    connection.execute(update(told_dispositions).where(told_dispositions.c.resident_id == resident).values(reason=b""))
    connection.execute(
        update(staff_calls)
        .where(staff_calls.c.resident_id == resident, staff_calls.c.state == "waiting")
        .values(state="done", done_at=now)
    )
    connection.execute(
        update(wakes)
        .where(wakes.c.resident_id == resident, wakes.c.state.in_(["due", "held"]), wakes.c.kind != "erase")
        .values(state="stale")
    )
    connection.execute(
        update(outbox)
        .where(outbox.c.resident_id == resident, outbox.c.state.in_(UNSENT))
        .values(state="cancelled", error="erased")
    )
    mine = or_(outbox.c.resident_id == resident, outbox.c.address_id.in_(own))
    statement = select(outbox.c.id, outbox.c.key).where(mine)
    if messages_in is not None:
        statement = statement.where(outbox.c.state.in_(sorted(messages_in)))
    for message, key in connection.execute(statement).all():
        body = vault.seal("outbox.body", key, NOTHING_SAID)
        connection.execute(update(outbox).where(outbox.c.id == message).values(body=body))
    connection.execute(
        update(inbox)
        .where(inbox.c.address_id.in_(own), inbox.c.received_at <= (until or now))
        .values(body=b"", sender=b"", extra=None, state="done")
    )
    connection.execute(
        update(conversations).where(conversations.c.address_id.in_(own)).values(language="", keep_offered="")
    )


def _end_interviews(connection: Connection, vault: Vault, resident: int, now: datetime) -> None:
    """Delete the answers; who has them deleted counts as having refused, so that the sample keeps its size."""
    codec = NamedCodec(vault)
    columns = [interviews.c[name] for name in InterviewRow._fields]
    rows = connection.execute(select(*columns).where(interviews.c.resident_id == resident)).all()
    if not rows:
        return
    connection.execute(delete(answers).where(answers.c.interview_id.in_([row.id for row in rows])))
    # What an interview was before its answers were entered from paper: nothing is to be put back.
    connection.execute(update(entered).where(entered.c.interview_id.in_([row.id for row in rows])).values(state=b""))
    for row in rows:
        was = codec.open_interview(InterviewRow._make(row))
        stage = was.stage if was.stage is Stage.WRONG_PERSON else Stage.DECLINED
        bare = Interview(was.id, was.purpose, was.resident, was.form, was.campaign, was.case, stage, turn=was.turn)
        connection.execute(
            update(interviews)
            .where(interviews.c.id == was.id)
            .values(stage=stage.value, answered=0, state=codec.seal_interview(bare), changed_at=now)
        )


def _end_cases(connection: Connection, vault: Vault, resident: int, now: datetime) -> None:
    """Delete the words of every case; what is still being handled ends as withdrawn, its state and times stay."""
    happened = []
    for row in connection.execute(select(cases).where(cases.c.resident_id == resident).with_for_update()).all():
        case = open_case_row(vault, row)
        if case.state not in CLOSED:
            moved = withdraw(case, now=now)
            case = moved.case
            happened += [
                Event(kind, now, resident=resident, campaign=case.campaign, case=case.id) for kind in moved.events
            ]
        changed = case_row(vault, replace(case, text="", resolution="", reason="", named=False))
        connection.execute(update(cases).where(cases.c.id == changed.pop("id")).values(changed))
    record(connection, happened)
