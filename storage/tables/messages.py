"""Inbox and outbox: what came in, kept until settled, and what goes out, at most once by us."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from storage.tables.registry import BigId, Instant, metadata

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("provider_id", String(128), nullable=False),
    Column("address_id", BigId),  # none: a number we do not know
    Column("sender", LargeBinary, nullable=False),  # sealed address as the provider gave it
    Column("body", LargeBinary, nullable=False),  # sealed
    Column("extra", LargeBinary),  # sealed JSON: what came with the words, until the message is settled
    Column("state", String(16), nullable=False),  # done | failed | staff
    Column("reason", String(255), nullable=False),  # for staff: why a person must look
    Column("attempts", Integer, nullable=False),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("channel", "provider_id", name="uq_inbox_channel_provider_id"),
    Index(
        "ix_inbox_unsettled",
        "state",
        sqlite_where=text("state <> 'done'"),
        postgresql_where=text("state <> 'done'"),
    ),
)

#: due → attempting (committed before the provider is called) → accepted → delivered | failed;
#: attempting and no word of it → unknown, settled by evidence; cancelled and dead are final.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("address_id", BigId, nullable=False),
    Column("resident_id", BigId, nullable=False),
    Column("interview_id", String(32), nullable=False),
    Column("campaign_id", String(64), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("priority", Integer, nullable=False),  # 0 replies, 1 bulk
    Column("body", LargeBinary, nullable=False),  # sealed JSON: text, options
    Column("state", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("attempted_at", Instant),  # by the machine's own clock, as the next
    Column("lease_until", Instant),
    Column("unclear_at", Instant),  # since when nobody knows of the newest attempt, or of any where nobody can be asked
    Column("attempt", String(32), nullable=False),  # id of the newest attempt; travels with the message
    Column("attempts", Integer, nullable=False),
    Column("faults", Integer, nullable=False, server_default="0"),  # tries that count: not those a provider throttled
    Column("provider_id", String(128), nullable=False),
    Column("error", String(255), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("delivered_at", Instant),
    Index(
        "ix_outbox_due",
        "channel",
        "priority",
        "due_at",
        sqlite_where=text("state = 'due'"),
        postgresql_where=text("state = 'due'"),
    ),
    Index(
        "ix_outbox_open",
        "address_id",
        "id",
        sqlite_where=text("state IN ('due', 'attempting', 'unknown')"),
        postgresql_where=text("state IN ('due', 'attempting', 'unknown')"),
    ),
    Index("ix_outbox_attempt", "attempt"),
    Index("ix_outbox_resident_id", "resident_id"),
    Index("ix_outbox_campaign_id", "campaign_id"),
)

#: One row per channel, locked by whoever claims: claims of several processes follow one another. Machine's time.
gates = Table(
    "gates",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("next_free_at", Instant, nullable=False),  # GCRA: when the next message may leave
    Column("closed_until", Instant),  # the provider asked for patience, or has failed too often
    Column("failures", Integer, nullable=False),  # in a row; from a threshold on one message at a time probes
    Column("reason", String(255), nullable=False),
)

#: Voice messages, pictures and places that belong to an open answer or a case.
attachments = Table(
    "attachments",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),  # channel, provider id and place within the message
    Column("channel", String(16), nullable=False),
    Column("resident_id", BigId, nullable=False),
    Column("interview_id", String(32), nullable=False),
    Column("question", String(128), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("size", Integer, nullable=False),
    Column("reference", LargeBinary, nullable=False),  # sealed: the provider's name for it
    Column("body", LargeBinary),  # sealed once it is fetched
    Column("state", String(16), nullable=False),  # waiting | kept | failed
    Column("attempts", Integer, nullable=False),
    Column("error", String(255), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_attachments_resident_id", "resident_id"),
    Index("ix_attachments_case_id", "case_id"),
    Index(
        "ix_attachments_waiting",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)
