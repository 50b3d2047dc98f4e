"""Scoring rules as data: those that ship, rules of an office, and what is refused in them."""

from __future__ import annotations

import json

import pytest

from surveys.problem import Refused
from surveys.questionnaire.templates import names as templates
from surveys.questionnaire.templates import template_form
from surveys.scoring.presets import names, preset, source
from surveys.scoring.ratings import RatedQuestion
from surveys.scoring.rule import Combine, Invalid, rule_record
from surveys.scoring.rulefile import read_rule, read_rule_file

FORMS = [name for name in templates() if template_form(name).settings.get("preset")]


@pytest.mark.parametrize("name", names())
def test_a_preset_comes_back_from_json_as_it_was_and_names_its_source_in_words_of_both_languages(name: str) -> None:
    rule = preset(name)
    assert read_rule(json.loads(json.dumps(rule_record(rule)))) == rule
    assert rule.name == name
    assert rule.source
    for texts in (rule.titles, rule.denominators, *(part.labels for part in (*rule.dimensions, *rule.groups))):
        assert set(texts) == {"zh", "en"}
        assert all(texts.values())


def test_every_rule_in_use_that_the_questionnaires_name_is_there() -> None:
    assert {template_form(name).settings["preset"] for name in FORMS} == set(names())


@pytest.mark.parametrize("name", FORMS)
def test_a_preset_gives_the_points_its_questionnaire_carries_and_knows_its_dimensions(name: str) -> None:
    form = template_form(name)
    rule = preset(form.settings["preset"])
    known = {part.name for part in rule.dimensions}
    assert form.settings["source"] == rule.source
    rated = 0
    for question in form.asked:
        carried = any(choice.points is not None for choice in question.choices)
        if not question.dimension and not carried:
            continue
        rated += 1
        assert not known or question.dimension in known
        labels = {choice.name: choice.labels for choice in question.choices}
        bare = RatedQuestion(question.name, question.dimension, {}, {}, labels)
        for choice in question.choices:
            worth = rule.scale(bare).worth(choice.name)
            if carried:
                assert worth == (None if choice.points is None else choice.points * rule.factor), choice.name
            else:
                assert (worth is None) == (choice.name == "unknown"), choice.name
        if not question.choices:
            assert rule.numbers is not None
            assert rule.scale(bare).worth("7") == 7
    assert rated


def test_the_rules_are_those_of_their_sources() -> None:
    """Figures that the published rules state."""
    groups = {part.name: part.weight for part in preset("conduct_a").groups}
    assert groups == {"user": 50, "supervisor": 25, "society": 25}
    assert preset("conduct_a").counts_for == 70
    assert [band.least for band in preset("conduct_b").bands] == [85, 75, 60, 0]
    assert preset("integrity_jiangxi").counts_for == 30
    assert [part.weight for part in preset("hotline_three_rates").dimensions] == [0.1, 0.4, 0.5]
    assert preset("public_order_100").combine is Combine.SUM
    ten = preset("integrity_ten_point")
    assert (ten.invalid, ten.optional) == ((Invalid.DONT_KNOW, Invalid.INCOMPLETE), (Invalid.ALL_BEST,))


def test_the_public_order_survey_has_a_hundred_points_in_all() -> None:
    form, rule = template_form("public_order_100"), preset("public_order_100")
    rated = [
        RatedQuestion(q.name, q.dimension, {}, {}, {choice.name: choice.labels for choice in q.choices})
        for q in form.asked
        if q.dimension
    ]
    assert sum(rule.scale(question).high or 0 for question in rated) == 100


def test_an_option_is_switched_on_by_name_and_another_is_refused() -> None:
    assert Invalid.ALL_BEST in preset("integrity_ten_point").switched_on(["all_best"]).invalid
    with pytest.raises(Refused, match="has no option all_bset"):
        preset("integrity_ten_point").switched_on(["all_bset"])


def test_evaluator_groups_can_be_weighed_otherwise_but_not_by_nothing() -> None:
    rule = preset("conduct_a").weighing_groups({"user": 60, "society": 40})
    assert [(part.name, part.weight, part.label("en")) for part in rule.groups] == [
        ("user", 60, "Service users"), ("society", 40, "Society"),
    ]  # fmt: skip
    for weights in ({}, {"user": 0.0}, {"user": 5.0, "society": -1.0}, {"user": float("nan")}):
        with pytest.raises(Refused, match="must be 0 or more"):
            preset("conduct_a").weighing_groups(weights)


def test_points_of_the_rule_go_before_those_of_the_questionnaire_and_a_narrower_key_before_a_wider() -> None:
    labels = {name: {} for name in ("yes", "no", "other")}
    asked = RatedQuestion("q", "d", {}, {"yes": 1.0, "no": 2.0, "other": 3.0}, labels)
    rule = read_rule({"name": "x", "points": {"*": {"yes": 10, "no": 20}, "d": {"no": 30}, "q": {"other": "none"}}})
    assert [rule.scale(asked).worth(name) for name in labels] == [10, 30, None]
    assert (rule.scale(asked).low, rule.scale(asked).high) == (10, 30)


OWN = """
name = "ours"
[titles]
zh = "本县规则"
[points."*"]
yes = 1
no = 0
[[groups]]
name = "user"
weight = 2
"""


def test_an_office_writes_its_own_rule_in_toml_as_any_preset_shows() -> None:
    rule = read_rule_file("ours.toml", OWN.encode())
    assert (rule.title("zh"), rule.groups[0].weight, rule.points[""]["yes"]) == ("本县规则", 2, 1)
    assert read_rule_file("again.toml", source("conduct_a")) == preset("conduct_a")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("name = ", "The file is not TOML"),
        ('titel = "x"', "A scoring rule has no field titel. Did you mean titles?"),
        ('combine = "median"', "Write one of mean, sum."),
        ("factor = 0", "Write a number above 0."),
        ("numbers = [10, 1]", "Write the lowest and the highest number"),
        ('invalid = ["no_group"]', "Write some of dont_know, incomplete, all_best."),
        ("[[dimensions]]\nname = 'a'\nweight = -1", "Write weights of 0 or more, one of them above 0."),
        ("[[dimensions]]\nname = 'a'\n[[dimensions]]\nname = 'a'", "Write a name of its own for each."),
        ("[[dimensions]]\nname = 'a'\nwieght = 1", "no field dimensions[1].wieght. Did you mean weight?"),
        ("[points.q]\nyes = 'much'", "Write a number of points, or “none” for no valid vote."),
        ("[[bands]]\nname = 'a'\nleast = nan", "nan does not fit here. Write a number."),
        ("bands = 3", "Write a list of tables, e.g. [[bands]]."),
        ("titles = 3", "Write a text for each of zh and en."),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_the_field_and_the_fix(line: str, says: str) -> None:
    with pytest.raises(Refused) as caught:
        read_rule_file("ours.toml", f'name = "ours"\n{line}\n'.replace('name = "ours"\nname', "name").encode())
    assert says in str(caught.value)
    assert str(caught.value).startswith("ours.toml")


def test_a_rule_without_a_name_is_refused() -> None:
    with pytest.raises(Refused, match="The rule has no name"):
        read_rule({})
