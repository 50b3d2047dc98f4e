"""What staff do with scores: show them, explain one, write them to files, take what units say of themselves."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.files import read_file
from bot.actions.planning import find_campaign
from bot.actions.progress import Progress
from bot.actions.results import campaign_missing
from bot.house import House
from storage import selfscores
from storage.campaigns import CampaignMissing
from storage.ratings import read_compared, read_scoring
from surveys.language import LANGUAGES, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.workbook import read_table
from surveys.sampling.assignment import evaluated
from surveys.scoring.arithmetic import arithmetic
from surveys.scoring.report import ScoreReport, report
from surveys.scoring.selfscore import read_self_scores
from surveys.statistics.record import plain
from surveys.units.directory import Unit

#: A scale that a rule leaves without ends is taken to run so far for self-scores.
USUAL = (0.0, 100.0)


class ShowScores(BaseModel):
    """Show the scores of a campaign, of one class of units only with `unit_class`; `width` asks for tables as text."""

    model_config = ConfigDict(frozen=True)

    campaign: str
    unit_class: str = ""
    width: int = Field(default=0, ge=0, le=400)
    colour: bool = False


class ExplainScore(BaseModel):
    """Show the arithmetic of one unit's score; `unit` is its id or one of its names."""

    model_config = ConfigDict(frozen=True)

    campaign: str
    unit: str


class ExportScores(BaseModel):
    """Write the scores as JSON, CSV and pages into `folder`."""

    model_config = ConfigDict(frozen=True)

    campaign: str
    folder: Path


class TakeSelfScores(BaseModel):
    """Take a .csv or .xlsx of scores units gave themselves; one that is there already is replaced."""

    model_config = ConfigDict(frozen=True)

    campaign: str
    path: Path
    dry_run: bool = False


def show_scores(house: House, order: ShowScores, progress: Progress) -> dict[str, Any]:
    """Return the scores as JSON, and as tables if a width is asked for."""
    found = read_report(house, order.campaign, progress)
    if order.unit_class:
        known = [one.unit_class for one in found.scores.classes]
        if order.unit_class not in known:
            raise Refused([_no_class(order.unit_class, known)])
        found = found.of_class(order.unit_class)
    tables = ""
    if order.width:
        from bot.reports.scorestable import scores_text

        tables = scores_text(found, house.language, order.width, colour=order.colour)
    return {"scores": found.as_json(), "tables": tables}


def explain_score(house: House, order: ExplainScore, progress: Progress) -> dict[str, Any]:
    """Return the arithmetic of one unit as JSON, in words of both languages, and as lines in the staff's."""
    found = read_report(house, order.campaign, progress)
    unit = _unit(found, order.unit)
    worked = arithmetic(found.gathered.ratings, found.scores, unit)
    verdict = found.verdicts.get(unit)
    lines = {language: worked.lines(language, verdict) for language in LANGUAGES}
    shown = {
        "campaign": order.campaign,
        "unit": plain(worked.unit.unit, found.zone),
        "score": plain(worked.unit.total, found.zone),
        "groups": plain(worked.groups, found.zone),
        "hidden": plain(worked.hidden, found.zone),
        "lines": lines,
    }
    return {"arithmetic": shown, "lines": lines[house.language]}


def export_scores(house: House, order: ExportScores, progress: Progress) -> dict[str, Any]:
    """Write the files and return their paths."""
    from bot.reports.scoresbundle import write_scores

    found = read_report(house, order.campaign, progress)
    return {"files": [str(path) for path in write_scores(found, order.folder, house.language)]}


def take_self_scores(house: House, order: TakeSelfScores, progress: Progress) -> dict[str, Any]:
    """Take self-scores, all or nothing; Refused with every finding. Units without one are named."""
    campaign = find_campaign(house, order.campaign)
    found = read_report(house, order.campaign, progress)
    table = read_table(order.path.name, read_file(order.path))
    with house.database.read() as connection:
        facts = read_scoring(connection, house.database.vault, order.campaign)
    rated = {one.unit.id: one.unit for one in found.scores.units}
    able = [
        unit
        for unit in facts.directory
        if unit.id in rated or unit in evaluated(facts.directory, campaign.plan.units.classes)
    ]
    lowest, highest = found.scores.lowest, found.scores.highest
    handed = read_self_scores(
        table,
        able,
        lowest=USUAL[0] if lowest is None else lowest,
        highest=USUAL[1] if highest is None else highest,
        file=order.path.name,
    )
    if handed.problems:
        raise Refused(handed.problems)
    before = {one.unit: one.score for one in facts.own}
    if order.dry_run:
        new = sum(one.unit not in before for one in handed.scores)
        changed = sum(one.unit in before and before[one.unit] != one.score for one in handed.scores)
        counts = {"new": new, "updated": changed, "unchanged": len(handed.scores) - new - changed}
    else:
        now = house.now()
        counts = dict(
            house.database.write(
                lambda connection: selfscores.put(connection, campaign.id, handed.scores, order.path.name, now)
            )
        )
    told = before.keys() | {one.unit for one in handed.scores}
    return {
        "campaign": campaign.id,
        "file": order.path.name,
        "dry_run": order.dry_run,
        "rows": len(handed.scores),
        **counts,
        "without": [unit for unit in rated if unit not in told],
    }


def read_report(house: House, name: str, progress: Progress) -> ScoreReport:
    """Return the scores of a campaign and of those it is compared with; Refused if there are none."""
    with house.database.read() as connection:
        try:
            facts, earlier = read_compared(connection, house.database.vault, name)
        except CampaignMissing:
            raise Refused([campaign_missing(name)]) from None
    progress(2, 3)
    found = report(facts, earlier)
    progress(3, 3)
    if found is None:
        raise Refused([_nothing_scored(name)])
    return found


def _unit(found: ScoreReport, text: str) -> str:
    """Return the id of the rated unit that `text` means; Refused with those that are near."""
    units = [one.unit for one in found.scores.units]
    if any(unit.id == text for unit in units):
        return text
    meant = [unit.id for unit in units if Unit(unit.id, unit.name, unit.name_en).called(text)]
    if meant:
        return meant[0]
    names = [name for unit in units for name in (unit.id, unit.name, unit.name_en) if name]
    near = get_close_matches(text, names, n=1, cutoff=0.4)
    raise Refused(
        [
            Problem(
                "unknown_unit",
                message("{name} was not rated in this campaign.", name=text),
                message("Did you mean {name}?", name=near[0])
                if near
                else message("`pingyi scores show {campaign}` lists the units.", campaign=found.campaign.name),
                field="unit",
            )
        ]
    )


def _nothing_scored(name: str) -> Problem:
    return Problem(
        "no_scores",
        message("The answers of {name} make no score: its questionnaire rates nothing.", name=name),
        message("`pingyi campaign results {name}` shows what residents said.", name=name),
    )


def _no_class(name: str, known: list[str]) -> Problem:
    near = get_close_matches(name, known, n=1, cutoff=0.3)
    return Problem(
        "unknown_class",
        message("No unit of the class {name} is rated.", name=name),
        message("Did you mean {name}?", name=near[0])
        if near
        else message("The classes are: {names}.", names=", ".join(one or "-" for one in known)),
        field="class",
    )
