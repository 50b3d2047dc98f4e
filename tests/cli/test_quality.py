"""`pingyi quality`, `pingyi campaign dispositions` and `pingyi residents disposition`, as staff type them."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

PEOPLE = "\n".join(
    [
        "编号,姓名,手机,层,同意来源,同意日期",
        *(f"R{at},王{at},139{at:08},{'城区' if at % 2 else '乡镇'},登记,2026-06-01" for at in range(40)),
    ],
)
PLAN = """
name = "water-2027"
organiser = "区测评办"
legal_basis = "区政办〔2026〕14号"
delete_on = 2031-12-31
starts = 2031-01-02
closes = 2031-01-20
form = "five_waters_2018"
[title]
zh = "五水共治调查"
[sample]
size = 40
reserve = 0.0
seed = "7"
"""


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Return what runs a command in a folder with a launched campaign of forty people, nobody of whom has answered."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_SIMULATOR", "true")
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")

    def made(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    for command in (
        ("residents", "import", "people.csv"),
        ("campaign", "create", "plan.toml"),
        ("campaign", "launch", "water-2027", "--yes"),
    ):
        status, _, err = made(*command)
        assert status == 0, err
    return made


def answer(run: Callable[..., tuple[int, str, str]], *arguments: str) -> Any:
    status, out, err = run(*arguments, "--json")
    assert status == 0, err
    return json.loads(out)


def test_dispositions_are_told_changed_listed_and_written(run: Callable[..., Any], tmp_path: Path) -> None:
    before = answer(run, "campaign", "dispositions", "water-2027")
    assert [row["code"] for row in before["overall"]["counts"]] == ["3.10"]
    for resident, code in (("R1", "4.1"), ("R2", "2.31"), ("R3", "2.33")):
        told = answer(run, "residents", "disposition", "water-2027", resident, code, "--reason", "来电告知")
        assert told["code"] == told["told"] == ("4.10" if code == "4.1" else code)
    after = answer(run, "campaign", "dispositions", "water-2027", "--csv", "people-codes.csv")
    assert {row["code"]: row["people"] for row in after["overall"]["counts"]} == {
        "2.31": 1, "2.33": 1, "3.10": 37, "4.10": 1,
    }  # fmt: skip
    assert (after["overall"]["rates"]["rr1"], after["overall"]["rates"]["con1"]) == (0, round(2 / 39, 6))
    assert after["overall"]["e"] == "estimated"
    assert set(after["strata"]) == {"城区", "乡镇"}
    file = tmp_path / "people-codes.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 40
    assert sorted(row["code"] for row in rows if row["code"] != "3.10") == ["2.31", "2.33", "4.10"]
    text = file.read_text(encoding="utf-8")
    assert "王" not in text
    assert "139000" not in text


def test_one_persons_history_is_shown_by_pseudonym(run: Callable[..., Any]) -> None:
    answer(run, "residents", "disposition", "water-2027", "R5", "4.70", "--reason", "17岁")
    answer(run, "residents", "disposition", "water-2027", "R5", "none", "--reason", "看错了")
    person = answer(run, "campaign", "dispositions", "water-2027", "--resident", "R5")["resident"]
    assert [(step["code"], step["event"]) for step in person["history"]] == [
        ("3.10", "Released"), ("4.70", "DispositionTold"), ("3.10", "DispositionTold"),
    ]  # fmt: skip
    status, out, _ = run("campaign", "dispositions", "water-2027", "--resident", "R5")
    assert status == 0
    assert person["pseudonym"] in out
    assert "王5" not in out


def test_counts_and_all_rates_are_printed_with_e(run: Callable[..., Any]) -> None:
    status, out, _ = run("campaign", "dispositions", "water-2027", "--e", "0.9")
    assert status == 0
    for word in ("RR1", "RR6", "COOP1", "COOP4", "REF3", "CON3", "90.0%", "e was given", "城区"):
        assert word in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("residents", "disposition", "water-2027", "R1", "5.1", "--reason", "x"), "unknown_disposition"),
        (("residents", "disposition", "water-2027", "R1", "1.1", "--reason", "x"), "unknown_disposition"),
        (("residents", "disposition", "water-2027", "R1", "2.3", "--reason", "x"), "unknown_disposition"),
        (("residents", "disposition", "water-2027", "R1", "4.1", "--reason", " "), "reason_missing"),
        (("residents", "disposition", "water-2027", "R99", "4.1", "--reason", "x"), "unknown_resident"),
        (("residents", "disposition", "nosuch", "R1", "4.1", "--reason", "x"), "campaign_missing"),
        (("campaign", "dispositions", "nosuch"), "campaign_missing"),
        (("campaign", "dispositions", "water-2027", "--resident", "R99"), "unknown_resident"),
        (("quality", "nosuch"), "campaign_missing"),
    ],
)
def test_what_is_wrong_is_one_line_and_ends_with_1(
    run: Callable[..., Any], arguments: tuple[str, ...], code: str
) -> None:
    status, out, _ = run(*arguments, "--json")
    assert status == 1
    assert [problem["code"] for problem in json.loads(out)["problems"]] == [code]
    status, out, err = run(*arguments)
    assert (status, out, len(err.splitlines())) == (1, "", 1)


def test_a_file_that_is_there_is_not_written_over(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    status, _, err = run("campaign", "dispositions", "water-2027", "--csv", "there.csv")
    assert status == 1
    assert "exists already" in err
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "mine"


def test_quality_lists_every_check_even_where_nobody_has_answered(run: Callable[..., Any]) -> None:
    told = answer(run, "quality", "water-2027")
    assert [check["kind"] for check in told["checks"]] == [
        "speeding", "straight_lining", "item_nonresponse", "duplicates", "canvassing_burst", "all_best",
        "near_identical_text", "late_praise",
    ]  # fmt: skip
    assert all(check["untested"]["zh"] and check["flagged"] == [] for check in told["checks"])
    status, out, _ = run("quality", "water-2027")
    assert status == 0
    assert "not looked at" in out
    assert "NaN" not in out
