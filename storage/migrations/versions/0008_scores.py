"""What units said of themselves.

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.registry import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "self_scores",
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_self_scores_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "unit_id", name=op.f("pk_self_scores")),
    )


def downgrade() -> None:
    op.drop_table("self_scores")
