"""A resident's rows in frames are found by their pseudonym.

Revision: 0010, after: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_frame_members_resident_id", table_name="frame_members")


def downgrade() -> None:
    op.create_index("ix_frame_members_resident_id", "frame_members", ["resident_id"])
