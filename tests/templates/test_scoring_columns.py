"""What a score is computed from stands in the templates: points, dimensions, preset and source, as the rules say."""

from __future__ import annotations

import pytest

from surveys.questionnaire.templates import names, template, template_form
from surveys.questionnaire.workbook import read_workbook

#: Rules in use, and questionnaires in use: template → preset.
PRESETS = {
    "integrity_ten_point": "integrity_ten_point",
    "integrity_jiangxi": "integrity_jiangxi",
    "conduct_a": "conduct_a",
    "conduct_b": "conduct_b",
    "conduct_c": "conduct_c",
    "five_levels": "five_levels",
    "hotline_rates": "hotline_three_rates",
    "public_order_100": "public_order_100",
    "public_order_nine": "public_order_nine",
    "six_dimensions": "six_dimensions",
    "window_rating": "window_two_levels",
}


def points(name: str) -> dict[str, dict[str, float]]:
    """Return list → choice → points, of those that have points."""
    found: dict[str, dict[str, float]] = {}
    table = read_workbook(f"{name}.csv", template(name)).table("choices")
    for row in table.rows if table else ():
        if row.cells.get("points"):
            found.setdefault(row.cells["list_name"], {})[row.cells["name"]] = float(row.cells["points"])
    return found


def dimensions(name: str) -> dict[str, str]:
    """Return question → what it counts towards."""
    table = read_workbook(f"{name}.csv", template(name)).table("survey")
    assert table is not None
    return {row.cells["name"]: row.cells["dimension"] for row in table.rows if row.cells.get("dimension")}


@pytest.mark.parametrize(("name", "preset"), PRESETS.items())
def test_a_preset_names_itself_and_its_source(name: str, preset: str) -> None:
    settings = template_form(name).settings
    assert settings["preset"] == preset
    assert settings["source"]


def test_no_other_template_names_a_preset() -> None:
    assert {name for name in names() if template_form(name).settings.get("preset")} == PRESETS.keys()


def test_the_ten_point_survey_has_fifteen_items_in_four_areas_from_one_to_ten() -> None:
    form = template_form("integrity_ten_point")
    assert len(form.asked) == len(dimensions(form.name)) == 15
    assert len(set(dimensions(form.name).values())) == 4
    assert {question.constraint for question in form.asked} == {". >= 1 and . <= 10"}
    assert form.settings["preset_bands"] == "satisfied 10; fairly 9; not 1"
    assert "all_ten" in form.settings["invalid_if_optional"]


def test_the_jiangxi_survey_has_five_items_from_one_to_ten() -> None:
    form = template_form("integrity_jiangxi")
    assert [question.constraint for question in form.asked] == [". >= 1 and . <= 10"] * 5
    assert len(form.settings["respondent_kinds"].split("; ")) == 5


def test_the_conduct_of_offices_is_weighted_banded_and_counted_as_its_three_rules_say() -> None:
    weighted = template_form("conduct_a").settings["preset_weights"]
    assert weighted == "questionnaire 70; assessment 30; user 50; supervisor 25; society 25"
    assert template_form("conduct_b").settings["preset_bands"] == "satisfied 85; fairly 75; basically 60; not 0"
    assert len(set(dimensions("conduct_b").values())) == 5
    assert points("conduct_c") == {"satisfaction": {"satisfied": 100, "basically": 70, "not": 30}}
    assert template_form("conduct_c").settings["invalid_if"] == "unknown"


def test_the_hotline_counts_nine_tenths_of_basically_satisfied() -> None:
    assert points("hotline_rates")["satisfied"] == {"satisfied": 1, "basically": 0.9, "not": 0}
    settings = template_form("hotline_rates").settings
    assert settings["preset_weights"] == "reached 0.1; solved 0.4; satisfied 0.5"
    assert settings["denominator"] == "valid callbacks"


def test_public_order_has_a_hundred_points_at_most() -> None:
    known = points("public_order_100")
    assert known["safety"] == {"very_safe": 10, "safe": 8, "fair": 5, "rather_unsafe": 2, "very_unsafe": 0}
    assert known["crime"] == {"none": 4, "slight": 3, "fair": 1.5, "rather": 0.5, "very": 0}
    form = template_form("public_order_100")
    best = [max(known[lists(form.name)[question.name]].values()) for question in form.asked]
    assert sum(best) == 100


def lists(name: str) -> dict[str, str]:
    """Return question → list of choices."""
    table = read_workbook(f"{name}.csv", template(name)).table("survey")
    assert table is not None
    return {row.cells["name"]: row.cells["type"].split()[-1] for row in table.rows}


@pytest.mark.parametrize("name", ["six_dimensions", "conduct_a", "conduct_b", "conduct_c"])
def test_units_are_rated_in_the_repeat_that_runs_once_for_each(name: str) -> None:
    form = template_form(name)
    assert [repeat.name for repeat in form.repeats] == ["unit"]
    assert {question.name for question in form.questions} >= {"unit_name", "unit_duty", "unit_duties"}


def test_the_six_dimensions_are_those_of_the_source() -> None:
    assert list(dimensions("six_dimensions").values()) == [
        "科学发展", "服务意识", "行政效能", "依法行政", "勤政廉洁", "自身建设",
    ]  # fmt: skip


def test_don_t_know_has_no_points() -> None:
    for name in names():
        for scored in points(name).values():
            assert not {"unknown", "declined", "unclear"} & scored.keys()
