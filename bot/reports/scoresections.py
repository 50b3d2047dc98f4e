"""The sections about scores, as they stand on their own page and on that of the results: words and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from bot.reports import scorewords as words
from bot.reports.modes import modes_context
from bot.reports.phrases import DASH, whole
from bot.reports.pictures import both
from bot.reports.scorecharts import Dot, Ranks, rank_bars, scale, score_dots
from surveys.language import translate
from surveys.scoring.ranking import ClassRanks
from surveys.scoring.report import ScoreReport
from surveys.scoring.rollup import AreaScore, Level
from surveys.scoring.rule import Invalid
from surveys.scoring.unitscore import UnitScore
from surveys.statistics.disclosure import SMALLEST_CELL


def score_context(report: ScoreReport, language: str) -> dict[str, Any]:
    """Return what the sections are filled with."""
    names = {name: words.unit_name(unit, language) for name, unit in report.names.items()}
    return {
        **modes_context(language),
        "scored": report,
        "language_code": language,
        "smallest": SMALLEST_CELL,
        "score_pictures": ScorePictures(report, language),
        "units_of": lambda unit_class: words.of_class(report, unit_class),
        "class_name": lambda name: words.class_name(name, language),
        "areas_title": lambda level: words.areas_title(report, level, language),
        "unit_name": lambda unit: words.unit_name(unit, language),
        "rank_words": lambda one: words.rank_words(one, language),
        "why_none": lambda one: words.why_none(one.total, language),
        "points": words.points,
        "span": words.span,
        "gap_words": lambda gap: words.gap_words(gap, language),
        "doubted_words": lambda one: words.doubted_words(one, language),
        "doubted_note": words.doubted_note(report.doubted, language),
        "changes_of": lambda unit: [words.change_words(c, language) for c in report.changes if c.unit == unit],
        "names": names,
        "dimensions": [part.label.text(language) for part in report.scores.units[0].dimensions]
        if report.scores.units
        else [],
        "invalid_words": lambda one: invalid_words(one, language),
        "whole": whole,
        "dash": DASH,
    }


def invalid_words(one: UnitScore, language: str) -> str:
    """Say how many rating forms of a unit do not count, by reason."""
    parts = [f"{Invalid(reason).words.text(language)}: {count}" for reason, count in one.ballots.invalid.items()]
    if one.ballots.unnamed:
        parts.append(f"{one.ballots.unnamed_words.text(language)}: {one.ballots.unnamed}")
    return translate(language, "; ").join(parts)


class ScorePictures:
    """Draws the charts of a report with words in `language`."""

    def __init__(self, report: ScoreReport, language: str) -> None:
        self._report, self._language = report, language

    def dots(self, found: ClassRanks) -> Markup:
        """Draw the scores of one class, those that are withheld named with the reason."""
        shown = [self._dot(one) for one in words.of_class(self._report, found.unit_class)]
        return self._dots(shown, f"dots-{self._place(found)}")

    def ranks(self, found: ClassRanks) -> Markup:
        """Draw the ranks the units of one class may have."""
        units = [one for one in words.of_class(self._report, found.unit_class) if one.rank]
        return self._ranks(units, found.of, f"ranks-{self._place(found)}")

    def area_dots(self, level: Level) -> Markup:
        """Draw the scores of the areas of one level."""
        shown = [
            Dot(
                words.unit_name(area.unit, self._language),
                area.score.value,
                area.score.estimate.low,
                area.score.estimate.high,
                self._words(area.score.value, words.span(area.score.estimate), area.score.estimate.n),
            )
            for area in level.areas
        ]
        return self._dots(shown, f"areas-{level.depth}-{self._report.levels.index(level)}", marked=False)

    def area_ranks(self, level: Level) -> Markup:
        """Draw the ranks the areas of one level may have."""
        return self._ranks(level.areas, level.ranks.of, f"area-ranks-{level.depth}-{self._report.levels.index(level)}")

    def _dots(self, shown: Sequence[Dot], name: str, *, marked: bool = True) -> Markup:
        scores = self._report.scores
        ends = scale(shown, scores.lowest, scores.highest)
        verdict = next(iter(self._report.verdicts.values()), None)
        mark = None
        if verdict and marked:
            mark = (verdict.mark, translate(self._language, "pass mark {mark}", mark=f"{verdict.mark:g}"))
        title = translate(self._language, "Scores with 95 % confidence intervals")
        return both(lambda width, own: score_dots(shown, width, ends, mark, own, title), name)

    def _ranks(self, units: Sequence[UnitScore | AreaScore], of: int, name: str) -> Markup:
        rows = [
            Ranks(
                words.unit_name(one.unit, self._language),
                one.rank.first,
                one.rank.last,
                words.short_rank(one.rank, self._language),
            )
            for one in units
            if one.rank
        ]
        title = translate(self._language, "Ranks each unit may have, of {of}", of=of)
        return both(lambda width, own: rank_bars(rows, width, of, own, title), name)

    def _dot(self, one: UnitScore) -> Dot:
        estimate = one.total.estimate
        told = (
            words.why_none(one.total, self._language)
            if estimate.value is None
            else self._words(estimate.value, words.span(estimate), estimate.n)
        )
        return Dot(words.unit_name(one.unit, self._language), estimate.value, estimate.low, estimate.high, told)

    def _words(self, value: float | None, interval: str, n: int) -> str:
        return translate(
            self._language, "{score} ({interval}), n = {n}", score=words.points(value), interval=interval, n=whole(n)
        )

    def _place(self, found: ClassRanks) -> int:
        return [one.unit_class for one in self._report.scores.classes].index(found.unit_class)
