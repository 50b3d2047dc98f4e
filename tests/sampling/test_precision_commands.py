"""Precision before launch from plan and frame or from numbers, and during the field period from counts alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from office import house_over
from sqlalchemy import update
from town import Town, invited
from typer.testing import CliRunner

from bot.actions.launch import LaunchCampaign, launch_campaign
from bot.actions.planning import CreateCampaign, ShowCampaign, create_campaign, show_campaign
from bot.actions.precision import (
    CampaignPrecision,
    PlanPrecision,
    campaign_precision,
    from_numbers,
    plan_precision,
)
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.cli import main
from bot.cli.commands import app
from bot.house import House
from storage.database import Database
from storage.tables.campaigns import sample
from storage.tables.talks import answers
from surveys.problem import Refused

ALL_SIX = ("1", "2", "否", "没有", "1", "1")


@pytest.fixture
def town(database: Database) -> Town:
    return invited(database, 6)


@pytest.fixture
def house(town: Town, tmp_path: Path) -> House:
    return house_over(town.database, town.clock, tmp_path)


def by_now(house: House) -> dict[str, Any]:
    return campaign_precision(house, CampaignPrecision(name="water"), silent)


def test_what_is_reached_is_counted_by_completes_in_time(house: House, town: Town) -> None:
    assert by_now(house)["overall"]["half_width"] is None
    for resident in (1, 2, 3):
        for text in ALL_SIX:
            town.hear(resident, text)
    town.hear(4, "1")  # begun: not counted
    found = by_now(house)
    assert (found["overall"]["completes"], found["overall"]["effective"]) == (3, 2.5)
    assert found["overall"]["half_width"] == pytest.approx(1.959964 * (0.3 * (1 / 3 - 1 / 100)) ** 0.5, rel=1e-5)
    assert [(row["name"], row["released"]) for row in found["strata"]] == [("town", 6)]
    status = show_campaign(house, ShowCampaign(name="water"), silent)["precision"]
    assert (status["completes"], status["half_width"]) == (3, found["overall"]["half_width"])
    town.clock.advance(timedelta(days=22))
    town.wakes()
    for text in ALL_SIX:
        town.hear(5, text)
    assert by_now(house)["overall"]["completes"] == 3, "after the close"


def test_no_answer_is_opened(house: House, town: Town) -> None:
    """With every answer made unreadable the precision is the same."""
    for text in ALL_SIX:
        town.hear(1, text)
    before = by_now(house)
    town.database.write(lambda c: c.execute(update(answers).values(body=b"\0")))
    assert by_now(house) == before


def test_raters_of_each_unit_are_counted(house: House, town: Town) -> None:
    for resident, units in ((1, ["a", "b"]), (2, ["a", "c"])):
        town.database.write(
            lambda c, resident=resident, units=units: c.execute(
                update(sample).where(sample.c.resident_id == resident).values(units=json.dumps(units))
            )
        )
        for text in ALL_SIX:
            town.hear(resident, text)
    assert {unit["unit"]: unit["completes"] for unit in by_now(house)["units"]} == {"a": 2, "b": 1, "c": 1}


def test_a_stratum_that_is_silent_is_named(house: House, town: Town) -> None:
    town.database.write(lambda c: c.execute(update(sample).where(sample.c.resident_id > 3).values(stratum="hills")))
    for text in ALL_SIX:
        town.hear(1, text)
    whole = by_now(house)["overall"]
    assert (whole["silent"], whole["speaks_for"]) == (["hills"], 0.5)


def test_a_plan_is_reckoned_with_the_frame(house: House, tmp_path: Path, table: Callable[..., Path]) -> None:
    """Sixty in one stratum and forty in the other, of whom ten have no number: they are spoken for, not drawn."""
    lines = ["编号,姓名,手机,层"]
    lines += [f"F{n},李{n},{f'137{n:08}' if n < 90 else ''},{'甲' if n < 60 else '乙'}" for n in range(100)]
    import_residents(house, ImportResidents(path=table(*lines)), silent)
    plan = tmp_path / "plan.toml"
    plan.write_text('name = "x"\nform = "six_dimensions"\n[sample]\nsize = 50\n', encoding="utf-8")
    found = plan_precision(house, PlanPrecision(path=plan, response=0.5, deff=1.0, units=20), silent)
    assert found["source"] == "frame"
    assert {row["name"]: (row["population"], row["drawn"]) for row in found["strata"]} == {
        "甲": (60, 30),
        "乙": (40, 20),
    }
    assert found["overall"]["completes"] == 25
    assert found["units"]["completes"] == pytest.approx(25 * 6 / 20)
    bigger = plan_precision(house, PlanPrecision(path=plan, size=80, response=0.5, deff=1.0), silent)
    assert bigger["overall"]["half_width"] < found["overall"]["half_width"]
    with pytest.raises(Refused):
        plan_precision(house, PlanPrecision(path=plan, size=95), silent)


def test_planning_and_the_field_period_suppose_the_same_design_effect() -> None:
    """What is reached can be held against what was planned without a flag."""
    assert PlanPrecision().deff == CampaignPrecision(name="x").deff == 1.2


def test_a_plan_is_reckoned_by_the_draw_that_the_launch_makes(
    house: House, tmp_path: Path, table: Callable[..., Path]
) -> None:
    """A minimum and a maximum per stratum, an age, and a stratum of one: the very numbers of the launch's dry run."""
    lines = ["编号,姓名,手机,层,出生年份"]
    lines += [f"F{n},李{n},137{n:08},{'甲' if n < 90 else '乙'},{2020 if n % 3 else 1960}" for n in range(99)]
    lines += ["F99,李99,13700000099,丙,1960"]
    import_residents(house, ImportResidents(path=table(*lines)), silent)
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'name = "next"\norganiser = "区测评办"\nlegal_basis = "x"\nstarts = 2026-12-02\ncloses = 2026-12-20\n'
        'delete_on = 2027-12-31\nform = "five_waters_2018"\ntitle = "x"\n[audience]\nminimum_age = 18\n'
        "[sample]\nsize = 12\nminimum_per_stratum = 3\nmaximum_per_stratum = 8\n",
        encoding="utf-8",
    )
    found = plan_precision(house, PlanPrecision(path=plan), silent)
    create_campaign(house, CreateCampaign(path=plan), silent)
    allocation = launch_campaign(house, LaunchCampaign(name="next", dry_run=True), silent)["allocation"]
    assert {row["name"]: (row["population"], row["drawn"]) for row in found["strata"]} == {
        name: (places["population"], places["main"]) for name, places in allocation.items()
    }
    assert {name: places["main"] for name, places in allocation.items()} == {"甲": 8, "乙": 3, "丙": 1}
    assert next(row for row in found["strata"] if row["name"] == "丙")["half_width"] is None


