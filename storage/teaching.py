"""Teaching what residents' words mean: kept for one version of a questionnaire, and past replies read once more."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, delete, insert, select, update

from storage import forms
from storage.committing import Commit
from storage.desk import BUILT_IN, Desk
from storage.events import record
from storage.loading import LIVE_STAGES, load
from storage.mistaught import read_so
from storage.tables.cases import events
from storage.tables.messages import inbox
from storage.tables.talks import interviews
from storage.tables.teaching import synonyms
from storage.taught import taught_here, with_words
from surveys.dialogue.rereading import Misread, reread, reread_answer
from surveys.dialogue.turn import Event
from surveys.dialogue.vocabulary import key
from surveys.questionnaire.form import Choice, Form, Question
from surveys.questionnaire.keys import row_of
from surveys.questionnaire.templates import template_form

#: As long as the column.
LONGEST = 64


@dataclass(frozen=True, slots=True)
class Lesson:
    """`words` mean option `choice` of `question` in the questionnaire `form` (a digest or a built-in name)."""

    form: str
    question: str
    words: str
    choice: str


@dataclass(frozen=True, slots=True)
class Reread:
    """A reply that is another answer now: its number in the inbox, its words, the option's name.

    `message` is 0 for one that had been read before by the same words: its message is no longer kept.
    """

    message: int
    at: datetime
    text: str
    value: str


def named_form(connection: Connection, reference: str) -> tuple[str, Form] | None:
    """Return the questionnaire `reference` means, with its name in interviews; None if there is none."""
    if reference in BUILT_IN:
        return reference, template_form(reference)
    digest = forms.find(connection, reference)
    return (digest, forms.load(connection, digest)) if digest else None


def taught(connection: Connection, form: str) -> list[Lesson]:
    """Return what has been taught for a questionnaire, in order."""
    rows = connection.execute(
        select(synonyms.c.form, synonyms.c.question, synonyms.c.said, synonyms.c.choice)
        .where(synonyms.c.form == form)
        .order_by(synonyms.c.question, synonyms.c.at, synonyms.c.words)
    )
    return [Lesson(*row) for row in rows]


def teach(connection: Connection, desk: Desk, lesson: Lesson, now: datetime, *, dry: bool) -> list[Reread]:
    """Keep `lesson`, take past unreadable replies to its question, and read again answers that the words gave before.

    `dry` changes nothing and tells which.
    """
    if not dry:
        kept = {"form": lesson.form, "question": lesson.question, "words": key(lesson.words)}
        connection.execute(delete(synonyms).where(*(synonyms.c[name] == value for name, value in kept.items())))
        connection.execute(insert(synonyms).values(**kept, choice=lesson.choice, said=lesson.words, at=now))
        _happened(connection, "SynonymTaught", lesson, now)
    return [
        *_reread_all(connection, desk, lesson, now, dry=dry),
        *_reread_answers(connection, desk, lesson, now, dry=dry),
    ]


def forget(connection: Connection, desk: Desk, lesson: Lesson, now: datetime) -> int | None:
    """Forget what `lesson.words` mean, whatever option it is; return how many answers they gave, None if never taught.

    Those answers stay, with the resident's own words: without a meaning for the words nothing better is known, and the
    resident, who was answered, would have to be asked once more. Taught for another option, the words change them.
    """
    gone = connection.execute(
        delete(synonyms).where(
            synonyms.c.form == lesson.form,
            synonyms.c.question == lesson.question,
            synonyms.c.words == key(lesson.words),
        )
    )
    if not gone.rowcount:
        return None
    _happened(connection, "SynonymForgotten", lesson, now)
    return sum(1 for _ in read_so(connection, desk, lesson.form, lesson.question, lesson.words))


def option(question: Question, reference: str) -> Choice | None:
    """Return the option `reference` means: its name, its number as it is offered, or a label."""
    named = question.choice(reference)
    if named:
        return named
    offered = [choice for choice in question.choices if not choice.hidden]
    if reference.isascii() and reference.isdecimal():
        return offered[int(reference) - 1] if 1 <= int(reference[:4]) <= len(offered) else None
    found = [choice for choice in question.choices if key(reference) in map(key, choice.labels.values())]
    return found[0] if len(found) == 1 else None


def _happened(connection: Connection, kind: str, lesson: Lesson, now: datetime) -> None:
    """Record it without the words: they may be a resident's own."""
    taught_here()
    data = {"form": lesson.form[:12], "question": lesson.question}
    record(connection, [Event(kind=kind, at=now, actor="staff", data=data)])


