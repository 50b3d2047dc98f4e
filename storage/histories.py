"""How what became of every sampled person changed, event by event: the same rule, asked anew after each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from storage import forms
from storage.answers import NOTHING_GIVEN, Given, assigned, given_answers, survey_talks
from storage.campaigns import load
from storage.dispositions import confirmed_since, deliveries, disposition, stopped_before
from storage.tables.campaigns import sample
from storage.tables.cases import events
from storage.tables.dispositions import told_dispositions
from storage.tables.messages import outbox
from storage.vault import Vault
from surveys.campaign.plan import Plan
from surveys.dialogue.interview import Stage
from surveys.questionnaire.progress import applicable
from surveys.statistics.told import with_told

#: Events that move an interview to another stage.
STAGES: Mapping[str, Stage] = {
    "InterviewBegun": Stage.OPEN,
    "ResidentInvited": Stage.OPEN,
    "InterviewCompleted": Stage.COMPLETE,
    "InterviewDeclined": Stage.DECLINED,
    "InterviewExpired": Stage.EXPIRED,
    "NumberChangedHands": Stage.WRONG_PERSON,
}
RELEASED, ANSWERED, DELIVERED, UNDELIVERED = "Released", "AnswerTaken", "MessageDelivered", "DeliveryFailed"
CONFIRMED, WITHHELD, TOLD, CHANGED = "NumberConfirmed", "InvitationWithheld", "DispositionTold", "InterviewChanged"


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on the person had the AAPOR code `code`; `by` is the kind of what made it so."""

    at: datetime
    code: str
    by: str


@dataclass(frozen=True, slots=True)
class History:
    """One released member of the sample: the code that holds, and how it came about. `steps` is never empty."""

    pseudonym: str
    resident: int
    stratum: str
    area: str
    replicate: int
    steps: tuple[Step, ...]

    @property
    def code(self) -> str:
        """The code that holds now."""
        return self.steps[-1].code


class _Talk(NamedTuple):
    """As much of an interview as a disposition depends on."""

    stage: str
    answered: int


@dataclass(slots=True)
class _Standing:
    """What is known of a person at one moment of the replay."""

    talk: _Talk | None = None
    delivery: str = ""
    confirmed: bool = False
    stopped: bool = False
    told: str = ""

    def take(self, by: str, what: str) -> None:
        """Let one event happen."""
        answered = self.talk.answered if self.talk else 0
        if by in STAGES:
            self.talk = _Talk(STAGES[by].value, answered)
        elif by == ANSWERED:
            self.talk = _Talk(self.talk.stage if self.talk else Stage.OPEN.value, int(what))
        elif by in {DELIVERED, UNDELIVERED}:
            self.delivery = what
        elif by == CONFIRMED:
            self.confirmed = True
        elif by == WITHHELD:
            self.stopped = True
        elif by == TOLD:
            self.told = what

    def code(self, plan: Plan, asked: int) -> str:
        """Return the code this leads to."""
        shown = disposition(
            self.talk,
            plan,
            applicable=asked,
            delivery=self.delivery,
            confirmed=self.confirmed,
            late=0,
            stopped=self.stopped,
        )
        return with_told(shown, self.told)


def unreleased(connection: Connection, campaign: str) -> int:
    """Return how many reserves were drawn and never released: they have no disposition."""
    rows = select(func.count()).select_from(sample)
    return int(
        connection.execute(rows.where(sample.c.campaign_id == campaign, sample.c.released_at.is_(None))).scalar_one()
    )


