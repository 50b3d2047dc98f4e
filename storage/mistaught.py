"""Answers read by words that staff had taught: found again when the words are to mean something else, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from storage.codec import InterviewRow
from storage.desk import Desk
from storage.tables.talks import answers, interviews
from surveys.dialogue.rereading import Misread
from surveys.dialogue.vocabulary import key
from surveys.questionnaire.keys import row_of

#: The rule by which taught words are read.
_RULE = "synonym"


@dataclass(frozen=True, slots=True)
class ReadSo:
    """An answer whose words, as a whole, are those in question."""

    reply: Misread
    value: str
    address: int


def read_so(connection: Connection, desk: Desk, form: str, question: str, words: str) -> Iterator[ReadSo]:
    """Yield the answers to `question` of questionnaire `form` that were read by `words`, in every instance of it."""
    rows = connection.execute(
        select(interviews, answers.c.question, answers.c.body, answers.c.at)
        .join(interviews, interviews.c.id == answers.c.interview_id)
        .where(
            answers.c.rule == _RULE,
            or_(answers.c.question == question, answers.c.question.startswith(f"{question}@", autoescape=True)),
        )
        .order_by(answers.c.at, interviews.c.id, answers.c.question)
    )
    wanted = key(words)
    for row in rows:
        said = desk.codec.open_answer(row.id, row.question, row.body)
        if row_of(row.question) != question or key(said["raw"]) != wanted:
            continue
        state = InterviewRow._make(getattr(row, name) for name in InterviewRow._fields)
        if desk.codec.open_interview(state).form == form:
            yield ReadSo(Misread(row.id, row.question, said["raw"], row.at), said["value"], row.address_id)
