"""The results of a campaign: read in one moment, computed apart from the service, written as files or JSON."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.progress import Progress
from bot.house import House
from storage.analysis import read_analysis
from storage.campaigns import CampaignMissing
from surveys.language import message
from surveys.problem import Problem, Refused

if TYPE_CHECKING:
    from surveys.statistics.results import Results


class CampaignResults(BaseModel):
    """Which campaign; `folder` is where page, table and JSON are written, nothing is written without it.

    `width` asks for the tables as text as well, so many columns wide, with colours if `colour`.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    folder: Path | None = None
    width: int = Field(default=0, ge=0, le=400)
    colour: bool = False


def campaign_results(house: House, order: CampaignResults, progress: Progress) -> dict[str, Any]:
    """Return the results as JSON; the estimates run in this thread, never on the service's event loop."""
    from surveys.statistics.results import compute_results

    with house.database.read() as connection:
        try:
            analysis = read_analysis(connection, house.database.vault, order.name)
        except CampaignMissing:
            raise Refused([_missing(order.name)]) from None
    progress(1, 3)
    results = compute_results(analysis)
    progress(2, 3)
    files: list[str] = []
    if order.folder is not None:
        from bot.reports.bundle import write_bundle

        files = [str(path) for path in write_bundle(results, order.folder, house.language)]
    progress(3, 3)
    tables = terminal_text(results, house.language, order.width, colour=order.colour) if order.width else ""
    return {"results": results.as_json(), "files": files, "tables": tables}


def terminal_text(results: Results, language: str, width: int, *, colour: bool) -> str:
    """Return the tables a terminal shows."""
    from rich.console import Console

    from bot.reports.terminal import show_results

    console = Console(file=StringIO(), width=width, force_terminal=colour, no_color=not colour)
    with console.capture() as captured:
        show_results(results, console, language)
    return captured.get()


def _missing(name: str) -> Problem:
    return Problem(
        code="campaign_missing",
        what=message("There is no campaign {name}.", name=name),
        fix=message("`pingyi campaign list` shows their names."),
        field="name",
    )
