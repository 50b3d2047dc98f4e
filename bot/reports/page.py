"""The results as one self-contained page in one language: no script, no address outside itself, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.reports import phrases
from bot.reports.method import method_rows
from bot.reports.modes import modes_context
from bot.reports.pictures import Pictures
from bot.reports.quality import quality_context
from bot.reports.rates import rates_context
from bot.reports.scoresections import score_context
from bot.reports.weighting import step_word
from surveys.language import CHINESE, ENGLISH, translate
from surveys.questionnaire.form import Kind
from surveys.scoring.report import ScoreReport
from surveys.statistics.disclosure import SMALLEST_CELL
from surveys.statistics.figures import CellFigures, QuestionFigures
from surveys.statistics.results import Results

#: The file of the page in each language; the pages link to each other by these names.
PAGES = {CHINESE: "results.zh.html", ENGLISH: "results.en.html"}

#: What the language is called in `lang` attributes, and by its readers.
LANGUAGE_TAGS = {CHINESE: "zh-Hans", ENGLISH: "en"}
LANGUAGE_NAMES = {CHINESE: "中文", ENGLISH: "English"}


@cache
def environment() -> Environment:
    """Return the environment templates are rendered in: every value is escaped, a missing name is an error."""
    made = Environment(
        loader=PackageLoader("bot.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "percent": phrases.percent,
        "interval": phrases.interval,
        "decimal": phrases.decimal,
        "decimal_interval": phrases.decimal_interval,
        "whole": phrases.whole,
        "commands": phrases.commands,
    }
    return made


def render_page(results: Results, language: str, scores: ScoreReport | None = None) -> str:
    """Return the page in `language` (`zh` or `en`) as HTML text, with the scores of units if there are any."""

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    beside = score_context(scores, language) if scores else {"scored": None}
    return environment().get_template("results.html").render(t=t, **{**beside, **context(results, language)})


def context(results: Results, language: str) -> dict[str, Any]:
    """Return what the template is filled with."""
    other = ENGLISH if language == CHINESE else CHINESE
    headline = next((question for question in results.questions if question.name == results.headline), None)
    selects = [q for q in results.questions if q.kind in (Kind.SELECT_ONE, Kind.SELECT_MULTIPLE)]
    return {
        "results": results,
        "language": language,
        "lang": LANGUAGE_TAGS[language],
        "other_language": LANGUAGE_NAMES[other],
        "other_lang": LANGUAGE_TAGS[other],
        "other_page": PAGES[other],
        "campaign": results.campaign,
        "heading": phrases.title(results, language),
        "starts": phrases.day(results.campaign.starts_at, results, language),
        "closes": phrases.day(results.campaign.closes_at, results, language),
        "as_of": phrases.day(results.campaign.as_of, results, language),
        "headline": headline,
        "rated": [question for question in results.questions if question.overall.satisfied],
        "selects": selects,
        "unrated": [question for question in selects if question.overall.options and not question.overall.satisfied],
        "means": [question for question in results.questions if question.overall.mean],
        "cards": {rate.key: rate for rate in results.cases.rates},
        "pictures": Pictures(results, language),
        "method": method_rows(results, language),
        "label": lambda thing: phrases.label(thing.labels, thing.name, language),
        "group": lambda stratum: phrases.group(stratum, language),
        "words": lambda message: message.text(language),
        "state": lambda key: phrases.named(phrases.CASE_STATES, key, language),
        "channel": lambda key: phrases.named(phrases.CHANNELS, key, language),
        "skipped": lambda key: phrases.named(phrases.SKIPPED, key, language),
        "smallest": SMALLEST_CELL,
        "why_absent": lambda cell: phrases.why_absent(cell, language),
        "covered": lambda truth: phrases.covered(truth, language),
        "truth_words": lambda truth: phrases.truth_words(truth, language),
        "has_truth": lambda question: any(option.truth for option in question.overall.options),
        "satisfied_words": lambda question: satisfied_words(question, language),
        "stratum_rows": stratum_rows,
        "step_word": lambda step: step_word(step, language),
        **modes_context(language),
        **quality_context(language),
        **rates_context(results, language),
        "rate_sentence": lambda rate: phrases.rate_sentence(rate, language),
    }


def satisfied_words(question: QuestionFigures, language: str) -> str:
    """Name the options that count as satisfied."""
    chosen = [phrases.label(o.labels, o.name, language) for o in question.overall.options if o.satisfied]
    return translate(language, ", ").join(chosen)


def stratum_rows(questions: Sequence[QuestionFigures]) -> list[tuple[CellFigures, ...]]:
    """Return one row of cells for everybody and one for each stratum, a cell for every question."""
    return list(zip(*((question.overall, *question.strata) for question in questions), strict=True))
