"""Answers as ratings: which unit an answer is about, which evaluator group gave it, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from surveys.campaign.plan import CampaignKind
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.questionnaire.templates import template_form
from surveys.scoring.design import ScoringDesign
from surveys.scoring.freezing import PLAIN, rule_of
from surveys.scoring.gathering import Gathered, gather, group_question_of, rated_questions, subject_of
from surveys.scoring.scores import score
from surveys.statistics.analysis import AnalysisSet, CampaignFacts, Paradata, Respondent, StratumFrame
from surveys.statistics.results import weighted
from surveys.statistics.weights import weigh
from surveys.units.directory import Unit

NOW = datetime(2026, 11, 2, tzinfo=UTC)
FACTS = CampaignFacts("c", {"zh": "评议", "en": "Rating"}, "o", "l", CampaignKind.SURVEY, NOW, NOW, NOW, "UTC")
DIRECTORY = (
    Unit("a", "甲局", "Office A", unit_class="一类"),
    Unit("b", "乙局", unit_class="一类"),
    Unit("east", "东街", unit_class="街道", parent="b"),
)


def analysis(
    form: Form,
    *values: Mapping[str, str],
    units: tuple[str, ...] = (),
    late: frozenset[str] = frozenset(),
    areas: tuple[str, ...] = (),
    stratum: str = "s",
) -> AnalysisSet:
    people = tuple(
        Respondent(f"r{n}", stratum, areas[n] if areas else "", "1.1", "self", 10.0, said, late)
        for n, said in enumerate(values)
    )
    return AnalysisSet(
        FACTS,
        form,
        (StratumFrame(stratum, 10 * len(people), len(people), len(people)),),
        people,
        paradata={person.key: Paradata(units=units) for person in people} if units else {},
    )


def gathered(found: AnalysisSet, **design: object) -> Gathered:
    made = ScoringDesign(**design)  # type: ignore[arg-type]  # fields by name
    assert found.form is not None
    rule = rule_of(found.form, made) or PLAIN
    questions = rated_questions(found.form, rule, subject_of(found.form, made))
    asked = group_question_of(found.form, made, tuple(group.name for group in rule.groups))
    return gather(found, weighted(found, weigh(found)), DIRECTORY, questions, made, group_question=asked)


def told(found: Gathered) -> list[tuple[str, str, str, str]]:
    """Return (respondent, unit, question, answer) of every rating."""
    ratings = found.ratings
    return [
        (ratings.raters[w].key, ratings.units[u].id, ratings.questions[q].name, value)
        for w, u, q, value in zip(ratings.who, ratings.unit, ratings.question, ratings.value, strict=True)
    ]


def test_the_second_instance_is_about_the_second_unit_that_was_given() -> None:
    found = gathered(
        analysis(template_form("conduct_c"), {"overall@1": "not", "overall@2": "satisfied"}, units=("b", "a"))
    )
    assert told(found) == [("r0", "a", "overall", "satisfied"), ("r0", "b", "overall", "not")]
    assert found.subject == "unit"


@pytest.mark.parametrize(
    ("values", "count"),
    [
        pytest.param({"overall@3": "not"}, (0, 1, 0), id="a third instance of two units"),
        pytest.param({"overall@1": "splendid"}, (0, 0, 1), id="no choice of that name"),
        pytest.param({"overall@1": "  "}, (0, 0, 0), id="blank is no answer"),
        pytest.param({"unit@#": "2", "put_right@1": "没有"}, (0, 0, 0), id="not what is scored"),
    ],
)
def test_what_cannot_be_scored_is_left_out_and_counted(values: dict[str, str], count: tuple[int, int, int]) -> None:
    found = gathered(analysis(template_form("conduct_c"), values, units=("a", "b")))
    assert told(found) == []
    assert (found.late, found.unknown, found.unusable) == count


def test_a_unit_that_is_in_the_directory_no_more_is_unknown() -> None:
    found = gathered(analysis(template_form("conduct_c"), {"overall@1": "not"}, units=("gone",)))
    assert (told(found), found.unknown) == ([], 1)


def test_a_late_answer_is_left_out_and_the_others_of_the_same_person_stay() -> None:
    values = {"overall@1": "not", "overall@2": "not"}
    found = gathered(analysis(template_form("conduct_c"), values, units=("a", "b"), late=frozenset({"overall@2"})))
    assert [unit for _, unit, _, _ in told(found)] == ["a"]
    assert found.late == 1


def test_a_number_is_scored_as_the_number_it_is() -> None:
    values = {"duty@1": "80.0", "law@1": "85", "service@1": "many"}
    found = gathered(analysis(template_form("conduct_b"), values, units=("a",)))
    assert [(question, value) for _, _, question, value in told(found)] == [("duty", "80"), ("law", "85")]
    assert found.unusable == 1


def test_the_evaluator_group_is_what_the_evaluator_said() -> None:
    form = template_form("conduct_a")
    values = {"evaluator": "user", **{f"{name}@1": "satisfied" for name in ("duty", "law")}}
    found = gathered(analysis(form, values, {**values, "evaluator": "society"}, units=("a",)))
    assert [rater.group for rater in found.ratings.raters] == ["user", "society"]


def test_the_evaluator_group_is_the_stratum_or_what_the_plan_makes_of_it() -> None:
    found = analysis(template_form("conduct_a"), {"duty@1": "not"}, units=("a",), stratum="企业")
    assert [r.group for r in gathered(found, groups={"企业": "user"}).ratings.raters] == ["user"]
    assert [r.group for r in gathered(found, groups={"机关": "user"}).ratings.raters] == ["企业"]


def hidden(default: str) -> Form:
    """Return a form without a repeat whose hidden row names the unit."""
    choices = (Choice("yes", {"en": "Yes"}, points=100.0), Choice("no", {"en": "No"}, points=0.0))
    return Form(
        "d", "f", {"en": "F"}, ("en",), "en",
        (
            Question("unit", Kind.HIDDEN, "unit", calculation=default),
            Question("good", Kind.SELECT_ONE, "good", choices=choices),
        ),
    )  # fmt: skip


def test_a_hidden_row_names_the_one_unit_that_a_form_rates() -> None:
    found = gathered(analysis(hidden('"甲局"'), {"good": "yes"}, {"good": "no"}))
    assert [unit for _, unit, _, _ in told(found)] == ["a", "a"]


def test_each_respondent_may_have_a_unit_of_their_own_in_the_hidden_row() -> None:
    found = gathered(
        analysis(hidden(""), {"unit": "b", "good": "yes"}, {"unit": "Office A", "good": "no"}, {"good": "no"})
    )
    assert sorted(unit for _, unit, _, _ in told(found)) == ["a", "b"]
    assert found.unknown == 1


def test_a_form_about_no_unit_rates_the_campaign_as_one() -> None:
    found = gathered(analysis(template_form("window_rating"), {"rating": "satisfied"}, {"rating": "not"}))
    assert (found.subject, [unit.name for unit in found.ratings.units]) == ("campaign", ["评议"])
    assert len(told(found)) == 2


def test_residents_may_rate_the_area_they_live_in() -> None:
    """Two spellings of one unit are one; an area the directory does not know stands for itself."""
    said = {"rating": "satisfied"}
    found = gathered(
        analysis(template_form("window_rating"), said, said, said, said, areas=("东街", "east", "西街", "")),
        subject="area",
    )
    assert [(unit.id, unit.parent) for unit in found.ratings.units] == [("east", "b"), ("西街", "")]
    assert [unit for _, unit, _, _ in told(found)] == ["east", "east", "西街"]
    assert found.unknown == 1, "nobody knows where the fourth lives"


def test_weights_and_populations_are_those_of_all_other_estimates() -> None:
    found = analysis(template_form("window_rating"), {"rating": "not"}, {"rating": "not"})
    for rater, person in zip(gathered(found).ratings.raters, weighted(found, weigh(found)), strict=True):
        assert (rater.weight, rater.population) == (person.unit.weight, person.unit.population)


def test_a_campaign_nobody_has_answered_yet_has_scores_without_figures() -> None:
    found = gathered(AnalysisSet(FACTS, template_form("six_dimensions"), (StratumFrame("s", 10, 0, 0),)))
    scores = score(found.ratings, PLAIN)
    assert (scores.units, scores.raters) == ((), 0)
