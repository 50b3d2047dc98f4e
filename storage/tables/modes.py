"""Imports of answers that came on paper, by phone or on the doorstep."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from storage.tables.registry import Instant, metadata

#: One row per file that was taken; `undone_at` says that it was taken back.
answer_imports = Table(
    "answer_imports",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("campaign_id", String(64), ForeignKey("campaigns.id"), nullable=False),
    Column("file", String(255), nullable=False),
    Column("size", Integer, nullable=False),  # interviews entered
    Column("made_at", Instant, nullable=False),
    Column("undone_at", Instant),
    Index("ix_answer_imports_campaign_id", "campaign_id"),
)

#: One row per interview that an import completed, with what it was before: '' for none.
entered = Table(
    "entered",
    metadata,
    Column("import_id", Integer, ForeignKey("answer_imports.id"), primary_key=True),
    Column("interview_id", String(32), primary_key=True),
    Column("mode", String(16), nullable=False),
    Column("assisted", Boolean, nullable=False),
    Column("entered_by", String(128), nullable=False),
    Column("entered_by_unit", String(64), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("interview_mode", String(16), nullable=False),
    Column("state", LargeBinary, nullable=False),  # sealed, as it stood in `interviews`
    Column("invite_due", Boolean, nullable=False),  # an invitation was still to go out
    Index("ix_entered_interview_id", "interview_id"),
)
