"""`pingyi quality`, `pingyi campaign dispositions` and `pingyi residents disposition`, as staff type them."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest
from office import answer, run, work_in, write_campaign


@pytest.fixture(autouse=True)
def _launched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Work in a folder with a launched campaign of forty people, nobody of whom has answered."""
    work_in(tmp_path, monkeypatch, simulator="true", language="en")
    write_campaign(tmp_path, size=40, reserve=0.0, seed="7")
    answer(capsys, "residents", "import", "people.csv")
    answer(capsys, "campaign", "create", "plan.toml")
    answer(capsys, "campaign", "launch", "water-2027", "--yes")


def test_dispositions_are_told_changed_listed_and_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = answer(capsys, "campaign", "dispositions", "water-2027")
    assert [row["code"] for row in before["overall"]["counts"]] == ["3.10"]
    for resident, code in (("R1", "4.1"), ("R2", "2.31"), ("R3", "2.33")):
        told = answer(capsys, "residents", "disposition", "water-2027", resident, code, "--reason", "来电告知")
        assert told["code"] == told["told"] == ("4.10" if code == "4.1" else code)
    after = answer(capsys, "campaign", "dispositions", "water-2027", "--csv", "people-codes.csv")
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


def test_one_persons_history_is_shown_by_pseudonym(capsys: pytest.CaptureFixture[str]) -> None:
    answer(capsys, "residents", "disposition", "water-2027", "R5", "4.70", "--reason", "17岁")
    answer(capsys, "residents", "disposition", "water-2027", "R5", "none", "--reason", "看错了")
    person = answer(capsys, "campaign", "dispositions", "water-2027", "--resident", "R5")["resident"]
    assert [(step["code"], step["event"]) for step in person["history"]] == [
        ("3.10", "Released"), ("4.70", "DispositionTold"), ("3.10", "DispositionTold"),
    ]  # fmt: skip
    status, out, _ = run(capsys, "campaign", "dispositions", "water-2027", "--resident", "R5")
    assert status == 0
    assert person["pseudonym"] in out
    assert "王5" not in out


def test_counts_and_all_rates_are_printed_with_e(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "campaign", "dispositions", "water-2027", "--e", "0.9")
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
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str
) -> None:
    status, out, _ = run(capsys, *arguments, "--json")
    assert status == 1
    assert [problem["code"] for problem in json.loads(out)["problems"]] == [code]
    status, out, err = run(capsys, *arguments)
    assert (status, out, len(err.splitlines())) == (1, "", 1)


def test_a_file_that_is_there_is_not_written_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    status, _, err = run(capsys, "campaign", "dispositions", "water-2027", "--csv", "there.csv")
    assert status == 1
    assert "exists already" in err
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "mine"


def test_quality_lists_every_check_even_where_nobody_has_answered(capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "quality", "water-2027")
    assert [check["kind"] for check in told["checks"]] == [
        "speeding", "straight_lining", "item_nonresponse", "duplicates", "canvassing_burst", "all_best",
        "near_identical_text", "late_praise",
    ]  # fmt: skip
    assert all(check["untested"]["zh"] and check["flagged"] == [] for check in told["checks"])
    status, out, _ = run(capsys, "quality", "water-2027")
    assert status == 0
    assert "not looked at" in out
    assert "NaN" not in out