def test_numbers_alone_are_those_of_the_audience(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strata = tmp_path / "strata.csv"
    strata.write_text("层,人口\n城区,9000\n乡镇,1000\n", encoding="utf-8")
    plan = tmp_path / "plan.toml"
    plan.write_text('[audience]\nstrata = ["乡镇"]\nminimum_age = 18\n[sample]\nsize = 50\n', encoding="utf-8")
    found = from_numbers(PlanPrecision(path=plan, strata=strata))
    assert [(row["name"], row["drawn"]) for row in found["strata"]] == [("乡镇", 50)]
    arguments = ["--language", "en", "--data", str(tmp_path / "none"), "plan", "precision", str(plan)]
    assert main([*arguments, "--strata", str(strata)]) == 0
    assert "they must count residents of 18 and older only" in capsys.readouterr().out
    plan.write_text('[audience]\nstrata = ["郊区"]\n[sample]\nsize = 50\n', encoding="utf-8")
    with pytest.raises(Refused) as refused:
        from_numbers(PlanPrecision(path=plan, strata=strata))
    assert [problem.code for problem in refused.value.problems] == ["audience_unknown"]


def test_without_a_frame_numbers_are_asked_for(house: House) -> None:
    with pytest.raises(Refused) as refused:
        plan_precision(house, PlanPrecision(size=10), silent)
    assert refused.value.problems[0].code == "no_frame"


def test_numbers_alone_need_no_database(tmp_path: Path) -> None:
    strata = tmp_path / "strata.csv"
    strata.write_text('层,人口\n城区,9000\n乡镇,"1,000"\n', encoding="utf-8")
    found = from_numbers(PlanPrecision(strata=strata, size=500, response=1.0, deff=1.0))
    assert {row["name"]: row["drawn"] for row in found["strata"]} == {"城区": 450, "乡镇": 50}
    wanted = from_numbers(PlanPrecision(strata=strata, half_width=0.05, response=0.4, deff=1.0))
    assert wanted["overall"]["half_width"] == pytest.approx(0.05, abs=2e-4)
    assert wanted["needed"]["drawn"] == wanted["drawn"]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (PlanPrecision(size=10), "no_population"),
        (PlanPrecision(population=100), "no_sample_size"),
        (PlanPrecision(population=100, size=101), "sample_too_large"),
        (PlanPrecision(population=100, half_width=0.01, response=0.2), "out_of_reach"),
    ],
)
def test_numbers_that_do_not_do_are_refused(order: PlanPrecision, code: str) -> None:
    with pytest.raises(Refused) as refused:
        from_numbers(order)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("lines", "code", "row"),
    [
        ("name,population\na,1\n", "missing_column", 1),
        ("stratum,population\na,0\n", "bad_population", 2),
        ("stratum,population\na,many\n", "bad_population", 2),
        ("stratum,population\na,5\na,6\n", "bad_stratum", 3),
        ("stratum,population\n", "no_strata", 1),
    ],
)
def test_a_bad_table_of_strata_is_named_with_its_row(tmp_path: Path, lines: str, code: str, row: int) -> None:
    path = tmp_path / "strata.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        from_numbers(PlanPrecision(strata=path, size=1))
    assert [(problem.code, problem.row) for problem in refused.value.problems] == [(code, row)]


@pytest.mark.parametrize(("language", "said"), [("en", "For ± 3 points: 1265 answers"), ("zh", "要达到 ±3 个百分点")])
def test_the_command_says_what_is_needed_and_makes_no_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("PINGYI_LANGUAGE", language)
    folder = tmp_path / "none"
    result = CliRunner().invoke(
        app, ["--data", str(folder), "plan", "precision", "--population", "100000", "--half-width", "0.03"]
    )
    assert result.exit_code == 0, result.output
    assert said in result.output
    assert not folder.exists()
