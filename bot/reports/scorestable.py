"""Scores as tables in a terminal."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.reports import scorewords as words
from bot.reports.modes import show_modes
from bot.reports.phrases import DASH, whole
from surveys.language import translate
from surveys.scoring.ranking import ClassRanks
from surveys.scoring.report import ScoreReport
from surveys.scoring.rollup import Level
from surveys.scoring.unitscore import UnitScore


def show_scores(report: ScoreReport, console: Console, language: str) -> None:
    """Print the scores to `console` in `language` (`zh` or `en`)."""
    _Terminal(report, console, language).show()


def scores_text(report: ScoreReport, language: str, width: int, *, colour: bool) -> str:
    """Return the tables a terminal shows."""
    console = Console(file=StringIO(), width=width, force_terminal=colour, no_color=not colour)
    with console.capture() as captured:
        show_scores(report, console, language)
    return captured.get()


class _Terminal:
    """Prints one report; every text from outside is escaped."""

    def __init__(self, report: ScoreReport, console: Console, language: str) -> None:
        self._report, self._console, self._language = report, console, language

    def show(self) -> None:
        """Print head, classes, areas, changes, self-scores, and what every figure is taken over."""
        report = self._report
        self._head()
        for found in report.scores.classes:
            self._class(found)
        for level in report.levels:
            self._areas(level)
        self._about_units()
        self._doubted()
        if report.mode_effects.differences:
            show_modes(report.mode_effects, self._console, self._language, self._t("Score"))
        for note in (*report.scores.denominators, *report.scores.notes, *report.not_compared, *report.notes):
            self._say(f"• {note.text(self._language)}", style="dim")

    def _head(self) -> None:
        report = self._report
        if report.campaign.simulated:
            warning = self._t("Made by a program. These figures describe no real place, unit or person.")
            self._console.print(f"[bold magenta]{self._t('Simulated data')}[/] {warning}", highlight=False)
        self._say(words.title(report, self._language), style="bold")
        rule = report.scores.rule
        self._say(self._t("Rule: {rule} ({source})", rule=rule.title(self._language), source=rule.source or DASH))
        if not report.scores.units:
            self._say(self._t("Nobody has rated anything yet."))

    def _class(self, found: ClassRanks) -> None:
        marked = bool(self._report.verdicts)
        banded = any(one.band_label for one in self._report.scores.units)
        columns = [self._t("Unit"), "n", self._t("Score"), self._t("Interval"), self._t("Rank")]
        columns += [self._t("Grade")] if banded else []
        columns += [self._t("Pass mark")] if marked else []
        table = self._table(words.class_name(found.unit_class, self._language), columns)
        for one in words.of_class(self._report, found.unit_class):
            table.add_row(*self._row(one, banded=banded, marked=marked))
        self._console.print(table)
        if found.of > 1:
            self._say(found.words.text(self._language), style="dim")

    def _row(self, one: UnitScore, *, banded: bool, marked: bool) -> list[str]:
        estimate = one.total.estimate
        rank = words.rank_words(one, self._language) if one.rank else words.why_none(one.total, self._language)
        cells = [
            words.unit_name(one.unit, self._language),
            whole(estimate.n),
            words.points(estimate.value),
            words.span(estimate),
            rank,
        ]
        if banded:
            grade = one.band_label.text(self._language) if one.band_label else DASH
            cells.append(
                grade if one.band_sure or not one.band_label else self._t("{grade} (not certain)", grade=grade)
            )
        if marked:
            cells.append(self._report.verdicts[one.unit.id].words.text(self._language))
        return [escape(cell) for cell in cells]

    def _areas(self, level: Level) -> None:
        columns = [self._t("Area"), self._t("Units"), "n", self._t("Score"), self._t("Interval"), self._t("Rank")]
        table = self._table(words.areas_title(self._report, level, self._language), columns)
        for area in level.areas:
            estimate = area.score.estimate
            cells = (
                words.unit_name(area.unit, self._language),
                whole(len(area.shares)),
                whole(estimate.n),
                words.points(estimate.value),
                words.span(estimate),
                words.rank_words(area, self._language),
            )
            table.add_row(*(escape(cell) for cell in cells))
        self._console.print(table)
        ranks = f" {level.ranks.words.text(self._language)}" if level.ranks.of > 1 else ""
        self._say(f"{level.weighting.text(self._language)}{ranks}", style="dim")

    def _about_units(self) -> None:
        report = self._report
        names = {name: words.unit_name(unit, self._language) for name, unit in report.names.items()}
        for change in report.changes:
            self._say(f"{names[change.unit]}: {words.change_words(change, self._language)}")
        for unit, gap in report.gaps.items():
            if unit in names:
                self._say(f"{names[unit]}: {words.gap_words(gap, self._language)}")
        if report.without:
            told = ", ".join(names[unit] for unit in report.without)
            self._say(self._t("No self-score: {units}.", units=told))

    def _doubted(self) -> None:
        doubted = self._report.doubted
        if not doubted.raters:
            return
        columns = [self._t("Unit"), self._t("Score"), self._t("Left out"), self._t("Without them")]
        table = self._table(self._t("Scores with everybody and without raters under a flag"), columns, figures=2)
        for one in self._report.scores.units:
            found = doubted.units[one.unit.id]
            cells = (
                words.unit_name(one.unit, self._language),
                words.points(one.total.value),
                whole(found.left_out),
                words.doubted_words(found, self._language),
            )
            table.add_row(*(escape(cell) for cell in cells))
        self._console.print(table)
        self._say(words.doubted_note(doubted, self._language), style="dim")

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(escape(text), style=style or None, highlight=False)

    def _t(self, template: str, **fields: object) -> str:
        return translate(self._language, template, **fields)

    def _table(self, title: str, columns: list[str], figures: int = 3) -> Table:
        """Return an empty table whose first column names something and whose next ones hold `figures` figures."""
        table = Table(title=escape(title), title_justify="left", title_style="bold", header_style="bold")
        for number, column in enumerate(columns):
            table.add_column(escape(column), justify="right" if 0 < number <= figures else "left")
        return table
