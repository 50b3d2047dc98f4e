"""The scores units gave themselves, to be put beside what residents say."""

from sqlalchemy import Column, Float, ForeignKey, String, Table

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
