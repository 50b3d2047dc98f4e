"""Answers that came on paper, by phone or on the doorstep.

Revision: 0007, after: 0006
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.registry import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_imports",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("undone_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_answer_imports_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_imports")),
    )
    op.create_index("ix_answer_imports_campaign_id", "answer_imports", ["campaign_id"])
    op.create_table(
        "entered",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("assisted", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.String(length=128), nullable=False),
        sa.Column("entered_by_unit", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("interview_mode", sa.String(length=16), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("invite_due", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["answer_imports.id"], name=op.f("fk_entered_import_id")),
        sa.PrimaryKeyConstraint("import_id", "interview_id", name=op.f("pk_entered")),
    )
    op.create_index("ix_entered_interview_id", "entered", ["interview_id"])


def downgrade() -> None:
    op.drop_table("entered")
    op.drop_table("answer_imports")
