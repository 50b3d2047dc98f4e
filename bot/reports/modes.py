"""Differences between ways of answering in words and tables, the same for terminal and page."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.reports import phrases
from surveys.language import translate
from surveys.modes.effect import MEAN, ModeDifference, ModeEffects
from surveys.modes.ways import Way, Ways
from surveys.statistics.estimates import Estimate


def mode_word(mode: str, language: str) -> str:
    """Return what a way of answering is called."""
    return phrases.named(phrases.MODES, mode, language)


def value_words(row: ModeDifference, estimate: Estimate | None) -> str:
    """Return a share in percent, a mean as it is, a dash where it is withheld."""
    value = None if estimate is None else estimate.value
    return phrases.decimal(value) if row.measure == MEAN else phrases.percent(value)


def difference_words(row: ModeDifference, language: str) -> str:
    """Return the difference with its interval, in points for shares, or why there is none."""
    if row.difference is None:
        return row.withheld.words.text(language) if row.withheld else phrases.DASH
    found, scale, digits = row.difference, *((1.0, 2) if row.measure == MEAN else (100.0, 1))
    if found.value is None:
        return phrases.DASH
    shown = f"{scale * found.value:+.{digits}f}"
    if found.low is None or found.high is None:
        return shown
    return translate(
        language,
        "{difference} ({low} to {high})",
        difference=shown,
        low=f"{scale * found.low:+.{digits}f}",
        high=f"{scale * found.high:+.{digits}f}",
    )


def share_words(way: Way, language: str) -> str:
    """Return the weighted share of all interviews with its interval, or why it is not shown."""
    if way.withheld is not None:
        return way.withheld.words.text(language)
    if way.share is None or way.share.low is None:
        return phrases.percent(way.share.value if way.share else None)
    return f"{phrases.percent(way.share.value)} ({phrases.interval(way.share)})"


def modes_context(language: str) -> dict[str, Any]:
    """Return what the page's section is filled with, beside the results themselves."""
    return {
        "mode_word": lambda mode: mode_word(mode, language),
        "mode_value": value_words,
        "mode_note": lambda effects: effects.note.text(language),
        "mode_difference": lambda row: difference_words(row, language),
        "way_share": lambda way: share_words(way, language),
        "mode_label": lambda row: phrases.label(row.labels, row.question, language),
    }


def show_ways(ways: Ways, console: Console, language: str) -> None:
    """Print how many interviews came in which way, and in how many of them somebody else read or wrote."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    table = Table(title=escape(t("Ways of answering")), title_justify="left", title_style="bold", header_style="bold")
    heads = (t("Way"), t("Interviews"), t("Somebody else read or wrote"), t("Weighted share of all interviews"))
    for number, head in enumerate(heads):
        table.add_column(escape(head), justify="right" if number else "left")
    for way in ways.by_mode:
        share = escape(share_words(way, language))
        table.add_row(escape(mode_word(way.mode, language)), phrases.whole(way.n), phrases.whole(way.assisted), share)
    table.add_section()
    helped, share = ways.assisted, escape(share_words(ways.assisted, language))
    table.add_row(escape(t("with help, in any way")), phrases.whole(helped.n), phrases.whole(helped.assisted), share)
    console.print(table)


def show_modes(effects: ModeEffects, console: Console, language: str, what: str = "") -> None:
    """Print the differences, and what may be read into them; `what` heads the names of what is compared."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    reference = mode_word(effects.reference, language)
    title = t("By way of answering, against: {reference}", reference=reference)
    table = Table(title=escape(title), title_justify="left", title_style="bold", header_style="bold")
    heads = (what or t("Question"), t("Way"), "n", t("Here"), t("There"), t("Here less there"))
    for number, head in enumerate(heads):
        table.add_column(escape(head), justify="left" if number < 2 else "right")
    for row in effects.differences:
        table.add_row(
            escape(phrases.label(row.labels, row.question, language)),
            escape(mode_word(row.mode, language)),
            f"{phrases.whole(row.n)} / {phrases.whole(row.n_reference)}",
            value_words(row, row.value),
            value_words(row, row.reference_value),
            escape(difference_words(row, language)),
        )
    console.print(table)
    console.print(escape(effects.note.text(language)), style="dim", highlight=False)