def histories(
    connection: Connection, vault: Vault, campaign_id: str, resident: int | None = None
) -> tuple[History, ...]:
    """Return the history of every released member of a survey's sample, or of one resident, by pseudonym.

    The last code of each is the one that statistics count. CampaignMissing if there is none of this name.
    """
    plan = load(connection, campaign_id).plan
    form = forms.load(connection, plan.form)
    wanted = select(sample).where(sample.c.campaign_id == campaign_id, sample.c.released_at.is_not(None))
    if resident is not None:
        wanted = wanted.where(sample.c.resident_id == resident)
    members = connection.execute(wanted.order_by(sample.c.pseudonym)).all()
    talks = survey_talks(connection, campaign_id)
    given = given_answers(connection, vault, campaign_id)
    happened = _happened(connection, campaign_id)
    best = deliveries(connection, campaign_id)
    confirmed = confirmed_since(connection, campaign_id)
    found = []
    for member in sorted(members, key=lambda row: row.pseudonym):
        talk = talks.get(member.resident_id)
        said = given.get(talk.id, NOTHING_GIVEN) if talk else NOTHING_GIVEN
        asked = applicable(form, said.values | assigned(member.units), plan.closes_at)
        mine = [*happened.get(member.resident_id, ()), *_answers(talk, said)]
        if member.resident_id in confirmed:
            mine.append((max(confirmed[member.resident_id], member.released_at), CONFIRMED, ""))
        # In the order of the clock; what happened in one moment in the order in which it was written down.
        steps = _replayed(plan, asked, member.released_at, sorted(mine, key=lambda event: event[0]))
        told = next((what for _, by, what in reversed(mine) if by == TOLD), "")
        holds = with_told(
            disposition(
                talk,
                plan,
                applicable=asked,
                delivery=best.get(member.resident_id, ""),
                confirmed=member.resident_id in confirmed,
                late=len(said.late),
                stopped=any(by == WITHHELD for _, by, _ in mine),
            ),
            told,
        )
        if steps[-1].code != holds:
            # Nothing that is recorded tells of it, such as answers that were deleted at the resident's request.
            at = talk.changed_at if talk else steps[-1].at
            steps.append(Step(max(at, steps[-1].at), holds, CHANGED))
        found.append(
            History(member.pseudonym, member.resident_id, member.stratum, member.area, member.replicate, tuple(steps))
        )
    return tuple(found)


def _replayed(plan: Plan, asked: int, released: datetime, mine: list[tuple[datetime, str, str]]) -> list[Step]:
    standing = _Standing()
    steps = [Step(released, standing.code(plan, asked), RELEASED)]
    for at, by, what in mine:
        standing.take(by, what)
        code = standing.code(plan, asked)
        if code != steps[-1].code:
            steps.append(Step(max(at, steps[-1].at), code, by))
    return steps


def _answers(talk: Any, said: Given) -> Iterator[tuple[datetime, str, str]]:
    """Yield the answers given in time, each with how many there were by then."""
    if talk is None:
        return
    in_time = sorted(at for name, at in said.at.items() if name not in said.late)
    most = talk.answered - len(said.late)
    for number, at in enumerate(in_time, 1):
        if number <= most:
            yield at, ANSWERED, str(number)


def _happened(connection: Connection, campaign: str) -> Mapping[int, list[tuple[datetime, str, str]]]:
    found: defaultdict[int, list[tuple[datetime, str, str]]] = defaultdict(list)
    mine = select(events.c.resident_id, events.c.at, events.c.kind, events.c.data).where(
        events.c.campaign_id == campaign, events.c.kind.in_(STAGES)
    )
    for resident, at, kind, data in connection.execute(mine.order_by(events.c.id)):
        if json.loads(data).get("purpose", "survey") == "survey":
            found[resident].append((at, kind, ""))
    for resident, at in stopped_before(connection, campaign).items():
        found[resident].append((at, WITHHELD, ""))
    codes = select(told_dispositions).where(told_dispositions.c.campaign_id == campaign)
    for row in connection.execute(codes.order_by(told_dispositions.c.id)):
        found[row.resident_id].append((row.at, TOLD, row.code))
    for resident, delivered, failed in connection.execute(
        select(
            outbox.c.resident_id,
            func.min(outbox.c.delivered_at),
            func.min(func.coalesce(outbox.c.sent_at, outbox.c.created_at)),
        )
        .where(outbox.c.campaign_id == campaign, outbox.c.state.in_(["delivered", "failed"]))
        .group_by(outbox.c.resident_id)
    ):
        if delivered is not None:
            found[resident].append((delivered, DELIVERED, "delivered"))
        else:
            found[resident].append((failed, UNDELIVERED, "failed"))
    return found
