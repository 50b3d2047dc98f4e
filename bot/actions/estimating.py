"""Estimates and outcome rates from files: need neither settings nor database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.actions.files import read_file
from surveys.statistics.dataset import read_dataset
from surveys.statistics.estimating import estimate
from surveys.statistics.outcomes import check_e, outcomes
from surveys.statistics.raking import read_totals
from surveys.statistics.wanted import Quantity, Wanted


class EstimateFile(BaseModel):
    """Estimate `value` of a data set; the other columns describe how it was drawn ("" = no such column)."""

    model_config = ConfigDict(frozen=True)

    path: Path
    value: str
    kind: Quantity = Quantity.MEAN
    denominator: str = ""
    weight: str = ""
    stratum: str = ""
    psu: str = ""
    fpc: str = ""
    by: str = ""
    difference: tuple[str, str] | None = None
    quantiles: tuple[float, ...] = (0.5,)
    rake: Path | None = None


def estimate_file(order: EstimateFile, language: str) -> dict[str, Any]:
    """Return `rows` of figures, and `notes` on how they were made; Refused for a file that cannot be used."""
    data = read_dataset(order.path.name, read_file(order.path))
    totals = None if order.rake is None else read_totals(order.rake.name, read_file(order.rake))
    wanted = Wanted(**order.model_dump(exclude={"path", "rake"}))
    found = estimate(data, wanted, totals)
    return {
        "rows": [row.as_json() for row in found.rows],
        "notes": [note.as_json(language) for note in found.notes],
    }


class RateFile(BaseModel):
    """Work out the outcome rates of a table of codes and counts; `e` in place of the one it follows."""

    model_config = ConfigDict(frozen=True)

    path: Path
    e: float | None = None


def rate_file(order: RateFile) -> dict[str, Any]:
    """Return the rates; Refused for a file that cannot be used."""
    check_e(order.e)
    return outcomes(read_dataset(order.path.name, read_file(order.path)), order.e).as_json()