def _reread_all(connection: Connection, desk: Desk, lesson: Lesson, now: datetime, *, dry: bool) -> Iterator[Reread]:
    for message, reply, address in _misread(connection, desk, lesson):
        loaded = load(connection, desk.vault, desk.codec, desk.surnames, [address])
        talk = loaded.conversations[address]
        world = desk.world(connection, now, {i.campaign for i in talk.interviews}, loaded.cases)
        if dry:
            world = replace(world, form=partial(_as_taught, world.form, lesson))
        found = reread(talk, reply, world)
        if found is None:
            continue
        value, turn = found
        if not dry:
            commit = Commit(desk.vault, desk.codec, now, longest=desk.longest)
            commit.add(talk, turn, channel=talk.channel, known_cases=tuple(loaded.cases))
            commit.write(connection)
            settled = {"state": "done", "reason": "reread", "body": b"", "sender": b"", "extra": None}
            connection.execute(update(inbox).where(inbox.c.id == message).values(settled))
        yield Reread(message, reply.at, reply.text, value)


def _reread_answers(
    connection: Connection, desk: Desk, lesson: Lesson, now: datetime, *, dry: bool
) -> Iterator[Reread]:
    """Give the answers that the same words gave before, when they meant another option, their new meaning."""
    before = list(read_so(connection, desk, lesson.form, lesson.question, lesson.words))
    for found in [found for found in before if found.value != lesson.choice]:
        loaded = load(connection, desk.vault, desk.codec, desk.surnames, [found.address])
        talk = loaded.conversations[found.address]
        world = desk.world(connection, now, {i.campaign for i in talk.interviews}, loaded.cases)
        if dry:
            world = replace(world, form=partial(_as_taught, world.form, lesson))
        changed = reread_answer(talk, found.reply, world)
        if changed is None:
            continue
        value, turn = changed
        if not dry:
            commit = Commit(desk.vault, desk.codec, now, longest=desk.longest)
            commit.add(talk, turn, channel=talk.channel, known_cases=tuple(loaded.cases))
            commit.write(connection)
        yield Reread(0, found.reply.at, found.reply.text, value)


def _as_taught(form_of: Callable[[str], Form], lesson: Lesson, digest: str) -> Form:
    """Return a questionnaire as it would be with `lesson`."""
    form = form_of(digest)
    return with_words(form, {lesson.question: {lesson.choice: (lesson.words,)}}) if digest == lesson.form else form


def _misread(connection: Connection, desk: Desk, lesson: Lesson) -> Iterator[tuple[int, Misread, int]]:
    """Yield the kept replies nobody could read that were put to the question of `lesson`, with their address.

    Which question a reply was meant for is told by the event of the same instant.
    """
    waiting = connection.execute(
        select(inbox)
        .where(inbox.c.state == "staff", inbox.c.reason == "unreadable", inbox.c.address_id.is_not(None))
        .order_by(inbox.c.id)
    ).all()
    for row in waiting:
        about = connection.execute(
            select(interviews.c.id, events.c.data)
            .join(
                events,
                (events.c.campaign_id == interviews.c.campaign_id)
                & (events.c.kind == "QuestionUnread")
                & (events.c.interview_id == interviews.c.id)
                & (events.c.at == row.received_at),
            )
            .where(interviews.c.address_id == row.address_id, interviews.c.stage.in_(LIVE_STAGES))
        ).first()
        asked = str(json.loads(about.data).get("question", "")) if about else ""
        if about is None or row_of(asked) != lesson.question:
            continue
        text = desk.vault.open("inbox.body", f"{row.channel}|{row.provider_id}", row.body)
        yield row.id, Misread(about.id, asked, text, row.received_at), row.address_id
