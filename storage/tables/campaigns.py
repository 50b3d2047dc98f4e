"""Questionnaires, campaigns and the samples drawn for them."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from storage.tables.registry import BigId, Instant, metadata

forms = Table(
    "forms",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("filename", String(255), nullable=False),
    Column("source", LargeBinary, nullable=False),  # the workbook as it was handed in
    Column("definition", String, nullable=False),  # JSON of the Form it compiles to
    Column("added_at", Instant, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", String(64), primary_key=True),  # a short name staff type
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("plan", String, nullable=False),  # JSON of the Plan, frozen at launch
    Column("frame_id", Integer, ForeignKey("frames.id")),
    Column("created_at", Instant, nullable=False),
    Column("launched_at", Instant),
    Column("closed_at", Instant),
    Column("units_at", Instant),  # when the directory of units was copied to campaign_units; launched before that: none
)

#: One row per drawn resident; replicate 0 is the main sample, 1.. are reserves, released whole.
sample = Table(
    "sample",
    metadata,
    Column("campaign_id", String(64), ForeignKey("campaigns.id"), primary_key=True),
    Column("pseudonym", String(32), primary_key=True),
    Column("resident_id", BigId, ForeignKey("residents.id"), nullable=False),
    Column("stratum", String(128), nullable=False),
    Column("area", String(128), nullable=False),
    Column("replicate", Integer, nullable=False),
    Column("population", Integer, nullable=False),  # N_h of the stratum at the draw
    Column("probability", Float, nullable=False),  # of being in the main sample
    Column("released_at", Instant),
    Column("units", String, nullable=False, server_default=""),  # JSON: ids of the units to evaluate, in order
    UniqueConstraint("campaign_id", "resident_id", name="uq_sample_campaign_id_resident_id"),
)

#: Who an awareness campaign reached, one row per resident and message.
reach = Table(
    "reach",
    metadata,
    Column("campaign_id", String(64), ForeignKey("campaigns.id"), primary_key=True),
    Column("resident_id", BigId, ForeignKey("residents.id"), primary_key=True),
    Column("sending", Integer, primary_key=True),  # 0 for the first date, 1 for the second …
    Column("outcome", String(32), nullable=False),  # sent | drawn | stopped | no_address | capped
    Column("at", Instant, nullable=False),
    Index("ix_reach_resident_id", "resident_id"),
)
