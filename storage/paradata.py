"""How answers came about: when, from where, what was left out or put right. Named campaigns only: all are, so far."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from storage.answers import NOTHING_GIVEN, Given
from storage.codec import InterviewRow, NamedCodec
from storage.tables.cases import events
from storage.vault import Vault
from surveys.questionnaire.form import Form
from surveys.questionnaire.keys import is_more
from surveys.statistics.analysis import CHATTED, AnswerChange, Paradata


def read_paradata(  # noqa: PLR0917 - what has been read of the campaign so far
    connection: Connection,
    vault: Vault,
    campaign: str,
    form: Form,
    keys: Mapping[int, str],
    talks: Mapping[int, Any],
    given: Mapping[str, Given],
    units: Mapping[int, tuple[str, ...]],
) -> dict[str, Paradata]:
    """Return the paradata of everybody who answered something, by the key that stands for them (`keys`)."""
    codec = NamedCodec(vault)
    unread, changes = _happened(connection, campaign)
    places: dict[int, str] = {}
    asked = {question.name for question in form.asked}
    found = {}
    for resident, key in keys.items():
        talk = talks.get(resident)
        said = given.get(talk.id, NOTHING_GIVEN) if talk else NOTHING_GIVEN
        if talk is None or not said.values:
            continue
        state = codec.open_interview(InterviewRow._make(getattr(talk, name) for name in InterviewRow._fields))
        chatted = {name: at for name, at in said.at.items() if said.mode[name] in CHATTED}
        left = frozenset(name for name in state.skipped if not is_more(name) and name.partition("@")[0] in asked)
        found[key] = Paradata(
            at=chatted,
            language=state.language,
            address=places.setdefault(talk.address_id, f"a{len(places) + 1}") if chatted else "",
            units=units.get(resident, ()),
            skipped=left - unread[talk.id],
            # A required question stays open when its reply cannot be read, and is in no list of what was left out.
            unread=frozenset(unread[talk.id] - said.values.keys()),
            changes=tuple(changes[talk.id]),
        )
    return found


def _happened(
    connection: Connection, campaign: str
) -> tuple[defaultdict[str, set[str]], defaultdict[str, list[AnswerChange]]]:
    """Return by interview which questions could not be read, and which rated answers were put right."""
    rows = connection.execute(
        select(events.c.interview_id, events.c.kind, events.c.data)
        .where(events.c.campaign_id == campaign, events.c.kind.in_(["QuestionUnread", "AnswerCorrected"]))
        .order_by(events.c.id)
    )
    unread: defaultdict[str, set[str]] = defaultdict(set)
    changes: defaultdict[str, list[AnswerChange]] = defaultdict(list)
    for interview, kind, data in rows:
        said = json.loads(data)
        if kind == "QuestionUnread":
            unread[interview].add(said["question"])
        elif said.get("direction") in {"up", "down"}:
            after = timedelta(seconds=said.get("after", 0))
            changes[interview].append(AnswerChange(said["question"], said["direction"] == "up", after))
    return unread, changes
