"""One resident as an import hands them over, and the name under which they stand in frames."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage.vault import Vault


class Entry(NamedTuple):
    """One resident to be written: `phones` in E.164, in order; `agreed_at` is when the resident consented.

    `confirms` says that the office has the numbers from the resident in person, lately enough to count.
    """

    office_id: str
    name: str
    language: str
    birth_year: int | None
    telegram: bool
    phones: tuple[str, ...]
    agreed_by: str = ""
    agreed_at: datetime | None = None
    confirms: bool = False


def pseudonym_of(vault: Vault, office_id: str) -> str:
    """Return the name under which a resident stands in frames and samples."""
    return vault.name("pseudonym", office_id, length=20)
