"""A figure without those flagged stands beside everybody's only where what a few said follows from neither."""

from __future__ import annotations

import json
from io import StringIO
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.reports.page import render_page
from bot.reports.quality import show_quality, without_words
from surveys.language import LANGUAGES, Message
from surveys.quality.beside import (
    FEW_APART,
    FEW_FLAGGED,
    FEW_LEFT,
    NOBODY_LEFT_OUT,
    few_apart,
    why_not_beside,
)
from surveys.quality.effect import Effect, effects
from surveys.quality.flag import FlagKind
from surveys.statistics.analysis import AnalysisSet, Paradata
from surveys.statistics.chain import chain_of
from surveys.statistics.disclosure import SMALLEST_CELL
from surveys.statistics.results import compute_results, weighted
from surveys.statistics.weights import weigh
from tests.quality.small_campaign import RATINGS, answers, campaign, times, without


def town(fast: int, size: int = 60) -> AnalysisSet:
    """Return people with opinions of their own, of whom the first `fast` answered at one second a question."""
    random = Random(5)
    people = [answers(*random.sample(["very", "fairly", "fair", "not", "very", "not"], k=6)) for _ in range(size)]
    paradata = {n: Paradata(times(RATINGS, 1.0 if n < fast else 12.0), address=f"a{n}") for n in range(size)}
    return campaign(people, paradata)


def shares(analysis: AnalysisSet, **flagged: frozenset[str]) -> list[Effect]:
    """Return the effects on the headline without each of the sets, in their order."""
    kinds = (None, *FlagKind)
    named = dict(zip(kinds, flagged.values(), strict=False))
    found = effects(analysis, lambda some: (weighted(some, weigh(some)), chain_of(some).margins), named, RATINGS[0])
    return [effect for effect in found if effect.question == RATINGS[0]]


def some(*ranges: range) -> frozenset[str]:
    return frozenset(f"r{n:04d}" for numbers in ranges for n in numbers)


@pytest.mark.parametrize(
    ("everybody", "left_out", "why"),
    [
        pytest.param(60, 1, FEW_FLAGGED, id="one person's answer is the difference of two sums"),
        pytest.param(60, 9, FEW_FLAGGED, id="nine are fewer than a cell"),
        pytest.param(60, 10, None, id="ten are a cell, and fifty are left"),
        pytest.param(20, 10, None, id="ten against ten"),
        pytest.param(19, 10, FEW_LEFT, id="the nine who are left would be shown by themselves"),
        pytest.param(60, 0, NOBODY_LEFT_OUT, id="the same answers under other weights tell small strata apart"),
        pytest.param(9, 0, FEW_LEFT, id="too few to begin with"),
    ],
)
def test_neither_part_may_be_small(everybody: int, left_out: int, why: Message | None) -> None:
    assert why_not_beside(everybody, left_out) == why


@given(st.lists(st.frozensets(st.integers(0, 59)), max_size=4))
def test_sets_that_are_shown_together_differ_by_nobody_or_by_a_whole_cell(sets: list[frozenset[int]]) -> None:
    everybody = frozenset(range(60))
    shown: list[frozenset[int]] = []
    for one in [frozenset(range(20)), *sets, frozenset(range(10, 40))]:
        names = [frozenset(map(str, other)) for other in (*shown, one)]
        if not few_apart([str(n) for n in everybody], names):
            shown.append(one)
    assert shown
    for one in shown:
        for other in (*shown, everybody):
            for part in (one - other, other - one, one & other):
                assert not 0 < len(part) < SMALLEST_CELL


@pytest.mark.parametrize("fast", [1, 5, 9])
def test_of_one_to_nine_flagged_no_second_share_is_told_anywhere(fast: int) -> None:
    results = compute_results(town(fast))
    assert results.quality.flagged == fast
    record = json.loads(json.dumps(results.as_json()))["quality"]["effects"]
    assert len(record) == len(RATINGS) + 1, "each question without all, and the first without those of the one kind"
    assert all(row["without"] is None and row["difference"] is None for row in record)
    assert all(row["why_not"]["en"].startswith("withheld") for row in record)
    rest = without(town(fast), *some(range(fast)))
    never = compute_results(rest).question(RATINGS[0]).overall.satisfied
    assert never is not None
    hidden = f"{100 * (never.of_opinions.value or 0):.1f}%"
    for language in LANGUAGES:
        out = StringIO()
        show_quality(results.quality, Console(file=out, width=300, no_color=True), language)
        for text in (out.getvalue(), render_page(results, language)):
            assert FEW_FLAGGED.text(language) in text
            assert f"{hidden} (" not in text


def test_of_ten_flagged_both_shares_are_told() -> None:
    shown = [effect for effect in compute_results(town(10)).quality.effects if effect.kind is None]
    assert [effect.why_not for effect in shown] == [None] * len(RATINGS)
    assert all(effect.difference is not None for effect in shown)


def test_a_kind_that_differs_from_all_by_a_few_is_not_shown_beside_all() -> None:
    """Twenty flagged, twelve of them for one thing: the eight others would be the difference of the two shares."""
    all_, one, same = shares(town(0), all=some(range(20)), kind=some(range(12)), again=some(range(20)))
    assert (all_.why_not, one.why_not, same.why_not) == (None, FEW_APART, None)
    assert one.without is None
    assert [without_words(one, language) for language in LANGUAGES] == [FEW_APART.text(lang) for lang in LANGUAGES]


def test_two_kinds_that_overlap_in_a_few_are_not_shown_both() -> None:
    """A + B − (A or B) would be what the three in both said."""
    found = shares(town(0), all=some(range(33)), one=some(range(18)), other=some(range(15, 33)))
    assert [effect.why_not for effect in found] == [None, None, FEW_APART]


def test_where_none_of_those_flagged_answered_the_share_stays() -> None:
    """Fifteen of the second stratum are flagged who skipped the question: their weight goes to others, nothing else."""
    people = [answers("" if n % 2 and n < 30 else "very" if n % 3 else "not", *["fair"] * 5) for n in range(60)]
    analysis = campaign(people, strata=("s1", "s2"))
    [effect] = shares(analysis, all=some(range(1, 30, 2)))
    assert (effect.why_not, effect.without, effect.difference) == (NOBODY_LEFT_OUT, None, None)


def test_a_campaign_with_nobody_flagged_shows_the_same_share_twice() -> None:
    for effect in compute_results(town(0)).quality.effects:
        assert (effect.left_out, effect.difference, effect.why_not) == (0, 0.0, None)
        assert effect.without == effect.everybody
