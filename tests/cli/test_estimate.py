"""`pingyi estimate` and `pingyi rates`: figures from files, without settings or database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.cli import main
from surveys.campaign.reading import parse

SCHOOLS = Path(__file__).parents[1] / "statistics" / "data" / "apistrat.csv"
DESIGN = ("--weight", "pw", "--stratum", "stype", "--fpc", "fpc")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    monkeypatch.setenv("PINGYI_DATABASE", "nonsense://nowhere")


def test_json_is_a_list_of_rows_with_stable_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(SCHOOLS), "--value", "api00", *DESIGN, "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert list(row) == ["estimate", "se", "ci_low", "ci_high", "deff", "n", "df", "interval"]
    assert (row["n"], row["df"]) == (200, 197)
    assert row["se"] == pytest.approx(9.40894080278, rel=1e-9)


def test_groups_levels_and_differences_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    grouped = ["--kind", "proportion", "--by", "awards", "--difference", "No,Yes"]
    assert main(["estimate", str(SCHOOLS), "--value", "sch.wide", *grouped, *DESIGN, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    places = [(row.get("by"), row["level"], row.get("difference")) for row in rows]
    assert places == [
        ("No", "No", None), ("No", "Yes", None), ("Yes", "No", None), ("Yes", "Yes", None),
        (None, "No", ["No", "Yes"]), (None, "Yes", ["No", "Yes"]),
    ]  # fmt: skip


def test_the_table_shows_every_figure_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(SCHOOLS), "--value", "enroll", "--kind", "total", *DESIGN]) == 0
    out = capsys.readouterr().out
    assert "3,687,178" in out
    assert "3,461,095 – 3,913,260" in out


def test_quantiles_need_no_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(SCHOOLS), "--value", "api00", *DESIGN, "--quantile", "0.5", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    assert (row["quantile"], row["estimate"]) == (0.5, 668.0)


def test_a_denominator_asks_for_a_ratio_without_naming_the_kind(capsys: pytest.CaptureFixture[str]) -> None:
    ratio = ["estimate", str(SCHOOLS), "--value", "api.stu", "--denominator", "enroll", *DESIGN, "--json"]
    assert main(ratio) == 0
    alone = json.loads(capsys.readouterr().out)
    assert main([*ratio, "--kind", "ratio"]) == 0
    assert json.loads(capsys.readouterr().out) == alone
    # What svyratio of the survey package prints for this design.
    assert alone[0]["estimate"] == pytest.approx(0.8369569, abs=5e-7)


def test_a_workbook_is_read_like_a_csv(capsys: pytest.CaptureFixture[str]) -> None:
    book = Workbook()
    for row in (["y", "w"], [1, 2], [4, 1]):
        book.active.append(row)
    book.save("x.xlsx")
    assert main(["estimate", "x.xlsx", "--value", "y", "--weight", "w", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["estimate"] == 2.0


def test_what_is_wrong_is_one_line_with_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.csv").write_text("y,w\n1,2\n2,-1\n", encoding="utf-8")
    assert main(["estimate", "x.csv", "--value", "y", "--weight", "w"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "x.csv, row 3, w: -1 does not fit here. A weight is a number, zero or more.\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--kind", "median"],
        ["--quantile", "1.5"],
        ["--by", "awards", "--difference", "No"],
        ["--kind", "mean", "--denominator", "enroll"],
        ["--kind", "total", "--quantile", "0.5"],
        ["--quantile", "0.5", "--denominator", "enroll"],
    ],
    ids=["no such kind", "no share", "one group", "no ratio", "no quantile", "two kinds"],
)
def test_an_option_that_makes_no_sense_is_misuse(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", str(SCHOOLS), "--value", "api00", *wrong]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_stratum_of_one_is_told_beside_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.csv").write_text("y,s\n1,a\n2,a\n3,b\n", encoding="utf-8")
    assert main(["estimate", "x.csv", "--value", "y", "--stratum", "s", "--json"]) == 0
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 1
    assert err.startswith("! x.csv, row 4, s: Stratum b has a single row")


def test_rates_are_told_in_json_and_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.csv").write_text("code,count,stratum\n1.1,40,a\n2.20,10,a\n3.10,50,b\n", encoding="utf-8")
    assert main(["rates", "x.csv", "--e", "0.5", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["RR1"], found["RR3"], found["e"]) == (0.4, pytest.approx(40 / 75), 0.5)
    assert found["strata"]["b"]["RR5"] is None
    assert main(["rates", "x.csv"]) == 0
    assert "0.4000" in capsys.readouterr().out


def test_rates_say_how_e_came_about(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.csv").write_text("代码,人数\n1.1,40\n2.20,20\n3.10,50\n4.10,15\n", encoding="utf-8")
    assert main(["rates", "x.csv"]) == 0
    assert "60 / 75 = 0.8000." in capsys.readouterr().out.splitlines()[-1]
    assert main(["rates", "x.csv", "--e", "0.5"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "e = 0.5 as given with --e."


def test_a_table_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rates", "nothing.csv"]) == 1
    assert capsys.readouterr().err.startswith("nothing.csv: The file cannot be read")


def test_totals_named_in_a_plan_are_read_beside_it_and_kept_in_it() -> None:
    from bot.actions.knowntotals import put_totals
    from surveys.campaign.fields import Fields
    from surveys.campaign.weighting import read_weights

    Path("totals.csv").write_text("variable,level,total\nstratum,a,10\nstratum,b,20\n", encoding="utf-8")
    table = parse(b'[weights]\ntotals = "totals.csv"\ntrim = 4\n', "plan.toml")
    put_totals(table, Path.cwd())
    design = read_weights(Fields(table["weights"], problems := []))
    assert problems == []
    assert (design.totals, design.trim) == ({"stratum": {"a": 10.0, "b": 20.0}}, 4.0)
