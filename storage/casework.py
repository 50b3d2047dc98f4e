"""Counting what became of the cases of a campaign."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, select

from storage.tables.cases import cases, events
from storage.tables.residents import units
from surveys.campaign.plan import Plan
from surveys.cases.case import CaseState, Outcome
from surveys.statistics.analysis import CaseFacts, UnitCases

#: Each way a callback may end, by the event that says so.
ENDINGS = {
    "CaseConfirmed": Outcome.CONFIRMED,
    "CallbackDeclined": Outcome.DECLINED,
    "CallbackUnreachable": Outcome.UNREACHABLE,
}


def case_facts(connection: Connection, campaign: str, plan: Plan) -> CaseFacts:
    """Count the campaign's cases and those of free messages while it ran: residents do not tell them apart."""
    mine = connection.execute(
        select(cases).where((cases.c.campaign_id == campaign) | _free_during(plan)).order_by(cases.c.id)
    ).all()
    if not mine:
        return CaseFacts()
    ids = [case.id for case in mine]
    endings: Counter[Outcome] = Counter()
    said: set[str] = set()
    overdue: set[str] = set()
    for case, kind, data in connection.execute(
        select(events.c.case_id, events.c.kind, events.c.data).where(events.c.case_id.in_(ids))
    ):
        if kind in ENDINGS:
            endings[ENDINGS[kind]] += 1
        elif kind == "CaseReopened":
            endings[Outcome(json.loads(data).get("outcome", Outcome.NOT_RESOLVED.value))] += 1
        if kind in {"CaseReopened", "CaseConfirmed"}:
            said.add(case)
        if kind == "CaseOverdue":
            overdue.add(case)
    return CaseFacts(
        total=len(mine),
        by_state=dict(sorted(Counter(case.state for case in mine).items())),
        ever_staff_resolved=sum(case.round > 0 for case in mine),
        callbacks_completed=len(said),
        confirmed=endings[Outcome.CONFIRMED],
        partly=endings[Outcome.PARTLY],
        not_resolved=endings[Outcome.NOT_RESOLVED],
        reopened=sum(case.reopened > 0 for case in mine),
        unreachable=endings[Outcome.UNREACHABLE],
        declined=endings[Outcome.DECLINED],
        overdue=len(overdue),
        by_unit=_by_unit(connection, mine),
    )


def _free_during(plan: Plan) -> Any:
    return (cases.c.campaign_id == "") & cases.c.opened_at.between(plan.starts_at, plan.closes_at)


def _by_unit(connection: Connection, mine: Any) -> tuple[UnitCases, ...]:
    names = dict(connection.execute(select(units.c.id, units.c.name)).all())
    grouped: dict[str, list[Any]] = defaultdict(list)
    for case in mine:
        if case.unit_id:
            grouped[case.unit_id].append(case)
    return tuple(
        UnitCases(
            unit=names.get(unit, unit),
            cases=len(group),
            reported_done=sum(case.round > 0 for case in group),
            confirmed=sum(case.state == CaseState.CONFIRMED.value for case in group),
            reopened=sum(case.reopened > 0 for case in group),
        )
        for unit, group in sorted(grouped.items())
    )
