"""The charts of one campaign: figures become rows, rows become a drawing for wide screens and one for phones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from bot.reports.charts import BAR, Part, Row, Span, Step, bars, dots, funnel, rates
from bot.reports.phrases import group, interval, label, percent, rate_sentence, standing_words, whole, why_absent
from bot.reports.ratings import Rating, Segment, diverging
from surveys.language import translate
from surveys.statistics.comparison import standings
from surveys.statistics.estimates import OVERALL, Estimate
from surveys.statistics.figures import CellFigures, OptionFigures, QuestionFigures, TruthCheck
from surveys.statistics.results import Results
from surveys.statistics.scale import scale_of

#: Widths the charts are drawn for, in SVG units that come near to pixels: a page, and a phone held upright.
PAGE, PHONE = 960.0, 400.0

#: What a unit reports, what residents confirm, who was not reached: told apart by name as well.
RATE_COLOURS = {"reported_done": "#8793a0", "confirmed": BAR, "confirmed_of_all": BAR, "not_reached": "#c9751f"}


class Pictures:
    """Draws the charts of `results` with words in `language`."""

    def __init__(self, results: Results, language: str) -> None:
        self._results = results
        self._language = language

    def ratings(self) -> Markup:
        """Draw all rated questions as diverging bars."""
        rows = [self._rating(question) for question in self._results.questions if question.overall.satisfied]
        told = "; ".join(f"{row.label} {row.note}" for row in rows)
        title = self._t("Answers to the rated questions, centred on the middle of the scale")
        return both(lambda width, name: diverging(rows, width, name, title, told), "ratings")

    def strata(self, question: QuestionFigures) -> Markup:
        """Draw the satisfied share of one question in every stratum, with intervals and no ranking."""
        cells = [question.overall, *question.strata]
        compared = standings({c.stratum: c.satisfied.of_opinions for c in question.strata if c.satisfied})
        rows = [
            self._stratum(cell, standing_words(compared[cell.stratum], len(compared), self._language))
            if cell.stratum in compared
            else self._stratum(cell, "")
            for cell in cells
        ]
        title = self._t("Satisfied share by stratum with 95 % confidence intervals")
        return both(lambda width, name: dots(rows, width, name, title, told_by(rows)), f"strata-{question.name}")

    def options(self, question: QuestionFigures) -> Markup:
        """Draw the options of one question as bars with intervals."""
        rows = [self._option(option) for option in question.overall.options]
        title = label(question.labels, question.name, self._language)
        told, reach = told_by(rows), self._reach()
        return both(lambda width, name: bars(rows, width, reach, name, title, told), f"options-{question.name}")

    def response(self) -> Markup:
        """Draw the way from drawn to complete."""
        steps = self.steps()
        title = self._t("From drawn to complete")
        told = "; ".join(f"{step.label}: {step.words}" for step in steps)
        return both(lambda width, name: funnel(steps, width, name, title, told), "response")

    def steps(self) -> list[Step]:
        """Return how many people were drawn, written to, reached, began, and completed."""
        response = self._results.response
        names = (
            (self._t("drawn, reserves included"), response.drawn),
            (self._t("invited"), response.released),
            (self._t("reached"), self._results.reach.people_reached),
            (self._t("began"), response.began),
            (self._t("complete or partly complete"), response.complete + response.partial),
        )
        invited = response.released
        return [
            Step(name, people, self._t("{count} people", count=whole(people)))
            if place == 0 or not invited
            else Step(
                name,
                people,
                self._t("{count} people, {percent} of invited", count=whole(people), percent=percent(people / invited)),
            )
            for place, (name, people) in enumerate(names)
        ]

    def cases(self) -> Markup:
        """Draw reported done, confirmed and not reached side by side, denominators named."""
        parts = [
            Part(
                label=rate.name.text(self._language),
                share=rate.share,
                words=percent(rate.share),
                sentence=rate_sentence(rate, self._language),
                colour=RATE_COLOURS[rate.key],
            )
            for rate in self._results.cases.rates
        ]
        title = self._t("What units report, what residents confirm")
        told = "; ".join(f"{part.label}: {part.words}. {part.sentence}" for part in parts)
        return both(lambda width, name: rates(parts, width, name, title, told), "cases")

    def _t(self, template: str, **fields: object) -> str:
        return translate(self._language, template, **fields)

    def _reach(self) -> float:
        """Return the end of the scale all bars of the page share, so that they can be compared by eye."""
        plain = [question.overall.options for question in self._results.questions if not question.overall.satisfied]
        spans = [span(option.share, option.truth) for options in plain for option in options]
        return max((end for s in spans for end in (s.value, s.high, s.truth) if end is not None), default=1.0)

    def _rating(self, question: QuestionFigures) -> Rating:
        cell, scale = question.overall, scale_of(question.overall.options)
        satisfied = cell.satisfied.of_opinions if cell.satisfied else Estimate(0)
        note = self._t(
            "Satisfied {share} (95 % interval {interval}) of {opinions} opinions; {dont_know} don't know; "
            "n = {n}, effective {effective}",
            share=percent(satisfied.value),
            interval=interval(satisfied),
            opinions=whole(satisfied.n),
            dont_know=whole(cell.dont_know or 0),
            n=whole(cell.n),
            effective=f"{question.n_effective:.0f}",
        )
        return Rating(
            label=label(question.labels, question.name, self._language),
            note=note,
            positive=self._segments(scale.positive),
            neutral=self._segments(scale.neutral),
            negative=self._segments(tuple(reversed(scale.negative))),
            dont_know=self._segments(scale.dont_know),
        )

    def _segments(self, options: Sequence[OptionFigures]) -> tuple[Segment, ...]:
        return tuple(
            Segment(label(o.labels, o.name, self._language), o.share.value or 0.0, percent(o.share.value))
            for o in options
        )

    def _stratum(self, cell: CellFigures, note: str) -> Row:
        name = group(cell.stratum, self._language)
        overall = cell.stratum == OVERALL
        if cell.satisfied is None:
            return Row(label=name, span=Span(None), words="", note=why_absent(cell, self._language))
        share = cell.satisfied.of_opinions
        words = self._t(
            "{share} ({interval}), n = {n}", share=percent(share.value), interval=interval(share), n=share.n
        )
        return Row(name, span(share, cell.satisfied.truth), words, note, strong=overall)

    def _option(self, option: OptionFigures) -> Row:
        words = f"{percent(option.share.value)} ({interval(option.share)})"
        return Row(label(option.labels, option.name, self._language), span(option.share, option.truth), words)


def span(estimate: Estimate, truth: TruthCheck | None) -> Span:
    """Return what is drawn of an estimate."""
    return Span(estimate.value, estimate.low, estimate.high, truth.value if truth else None)


def told_by(rows: Sequence[Row]) -> str:
    """Return a chart's rows as one sentence for screen readers."""
    return "; ".join(f"{row.label}: {row.words} {row.note}".strip() for row in rows)


def both(draw: Callable[[float, str], Markup], name: str) -> Markup:
    """Return a chart for wide screens and one for phones; the page's style shows one of them."""
    return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(
        draw(PAGE, f"{name}-wide"),
        draw(PHONE, f"{name}-narrow"),
    )
