"""Which rule a campaign is scored by, how a plan says it, and what is wrong with a plan that cannot be scored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from surveys.campaign.fields import Fields
from surveys.campaign.plan import CampaignKind, Plan
from surveys.campaign.record import plan_text, read_plan_text
from surveys.campaign.scoringcheck import check_scoring, with_rule
from surveys.problem import Problem, Refused
from surveys.questionnaire.templates import names, template_form
from surveys.scoring.design import ScoringDesign, read_scoring
from surveys.scoring.freezing import frozen, rule_of
from surveys.scoring.gathering import rated_questions, subject_of
from surveys.scoring.presets import names as preset_names
from surveys.scoring.rulefile import read_rule

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def plan(form: str, design: ScoringDesign) -> Plan:
    return Plan(
        name="p", kind=CampaignKind.SURVEY, organiser="o", legal_basis="l", delete_on=date(2030, 1, 1), starts_at=NOW,
        closes_at=NOW, zone="UTC", titles={}, form=template_form(form).digest, scoring=design,
    )  # fmt: skip


def read(**table: object) -> tuple[ScoringDesign, list[Problem]]:
    problems: list[Problem] = []
    return read_scoring(Fields(table, problems, path="scoring.")), problems


@pytest.mark.parametrize("name", [name for name in names() if template_form(name).settings.get("preset")])
def test_every_template_with_a_preset_is_scored_by_it_and_every_question_is_worth_something(name: str) -> None:
    form, design = template_form(name), ScoringDesign()
    rule = rule_of(form, design)
    assert rule is not None
    assert rule.name in preset_names()
    questions = rated_questions(form, rule, subject_of(form, design))
    assert questions
    for question in questions:
        scale = rule.scale(question)
        assert scale.low is not None
        assert scale.high is not None
        assert scale.low < scale.high


def test_a_template_without_points_or_dimensions_is_not_scored() -> None:
    assert rule_of(template_form("five_waters_2018"), ScoringDesign()) is None


def test_what_is_frozen_is_data_that_survives_the_record_of_the_plan() -> None:
    made = with_rule(plan("conduct_a", ScoringDesign(preset="conduct_a", pass_mark=60)), template_form("conduct_a"))
    again = read_plan_text(plan_text(made))
    assert again == made
    assert read_rule(again.scoring.rule).name == "conduct_a"
    assert again.scoring.preset == ""
    old = json.loads(plan_text(made))
    del old["scoring"]
    assert read_plan_text(json.dumps(old)).scoring == ScoringDesign()


def test_a_frozen_rule_is_not_moved_by_what_the_form_or_the_preset_says_later() -> None:
    form = template_form("conduct_c")
    kept = frozen(form, ScoringDesign())
    changed = replace(form, settings={**form.settings, "preset": "conduct_b"})
    assert rule_of(changed, kept) == rule_of(form, kept)


def test_freezing_twice_changes_nothing() -> None:
    form = template_form("integrity_ten_point")
    once = frozen(form, ScoringDesign(options=("all_best",)))
    assert frozen(form, once) == once
    assert "all_best" in once.rule["invalid"]


def test_weights_and_bands_in_the_settings_of_a_form_win_over_its_preset() -> None:
    form = template_form("conduct_a")
    own = replace(form, settings={**form.settings, "preset_weights": "user 40; supervisor 40; society 20"})
    rule = rule_of(own, ScoringDesign())
    assert rule is not None
    assert {group.name: group.weight for group in rule.groups} == {"user": 40, "supervisor": 40, "society": 20}
    banded = template_form("conduct_b")
    stricter = replace(banded, settings={**banded.settings, "preset_bands": "satisfied 90; fairly 80"})
    rule = rule_of(stricter, ScoringDesign())
    assert rule is not None
    assert [band.least for band in rule.bands] == [90, 80, 60, 0]


def test_a_question_without_a_dimension_is_called_by_its_wording() -> None:
    form = template_form("window_rating")
    rule = rule_of(form, ScoringDesign())
    assert rule is not None
    assert rule.dimension("rating").label("en") == form.question("rating").label("en")


def test_group_weights_of_the_plan_win_over_the_rule() -> None:
    rule = rule_of(template_form("conduct_a"), ScoringDesign(group_weights={"user": 1, "society": 1}))
    assert rule is not None
    assert [group.name for group in rule.groups] == ["user", "society"]


@pytest.mark.parametrize(
    ("form", "design", "code", "field"),
    [
        pytest.param("conduct_c", ScoringDesign(preset="conduct_x"), "unknown_preset", "scoring.preset", id="no such"),
        pytest.param(
            "conduct_c", ScoringDesign(options=("all_nine",)), "unknown_option", "scoring.options", id="no such option"
        ),
        pytest.param(
            "five_waters_2018", ScoringDesign(preset="conduct_c"), "nothing_rated", "scoring", id="a form of no ratings"
        ),
        pytest.param(
            "five_waters_2018", ScoringDesign(pass_mark=60), "nothing_rated", "scoring", id="a mark of nothing"
        ),
        pytest.param(
            "window_rating",
            ScoringDesign(subject="unit"),
            "no_unit_asked",
            "scoring.subject",
            id="units never asked of",
        ),
        pytest.param(
            "conduct_c",
            ScoringDesign(groups={"nowhere": "a"}),
            "unknown_stratum",
            "scoring.groups",
            id="no such stratum",
        ),
        pytest.param(
            "conduct_a",
            ScoringDesign(group_question="who"),
            "unknown_question",
            "scoring.group_question",
            id="a question the form does not have",
        ),
        pytest.param(
            "conduct_a",
            ScoringDesign(groups={"town": "user"}),
            "empty_group",
            "scoring.groups",
            id="a group that weighs and that nobody belongs to",
        ),
        pytest.param(
            "conduct_c", ScoringDesign(compare_with=("p",)), "compared_with_itself", "scoring.compare_with", id="itself"
        ),
    ],
)
def test_a_plan_that_cannot_be_scored_is_told_by_its_field(
    form: str, design: ScoringDesign, code: str, field: str
) -> None:
    (problem,) = check_scoring(plan(form, design), template_form(form), {"town", "village"}, {})
    assert (problem.code, problem.field) == (code, field)
    assert problem.text("zh") != problem.text("en")


def test_the_groups_of_conduct_a_are_told_by_its_own_question() -> None:
    assert list(check_scoring(plan("conduct_a", ScoringDesign()), template_form("conduct_a"), {"town"}, {})) == []


def test_the_table_of_a_plan_is_read_whole() -> None:
    design, problems = read(
        preset="conduct_a", options=["all_best"], pass_mark=60, compare_with=["a", "b"], subject="area",
        rollup="people", group_question="q", groups={"s": "user"}, group_weights={"user": 2}, unit_weights={"v": 0.5},
    )  # fmt: skip
    assert problems == []
    assert design == ScoringDesign(
        preset="conduct_a", options=("all_best",), pass_mark=60.0, compare_with=("a", "b"), subject="area",
        rollup="people", group_question="q", groups={"s": "user"}, group_weights={"user": 2.0},
        unit_weights={"v": 0.5},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "field"),
    [
        pytest.param({"pass_mark": "sixty"}, "scoring.pass_mark", id="a word"),
        pytest.param({"pass_mark": float("nan")}, "scoring.pass_mark", id="not a number"),
        pytest.param({"pass_mark": True}, "scoring.pass_mark", id="a flag"),
        pytest.param({"subject": "village"}, "scoring.subject", id="no such subject"),
        pytest.param({"rollup": "size"}, "scoring.rollup", id="no such way"),
        pytest.param({"group_weights": {"user": -1}}, "scoring.group_weights.user", id="a negative weight"),
        pytest.param({"unit_weights": {"v": 0}}, "scoring.unit_weights.v", id="weights of nothing"),
        pytest.param({"preset": "a", "rule": {"name": "b"}}, "scoring.rule", id="two rules"),
        pytest.param({"passmark": 60}, "scoring.passmark", id="a field that is misspelled"),
    ],
)
def test_what_does_not_fit_in_the_table_is_one_finding(table: dict[str, object], field: str) -> None:
    _, (problem,) = read(**table)
    assert problem.field == field


def test_a_rule_of_ones_own_that_cannot_be_read_is_refused_with_its_place() -> None:
    with pytest.raises(Refused) as refused:
        rule_of(template_form("conduct_c"), ScoringDesign(rule={"name": "x", "factor": "much"}))
    assert {problem.field for problem in refused.value.problems} == {"factor"}


def test_points_a_form_gives_count_in_place_of_those_of_the_preset_it_names() -> None:
    form = template_form("five_levels")
    changed = replace(
        form,
        questions=tuple(
            replace(q, choices=tuple(replace(c, points=None if c.points is None else c.points / 2) for c in q.choices))
            for q in form.questions
        ),
    )
    kept, halved = (rule_of(each, ScoringDesign()) for each in (form, changed))
    assert kept is not None
    assert halved is not None
    (of_form,) = rated_questions(form, kept, subject_of(form, ScoringDesign()))[:1]
    worths = kept.scale(of_form).worths
    assert {name: 2 * worth for name, worth in halved.scale(of_form).worths.items() if worth is not None} == {
        name: worth for name, worth in worths.items() if worth is not None
    }
    assert any(worths.values())
