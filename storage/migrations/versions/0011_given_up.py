"""What witnesses saw of frames that were given up is kept.

Revision: 0011, after: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was given up before is only counted: its numbers are not known any more.
    op.add_column("draws", sa.Column("given_up", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("draws", "given_up")
