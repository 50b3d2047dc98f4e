"""`pingyi form check`: what an office is told of a questionnaire, without settings or database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from surveys.questionnaire.templates import names

SURVEY = """survey,,,,,
,type,name,label::zh,label::en,relevant,constraint
,select_one yes_no,used,去过服务站吗？,Have you been there?,,
{rows}
choices,,,,
,list_name,name,label::zh,label::en,synonyms
,yes_no,yes,去过,Yes,{synonyms}
,yes_no,no,没去过,No,
"""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder with English texts and settings nobody could use."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    monkeypatch.setenv("PINGYI_DATABASE", "nonsense://nowhere")


def written(*rows: str, synonyms: str = "") -> str:
    Path("form.csv").write_text(SURVEY.format(rows="\n".join(f",{row}" for row in rows), synonyms=synonyms))
    return "form.csv"


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = main(["form", "check", *arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def codes(report: Any) -> list[str]:
    return [problem["code"] for problem in report["problems"]]


def test_the_keys_of_the_report_are_those_the_documentation_names(capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, "five_waters_2018", "--price", "0.05")
    assert status == 0
    assert set(report) == {"ok", "form", "title", "languages", "questions", "problems", "sms", "price"}
    assert set(report["problems"][0]) == {
        "code", "severity", "file", "sheet", "row", "field", "column", "what", "fix",
    }  # fmt: skip
    assert set(report["sms"]) == {"zh", "en"}
    for found in report["sms"].values():
        assert set(found) == {"expected", "longest"}
        assert set(found["longest"]) == {"questions", "messages", "segments", "cost"}
    documented = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
    for key in (*report, *report["problems"][0], "expected", "longest", *report["sms"]["zh"]["longest"]):
        assert f"`{key}`" in documented, key


def test_the_cost_is_segments_times_price(capsys: pytest.CaptureFixture[str]) -> None:
    _, report = check(capsys, "five_waters_2018", "--price", "0.05")
    for found in (*report["sms"]["zh"].values(), *report["sms"]["en"].values()):
        assert found["cost"] == pytest.approx(found["segments"] * 0.05)
    _, free = check(capsys, "five_waters_2018")
    assert free["sms"]["zh"]["longest"]["cost"] is None


def test_two_checks_of_one_form_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, "public_order_nine") == check(capsys, "public_order_nine")


def test_the_longest_way_of_five_waters_is_that_of_who_took_part(capsys: pytest.CaptureFixture[str]) -> None:
    """Q1–Q5, which other, Q7: support (Q6) is asked of the others only."""
    _, report = check(capsys, "five_waters_2018")
    assert report["sms"]["zh"]["longest"]["questions"] == 7
    assert report["sms"]["zh"]["expected"]["questions"] < 7


@pytest.mark.parametrize("name", names())
def test_a_template_has_no_errors(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, name)
    assert (status, report["ok"]) == (0, True)
    assert {problem["code"] for problem in report["problems"]} <= {"long_form"}


def test_a_form_that_cannot_be_read_ends_with_one_and_names_the_cell(capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, written("integer,age,几岁？,How old?,${usd} = 'yes',"))
    assert (status, report["ok"], report["title"]) == (1, False, None)
    (problem,) = report["problems"]
    assert (problem["code"], problem["sheet"], problem["row"], problem["column"]) == (
        "unknown_name", "survey", 4, "relevant",
    )  # fmt: skip
    assert "used" in problem["fix"]


def test_a_file_that_is_not_there_is_one_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(capsys, "nothing.xlsx")[0] == 1
    status, report = check(capsys, "no_such_template")
    assert (status, codes(report)) == (1, ["unknown_form"])


@pytest.mark.parametrize(
    ("row", "code", "why"),
    [
        ("text,a,请打10分好吗？,Any remarks?,,", "leading_wording", "it asks for an answer"),
        ("text,a,您也认为服务好吧？,Any remarks?,,", "presuming_question", "it takes the answer for granted"),
        ("text,a,有话说吗？,What of our excellent staff?,,", "loaded_wording", "it praises"),
        ("text,a,您对态度和效率满意吗？,Any remarks?,,", "double_question", "two questions in one"),
        ("text,a,有话说吗？,Any?,${used} = 'yes' and ${used} = 'no',", "unreachable", "both at once cannot be"),
        ("text,a,有话说吗？,Any?,${used} = 'perhaps',", "unknown_option", "there is no such option"),
        (f"text,a,{'有话说吗' * 40}？,Any?,,", "long_question", "160 characters take three parts"),
    ],
)
def test_one_thing_that_is_not_well_is_found(row: str, code: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, written(row))
    assert codes(report) == [code], why
    assert report["problems"][0]["row"] == 4
    assert status == (1 if code == "leading_wording" else 0)


def test_an_option_that_opts_out_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    status, report = check(capsys, written(synonyms="停止"))
    assert (status, codes(report)) == (1, ["option_is_command"])


@pytest.mark.parametrize(("questions", "found"), [(5, []), (6, ["long_form"]), (9, ["long_form"])])
def test_a_form_gets_long_beyond_six_questions(
    questions: int, found: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """One more stands in the file already."""
    rows = [f"integer,n{place},几次？,How often?,,. >= 0 and . <= 9" for place in range(questions)]
    status, report = check(capsys, written(*rows))
    assert (status, codes(report)) == (0, found)
    assert report["sms"]["en"]["longest"]["questions"] == questions + 1


def test_people_read_lines_with_marks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "check", "five_waters_2018", "--price", "0.1"]) == 0
    out, err = capsys.readouterr()
    assert "Five Waters 2018: 8 questions; languages: zh, en" in out
    assert "cost" in out
    assert err.startswith("! five_waters_2018.csv")


def test_the_office_is_told_in_its_own_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINGYI_LANGUAGE", "zh")
    assert main(["form", "check", "five_waters_2018"]) == 0
    assert "五水共治群众评议 2018" in capsys.readouterr().out
