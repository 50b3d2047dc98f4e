"""Neyman planning as staff type it: which strata need no spread, and results that tell none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from office import answer, run, work_in

PLAN = '[sample]\nsize = 500\nallocation = "neyman"\n'
SPREAD = '[sample.spread]\n"城区" = 0.5\n"乡镇" = 0.4\n'
PRECISION = ("plan", "precision", "plan.toml", "--strata", "strata.csv")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with two strata of thousands, one of a single resident and one that is drawn whole."""
    work_in(tmp_path, monkeypatch, data="none", language="en")
    (tmp_path / "strata.csv").write_text("层,人口\n城区,9000\n乡镇,1000\n岛,1\n寨,2\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("language", "said"), [("en", "Needs no spread: 寨, 岛."), ("zh", "不需要标准差：寨、岛。")])
def test_strata_that_need_no_spread_are_named_and_drawn(
    folder: Path, language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plan.toml").write_text(PLAN + SPREAD, encoding="utf-8")
    found = answer(capsys, *PRECISION)
    assert found["without_spread"] == ["寨", "岛"]
    assert {row["name"]: row["drawn"] for row in found["strata"]} == {"城区": 456, "乡镇": 41, "岛": 1, "寨": 2}
    assert said in run(capsys, "--language", language, *PRECISION)[1]


def test_where_every_spread_is_given_or_none_is_used_nothing_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plan.toml").write_text(PLAN + SPREAD + '"岛" = 0.1\n"寨" = 0.1\n', encoding="utf-8")
    assert answer(capsys, *PRECISION)["without_spread"] == []
    (folder / "plan.toml").write_text(PLAN.replace("neyman", "equal"), encoding="utf-8")
    assert answer(capsys, *PRECISION)["without_spread"] == []
    assert "spread" not in run(capsys, *PRECISION)[1]


def test_only_the_strata_that_need_one_are_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    status, _, err = run(capsys, *PRECISION)
    assert status == 1
    assert "needs the standard deviation of 乡镇, 城区." in err


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "of a campaign that rates units: it has their scores"), ("zh", "文件来自评议单位的活动")],
)
def test_results_of_ratings_are_refused_with_what_they_are(
    folder: Path, language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plan.toml").write_text(PLAN + 'spread_from = "results.json"\n', encoding="utf-8")
    rated = {"headline": "", "questions": [], "scores": {"units": [{"id": "w"}]}}
    (folder / "results.json").write_text(json.dumps(rated), encoding="utf-8")
    status, _, err = run(capsys, "--language", language, *PRECISION)
    assert (status, len(err.splitlines())) == (1, 1)
    assert said in err
    assert 'allocation = "proportional"' in err
