"""Differences between ways of answering: as a textbook has them, and never called an effect without a lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from math import sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot.reports.modes import difference_words, show_modes
from surveys.campaign.plan import CampaignKind
from surveys.campaign.reading import read_plan
from surveys.modes.effect import MEAN, ModeEffects, mode_effects
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import AnalysisSet, CampaignFacts, Respondent, StratumFrame
from surveys.statistics.answers import Weighted
from surveys.statistics.design import Unit
from surveys.statistics.disclosure import Withheld
from surveys.statistics.results import compute_results

FORM = Form(
    digest="0" * 64,
    name="f",
    titles={"zh": "问卷"},
    languages=("zh", "en"),
    default_language="zh",
    questions=(
        Question(
            "q", Kind.SELECT_ONE, "q", {"zh": "满意吗", "en": "Satisfied?"},
            choices=(Choice("yes", {"zh": "满意"}), Choice("no", {"zh": "不满意"})),
        ),
        Question("age", Kind.INTEGER, "age", {"zh": "年龄", "en": "Age"}),
    ),
    satisfied={"q": ("yes",)},
)  # fmt: skip


def person(number: int, mode: str, *, yes: bool, age: int = 40, stratum: str = "a", weight: float = 2.0) -> Weighted:
    values = {"q": "yes" if yes else "no", "age": str(age)}
    told = Respondent(f"r{number}", stratum, "", "1.1", mode, weight, values)
    return Weighted(told, Unit(stratum, weight, 1e9))


def people(self_yes: int, self_no: int, paper_yes: int, paper_no: int) -> list[Weighted]:
    kinds = [("self", True)] * self_yes + [("self", False)] * self_no
    kinds += [("paper", True)] * paper_yes + [("paper", False)] * paper_no
    return [person(n, mode, yes=yes, age=30 + n % 7) for n, (mode, yes) in enumerate(kinds)]


def effects(some: Sequence[Weighted], *, randomised: bool = False) -> ModeEffects:
    return mode_effects(FORM, some, randomised=randomised)


def test_the_difference_of_two_shares_is_that_of_the_textbook() -> None:
    """Of 100 and 50 people 60 % and 80 %: with equal weights √(p₁q₁/n₁ + p₂q₂/n₂), up to n/(n−1)."""
    found = effects(people(60, 40, 40, 10))
    row = found.differences[0]
    assert (row.mode, row.reference, row.n, row.n_reference) == ("paper", "self", 50, 100)
    assert row.value is not None
    assert row.reference_value is not None
    assert row.difference is not None
    assert (row.reference_value.value, row.value.value) == pytest.approx((0.6, 0.8))
    assert row.difference.value == pytest.approx(0.2)
    se = sqrt((0.6 * 0.4 / 100 + 0.8 * 0.2 / 50) * 150 / 149)
    assert row.difference.se == pytest.approx(se, rel=1e-4)
    assert row.difference.low is not None
    assert row.difference.high is not None
    assert row.difference.low < 0.2 < row.difference.high


@pytest.mark.parametrize("share_drawn", [1.0, 0.9, 0.1])
def test_of_however_many_residents_these_are_the_difference_is_as_uncertain(share_drawn: float) -> None:
    """Where all residents are asked it is still chance who was asked in which way."""
    some = [
        replace(one, unit=replace(one.unit, population=150 / share_drawn, weight=1 / share_drawn))
        for one in people(60, 40, 40, 10)
    ]
    (row,) = [row for row in effects(some).differences if row.measure != MEAN]
    assert row.difference is not None
    assert row.difference.se == pytest.approx(sqrt((0.6 * 0.4 / 100 + 0.8 * 0.2 / 50) * 150 / 149), rel=1e-4)


def test_means_are_compared_too() -> None:
    some = [person(n, "self", yes=True, age=20 + n % 5) for n in range(40)]
    some += [person(100 + n, "phone", yes=True, age=30 + n % 5) for n in range(40)]
    (row,) = [row for row in effects(some).differences if row.measure == MEAN]
    assert row.difference is not None
    assert row.difference.value == pytest.approx(10)


def test_weights_decide_and_not_heads() -> None:
    """Half of the paper forms come from a stratum whose people stand for ten times as many."""
    some = [person(n, "self", yes=n % 2 == 0) for n in range(40)]
    some += [person(100 + n, "paper", yes=True, stratum="b", weight=20) for n in range(20)]
    some += [person(200 + n, "paper", yes=False, weight=2) for n in range(20)]
    row = effects(some).differences[0]
    assert row.difference is not None
    assert row.difference.value == pytest.approx(20 / 22 - 0.5)


def test_few_answers_in_a_mode_are_withheld() -> None:
    row = effects(people(30, 30, 5, 4)).differences[0]
    assert (row.n, row.withheld, row.difference) == (9, Withheld.SMALL, None)


def test_where_nobody_differs_there_is_no_interval() -> None:
    row = effects(people(20, 0, 20, 0)).differences[0]
    assert row.difference is not None
    assert (row.difference.value, row.difference.low) == (0, None)


def test_one_mode_has_nothing_to_differ_from() -> None:
    assert effects(people(20, 10, 0, 0)).differences == ()
    assert effects([]).differences == ()
    assert mode_effects(None, [], randomised=False).differences == ()


def test_without_enough_answers_in_the_chat_the_commonest_mode_is_the_reference() -> None:
    assert effects(people(2, 3, 20, 20)).reference == "paper"


@pytest.mark.parametrize(("randomised", "said"), [(False, "no effect of the way"), (True, "drawn by lot")])
def test_only_a_lot_makes_a_difference_an_effect(randomised: bool, said: str) -> None:  # noqa: FBT001 - a parameter
    found = effects(people(20, 10, 20, 10), randomised=randomised)
    assert (found.causal, said in found.note.text("en")) == (randomised, True)


def test_the_plan_says_whether_there_was_a_lot() -> None:
    table = {"name": "x", "starts": "2026-11-02", "closes": "2026-11-20", "delete_on": "2027-11-20"}
    assert not read_plan(table, zone="UTC").sample.mode_randomised
    assert read_plan({**table, "sample": {"mode_randomised": True}}, zone="UTC").sample.mode_randomised


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["self", "paper", "phone"]), st.booleans()), max_size=80), st.randoms())
def test_the_order_of_people_makes_no_difference_and_nothing_is_nan(
    kinds: list[tuple[str, bool]], random: Random
) -> None:
    some = [person(n, mode, yes=yes, age=20 + n % 9) for n, (mode, yes) in enumerate(kinds)]
    first = effects(some)
    random.shuffle(some)
    again = effects(some)
    assert len(first.differences) == len(again.differences)
    for row, other in zip(first.differences, again.differences, strict=True):
        assert (row.n, row.withheld) == (other.n, other.withheld)
        if row.difference is not None and other.difference is not None:
            for value, another in (
                (row.difference.value, other.difference.value),
                (row.difference.se, other.difference.se),
            ):
                assert (value is None) == (another is None)
                assert value == pytest.approx(another, abs=1e-9)


@pytest.mark.parametrize(("language", "said"), [("en", "on paper"), ("zh", "纸质")])
def test_the_terminal_tells_it_in_both_languages(language: str, said: str) -> None:
    out = StringIO()
    show_modes(effects(people(60, 40, 40, 10)), Console(file=out, width=160), language)
    assert said in out.getvalue()
    assert "+20.0" in out.getvalue()


def test_results_hold_it_and_a_withheld_row_says_why() -> None:
    told = [Respondent(f"r{n}", "a", "", "1.1", "self" if n < 40 else "paper", 10.0, {"q": "yes"}) for n in range(45)]
    facts = CampaignFacts(
        name="x", titles={}, organiser="o", legal_basis="", kind=CampaignKind.SURVEY,
        starts_at=datetime(2026, 11, 2, tzinfo=UTC), closes_at=datetime(2026, 11, 20, tzinfo=UTC),
        as_of=datetime(2026, 11, 20, tzinfo=UTC), zone="UTC", mode_randomised=True,
    )  # fmt: skip
    results = compute_results(AnalysisSet(facts, FORM, (StratumFrame("a", 450, 45, 45),), tuple(told)))
    assert results.mode_effects.causal
    (row,) = results.mode_effects.differences
    assert "10" in difference_words(row, "en")
    assert results.as_json()["mode_effects"]["differences"][0]["withheld"] == "small"
