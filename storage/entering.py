"""Answers from a table, written in one transaction: all of them or none, and taken back as a whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from storage.codec import InterviewRow
from storage.committing import Commit
from storage.desk import Desk
from storage.drawn import AT_ONCE, standings
from storage.events import record
from storage.interviews import interviews_held
from storage.loading import load
from storage.tables.messages import outbox
from storage.tables.modes import answer_imports, entered
from storage.tables.residents import resident_addresses
from storage.tables.talks import answers, interviews, wakes
from surveys.dialogue.conversation import Conversation
from surveys.dialogue.turn import Event
from surveys.modes.entering import enter
from surveys.modes.entry import Entry
from surveys.modes.standing import Standing

#: Where somebody is talked to who has no address any more.
NOWHERE = 0


class MovedOn(Exception):
    """Some residents have answered, declined or opted out since their rows were checked; `entries` are those."""

    def __init__(self, entries: Sequence[tuple[Entry, Standing]]) -> None:
        self.entries = tuple(entries)
        super().__init__(f"{len(self.entries)} residents have moved on")


@dataclass(frozen=True, slots=True)
class EnteredBefore:
    """What an import that stands holds of one interview."""

    mode: str
    assisted: bool
    answers: Mapping[str, str]


def write_entries(  # noqa: PLR0917 - which campaign, which file, what is in it
    connection: Connection, desk: Desk, now: datetime, campaign: str, file: str, entries: Sequence[Entry]
) -> int:
    """Complete the interviews of `entries` and return the number of the import; MovedOn if one may not be any more."""
    people = [entry.drawn.resident for entry in entries]
    at = _addresses(connection, campaign, people)
    loaded = load(connection, desk.vault, desk.codec, desk.surnames, set(at.values()))
    # After the lock: what another process has committed for these residents is seen here.
    now_stands = standings(connection, campaign, people)
    moved = [(entry, now_stands[entry.drawn.resident].standing) for entry in entries]
    if late := [(entry, standing) for entry, standing in moved if standing is not Standing.OPEN]:
        raise MovedOn(late)
    before = _interviews(connection, [drawn.interview for drawn in now_stands.values() if drawn.interview])
    talks: dict[int, Conversation] = dict(loaded.conversations)
    for row in before.values():
        if talks[row.address_id].interview(row.id) is None:  # ended without an answer, so not loaded as open
            columns = InterviewRow._make(getattr(row, name) for name in InterviewRow._fields)
            talks[row.address_id] = talks[row.address_id].with_interview(desk.codec.open_interview(columns))
    known = dict(talks)
    number = int(
        connection.execute(
            insert(answer_imports)
            .values(campaign_id=campaign, file=file[-255:], size=len(entries), made_at=now)
            .returning(answer_imports.c.id)
        ).scalar_one()
    )
    invited = _set_aside(connection, campaign, people)
    _call_off(connection, campaign, people)
    running = {campaign} | {interview.campaign for talk in talks.values() for interview in talk.interviews}
    world = desk.world(connection, now, running, loaded.cases)
    commit = Commit(desk.vault, desk.codec, now, longest=desk.longest)
    rows = []
    for entry in entries:
        address = at[entry.drawn.resident]
        turn = enter(talks[address], entry, world.campaigns[campaign], world, number)
        channel = _channel(connection, turn.conversation) if turn.says else ""
        if not channel:
            turn = replace(turn, says=())
        commit.add(known[address], turn, channel=channel, known_cases=tuple(loaded.cases))
        talks[address] = turn.conversation
        (event,) = [event for event in turn.events if event.kind == "AnswersEntered"]
        rows.append(_entered(number, event.interview, entry, before, due=entry.drawn.resident in invited))
    commit.write(connection)
    connection.execute(insert(entered), rows)
    data = {"number": number, "interviews": len(entries)}
    record(connection, [Event("AnswersImported", now, campaign=campaign, actor="staff", data=data)])
    return number


def entered_before(connection: Connection, desk: Desk, wanted: Collection[str]) -> Mapping[str, EnteredBefore]:
    """Return what imports that stand hold of these interviews."""
    ids, found = sorted(wanted), {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        said: dict[str, dict[str, str]] = {name: {} for name in some}
        for interview, question, body in connection.execute(
            select(answers.c.interview_id, answers.c.question, answers.c.body).where(answers.c.interview_id.in_(some))
        ):
            said[interview][question] = desk.codec.open_answer(interview, question, body)["value"]
        for interview, mode, assisted in connection.execute(
            select(entered.c.interview_id, entered.c.mode, entered.c.assisted)
            .join(answer_imports, answer_imports.c.id == entered.c.import_id)
            .where(entered.c.interview_id.in_(some), answer_imports.c.undone_at.is_(None))
        ):
            found[interview] = EnteredBefore(mode, assisted, said[interview])
    return found


def _addresses(connection: Connection, campaign: str, people: Collection[int]) -> dict[int, int]:
    """Return the address each resident's interview is held at: the present one, else their best, else a former one."""
    found: dict[int, int] = dict.fromkeys(people, NOWHERE)
    ids = sorted(found)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        # The worst first: a later row replaces an earlier one.
        links = connection.execute(
            select(resident_addresses.c.resident_id, resident_addresses.c.address_id)
            .where(resident_addresses.c.resident_id.in_(some))
            .order_by(
                resident_addresses.c.ended_at.is_(None),
                resident_addresses.c.rank.desc(),
                resident_addresses.c.address_id,
            )
        )
        found |= dict(links.all())
        held = connection.execute(
            select(interviews.c.resident_id, interviews.c.address_id).where(
                interviews.c.resident_id.in_(some),
                interviews.c.campaign_id == campaign,
                interviews.c.purpose == "survey",
            )
        )
        found |= dict(held.all())
    return found


