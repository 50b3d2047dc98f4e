"""What staff have taught: further words residents use for an option of one version of a questionnaire."""

from sqlalchemy import Column, String, Table

from storage.tables.registry import Instant, metadata

#: `form` is a digest, or the name of a questionnaire that comes with the house. Words mean one option at most.
synonyms = Table(
    "synonyms",
    metadata,
    Column("form", String(64), primary_key=True),
    Column("question", String(128), primary_key=True),
    Column("words", String(64), primary_key=True),  # as they are compared
    Column("choice", String(128), nullable=False),
    Column("said", String(64), nullable=False),  # as staff typed them
    Column("at", Instant, nullable=False),
)
