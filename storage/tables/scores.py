"""What scores rest on besides answers: the units as they were at launch, and what they say of themselves."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, String, Table

from storage.tables.registry import Instant, metadata

#: One row per campaign and unit; a file handed in again replaces the score, never the campaign's other rows.
self_scores = Table(
    "self_scores",
    metadata,
    Column("campaign_id", String(64), ForeignKey("campaigns.id"), primary_key=True),
    Column("unit_id", String(64), primary_key=True),
    Column("score", Float, nullable=False),
    Column("source", String(255), nullable=False),  # the file it came from
    Column("at", Instant, nullable=False),
)

#: The whole directory of units, one row per unit, as it was when the campaign was launched; never changed afterwards.
campaign_units = Table(
    "campaign_units",
    metadata,
    Column("campaign_id", String(64), ForeignKey("campaigns.id"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("name_en", String(255), nullable=False),
    Column("unit_class", String(128), nullable=False),
    Column("parent", String(64), nullable=False),  # the id of another row, or nothing
    Column("duties", String, nullable=False),
    Column("hotline", String(64), nullable=False),
    Column("exempt", Boolean, nullable=False),
)
