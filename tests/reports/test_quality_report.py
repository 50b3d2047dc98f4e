"""The quality of answers is said alike on the page and in the terminal, in both languages, and names nobody."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from bot.reports.page import render_page
from bot.reports.quality import show_quality
from bot.reports.table import lines
from surveys.campaign.plan import CampaignKind
from surveys.language import CHINESE, ENGLISH, LANGUAGES
from surveys.statistics.analysis import AnalysisSet
from surveys.statistics.results import Results, compute_results
from tests.quality.test_assessment import town
from tests.statistics.example_analysis import example_campaign

WORDS = {ENGLISH: "Quality of the answers", CHINESE: "作答质量"}


@pytest.fixture(scope="module")
def results() -> Results:
    return compute_results(town())


def terminal(results: Results, language: str) -> str:
    out = StringIO()
    show_quality(results.quality, Console(file=out, width=200, no_color=True), language)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_terminal_show_the_same_shares_with_and_without(results: Results, language: str) -> None:
    page, said = render_page(results, language), terminal(results, language)
    assert WORDS[language] in page
    assert WORDS[language] in said
    shown = [effect for effect in results.quality.effects if effect.without is not None]
    assert shown
    for effect in shown:
        for share in (effect.everybody, effect.without):
            figure = f"{100 * (share.value or 0):.1f}%"  # type: ignore[union-attr]  # those without one are left out
            assert figure in page
            assert figure in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_stands_with_its_rule_and_what_else_may_lie_behind(results: Results, language: str) -> None:
    from markupsafe import escape

    page = render_page(results, language)
    for check in results.quality.checks:
        for sentence in (check.name, check.rule, check.caution):
            assert str(escape(sentence.text(language))) in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_named(results: Results, language: str) -> None:
    assert "r00" not in render_page(results, language) + terminal(results, language)


def test_a_campaign_that_asks_nothing_has_no_such_section() -> None:
    facts = replace(example_campaign(), kind=CampaignKind.AWARENESS)
    results = compute_results(AnalysisSet(facts))
    assert results.quality.checks == ()
    assert WORDS[ENGLISH] not in render_page(results, ENGLISH)


def test_all_outcome_rates_stand_in_the_table_plain_and_weighted(results: Results) -> None:
    found = {(line.item, line.measure) for line in lines(results, ENGLISH) if line.part == "response"}
    for rate in ("rr1", "rr6", "coop1", "coop4", "ref1", "ref3", "con1", "con3", "e"):
        assert {("rate", rate), ("weighted_rate", rate)} <= found
