"""Dates and years as they stand in spreadsheets of offices."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

#: 2026-10-03, 2026/10/3, 2026.10.3, 2026年10月3日, 20261003; a time of day after it is dropped.
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[T ].*)?", re.ASCII)
_YEAR = re.compile(r"(\d{4})(?:年|\.0+)?", re.ASCII)
OLDEST = 120


@lru_cache(maxsize=4096)
def read_date(text: str) -> date | None:
    """Return the date `text` writes, or None."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = found[1], found[2] or found[4], found[3] or found[5]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def read_birth_year(text: str, this_year: int) -> int | None:
    """Return the year of birth (from a year or a whole date) if anyone alive can be born in it, else None."""
    plain = _YEAR.fullmatch(text.strip())
    day = None if plain else read_date(text)
    if plain is None and day is None:
        return None
    year = int(plain[1]) if plain else day.year if day else 0
    return year if this_year - OLDEST <= year <= this_year else None
