"""Differences between ways of answering in words and tables, the same for terminal and page."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.reports import phrases
from surveys.language import translate
from surveys.modes.effect import MEAN, ModeDifference, ModeEffects
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


def modes_context(language: str) -> dict[str, Any]:
    """Return what the page's section is filled with, beside the results themselves."""
    return {
        "mode_word": lambda mode: mode_word(mode, language),
        "mode_value": value_words,
        "mode_difference": lambda row: difference_words(row, language),
        "mode_label": lambda row: phrases.label(row.labels, row.question, language),
    }


def show_modes(effects: ModeEffects, console: Console, language: str) -> None:
    """Print the differences, and what may be read into them."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    reference = mode_word(effects.reference, language)
    title = t("By way of answering, against: {reference}", reference=reference)
    table = Table(title=escape(title), title_justify="left", title_style="bold", header_style="bold")
    heads = (t("Question"), t("Way"), "n", t("Here"), t("There"), t("Here less there"))
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
