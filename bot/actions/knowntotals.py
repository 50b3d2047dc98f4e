"""Known totals of a population, named in a plan by their file: read when the plan is, and kept in it as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.actions.files import read_file
from surveys.statistics.raking import read_totals


def put_totals(table: dict[str, Any], folder: Path) -> None:
    """Put the totals in place of the file that `weights.totals` names, if it names one; Refused for totals at fault."""
    weights = table.get("weights")
    if isinstance(weights, dict) and isinstance(weights.get("totals"), str):
        path = folder / weights["totals"]
        known = read_totals(path.name, read_file(path))
        table["weights"] = {**weights, "totals": {name: dict(levels) for name, levels in known.totals.items()}}
