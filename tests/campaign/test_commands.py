"""The commands staff type, from a spreadsheet to a running campaign, in one process after the other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from office import answer, run, work_in, write_campaign

from bot.cli.campaignlines import wake_word


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with the files of a campaign and nothing else."""
    work_in(tmp_path, monkeypatch, simulator="true", language="en")
    write_campaign(tmp_path, size=10, seed="7")
    return tmp_path


@pytest.mark.usefixtures("office")
def test_a_campaign_is_made_launched_followed_and_closed(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "residents", "import", "people.csv")["new"] == 40
    assert answer(capsys, "residents", "show", "R3")["phones"][0]["number"] == "+86139****0003"
    assert answer(capsys, "campaign", "create", "plan.toml", "--set", "sample.size=12")["plan"]["sample"]["size"] == 12
    dry = answer(capsys, "campaign", "launch", "water-2027", "--dry-run")
    assert (dry["ready"], dry["launched"]) == (True, False)
    assert answer(capsys, "campaign", "launch", "water-2027", "--yes")["launched"] is True
    assert answer(capsys, "campaign", "status", "water-2027")["sample"]["released"] == 12
    assert answer(capsys, "campaign", "pause", "water-2027")["state"] == "paused"
    assert answer(capsys, "campaign", "resume", "water-2027")["state"] == "running"
    assert answer(capsys, "campaign", "release", "water-2027", "--yes")["replicate"] == 1
    assert answer(capsys, "campaign", "close", "water-2027", "--yes")["state"] == "closed"
    assert [one["state"] for one in answer(capsys, "campaign", "list")["campaigns"]] == ["closed"]


@pytest.mark.usefixtures("office")
def test_a_reserve_replicate_is_not_released_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    """It cannot be taken back, no more than a launch."""
    answer(capsys, "residents", "import", "people.csv")
    answer(capsys, "campaign", "create", "plan.toml")
    answer(capsys, "campaign", "launch", "water-2027", "--yes")
    before = answer(capsys, "campaign", "status", "water-2027")["sample"]["released"]
    status, _, err = run(capsys, "campaign", "release", "water-2027")
    assert (status, "--yes" in err) == (2, True)
    assert answer(capsys, "campaign", "status", "water-2027")["sample"]["released"] == before


@pytest.mark.usefixtures("office")
def test_columns_of_units_that_are_not_read_are_told_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    Path("units.csv").write_text("编号,名称,exemptt\nw,水务局,是\n", encoding="utf-8")
    status, out, err = run(capsys, "units", "import", "units.csv", "--dry-run")
    assert (status, err) == (0, "! units.csv, row 1, exemptt: The column exemptt is not read. Did you mean exempt?\n")
    assert "1 units: 1 new" in out


@pytest.mark.usefixtures("office")
def test_texts_go_to_stdout_and_findings_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "residents", "import", "people.csv")
    status, out, _ = run(capsys, "campaign", "create", "plan.toml")
    assert (status, out) == (0, "Draft water-2027 made.\n")
    status, out, err = run(capsys, "campaign", "launch", "water-2027", "--dry-run")
    assert status == 0
    assert "城区: residents 20, can be drawn 20; drawn 5, in reserve 1" in out
    assert "Residents are not told where they can check" in err
    status, out, _ = run(capsys, "--language", "zh", "campaign", "status", "water-2027")
    assert (status, out.splitlines()[0]) == (0, "water-2027: 草案")


@pytest.mark.usefixtures("office")
def test_what_waits_for_the_clock_is_counted_in_the_words_of_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "residents", "import", "people.csv")
    run(capsys, "campaign", "create", "plan.toml")
    run(capsys, "campaign", "launch", "water-2027", "--yes")
    counts = answer(capsys, "campaign", "status", "water-2027")["wakes"]
    assert set(counts) == {"due"}
    for language, said in (("en", "Waiting for the clock: still to come "), ("zh", "待定时处理: 尚未到时 ")):
        _, out, _ = run(capsys, "--language", language, "campaign", "status", "water-2027")
        assert f"{said}{counts['due']}" in out.splitlines()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_state_of_what_the_clock_sets_off_has_words(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINGYI_LANGUAGE", language)
    states = ("due", "done", "stale", "failed")
    words = {wake_word(state) for state in states}
    assert len(words) == len(states)
    assert words.isdisjoint(states)


@pytest.mark.usefixtures("office")
def test_a_plan_with_errors_ends_with_1_and_names_every_one(capsys: pytest.CaptureFixture[str]) -> None:
    answer(capsys, "campaign", "create", "plan.toml", "--title", "请打满分")
    status, out, _ = run(capsys, "campaign", "launch", "water-2027", "--yes", "--json")
    assert status == 1
    assert {"no_frame", "leading_wording"} <= {problem["code"] for problem in json.loads(out)["problems"]}
    status, _, err = run(capsys, "campaign", "launch", "water-2027", "--dry-run")
    assert status == 1
    assert "✗" in err


@pytest.mark.usefixtures("office")
def test_a_launch_that_is_refused_marks_what_keeps_it_and_says_that_nothing_was_launched(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, "campaign", "create", "plan.toml")
    status, out, err = run(capsys, "campaign", "launch", "water-2027", "--yes")
    assert (status, out) == (1, "")
    *findings, closing = err.splitlines()
    assert {line[0] for line in findings} == {"✗", "!"}
    assert closing == "Nothing was launched: put right what is marked ✗."


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("more", [(), ("--yes",), ("--dry-run",)])
def test_a_campaign_that_is_not_there_is_said_so_first(
    more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = run(capsys, "campaign", "launch", "nosuch", *more)
    assert status == 1
    assert "There is no campaign nosuch." in err
    assert "--yes" not in err


@pytest.mark.usefixtures("office")
def test_launching_without_anybody_to_ask_wants_yes(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "campaign", "create", "plan.toml")
    status, _, err = run(capsys, "campaign", "launch", "water-2027")
    assert (status, len(err.splitlines())) == (2, 1)


def test_a_bad_file_is_refused_by_row_and_field(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    (office / "bad.csv").write_text("编号,手机,层\nR1,123,城区\n", encoding="utf-8")
    status, _, err = run(capsys, "residents", "import", "bad.csv")
    assert status == 1
    assert "bad.csv, row 2, 手机: 123 is not a phone number." in err
    status, _, err = run(capsys, "residents", "import", "missing.csv")
    assert status == 1
    assert "missing.csv" in err


def test_units_and_forms_are_listed_after_they_were_added(capsys: pytest.CaptureFixture[str], office: Path) -> None:
    (office / "units.csv").write_text("编号,名称,免评\nw,区水务局,否\n", encoding="utf-8")
    assert answer(capsys, "units", "import", "units.csv")["new"] == 1
    assert answer(capsys, "units", "list")["units"][0]["name"] == "区水务局"
    stored = answer(capsys, "form", "add", "sense_of_safety")
    assert answer(capsys, "form", "list")["forms"][0]["digest"] == stored["digest"]
    assert "five_waters_2018" in {one["name"] for one in answer(capsys, "form", "templates")["templates"]}
    status, _, err = run(capsys, "form", "add", "no_such_template")
    assert status == 1
    assert "sense_of_safety" in err
