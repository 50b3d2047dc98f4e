"""`pingyi scores`: what staff type and read, over a campaign that was really answered."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from office import answer, run, work_in
from rated_town import rated
from town import START

from bot.house import open_house
from bot.settingssources import read_settings
from scheduler.clock import SteppedClock
from surveys.quality import assessment
from surveys.quality.flag import Check, Flag, FlagKind
from surveys.quality.interviews import Interview
from surveys.quality.speeding import speeding
from surveys.questionnaire.form import Form
from surveys.scoring.design import ScoringDesign
from surveys.scoring.presets import names
from surveys.scoring.rulefile import read_rule, read_rule_file


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose database holds a campaign of forty residents; texts are English."""
    work_in(tmp_path, monkeypatch, simulator="true", language="en")
    house = open_house(read_settings(None), clock=SteppedClock(START))
    try:
        rated(house.database, size=40, design=ScoringDesign(pass_mark=80, compare_with=("offices-2019",)))
    finally:
        house.close()
    return tmp_path


@pytest.mark.usefixtures("office")
def test_scores_are_shown_with_interval_rank_set_and_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "scores", "show", "offices")
    assert (found["subject"], found["rule_frozen"], len(found["units"])) == ("unit", True, 12)
    for unit in found["units"]:
        estimate = unit["total"]["estimate"]
        assert estimate["low"] <= estimate["value"] <= estimate["high"]
        assert unit["rank"]["first"] <= unit["rank"]["last"] <= unit["rank"]["of"] == 6
        assert "of 6" in unit["rank"]["words"]["en"]
        assert unit["pass_mark"]["standing"] in {"below", "not_shown_below", "above"}
    one = answer(capsys, "scores", "show", "offices", "--class", "二类")
    assert {unit["unit"]["unit_class"] for unit in one["units"]} == {"二类"}
    status, out, err = run(capsys, "scores", "show", "offices")
    assert (status, err) == (0, "")
    assert "Office 12" in out
    assert "Areas: 县" in out
    assert "There is no campaign offices-2019 to compare with." in out
    status, out, _ = run(capsys, "--language", "zh", "scores", "show", "offices")
    assert status == 0
    assert "单位12" in out
    assert "及格线" in out


@pytest.mark.usefixtures("office")
def test_why_prints_the_arithmetic_and_it_leads_to_the_score(capsys: pytest.CaptureFixture[str]) -> None:
    worked = answer(capsys, "scores", "why", "offices", "单位3")
    (group,) = worked["groups"]
    (dimension,) = group["dimensions"]
    (question,) = dimension["questions"]
    points = sum(
        option["points"] * option["weighted"] for option in question["options"] if option["points"] is not None
    )
    assert points / question["weighted"] == pytest.approx(worked["score"]["estimate"]["value"], abs=1e-4)
    status, out, err = run(capsys, "scores", "why", "offices", "U03")
    assert (status, err) == (0, "")
    assert out.splitlines() == worked["lines"]["en"]
    assert "together, points on average" in out, "of eleven raters no answer is told that fewer than ten gave"
    assert "below 80" in out or "80 or above" in out


@pytest.mark.usefixtures("office")
def test_scores_are_written_as_four_files_that_need_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    files = [Path(file) for file in answer(capsys, "scores", "export", "offices", "out")["files"]]
    assert [file.name for file in files] == ["scores.json", "scores.csv", "scores.zh.html", "scores.en.html"]
    assert json.loads(files[0].read_text()) == answer(capsys, "scores", "show", "offices")
    with files[1].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    totals = {row["unit"]: row for row in rows if (row["part"], row["measure"]) == ("unit", "total")}
    assert len(totals) == 12
    assert all(row["rank_of"] == "6" for row in totals.values())
    assert {row["unit"] for row in rows if row["part"] == "area"} == {"city", "county-1", "county-2"}
    for page in files[2:]:
        text = page.read_text()
        assert text.count("<svg") >= 8, "dots and ranks of two classes, for wide screens and for phones"
        assert not re.search(r"<script|https?://(?!www\.w3\.org)", text)
    assert "Which ranks are possible" in files[3].read_text()
    assert "可能的名次" in files[2].read_text()
    assert not re.search(
        r"[A-Za-z]{4,} [a-z]{3,} [a-z]{3,}",
        re.sub(r"<style>.*?</style>|<code>.*?</code>|<[^>]*>", " ", files[2].read_text(), flags=re.DOTALL),
    ), "no English sentence is left on the Chinese page"


