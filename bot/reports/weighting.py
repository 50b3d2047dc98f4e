"""The steps of the weights in words and tables, the same for terminal and page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.reports import phrases
from surveys.language import Message, message, translate
from surveys.statistics.chain import BASE, CALIBRATION, ELIGIBILITY, NONRESPONSE, TRIMMING, StepFigures

STEPS: Mapping[str, Message] = {
    BASE: message("base (residents ÷ invited)"),
    ELIGIBILITY: message("without the not eligible"),
    NONRESPONSE: message("for those who did not answer"),
    CALIBRATION: message("to known totals"),
    TRIMMING: message("extreme weights cut"),
}


def step_word(step: str, language: str) -> str:
    """Return what a step of the weighting does."""
    return phrases.named(STEPS, step, language)


def show_weighting(steps: Sequence[StepFigures], console: Console, language: str) -> None:
    """Print what the weights are worth after each step."""
    table = Table(
        title=escape(translate(language, "Weights, step by step")),
        title_justify="left",
        title_style="bold",
        header_style="bold",
    )
    heads = ("After the step", "People", "Effective", "Design effect", "Smallest", "Largest")
    for number, head in enumerate(heads):
        table.add_column(escape(translate(language, head)), justify="right" if number else "left")
    for step in steps:
        table.add_row(
            escape(step_word(step.step, language)),
            phrases.whole(step.n),
            phrases.decimal(step.n_effective, 1),
            phrases.decimal(step.deff),
            phrases.decimal(step.least),
            phrases.decimal(step.most),
        )
    console.print(table)
