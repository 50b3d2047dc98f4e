"""A town in the field, and a house over it whose staff enter answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from office import house_over
from town import Town, invited

from bot.house import House
from storage.database import Database

HEADER = "pseudonym,mode,assisted,entered_by,at,q1,q2,q3,q4,q5,q6,q7"


@pytest.fixture
def town(database: Database) -> Town:
    """Six residents drawn and invited."""
    return invited(database, 6)


@pytest.fixture
def house(town: Town, tmp_path: Path) -> House:
    """Return a house over the town's database, on its clock."""
    return house_over(town.database, town.clock, tmp_path)