@pytest.mark.usefixtures("office")
def test_scores_stand_beside_the_results_and_no_question_is_shown_empty(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "campaign", "results", "offices")
    assert len(found["scores"]["units"]) == 12
    assert found["questions"] == []
    assert any("Ratings of units stand among the scores" in note["en"] for note in found["limitations"])
    assert found["respondents"] == 40
    status, out, _ = run(capsys, "campaign", "results", "offices", "--output", "published")
    assert status == 0
    assert "Office 12" in out
    assert "RR1" in out
    assert "scores.csv" in {file.name for file in Path("published").iterdir()}
    assert "Which ranks are possible" in (Path("published") / "results.en.html").read_text()


@pytest.mark.usefixtures("office")
def test_answers_are_looked_at_once_for_results_and_scores(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Form] = []

    def counted(form: Form, people: Sequence[Interview]) -> Check:
        looked.append(form)
        check = speeding(form, people)
        everybody = tuple(person.key for person in people)
        return replace(check, flags=(Flag(FlagKind.SPEEDING, check.rule, {}, everybody),))

    monkeypatch.setattr(assessment, "speeding", counted)
    found = answer(capsys, "campaign", "results", "offices")
    assert len(looked) == 1
    assert (found["scores"]["flagged_raters"], found["quality"]["flagged"]) == (40, 40)


@pytest.mark.usefixtures("office")
def test_self_scores_are_taken_whole_or_not_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.csv").write_text("单位,自评分\n单位1,99\n单位2,九十\n单位77,90\n", encoding="utf-8")
    status, _, err = run(capsys, "scores", "self", "offices", "own.csv")
    assert status == 1
    lines = err.splitlines()
    assert len(lines) == 2
    assert "row 3" in lines[0]
    assert "row 4" in lines[1]
    assert not answer(capsys, "scores", "show", "offices")["without_self_score"]
    Path("own.csv").write_text("单位,自评分\n单位1,99\n单位2,90\n", encoding="utf-8")
    assert answer(capsys, "scores", "self", "offices", "own.csv", "--dry-run")["new"] == 2
    found = answer(capsys, "scores", "self", "offices", "own.csv")
    assert (found["new"], len(found["without"])) == (2, 10)
    shown = {unit["unit"]["id"]: unit for unit in answer(capsys, "scores", "show", "offices")["units"]}
    assert shown["U01"]["self_score"]["own"] == 99
    assert shown["U05"]["self_score"] is None
    status, out, _ = run(capsys, "scores", "self", "offices", "own.csv")
    assert (status, out) == (0, "2 self-scores: 0 new, 0 updated, 2 unchanged.\n")


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("scores", "show", "nowhere"), "no campaign nowhere"),
        (("scores", "why", "offices", "单位99"), "was not rated"),
        (("scores", "show", "offices", "--class", "三类"), "No unit of the class"),
        (("scores", "self", "offices", "none.csv"), "cannot be read"),
        (("scores", "export", "nowhere", "out"), "no campaign nowhere"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert said in err


def test_presets_are_listed_and_one_of_them_is_a_rule_file_to_begin_from(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    listed = answer(capsys, "scores", "presets")["presets"]
    assert [rule["name"] for rule in listed] == list(names())
    assert all(rule["source"] for rule in listed), "every rule names where it was seen"
    status, out, _ = run(capsys, "scores", "presets", "--show", "conduct_b")
    assert status == 0
    assert read_rule_file("conduct_b.toml", out.encode()).name == "conduct_b"
    shown = answer(capsys, "scores", "presets", "--show", "conduct_b")
    assert read_rule(shown) == read_rule_file("conduct_b.toml", out.encode())
    status, _, err = run(capsys, "scores", "presets", "--show", "conduct_d")
    assert status == 2
    assert "did you mean conduct_" in err


def test_a_rule_of_ones_own_is_read_from_beside_the_plan_and_kept_in_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_in(tmp_path, monkeypatch, simulator="true", language="en")
    (tmp_path / "our.toml").write_text('name = "our"\n[points."*"]\nsatisfied = 10\nnot = 0\n', encoding="utf-8")
    plan = """name = "own"
organiser = "o"
legal_basis = "l"
delete_on = 2031-12-31
starts = 2031-01-02
closes = 2031-01-20
form = "conduct_c"
[title]
zh = "评"
[sample]
size = 2
[scoring]
rule = "our.toml"
pass_mark = 6
"""
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    made = answer(capsys, "campaign", "create", "plan.toml")["plan"]["scoring"]
    assert made["rule"]["points"] == {"*": {"satisfied": 10.0, "not": 0.0}}
    assert made["pass_mark"] == 6.0
    (tmp_path / "plan.toml").write_text(plan.replace("our.toml", "their.toml"), encoding="utf-8")
    status, _, err = run(capsys, "campaign", "create", "plan.toml")
    assert status == 1
    assert "their.toml" in err
    (tmp_path / "our.toml").write_text('name = "our"\nfactor = -1\n', encoding="utf-8")
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    status, _, err = run(capsys, "campaign", "create", "plan.toml")
    assert status == 1
    assert "our.toml, factor" in err
