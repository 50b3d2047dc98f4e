"""Words that staff have taught for the options of a questionnaire.

Revision: 0004, after: 0003
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.registry import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "synonyms",
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=128), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.String(length=128), nullable=False),
        sa.Column("said", sa.String(length=64), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("form", "question", "words", name=op.f("pk_synonyms")),
    )


def downgrade() -> None:
    op.drop_table("synonyms")
