"""The tables, one file per subject; all hang on one MetaData."""

from storage.tables import campaigns, cases, dispositions, draws, messages, modes, residents, scores, talks, teaching
from storage.tables.registry import metadata

__all__ = [
    "campaigns",
    "cases",
    "dispositions",
    "draws",
    "messages",
    "metadata",
    "modes",
    "residents",
    "scores",
    "talks",
    "teaching",
]
