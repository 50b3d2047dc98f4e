"""How answers came is told as figures: interviews by way, weighted shares, and those with somebody else's help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.reports.modes import share_words
from bot.reports.page import render_page
from bot.reports.terminal import show_results
from surveys.campaign.plan import CampaignKind
from surveys.modes.ways import Way, Ways, ways_of_answering
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import AnalysisSet, CampaignFacts, Respondent, StratumFrame
from surveys.statistics.answers import Weighted
from surveys.statistics.design import Unit
from surveys.statistics.disclosure import SMALLEST_CELL, Withheld
from surveys.statistics.results import Results, compute_results

MODES = ("self", "assisted", "phone", "paper", "doorstep")
FORM = Form(
    "0" * 64,
    "f",
    {"zh": "问卷"},
    ("zh", "en"),
    "zh",
    (Question("q", Kind.SELECT_ONE, "q", {"zh": "满意吗"}, choices=(Choice("yes", {}), Choice("no", {}))),),
    satisfied={"q": ("yes",)},
)
FACTS = CampaignFacts(
    name="x",
    titles={},
    organiser="o",
    legal_basis="",
    kind=CampaignKind.SURVEY,
    starts_at=datetime(2026, 11, 2, tzinfo=UTC),
    closes_at=datetime(2026, 11, 20, tzinfo=UTC),
    as_of=datetime(2026, 11, 20, tzinfo=UTC),
    zone="UTC",
)


def person(number: int, mode: str, *, assisted: bool = False, weight: float = 2.0, stratum: str = "a") -> Weighted:
    told = Respondent(f"r{number:04}", stratum, "", "1.1", mode, weight, {"q": "yes"}, assisted=assisted)
    return Weighted(told, Unit(stratum, weight, 1e9))


def people(**counts: int) -> list[Weighted]:
    """Return so many people of each mode; `paper_helped` are those on paper for whom somebody else wrote."""
    kinds = [(kind.removesuffix("_helped"), kind.endswith("_helped")) for kind, n in counts.items() for _ in range(n)]
    return [person(number, mode, assisted=helped) for number, (mode, helped) in enumerate(kinds)]


def by_mode(found: Ways) -> dict[str, Way]:
    return {way.mode: way for way in found.by_mode}


def results(some: Sequence[Weighted]) -> Results:
    told = tuple(replace(one.respondent, weight=10.0) for one in some)
    frame = StratumFrame("a", 10 * len(told), len(told), len(told))
    return compute_results(AnalysisSet(FACTS, FORM, (frame,), told))


def test_help_is_counted_in_the_chat_and_in_every_other_way() -> None:
    found = ways_of_answering(people(self=60, assisted=12, paper=20, paper_helped=8))
    assert {way.mode: (way.n, way.assisted) for way in found.by_mode} == {
        "self": (60, 0),
        "assisted": (12, 12),
        "paper": (28, 8),
    }
    assert (found.assisted.n, found.assisted.assisted) == (20, 20)
    assert found.assisted.share is not None
    assert found.assisted.share.value == pytest.approx(0.2)
    assert found.assisted.share.covers(0.2)


def test_weights_make_the_share_and_not_heads() -> None:
    some = [person(n, "self") for n in range(20)]
    some += [person(100 + n, "paper", assisted=True, weight=20, stratum="b") for n in range(20)]
    found = ways_of_answering(some)
    paper = by_mode(found)["paper"]
    assert paper.share is not None
    assert found.assisted.share is not None
    assert paper.share.value == found.assisted.share.value == pytest.approx(10 / 11)


@pytest.mark.parametrize(
    ("counts", "withheld", "why"),
    [
        ({"self": 40, "paper": 9}, {"self": Withheld.COMPLEMENT, "paper": Withheld.SMALL}, "the rest of all is known"),
        ({"self": 40, "paper": 10}, {"self": None, "paper": None}, "ten are enough"),
        (
            {"self": 40, "paper": 9, "phone": 2},
            {"self": None, "paper": Withheld.SMALL, "phone": Withheld.SMALL},
            "eleven are left over together",
        ),
    ],
)
def test_shares_of_small_cells_are_withheld_and_cannot_be_worked_out(
    counts: dict[str, int], withheld: dict[str, Withheld | None], why: str
) -> None:
    found = ways_of_answering(people(**counts))
    assert {way.mode: way.withheld for way in found.by_mode} == withheld, why
    assert all((way.share is None) == (way.withheld is not None) for way in found.by_mode)


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ({"self": 40, "paper_helped": 9}, Withheld.SMALL),
        ({"self": 9, "paper_helped": 40}, Withheld.COMPLEMENT),
        ({"self": 40, "paper": 20}, Withheld.NOBODY),
        ({"self": 40, "paper_helped": 10}, None),
    ],
)
def test_the_share_of_those_with_help_is_withheld_like_any_other(
    counts: dict[str, int], withheld: Withheld | None
) -> None:
    assert ways_of_answering(people(**counts)).assisted.withheld is withheld


@given(st.lists(st.tuples(st.sampled_from(MODES), st.booleans(), st.floats(1, 50)), max_size=60))
def test_ways_add_up_to_all_interviews_and_no_small_share_is_shown(kinds: list[tuple[str, bool, float]]) -> None:
    found = ways_of_answering([person(n, mode, assisted=helped, weight=w) for n, (mode, helped, w) in enumerate(kinds)])
    assert sum(way.n for way in found.by_mode) == len(kinds)
    assert sum(way.assisted for way in found.by_mode) == found.assisted.n
    assert found.several == any(mode != "self" or helped for mode, helped, _ in kinds)
    shown = [way for way in found.by_mode if way.share is not None]
    assert all(way.n >= SMALLEST_CELL for way in shown)
    if shown:
        assert len(found.by_mode) - len(shown) != 1, "one that is missing alone is what the others leave of 1"
    if shown and len(shown) == len(found.by_mode):
        assert sum(way.share.value or 0 for way in shown if way.share) == pytest.approx(1)


def test_results_hold_the_ways_for_other_programs() -> None:
    told = results(people(self=60, paper=20, paper_helped=20)).as_json()["ways"]
    assert told["assisted"]["n"] == 20
    assert told["assisted"]["share"]["value"] == pytest.approx(0.2)
    assert [(way["mode"], way["n"], way["assisted"]) for way in told["by_mode"]] == [("self", 60, 0), ("paper", 40, 20)]
    small = results(people(self=60, paper_helped=3)).as_json()["ways"]
    assert (small["assisted"]["share"], small["assisted"]["withheld"]) == (None, "small")


@pytest.mark.parametrize(
    ("language", "heading", "row"),
    [("en", "Ways of answering", "with help, in any way"), ("zh", "填答方式", "有他人协助（不论方式）")],
)
def test_terminal_and_page_show_how_many_had_help(language: str, heading: str, row: str) -> None:
    found = results(people(self=60, paper=20, paper_helped=20))
    out = StringIO()
    show_results(found, Console(file=out, width=200), language)
    page = render_page(found, language)
    for text in (out.getvalue(), page):
        assert heading in text
        assert row in text
        assert share_words(found.ways.assisted, language) in text
    assert share_words(found.ways.assisted, language).startswith("20.0%")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_withheld_share_says_why_where_it_would_stand(language: str) -> None:
    found = results(people(self=60, paper_helped=3))
    assert Withheld.SMALL.words.text(language) in render_page(found, language)


def test_where_everybody_answered_alone_in_the_chat_there_is_no_section() -> None:
    page = render_page(results(people(self=60)), "en")
    assert 'id="modes"' not in page
