"""The page stands alone, is safe, accessible, bilingual, and says what its figures are."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from itertools import pairwise

import pytest
from lxml import etree, html

from bot.reports.page import PAGES, render_page
from bot.reports.phrases import commands
from surveys import language as languages
from surveys.campaign.plan import CampaignKind
from surveys.language import CHINESE, ENGLISH, LANGUAGES
from surveys.statistics.analysis import AnalysisSet
from surveys.statistics.results import Results, compute_results
from tests.statistics.example_analysis import example_analysis, example_campaign

HOSTILE = "<script>alert('x')</script>\"><img src=https://evil.example/x onerror=alert(1)>{{ 7*7 }}"

#: Attributes through which a page would load or run something.
LOADING = ("src", "srcset", "data", "action", "formaction", "poster", "background", "style")


@pytest.fixture(scope="module")
def results() -> Results:
    return compute_results(example_analysis())


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, results: Results) -> html.HtmlElement:
    return html.document_fromstring(render_page(results, request.param))


def words(page: html.HtmlElement) -> str:
    """Return all text of a page, style left out, in one line."""
    return " ".join(" ".join(page.xpath("//body//text()[not(ancestor::style)]")).split())


def test_a_page_declares_its_language_and_links_to_the_other_by_file_name(results: Results) -> None:
    for language, other, tag in ((CHINESE, ENGLISH, "zh-Hans"), (ENGLISH, CHINESE, "en")):
        page = html.document_fromstring(render_page(results, language))
        assert page.get("lang") == tag
        assert page.xpath("//header//a/@href") == [PAGES[other]]


def test_a_page_loads_and_runs_nothing(page: html.HtmlElement) -> None:
    assert not page.xpath("//script | //iframe | //object | //embed | //link | //img | //form | //base")
    for element in page.iter(etree.Element):
        assert not [name for name in element.attrib if name in LOADING or name.startswith("on")], element.tag
    style = "".join(page.xpath("//style/text()"))
    assert "url(" not in style
    assert "@import" not in style
    targets = page.xpath("//@href")
    assert all(target in PAGES.values() or target.startswith("#") for target in targets), targets


def test_a_command_is_shown_as_one_and_not_between_backticks(page: html.HtmlElement) -> None:
    assert "`" not in words(page)
    assert "pingyi campaign results" in " ".join(page.xpath("//dl[@class='method']//code/text()"))


def test_every_sentence_of_a_template_that_quotes_a_command_marks_it() -> None:
    templates = files("bot.reports").joinpath("templates")
    quoting = [
        line
        for template in templates.iterdir()
        if template.name.endswith(".html")
        for line in template.read_text(encoding="utf-8").splitlines()
        if "`" in line
    ]
    assert quoting
    assert all("| commands" in line for line in quoting)


def test_what_stands_around_a_command_stays_escaped() -> None:
    assert commands("`a<b` & <i>") == "<code>a&lt;b</code> &amp; &lt;i&gt;"


def test_every_id_is_unique_and_every_reference_has_its_target(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for references in page.xpath("//@aria-labelledby"):
        assert set(references.split()) <= set(ids)
    assert all(target[1:] in ids for target in page.xpath("//@href") if target.startswith("#"))


def test_every_chart_has_a_title_and_a_description_with_its_figures(page: html.HtmlElement) -> None:
    charts = page.xpath("//*[local-name()='svg']")
    assert len(charts) >= 2 * 6
    for chart in charts:
        title, description = chart.xpath("./*[local-name()='title' or local-name()='desc']")
        assert chart.get("role") == "img"
        assert title.text
        assert "%" in description.text


def test_headings_go_down_one_level_at_a_time(page: html.HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_scoped_headings(page: html.HtmlElement) -> None:
    tables = page.xpath("//table")
    assert tables
    for table in tables:
        assert table.xpath("./caption")
        assert all(heading.get("scope") in ("col", "row") for heading in table.xpath(".//th"))


def test_simulated_data_is_marked_above_below_across_and_in_the_title(results: Results) -> None:
    for language, mark in ((CHINESE, "模拟数据"), (ENGLISH, "Simulated data")):
        page = html.document_fromstring(render_page(results, language))
        marked = ("//title", "//*[@class='simulated']", "//*[@class='watermark']", "//footer")
        assert all(mark in page.xpath(where)[0].text_content() for where in marked)


def test_real_data_carries_no_mark_and_no_truth() -> None:
    page = render_page(compute_results(example_analysis(simulated=False)), CHINESE)
    assert "模拟" not in page.replace("手机模拟器", "")
    assert "◇" not in page


def test_hostile_texts_are_shown_and_never_run() -> None:
    analysis = example_analysis(size=200)
    assert analysis.form is not None
    campaign = replace(analysis.campaign, organiser=HOSTILE, titles={"zh": HOSTILE}, legal_basis=HOSTILE, name=HOSTILE)
    [first, *rest] = analysis.form.questions
    option = replace(first.choices[0], labels={"zh": HOSTILE})
    question = replace(first, labels={"zh": HOSTILE}, choices=(option, *first.choices[1:]))
    frame = tuple(replace(s, name=HOSTILE if s.name == "企业职工" else s.name) for s in analysis.strata)
    people = tuple(replace(p, stratum=HOSTILE if p.stratum == "企业职工" else p.stratum) for p in analysis.respondents)
    unit = replace(analysis.cases.by_unit[0], unit=HOSTILE)
    hostile = replace(
        analysis,
        campaign=campaign,
        form=replace(analysis.form, questions=(question, *rest)),
        strata=frame,
        respondents=people,
        cases=replace(analysis.cases, by_unit=(unit,), by_state={HOSTILE: 1}),
    )
    page = html.document_fromstring(render_page(compute_results(hostile), CHINESE))
    assert not page.xpath("//script | //img")
    assert words(page).count("{{ 7*7 }}") >= 8


def test_a_page_says_who_asked_by_what_right_whom_when_and_how(results: Results) -> None:
    """The points of AAPOR's Transparency Initiative each have their entry."""
    said = words(html.document_fromstring(render_page(results, ENGLISH)))
    points = "Who asked|Legal basis|When|Population|Sample|Weighting|How people were asked|Precision|Response rate"
    for point in f"{points}|Denominators|Limitations|How to recompute".split("|"):
        assert point in said
    assert "《浙江省水污染防治条例》第五条" in said
    assert "Aged 18 or older" in said
    assert f"{100 * (results.response.rates.rr1 or 0):.1f}%" in said


