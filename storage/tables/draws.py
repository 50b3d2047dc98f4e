"""Frames frozen for a draw, and what each draw is certified by."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from storage.tables.registry import Instant, metadata

#: One row once the frame of a campaign is frozen; the seed follows later, the certificate with the launch.
draws = Table(
    "draws",
    metadata,
    Column("campaign_id", String(64), ForeignKey("campaigns.id"), primary_key=True),
    Column("frame_id", Integer, ForeignKey("frames.id"), nullable=False),  # the import that was frozen
    Column("design", String, nullable=False),  # JSON: audience and sample of the plan as they were then
    Column("digest", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("contact_cap", Integer, nullable=False),
    Column("cap_days", Integer, nullable=False),
    Column("discarded", Integer, nullable=False),  # frames given up after their randomness was known
    Column("frozen_at", Instant, nullable=False),
    Column("randomness", String, nullable=False, server_default=""),  # JSON: sources, numbers, witnesses
    Column("entered_at", Instant),
    Column("certificate", String, nullable=False, server_default=""),  # JSON
    Column("given_up", String, nullable=False, server_default=""),  # JSON: the frames discarded, with their randomness
)

#: The lines of a frozen frame, compressed, in parts: pseudonyms of this campaign alone, no resident.
draw_frames = Table(
    "draw_frames",
    metadata,
    Column("campaign_id", String(64), ForeignKey("campaigns.id"), primary_key=True),
    Column("part", Integer, primary_key=True),  # below zero while the frame is being frozen
    Column("lines", LargeBinary, nullable=False),
)
