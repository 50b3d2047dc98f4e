"""AAPOR's outcome rates as rows: overall, weighted, and stratum by stratum."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.reports import phrases
from surveys.language import translate
from surveys.statistics.results import Results

#: Those a page has room for; results.json has all.
SHOWN = ("rr1", "rr2", "rr3", "rr4", "rr5", "rr6", "coop1", "ref1", "con1", "e")


def rates_context(results: Results, language: str) -> dict[str, Any]:
    """Return the rates as the page's table is filled with them."""
    overall = {"name": phrases.group("", language), "rates": asdict(results.response.rates), "sum": True}
    name = translate(language, "of base weights")
    weighted = {"name": name, "rates": asdict(results.response.weighted), "sum": False}
    strata = [
        {"name": phrases.group(row.stratum, language), "rates": asdict(row.rates), "sum": False}
        for row in results.response_by_stratum
    ]
    return {"rate_names": SHOWN, "rate_rows": [overall, weighted, *strata]}
