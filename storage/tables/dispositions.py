"""What staff were told became of sampled people; what the conversations show needs no row."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from storage.tables.registry import BigId, Instant, metadata

#: Rows are added and never changed, but that a reason loses its words when its resident is erased; the newest holds.
told_dispositions = Table(
    "told_dispositions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("campaign_id", String(64), ForeignKey("campaigns.id"), nullable=False),
    Column("resident_id", BigId, ForeignKey("residents.id"), nullable=False),
    Column("code", String(8), nullable=False),  # '' takes the earlier ones back
    Column("reason", LargeBinary, nullable=False),  # sealed
    Column("actor", String(128), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_told_dispositions_campaign_id", "campaign_id", "resident_id"),
)
