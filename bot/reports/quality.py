"""The quality of answers in words and tables, the same for terminal and page."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.reports import phrases
from surveys.language import translate
from surveys.quality.assessment import CheckFigures, Quality, QualityFigures
from surveys.quality.effect import Effect
from surveys.statistics.disclosure import SMALLEST_CELL

#: So many flags of a kind are listed in a terminal; JSON has them all.
LISTED = 20


def check_words(check: CheckFigures, language: str) -> str:
    """Say what a check found, or why there was nothing to look at, and how many interviews it passed over."""
    if check.untested is not None:
        found = translate(language, "not looked at: {reason}", reason=check.untested.text(language).rstrip("。."))
    else:
        found = translate(
            language,
            "flagged people: {people}; {of} looked at: {n}",
            people=phrases.whole(check.people),
            n=phrases.whole(check.looked_at),
            of=check.of.text(language),
        )
    if check.passed_over is None:
        return found
    return translate(language, "{found}. {left}", found=found, left=check.passed_over.text(language))


def effect_words(effect: Effect, language: str) -> str:
    """Name whom the figures are without."""
    if effect.kind is None:
        return translate(language, "all flagged: {n}", n=phrases.whole(effect.left_out))
    return translate(language, "{kind}: {n}", kind=effect.kind.words.text(language), n=phrases.whole(effect.left_out))


def without_words(effect: Effect, language: str) -> str:
    """Return the share without those flagged and its interval, or why it is not shown."""
    if effect.without is None:
        return effect.why_not.text(language) if effect.why_not else phrases.DASH
    return f"{phrases.percent(effect.without.value)} ({phrases.interval(effect.without)})"


def side_by_side(language: str) -> str:
    """Say when a share without those flagged is shown beside that of everybody."""
    return translate(
        language,
        "A share without those flagged is shown only where at least {smallest} who answered are left out and as many "
        "are left, and where no two shares differ by what fewer said: else what a few said could be worked out.",
        smallest=SMALLEST_CELL,
    )


def change(effect: Effect) -> str:
    """Return the difference in percentage points, signed."""
    return phrases.DASH if effect.difference is None else f"{100 * effect.difference:+.1f}"


def quality_context(language: str) -> dict[str, Any]:
    """Return what the page's section is filled with, beside the results themselves."""
    return {
        "check_words": lambda check: check_words(check, language),
        "effect_words": lambda effect: effect_words(effect, language),
        "without_words": lambda effect: without_words(effect, language),
        "side_by_side": side_by_side(language),
        "effect_label": lambda effect: phrases.label(effect.labels, effect.question, language),
        "row_label": lambda row: phrases.label(row.labels, row.question, language),
        "change": change,
    }


def show_quality(quality: QualityFigures, console: Console, language: str) -> None:
    """Print what was looked for and found, and what the satisfied shares are without those flagged."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    table = Table(title=t("Quality of the answers"), title_justify="left", title_style="bold", header_style="bold")
    for column in (t("Looked for"), t("Found")):
        table.add_column(escape(column))
    for check in quality.checks:
        table.add_row(escape(check.name.text(language)), escape(check_words(check, language)))
    console.print(table)
    for check in quality.checks:
        for evidence in check.evidence:
            console.print(f"• {escape(evidence.text(language))}", highlight=False)
    if quality.effects:
        table = Table(
            title=t("Satisfied share with everybody and without those flagged"),
            title_justify="left",
            title_style="bold",
            header_style="bold",
        )
        for number, column in enumerate((t("Question"), t("Everybody"), t("Left out"), t("Without them"), "±")):
            table.add_column(escape(column), justify="right" if number in {1, 4} else "left")
        for effect in quality.effects:
            table.add_row(
                escape(phrases.label(effect.labels, effect.question, language)),
                f"{phrases.percent(effect.everybody.value)} ({phrases.interval(effect.everybody)})",
                escape(effect_words(effect, language)),
                escape(without_words(effect, language)),
                change(effect),
            )
        console.print(table)
        console.print(escape(side_by_side(language)), style="dim", highlight=False)
    line = t("Nobody's answers were deleted: a flag is a reason to look, not a verdict.")
    console.print(line, style="dim", highlight=False)


def show_flags(quality: Quality, console: Console, language: str) -> None:
    """Print the flags one by one, with the rule they follow from and what else may lie behind them."""
    for check in quality.checks:
        if not check.flags:
            continue
        console.print(f"\n[bold]{escape(check.kind.words.text(language))}[/]", highlight=False)
        console.print(escape(check.rule.text(language)), style="dim", highlight=False)
        console.print(escape(check.kind.caution.text(language)), style="dim", highlight=False)
        for flag in check.flags[:LISTED]:
            keys = ", ".join(flag.respondents[:6]) + (" …" if len(flag.respondents) > 6 else "")
            console.print(f"• {escape(flag.evidence.text(language))} [dim]{escape(keys)}[/]", highlight=False)
        if len(check.flags) > LISTED:
            more = translate(language, "… and {n} more: add --json.", n=phrases.whole(len(check.flags) - LISTED))
            console.print(more, style="dim", highlight=False)
