"""What a draw is certified by.

Revision: 0005, after: 0004
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.registry import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draws",
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("frame_id", sa.Integer(), nullable=False),
        sa.Column("design", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("contact_cap", sa.Integer(), nullable=False),
        sa.Column("cap_days", sa.Integer(), nullable=False),
        sa.Column("discarded", sa.Integer(), nullable=False),
        sa.Column("frozen_at", Instant, nullable=False),
        sa.Column("randomness", sa.String(), server_default="", nullable=False),
        sa.Column("entered_at", Instant, nullable=True),
        sa.Column("certificate", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_draws_campaign_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["frames.id"], name=op.f("fk_draws_frame_id")),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_draws")),
    )
    op.create_table(
        "draw_frames",
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("lines", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_draw_frames_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "part", name=op.f("pk_draw_frames")),
    )


def downgrade() -> None:
    op.drop_table("draw_frames")
    op.drop_table("draws")
