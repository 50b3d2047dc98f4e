"""A town in the field, and a house over it whose staff enter answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from town import Town

from bot.house import House
from bot.settings import Settings
from storage.database import Database

HEADER = "pseudonym,mode,assisted,entered_by,at,q1,q2,q3,q4,q5,q6,q7"


@pytest.fixture
def town(database: Database) -> Town:
    """Six residents drawn and invited."""
    made = Town(database, 6)
    made.launch()
    made.wakes()
    made.send()
    return made


@pytest.fixture
def house(town: Town, tmp_path: Path) -> House:
    """Return a house over the town's database, on its clock."""
    settings = Settings(data=tmp_path / "data", simulator=True, hotline="12345", language="en")
    return House(settings, town.database, town.clock, settings.office(), (None, None))


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV of the given lines and return its path."""

    def write(*lines: str, name: str = "answers.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
