"""The results of a campaign: read in one moment, computed apart from the service, written as files or JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.progress import Progress
from bot.house import House
from storage.campaigns import CampaignMissing
from storage.ratings import read_compared
from surveys.language import message
from surveys.problem import Problem, Refused

if TYPE_CHECKING:
    from surveys.scoring.facts import ScoringFacts
    from surveys.scoring.report import ScoreReport
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
    from bot.reports.bundle import results_record
    from bot.reports.scorestable import scores_text
    from surveys.quality.assessment import look
    from surveys.statistics.results import compute_results

    with house.database.read() as connection:
        try:
            facts, earlier = read_compared(connection, house.database.vault, order.name)
        except CampaignMissing:
            raise Refused([campaign_missing(order.name)]) from None
    progress(1, 3)
    looked = look(facts.analysis)
    results = compute_results(facts.analysis, looked)
    scores = scores_beside(facts, earlier, looked.flagged)
    progress(2, 3)
    files: list[str] = []
    if order.folder is not None:
        from bot.reports.bundle import write_bundle

        files = [str(path) for path in write_bundle(results, order.folder, house.language, scores)]
    progress(3, 3)
    tables = terminal_text(results, house.language, order.width, colour=order.colour) if order.width else ""
    if scores is not None:
        tables += scores_text(scores, house.language, order.width, colour=order.colour) if order.width else ""
    return {"results": results_record(results, scores), "files": files, "tables": tables}


def scores_beside(
    facts: ScoringFacts, earlier: Mapping[str, ScoringFacts | None], flagged: Collection[str] | None = None
) -> ScoreReport | None:
    """Return the scores that stand beside the results: of units or areas; None where nothing of the kind is rated.

    `flagged` are the running keys of those under a flag, if the answers have been looked at already.
    """
    from surveys.scoring.report import report

    try:
        found = report(facts, earlier, flagged)
    except Refused:
        return None  # `pingyi scores show` says what is wrong with the rule; the results stand without it
    return None if found is None or found.gathered.subject == "campaign" else found


def terminal_text(results: Results, language: str, width: int, *, colour: bool) -> str:
    """Return the tables a terminal shows."""
    from rich.console import Console

    from bot.reports.terminal import show_results

    console = Console(file=StringIO(), width=width, force_terminal=colour, no_color=not colour)
    with console.capture() as captured:
        show_results(results, console, language)
    return captured.get()


def campaign_missing(name: str) -> Problem:
    """Return the problem of a name that no campaign has."""
    return Problem(
        code="campaign_missing",
        what=message("There is no campaign {name}.", name=name),
        fix=message("`pingyi campaign list` shows their names."),
        field="name",
    )
