"""Reading the answers of one campaign, opened, with when and how each came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.codec import NamedCodec
from storage.tables.modes import answer_imports, entered
from storage.tables.talks import answers, interviews
from storage.vault import Vault
from surveys.dialogue.interview import Purpose
from surveys.questionnaire.keys import count_key
from surveys.questionnaire.repeats import UNIT


@dataclass(frozen=True, slots=True)
class Given:
    """The answers of one interview: values as XForms text, those that came late, and when each was taken, by mode."""

    values: dict[str, str] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)
    at: dict[str, datetime] = field(default_factory=dict)
    mode: dict[str, str] = field(default_factory=dict)


#: Of whoever gave no answer; nobody writes to it.
NOTHING_GIVEN = Given()


def survey_talks(connection: Connection, campaign: str) -> Mapping[int, Any]:
    """Return the rows of a campaign's survey interviews by resident."""
    mine = (interviews.c.campaign_id == campaign, interviews.c.purpose == Purpose.SURVEY.value)
    return {row.resident_id: row for row in connection.execute(select(interviews).where(*mine))}


def given_answers(connection: Connection, vault: Vault, campaign: str) -> Mapping[str, Given]:
    """Return the answers to a campaign's survey, by interview."""
    codec = NamedCodec(vault)
    rows = connection.execute(
        select(answers.c.interview_id, answers.c.question, answers.c.body, answers.c.late, answers.c.at, answers.c.mode)
        .join(interviews, interviews.c.id == answers.c.interview_id)
        .where(interviews.c.campaign_id == campaign, interviews.c.purpose == Purpose.SURVEY.value)
    )
    found: dict[str, Given] = {}
    for interview, question, body, is_late, at, mode in rows:
        given = found.setdefault(interview, Given())
        given.values[question] = codec.open_answer(interview, question, body)["value"]
        given.at[question] = at
        given.mode[question] = mode
        if is_late:
            given.late.add(question)
    return found


def assisted_interviews(connection: Connection, campaign: str) -> frozenset[str]:
    """Return the interviews of an import that stands in which somebody else has read or written for the resident."""
    rows = connection.execute(
        select(entered.c.interview_id)
        .join(answer_imports, answer_imports.c.id == entered.c.import_id)
        .where(answer_imports.c.campaign_id == campaign, answer_imports.c.undone_at.is_(None), entered.c.assisted)
    )
    return frozenset(rows.scalars())


def assigned(units: str) -> dict[str, str]:
    """Return how many units a resident was to evaluate, as the form knows it: those not reached apply too."""
    return {count_key(UNIT, ()): str(len(json.loads(units)))} if units else {}
