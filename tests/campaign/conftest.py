"""A house with a clock that stands still, and a small town to import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from office import house_over

from bot.house import House
from scheduler.clock import SteppedClock
from storage.database import Database

START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai
HEADER = "编号,姓名,手机,层,片区,语言,出生年份,同意来源,同意日期"


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    """Return a house over `database` with the simulator switched on."""
    return house_over(database, SteppedClock(START), tmp_path)


@pytest.fixture
def town(table: Callable[..., Path]) -> Path:
    """120 residents in three strata of 60, 40 and 20; every tenth shares the number of the one before."""
    lines = [HEADER]
    for at in range(120):
        stratum = "城区" if at < 60 else "乡镇" if at < 100 else "企业"
        number = at - 1 if at % 10 == 9 else at
        language = "en" if at % 15 == 0 else ""
        lines.append(f"R{at:03},王{at},139{number:08},{stratum},A{at % 4},{language},{1950 + at % 50},登记,2026-06-01")
    return table(*lines, name="town.csv")