def _interviews(connection: Connection, wanted: Sequence[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = interviews.c.id.in_(wanted[start : start + AT_ONCE])
        found |= {row.id: row for row in connection.execute(select(interviews).where(some))}
    return found


def _set_aside(connection: Connection, campaign: str, people: Collection[int]) -> frozenset[int]:
    """Take back invitations that are still to go out; return whose they were."""
    ids, found = sorted(people), set[int]()
    for start in range(0, len(ids), AT_ONCE):
        rows = connection.execute(
            update(wakes)
            .where(
                wakes.c.campaign_id == campaign,
                wakes.c.kind == "invite",
                wakes.c.state == "due",
                wakes.c.resident_id.in_(ids[start : start + AT_ONCE]),
            )
            .values(state="stale")
            .returning(wakes.c.resident_id)
        )
        found.update(rows.scalars())
    return frozenset(found)


def _call_off(connection: Connection, campaign: str, people: Collection[int]) -> None:
    """Cancel what was still to be sent to these residents about the campaign; a case's messages stay."""
    ids = sorted(people)
    for start in range(0, len(ids), AT_ONCE):
        connection.execute(
            update(outbox)
            .where(
                outbox.c.campaign_id == campaign,
                outbox.c.case_id == "",
                outbox.c.state == "due",
                outbox.c.resident_id.in_(ids[start : start + AT_ONCE]),
            )
            .values(state="cancelled", error="entered")
        )


def _channel(connection: Connection, talk: Conversation) -> str:
    """Return by which channel whoever has the floor now is written to, '' if that is not known."""
    floor = talk.floor
    held = interviews_held(connection, [floor.id]) if floor else {}
    return next((channel for _, channel in held.values() if channel), talk.channel)


def _entered(number: int, interview: str, entry: Entry, before: Mapping[str, Row[Any]], *, due: bool) -> dict[str, Any]:
    was = before.get(interview)
    return {
        "import_id": number,
        "interview_id": interview,
        "mode": entry.mode.value,
        "assisted": entry.assisted,
        "entered_by": entry.entered_by,
        "entered_by_unit": entry.entered_by_unit,
        "stage": was.stage if was else "",
        "turn": was.turn if was else 0,
        "interview_mode": was.mode if was else "",
        "state": was.state if was else b"",
        "invite_due": due,
    }
