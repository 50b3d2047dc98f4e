"""Cases, calls staff owe residents, and the append-only record of events."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from storage.tables.registry import BigId, Instant, metadata

cases = Table(
    "cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(16), nullable=False, unique=True),
    Column("resident_id", BigId, ForeignKey("residents.id"), nullable=False),
    Column("address_id", BigId, nullable=False),
    Column("campaign_id", String(64), nullable=False),
    Column("unit_id", String(64), nullable=False),
    Column("handler", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("named", Boolean, nullable=False),
    Column("text", LargeBinary, nullable=False),  # sealed
    Column("resolution", LargeBinary, nullable=False),  # sealed
    Column("reason", LargeBinary, nullable=False),  # sealed
    Column("resolved_by", String(128), nullable=False),
    Column("round", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("escalation", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("resolved_at", Instant),
    Column("closed_at", Instant),
    Index("ix_cases_resident_id", "resident_id"),
    Index("ix_cases_state", "state"),
)

staff_calls = Table(
    "staff_calls",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("resident_id", BigId, ForeignKey("residents.id"), nullable=False),
    Column("interview_id", String(32), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # waiting | done
    Column("at", Instant, nullable=False),
    Column("done_at", Instant),
)

#: What happened, without any answer or message text. Rows are never changed.
events = Table(
    "events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("resident_id", BigId, nullable=False),
    Column("interview_id", String(32), nullable=False),
    Column("campaign_id", String(64), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("data", String, nullable=False),  # JSON
    Index("ix_events_campaign_id", "campaign_id", "kind"),
    Index("ix_events_case_id", "case_id"),
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", String, nullable=False),
)
