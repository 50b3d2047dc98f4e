"""The terminal shows the same figures as the page, in both languages."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from bot.reports.terminal import show_results
from surveys.language import CHINESE, ENGLISH, LANGUAGES
from surveys.statistics.analysis import AnalysisSet
from surveys.statistics.results import Results, compute_results
from tests.statistics.example_analysis import example_analysis, example_campaign


def shown(results: Results, language: str) -> str:
    out = StringIO()
    show_results(results, Console(file=out, width=160, no_color=True), language)
    return out.getvalue()


def test_the_headline_its_interval_and_the_truth_stand_in_one_row() -> None:
    results = compute_results(example_analysis())
    satisfied = results.question("q7").overall.satisfied
    assert satisfied is not None
    share = f"{100 * (satisfied.of_opinions.value or 0):.1f}%"
    [row] = [line for line in shown(results, ENGLISH).splitlines() if "those with an opinion (n = 473)" in line]
    assert share in row
    assert "interval" in row


def test_chinese_has_its_terms_and_marks_simulated_data() -> None:
    said = shown(compute_results(example_analysis()), CHINESE)
    for term in ("模拟数据", "应答率", "单位报办结", "群众确认解决", "未联系上", "并列(差异不显著)", "重办"):
        assert (term in said) is (term != "应答率"), term


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_square_brackets_are_shown_and_not_taken_for_styles(language: str) -> None:
    analysis = example_analysis(size=100)
    campaign = replace(analysis.campaign, titles={"zh": "[bold]甲[/]", "en": "[/red]"})
    said = shown(compute_results(replace(analysis, campaign=campaign)), language)
    assert campaign.titles[language] in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_answered_and_nothing_asked_print_without_nan(language: str) -> None:
    silent = example_analysis(size=60, dispositions=(("2.20", 1.0),))
    for analysis in (silent, AnalysisSet(example_campaign(), reach=silent.reach)):
        assert "nan" not in shown(compute_results(analysis), language).lower()
