"""Residents, the addresses they are reached at, and the frozen frames samples are drawn from."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from storage.tables.registry import BigId, Instant, metadata

residents = Table(
    "residents",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("office_id", String(64), nullable=False, unique=True),
    Column("name", LargeBinary, nullable=False),  # sealed
    Column("language", String(8), nullable=False),
    Column("birth_year", Integer),
    Column("consent", String(16), nullable=False),  # surveys.consent.Consent: the standing the log leads to
    Column("telegram", Boolean, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("erased_at", Instant),  # everything about them was deleted at their own request
)

#: kind is "phone" (SMS, simulator, voice, WhatsApp) or "telegram". The blind index is a keyed hash of the value.
addresses = Table(
    "addresses",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("blind", LargeBinary(32), nullable=False, unique=True),
    Column("value", LargeBinary, nullable=False),  # sealed
    Column("free_at", Instant),  # machine's time from which the next message may go there
)

resident_addresses = Table(
    "resident_addresses",
    metadata,
    Column("resident_id", BigId, ForeignKey("residents.id"), primary_key=True),
    Column("address_id", BigId, ForeignKey("addresses.id"), primary_key=True),
    Column("rank", Integer, nullable=False),  # 0 is tried first
    Column("confirmed_at", Instant),  # the resident said 本人 here, or registered the number in person
    Column("ended_at", Instant),  # the number has changed hands
    Index("ix_resident_addresses_address_id", "address_id"),
)

#: The append-only log; `residents.consent` is what its newest row says.
consents = Table(
    "consents",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("resident_id", BigId, ForeignKey("residents.id"), nullable=False),
    Column("consent", String(16), nullable=False),
    Column("source", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_consents_resident_id", "resident_id"),
)

#: Single-use links into a chat; only the keyed hash of the token is kept.
invitations = Table(
    "invitations",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("resident_id", BigId, ForeignKey("residents.id"), nullable=False),
    Column("source", String(16), nullable=False),  # asked | sheet
    Column("confirmed", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("ix_invitations_resident_id", "resident_id"),
)

#: Numbers whose holder had everything deleted: only the keyed hash, so that no import writes to them again.
suppressions = Table(
    "suppressions",
    metadata,
    Column("blind", LargeBinary(32), primary_key=True),
    Column("at", Instant, nullable=False),
)

#: An import makes a frame; it is visible once state is "ready" and never changes afterwards.
frames = Table(
    "frames",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String(16), nullable=False),  # loading | ready
    Column("source", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("imported_at", Instant, nullable=False),
)

frame_members = Table(
    "frame_members",
    metadata,
    Column("frame_id", Integer, ForeignKey("frames.id"), primary_key=True),
    Column("pseudonym", String(32), primary_key=True),
    Column("resident_id", BigId, nullable=False),
    Column("stratum", String(128), nullable=False),
    Column("area", String(128), nullable=False),
    Column("language", String(8), nullable=False),
    Column("birth_year", Integer),
    Column("address_id", BigId),  # the first number: of those who share it one is drawn
    Column("attributes", String, nullable=False),  # JSON of further columns
)

units = Table(
    "units",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("name_en", String(255), nullable=False),
    Column("unit_class", String(128), nullable=False),
    Column("parent", String(64)),
    Column("duties", String, nullable=False),
    Column("hotline", String(64), nullable=False),
    Column("exempt", Boolean, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
