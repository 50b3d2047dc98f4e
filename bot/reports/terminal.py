"""The results as tables in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.reports import phrases
from bot.reports.modes import show_modes, show_ways
from bot.reports.quality import show_quality
from bot.reports.weighting import show_weighting
from surveys.language import translate
from surveys.statistics.comparison import standings
from surveys.statistics.figures import QuestionFigures
from surveys.statistics.results import Results


class Terminal:
    """Prints results to a console in one language; every text from outside is escaped."""

    def __init__(self, console: Console, language: str) -> None:
        self._console = console
        self._language = language

    def show(self, results: Results) -> None:
        """Print everything: response, answers, the headline by stratum, cases, reach, limitations."""
        self._head(results)
        if results.surveyed:
            self._response(results)
            for question in results.questions:
                if question.overall.options:
                    self._question(question)
            self._means(results)
            if results.respondents:
                show_weighting(results.weighting, self._console, self._language)
            headline = next((q for q in results.questions if q.name == results.headline), None)
            if headline:
                self._strata(headline)
        if results.cases.total:
            self._cases(results)
        if results.reach.sent:
            self._reach(results)
        if results.ways.several:
            show_ways(results.ways, self._console, self._language)
        if results.mode_effects.differences:
            show_modes(results.mode_effects, self._console, self._language)
        if results.quality.checks:
            show_quality(results.quality, self._console, self._language)
        for limitation in results.limitations:
            self._console.print(f"• {escape(limitation.text(self._language))}", style="dim", highlight=False)

    def _t(self, template: str, **fields: object) -> str:
        return translate(self._language, template, **fields)

    def _table(self, title: str, *columns: str) -> Table:
        table = Table(title=escape(title), title_justify="left", title_style="bold", header_style="bold")
        for number, column in enumerate(columns):
            table.add_column(escape(column), justify="right" if number else "left")
        return table

    def _head(self, results: Results) -> None:
        title = phrases.title(results, self._language)
        if results.campaign.simulated:
            warning = self._t("Made by a program. These figures describe no real place, unit or person.")
            self._console.print(f"[bold magenta]{self._t('Simulated data')}[/] {warning}", highlight=False)
        self._console.print(f"[bold]{escape(title)}[/]", highlight=False)

    def _response(self, results: Results) -> None:
        response = results.response
        table = self._table(
            self._t("Who took part"), self._t("Stratum"), self._t("Invited"), self._t("Interviews"), "RR1"
        )
        for row in (*results.response_by_stratum, response):
            table.add_row(
                escape(phrases.group(row.stratum, self._language)),
                phrases.whole(row.released),
                phrases.whole(row.complete + row.partial),
                phrases.percent(row.rates.rr1),
            )
        self._console.print(table)

    def _question(self, question: QuestionFigures) -> None:
        columns = [self._t("Option"), self._t("Answers"), self._t("Weighted share"), self._t("Interval")]
        known = any(option.truth for option in question.overall.options)
        title = phrases.label(question.labels, question.name, self._language)
        table = self._table(title, *columns, *([self._t("Simulated truth")] if known else []))
        for option in question.overall.options:
            cells = [
                escape(phrases.label(option.labels, option.name, self._language)),
                phrases.whole(option.count),
                phrases.percent(option.share.value),
                phrases.interval(option.share),
            ]
            table.add_row(*cells, *([phrases.truth_words(option.truth, self._language)] if known else []))
        satisfied = question.overall.satisfied
        if satisfied:
            table.add_section()
            share = satisfied.of_opinions
            cells = [
                self._t("Satisfied, of those with an opinion (n = {n})", n=phrases.whole(share.n)),
                phrases.whole(satisfied.count),
                phrases.percent(share.value),
                phrases.interval(share),
            ]
            truth = [phrases.truth_words(satisfied.truth, self._language)] if known else []
            table.add_row(*cells, *truth, style="bold")
        self._console.print(table)

    def _means(self, results: Results) -> None:
        questions = [question for question in results.questions if question.overall.mean]
        if not questions:
            return
        columns = (self._t("Question"), self._t("Answers"), self._t("Weighted mean"), self._t("Interval"))
        table = self._table(self._t("Means"), *columns)
        for question in questions:
            if mean := question.overall.mean:
                label = phrases.label(question.labels, question.name, self._language)
                numbers = (phrases.whole(mean.n), phrases.decimal(mean.value), phrases.decimal_interval(mean))
                table.add_row(escape(label), *numbers)
        self._console.print(table)

    def _strata(self, question: QuestionFigures) -> None:
        columns = (self._t("Stratum"), "n", self._t("Weighted share"), self._t("Interval"), "")
        table = self._table(self._t("Satisfied share by stratum"), *columns)
        compared = standings({c.stratum: c.satisfied.of_opinions for c in question.strata if c.satisfied})
        for cell in (question.overall, *question.strata):
            name = escape(phrases.group(cell.stratum, self._language))
            if cell.satisfied is None:
                table.add_row(
                    name, phrases.whole(cell.n), phrases.DASH, phrases.DASH, phrases.why_absent(cell, self._language)
                )
                continue
            share = cell.satisfied.of_opinions
            note = ""
            if cell.stratum in compared:
                note = phrases.standing_words(compared[cell.stratum], len(compared), self._language)
            numbers = (phrases.whole(share.n), phrases.percent(share.value), phrases.interval(share))
            table.add_row(name, *numbers, escape(note))
        self._console.print(table)

    def _cases(self, results: Results) -> None:
        title = self._t("What became of what residents reported")
        table = self._table(title, "", "", "")
        table.show_header = False
        for rate in results.cases.rates:
            sentence = phrases.rate_sentence(rate, self._language)
            table.add_row(rate.name.text(self._language), phrases.percent(rate.share), sentence)
        self._console.print(table)
        table = self._table(self._t("Where the cases stand now"), self._t("State"), self._t("Cases"))
        for state, count in results.cases.by_state.items():
            table.add_row(escape(phrases.named(phrases.CASE_STATES, state, self._language)), phrases.whole(count))
        table.add_section()
        table.add_row(self._t("in all"), phrases.whole(results.cases.total))
        table.add_row(self._t("reopened at least once"), phrases.whole(results.cases.reopened))
        table.add_row(self._t("past their deadline"), phrases.whole(results.cases.overdue))
        self._console.print(table)

    def _reach(self, results: Results) -> None:
        reach = results.reach
        reached, audience = phrases.whole(reach.people_reached), phrases.whole(reach.audience)
        line = self._t(
            "At least one message reached {reached} of {audience} people.", reached=reached, audience=audience
        )
        self._console.print(line, highlight=False)


def show_results(results: Results, console: Console, language: str) -> None:
    """Print the results to `console` in `language` (`zh` or `en`)."""
    Terminal(console, language).show(results)