def test_every_case_rate_stands_with_both_its_parts_named(results: Results) -> None:
    said = words(html.document_fromstring(render_page(results, CHINESE)))
    assert "单位报办结 58 ÷ 全部办件 64" in said
    assert "群众确认解决 34 ÷ 群众已答复回访的办件 43" in said
    assert "群众确认解决 34 ÷ 全部办件 64" in said
    assert "未联系上的回访 9 ÷ 到期且已结束的回访 63" in said


def test_overlapping_strata_are_called_tied_and_small_ones_withheld(results: Results) -> None:
    said = words(html.document_fromstring(render_page(results, CHINESE)))
    assert "并列(差异不显著)" in said
    assert "不公布：作答不足 10 人" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_campaign_nobody_answered_still_has_a_page(language: str) -> None:
    silent = example_analysis(size=60, dispositions=(("2.20", 1.0),))
    page = render_page(compute_results(silent), language)
    assert "nan" not in words(html.document_fromstring(page)).lower()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_awareness_campaign_has_a_page_about_its_reach(language: str) -> None:
    campaign = replace(example_campaign(), kind=CampaignKind.AWARENESS)
    analysis = AnalysisSet(campaign, reach=example_analysis(size=60).reach)
    page = html.document_fromstring(render_page(compute_results(analysis), language))
    assert page.xpath("//section/@aria-labelledby") == ["reach", "method"]


def test_every_sentence_of_the_chinese_page_is_in_the_catalogue(
    results: Results,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missed: set[str] = set()
    known = dict(languages.catalogue())

    class Watched(dict[str, str]):
        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override] # narrower on purpose
            if key not in known:
                missed.add(key)
            return known.get(key, default)

    monkeypatch.setattr(languages, "catalogue", lambda: Watched(known))
    render_page(results, CHINESE)
    render_page(compute_results(example_analysis(size=60, dispositions=(("2.20", 1.0),))), CHINESE)
    assert missed == set()
