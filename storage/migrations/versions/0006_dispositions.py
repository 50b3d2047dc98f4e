"""How what became of sampled people changed, and when.

Revision: 0006, after: 0005
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.registry import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_dispositions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("resident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_told_dispositions_campaign_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["residents.id"], name=op.f("fk_told_dispositions_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_dispositions")),
    )
    op.create_index("ix_told_dispositions_campaign_id", "told_dispositions", ["campaign_id", "resident_id"])


def downgrade() -> None:
    op.drop_table("told_dispositions")
