"""The scores as one self-contained page in one language: no script, no address outside itself, ready to print."""

from __future__ import annotations

from typing import Any

from bot.reports import scorewords as words
from bot.reports.page import LANGUAGE_NAMES, LANGUAGE_TAGS, environment
from bot.reports.scoresections import score_context
from surveys.language import CHINESE, ENGLISH, translate
from surveys.scoring.report import ScoreReport

#: The file of the page in each language; the pages link to each other by these names.
PAGES = {CHINESE: "scores.zh.html", ENGLISH: "scores.en.html"}


def render_scores(report: ScoreReport, language: str) -> str:
    """Return the page in `language` (`zh` or `en`) as HTML text."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    return environment().get_template("scores.html").render(t=t, **context(report, language))


def context(report: ScoreReport, language: str) -> dict[str, Any]:
    """Return what the template is filled with."""
    other = ENGLISH if language == CHINESE else CHINESE
    local = report.campaign.as_of.astimezone(report.zone)
    return {
        "report": report,
        "lang": LANGUAGE_TAGS[language],
        "other_language": LANGUAGE_NAMES[other],
        "other_lang": LANGUAGE_TAGS[other],
        "other_page": PAGES[other],
        "campaign": report.campaign,
        "heading": translate(language, "Scores: {title}", title=words.title(report, language)),
        "as_of": f"{local:%Y-%m-%d}",
        **score_context(report, language),
    }
