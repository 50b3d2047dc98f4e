"""Conversations, interviews, answers, and the wakes that time them."""

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, String, Table, text

from storage.tables.registry import BigId, Instant, metadata

#: One row per address, locked in id order by whoever changes anything said there.
conversations = Table(
    "conversations",
    metadata,
    Column("address_id", BigId, primary_key=True, autoincrement=False),
    Column("turn", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    Column("keep_offered", String, nullable=False),  # storage/offers.py: what may still be taken up here
    Column("channel", String(16), nullable=False, server_default=""),  # by which the newest message came in
    Column("heard_at", Instant),  # and when
    Column("burst", Integer, nullable=False, server_default="0"),  # messages since `burst_since`: two machines
    Column("burst_since", Instant),  # that answer one another are told from a person by it
)

interviews = Table(
    "interviews",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address_id", BigId, nullable=False),
    Column("resident_id", BigId, nullable=False),
    Column("campaign_id", String(64), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("answered", Integer, nullable=False),  # how many questions; never which or how
    Column("channel", String(16), nullable=False, server_default=""),  # that carries it
    Column("state", LargeBinary, nullable=False),  # one opaque blob, through the campaign's codec
    Column("started_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_interviews_address_id", "address_id"),
    Index("ix_interviews_campaign_id", "campaign_id"),
    Index("ix_interviews_resident_id", "resident_id"),
)

#: The erasable store. A second answer to a question replaces the first: one row per question.
answers = Table(
    "answers",
    metadata,
    Column("interview_id", String(32), primary_key=True),
    Column("question", String(128), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # value, raw text, comment … through the campaign's codec
    Column("rule", String(32), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("late", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

#: Durable time. `subject` is an interview, case, campaign or resident; `guard` the turn it must still be at.
wakes = Table(
    "wakes",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("due_at", Instant, nullable=False),
    Column("subject", String(64), nullable=False),
    Column("guard", Integer, nullable=False),
    Column("resident_id", BigId, nullable=False),
    Column("campaign_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # due | done | stale | failed
    Column("attempts", Integer, nullable=False),
    Column("error", String(255), nullable=False),
    Index("ix_wakes_due", "due_at", sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'")),
    Index("ix_wakes_campaign_id", "campaign_id"),
)
