"""The scores as one long CSV table that a spreadsheet opens safely."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from io import StringIO

from bot.reports import scorewords as words
from bot.reports.modes import mode_word
from bot.reports.phrases import label
from bot.reports.table import safe
from surveys.language import translate
from surveys.modes.effect import ModeDifference
from surveys.scoring.ranking import RankSet
from surveys.scoring.report import ScoreReport
from surveys.scoring.unitscore import Score, UnitScore
from surveys.statistics.estimates import NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. Column names stay the same in every language; `name`, `label` and `note` are words.

    `part` is unit, area, change, self or modes; `measure` total, a dimension, a group, a band, or what is compared.
    """

    part: str
    unit: str
    name: str
    unit_class: str
    measure: str
    label: str = ""
    n: int | None = None
    n_effective: float | None = None
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    df: int | None = None
    rank_first: int | None = None
    rank_last: int | None = None
    rank_of: int | None = None
    pass_mark: float | None = None
    standing: str = ""
    note: str = ""


def scores_csv(report: ScoreReport, language: str) -> str:
    """Return the table as CSV text (RFC 4180) with words in `language`; a byte-order mark tells Excel it is UTF-8."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([field.name for field in fields(Line)])
    for line in lines(report, language):
        writer.writerow([safe(value) for value in asdict(line).values()])
    return "\ufeff" + out.getvalue()


def lines(report: ScoreReport, language: str) -> Iterator[Line]:
    """Yield every published figure, one a line."""
    if report.campaign.simulated:
        yield Line("campaign", report.campaign.name, "", "", "simulated", note=translate(language, "Simulated data"))
    for one in report.scores.units:
        yield from _unit(report, one, language)
    for level in report.levels:
        for area in level.areas:
            name = words.unit_name(area.unit, language)
            line = _line("area", (area.unit.id, name, level.name), "total", area.score, language)
            yield _ranked(line, area.rank, level.weighting.text(language))
            yield from _changes(report, (area.unit.id, name, level.name), language, area=True)
    for row in report.mode_effects.differences:
        yield _by_mode(row, language)


def _unit(report: ScoreReport, one: UnitScore, language: str) -> Iterator[Line]:
    who = (one.unit.id, words.unit_name(one.unit, language), one.unit.unit_class)
    verdict = report.verdicts.get(one.unit.id)
    total = _ranked(_line("unit", who, "total", one.total, language), one.rank, words.rank_words(one, language))
    if verdict:
        total = replace(total, pass_mark=verdict.mark, standing=verdict.standing.value)
    yield total
    for part in one.dimensions:
        yield _line("unit", who, f"dimension:{part.name}", part.score, language, label=part.label.text(language))
    for group in one.groups:
        note = group.why_not.text(language) if group.why_not else ""
        label = group.label.text(language)
        yield Line("unit", *who, f"group:{group.name}", label, n=group.n, value=group.value, note=note)
    for band in one.shares:
        yield _line("unit", who, f"band:{band.name}", band.score, language, label=band.label.text(language))
    yield from _doubted(report, who, language)
    yield from _changes(report, who, language)
    gap = report.gaps.get(one.unit.id)
    if gap:
        yield Line("self", *who, "own", value=gap.own)
        found = gap.gap
        note = words.gap_words(gap, language)
        yield Line(
            "self", *who, "gap", n=found.n, value=found.value, se=found.se, low=found.low, high=found.high, note=note
        )
    elif one.unit.id in report.without:
        yield Line("self", *who, "own", note=translate(language, "no self-score"))


def _doubted(report: ScoreReport, who: tuple[str, str, str], language: str) -> Iterator[Line]:
    """Yield the score without raters under a flag: `label` says how many they are, `note` the difference."""
    found = report.doubted.units.get(who[0])
    if found is None:
        return
    label = translate(language, "left out: {count}", count=found.left_out)
    note = words.doubted_words(found, language)
    if found.score is None:
        yield Line("unit", *who, "without_flagged", label, note=note)
    else:
        line = _line("unit", who, "without_flagged", found.score, language, label=label)
        yield replace(line, note=note)


def _by_mode(row: ModeDifference, language: str) -> Line:
    """Return how much higher units score in one way of answering; `note` names the other, or why it is not shown."""
    found = row.difference or NOTHING
    return Line(
        "modes",
        "",
        label(row.labels, row.question, language),
        "",
        row.mode,
        n=row.n,
        value=found.value,
        se=found.se,
        low=found.low,
        high=found.high,
        df=found.df if found.value is not None else None,
        note=row.withheld.words.text(language) if row.withheld else mode_word(row.reference, language),
    )


def _changes(report: ScoreReport, who: tuple[str, str, str], language: str, *, area: bool = False) -> Iterator[Line]:
    for change in report.changes:
        if (change.unit, change.area) == (who[0], area):
            found = change.change or NOTHING
            yield Line(
                "change",
                *who,
                change.since,
                n=found.n or None,
                value=found.value,
                se=found.se,
                low=found.low,
                high=found.high,
                note=words.change_words(change, language),
            )


def _line(part: str, who: tuple[str, str, str], measure: str, score: Score, language: str, *, label: str = "") -> Line:
    estimate = score.estimate
    return Line(
        part,
        *who,
        measure,
        label,
        n=estimate.n,
        n_effective=score.effective or None,
        value=estimate.value,
        se=estimate.se,
        low=estimate.low,
        high=estimate.high,
        df=estimate.df if estimate.value is not None else None,
        note=words.why_none(score, language),
    )


def _ranked(line: Line, rank: RankSet | None, note: str) -> Line:
    if rank is None:
        return line
    return replace(line, rank_first=rank.first, rank_last=rank.last, rank_of=rank.of, note=note)
