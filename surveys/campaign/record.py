"""A plan as JSON text and back, exactly: what is frozen at launch can be read again years later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from surveys.campaign.plan import Audience, CampaignKind, Plan, SampleDesign, UnitsDesign
from surveys.campaign.weighting import WeightsDesign, read_weights_record
from surveys.scoring.design import ScoringDesign, read_scoring_record

#: Raised when a later version writes plans another way.
VERSION = 1


def plan_text(plan: Plan) -> str:
    """Return `plan` as JSON with sorted keys."""
    return json.dumps({"version": VERSION, **plan_record(plan)}, ensure_ascii=False, sort_keys=True)


def plan_record(plan: Plan) -> dict[str, Any]:
    """Return the fields of `plan` as JSON values; instants in UTC, spans in seconds."""
    return {field.name: _plain(getattr(plan, field.name)) for field in fields(plan)}


def read_plan_text(text: str) -> Plan:
    """Return the plan that `plan_text` wrote; ValueError for a version this program does not know."""
    record = json.loads(text)
    if record["version"] != VERSION:
        raise ValueError(f"a plan of version {record['version']} cannot be read by this version of the program")
    audience, sample = record["audience"], record["sample"]
    return Plan(
        name=record["name"],
        kind=CampaignKind(record["kind"]),
        organiser=record["organiser"],
        legal_basis=record["legal_basis"],
        delete_on=date.fromisoformat(record["delete_on"]),
        starts_at=datetime.fromisoformat(record["starts_at"]),
        closes_at=datetime.fromisoformat(record["closes_at"]),
        zone=record["zone"],
        titles=record["titles"],
        audience=Audience(
            strata=frozenset(audience["strata"]),
            areas=frozenset(audience["areas"]),
            minimum_age=audience["minimum_age"],
        ),
        sample=read_design(sample),
        form=record["form"],
        messages=record["messages"],
        send_on=tuple(date.fromisoformat(day) for day in record["send_on"]),
        channels=tuple(record["channels"]),
        day_opens=time.fromisoformat(record["day_opens"]),
        day_closes=time.fromisoformat(record["day_closes"]),
        reminders=tuple(timedelta(seconds=span) for span in record["reminders"]),
        invite_over=timedelta(seconds=record["invite_over"]),
        ask_complaint=record["ask_complaint"],
        complete_share=record["complete_share"],
        partial_share=record["partial_share"],
        key_question=record["key_question"],
        late_days=record["late_days"],
        verify_by=record["verify_by"],
        units=_units(record.get("units", {})),
        scoring=read_scoring_record(record.get("scoring", {})),
        weights=read_weights_record(record.get("weights", {})),
    )


def read_design(record: Mapping[str, Any]) -> SampleDesign:
    """Return the sample's design of a record; plans from before reserves were released by rule say no span."""
    span = {name: timedelta(seconds=value) for name, value in record.items() if name == "release_after"}
    return SampleDesign(**{**record, **span})


def _units(record: Mapping[str, Any]) -> UnitsDesign:
    """Return the design of a record; plans from before units were assigned have none."""
    return UnitsDesign(**{**record, "classes": tuple(record.get("classes", ()))})


def _plain(value: Any) -> Any:
    if isinstance(value, Audience | SampleDesign | ScoringDesign | UnitsDesign | WeightsDesign):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if hasattr(value, "items"):
        return dict(value)
    return value
