"""The tables, one file per subject; all hang on one MetaData."""

from storage.tables import campaigns, cases, messages, residents, talks, teaching
from storage.tables.registry import metadata

__all__ = ["campaigns", "cases", "messages", "metadata", "residents", "talks", "teaching"]
