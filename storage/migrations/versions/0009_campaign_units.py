"""The units of a campaign as they were at its launch.

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.registry import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign_units",
        sa.Column("campaign_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_en", sa.String(length=255), nullable=False),
        sa.Column("unit_class", sa.String(length=128), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=False),
        sa.Column("duties", sa.String(), nullable=False),
        sa.Column("hotline", sa.String(length=64), nullable=False),
        sa.Column("exempt", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_units_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "id", name=op.f("pk_campaign_units")),
    )
    # Nothing is written for campaigns launched before: what their units were then is not known any more.
    op.add_column("campaigns", sa.Column("units_at", Instant, nullable=True))


def downgrade() -> None:
    # In place: tables with rows of their own hang on this one, so that it cannot be made anew.
    op.drop_column("campaigns", "units_at")
    op.drop_table("campaign_units")
