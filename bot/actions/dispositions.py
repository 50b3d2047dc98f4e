"""What became of everybody sampled: counts and rates, one person's history, and what staff are told of somebody."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from io import StringIO
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from bot.actions.persondata import unknown_resident
from bot.actions.progress import Progress
from bot.actions.results import campaign_missing
from bot.house import House
from storage import dispositions, residents
from storage.analysis import read_analysis
from storage.campaigns import CampaignMissing
from storage.histories import History, histories, unreleased
from surveys.language import LANGUAGES, message
from surveys.problem import Problem, Refused
from surveys.statistics.analysis import Respondent
from surveys.statistics.told import NONE, TOLD, told_code, words_of

if TYPE_CHECKING:
    from datetime import tzinfo


class ShowDispositions(BaseModel):
    """Counts of one campaign; with `resident` (an office id) that person's history, with `csv` one row each in a file.

    `e` is the share of eligible people assumed among those of unknown eligibility; estimated where it is not given.
    """

    model_config = ConfigDict(frozen=True)
    name: str
    resident: str = ""
    csv: Path | None = None
    e: float | None = Field(default=None, ge=0, le=1)


class TellDisposition(BaseModel):
    """What staff were told of a resident drawn for a campaign; the code `none` takes it back."""

    model_config = ConfigDict(frozen=True)
    name: str
    office_id: str
    code: str
    reason: str = Field(max_length=500)


def show_dispositions(house: House, order: ShowDispositions, progress: Progress) -> dict[str, Any]:
    """Return counts and rates overall and by stratum, plain and weighted; people appear by pseudonym alone."""
    progress(0, 1)
    vault = house.database.vault
    with house.database.read() as connection:
        try:
            analysis = read_analysis(connection, vault, order.name)
        except CampaignMissing:
            raise Refused([campaign_missing(order.name)]) from None
        if analysis.form is None:
            raise Refused([no_survey(order.name)])
        one = _history_of(connection, house, order) if order.resident else None
        everybody = histories(connection, vault, order.name) if order.csv else ()
        left = unreleased(connection, order.name)
    zone = ZoneInfo(analysis.campaign.zone)
    if order.csv:
        from bot.reports.private import refuse_existing, write_private

        refuse_existing(order.csv)
        write_private(order.csv, history_csv(everybody, house.language, zone))
    return {
        "name": order.name,
        "released": len(analysis.respondents),
        "not_released": left,
        "overall": _counted(analysis.respondents, order.e),
        "strata": {
            stratum.name: _counted([p for p in analysis.respondents if p.stratum == stratum.name], order.e)
            for stratum in analysis.strata
        },
        "resident": None if one is None else _shown(one, zone),
        "file": str(order.csv) if order.csv else "",
    }


def _counted(people: Sequence[Respondent], e: float | None) -> dict[str, Any]:
    """Return how many people ended in each code, and the outcome rates, of people and of base weights."""
    from surveys.statistics.dispositions import response_rates

    counts = Counter(person.disposition for person in people)
    weights = {code: fsum(p.weight for p in people if p.disposition == code) for code in sorted(counts)}
    return {
        "people": len(people),
        "counts": [
            {
                "code": code,
                "words": {language: words_of(code).text(language) for language in LANGUAGES},
                "people": counts[code],
                "weighted": round(weights[code], 6),
            }
            for code in sorted(counts)
        ],
        "e": "given" if e is not None else "estimated",
        "rates": _rounded(asdict(response_rates(counts, e))),
        "rates_weighted": _rounded(asdict(response_rates(weights, e))),
    }


def _rounded(rates: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if rate is None else round(rate, 6) for name, rate in rates.items()}


def _history_of(connection: Connection, house: House, order: ShowDispositions) -> History:
    found = residents.find(connection, house.database.vault, order.resident)
    if found is None:
        raise Refused([unknown_resident(order.resident)])
    mine = histories(connection, house.database.vault, order.name, found.id)
    if not mine:
        raise Refused([_not_drawn(order.resident, order.name)])
    return mine[0]


def _shown(history: History, zone: tzinfo) -> dict[str, Any]:
    return {
        "pseudonym": history.pseudonym,
        "stratum": history.stratum,
        "area": history.area,
        "replicate": history.replicate,
        "code": history.code,
        "history": [
            {
                "at": step.at.astimezone(zone).isoformat(timespec="seconds"),
                "code": step.code,
                "words": {language: words_of(step.code).text(language) for language in LANGUAGES},
                "event": step.by,
            }
            for step in history.steps
        ],
    }


def history_csv(people: Iterable[History], language: str, zone: tzinfo) -> str:
    """Return one row per released person: pseudonym and code, since when and by which event."""
    from bot.reports.table import safe

    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["pseudonym", "stratum", "area", "replicate", "code", "meaning", "since", "event", "changes"])
    for person in people:
        last = person.steps[-1]
        row = (
            person.pseudonym,
            person.stratum,
            person.area,
            person.replicate,
            person.code,
            words_of(person.code).text(language),
            last.at.astimezone(zone).isoformat(timespec="seconds"),
            last.by,
            len(person.steps) - 1,
        )
        writer.writerow([safe(value) for value in row])
    return "\ufeff" + out.getvalue()


def tell_disposition(house: House, order: TellDisposition, progress: Progress) -> dict[str, Any]:
    """Record what staff were told of a resident; nothing more is sent to them about the campaign."""
    progress(0, 1)
    code = told_code(order.code)
    if code is None:
        raise Refused([_unknown_code(order.code)])
    if not order.reason.strip():
        what = message("A reason is needed: who said so, and when.")
        raise Refused([Problem("reason_missing", what, message("Add --reason."), field="reason")])
    now, vault = house.now(), house.database.vault

    def act(connection: Connection) -> str:
        from storage.campaigns import load

        try:
            load(connection, order.name)
        except CampaignMissing:
            raise Refused([campaign_missing(order.name)]) from None
        found = residents.find(connection, vault, order.office_id)
        if found is None:
            raise Refused([unknown_resident(order.office_id)])
        if not dispositions.tell(connection, vault, order.name, found.id, code, order.reason.strip(), "staff", now):
            raise Refused([_not_drawn(order.office_id, order.name)])
        return histories(connection, vault, order.name, found.id)[0].code

    holds = house.database.write(act)
    return {
        "name": order.name,
        "office_id": order.office_id,
        "told": code,
        "code": holds,
        "words": {language: words_of(holds).text(language) for language in LANGUAGES},
    }


def _not_drawn(office_id: str, name: str) -> Problem:
    return Problem(
        code="not_sampled",
        what=message(
            "The resident {id} was not drawn for {name}, or is a reserve not released.", id=office_id, name=name
        ),
        fix=message("Only people who were drawn and released have a disposition."),
    )


def no_survey(name: str) -> Problem:
    """Return the problem of a campaign that asks nothing."""
    return Problem(
        code="no_survey",
        what=message("{name} asks nothing: nobody was drawn for it.", name=name),
        fix=message("Dispositions and quality belong to surveys."),
    )


def _unknown_code(code: str) -> Problem:
    return Problem(
        code="unknown_disposition",
        what=message("{code} is no disposition that staff can tell.", code=code),
        fix=message(
            "One of {codes}, or {none} to take back what was told.",
            codes=", ".join(TOLD),
            none=NONE,
        ),
        field="code",
    )
