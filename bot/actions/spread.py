"""The spread of strata that a plan takes from results of an earlier campaign: read when the plan is, kept in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.actions.files import read_file
from surveys.sampling.spread import read_spread


def put_spread(table: dict[str, Any], folder: Path) -> None:
    """Put the figures in place of the file that `sample.spread_from` names; what `sample.spread` says goes first."""
    design = table.get("sample")
    if isinstance(design, dict) and isinstance(design.get("spread_from"), str):
        path = folder / design["spread_from"]
        given = design.get("spread")
        found = read_spread(read_file(path), path.name)
        table["sample"] = {**design, "spread": {**found, **(given if isinstance(given, dict) else {})}}
