"""`pingyi draw` as staff type it: when the frame may be published, and what a clean check leaves to be looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from office import run, work_in, write_campaign


@pytest.fixture
def launched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a launched campaign that closes with the 20th of January 2031, in Shanghai."""
    work_in(tmp_path, monkeypatch, data="data", simulator="true", language="en")
    write_campaign(tmp_path, size=10, seed="7")
    for typed in (
        ["residents", "import", "people.csv"],
        ["campaign", "create", "plan.toml"],
        ["campaign", "launch", "water-2027", "--yes"],
    ):
        status, _, err = run(capsys, *typed)
        assert status == 0, err
    return tmp_path


@pytest.mark.usefixtures("launched")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_moment_after_which_the_frame_may_be_published_is_told_in_the_campaigns_own_time(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, shown, _ = run(capsys, "campaign", "status", "water-2027")
    assert "to 2031-01-21 00:00" in shown
    status, _, err = run(capsys, "--language", language, "draw", "frame", "water-2027", "frame.csv")
    assert status == 1
    assert "2031-01-21 00:00" in err
    assert "+00:00" not in err


@pytest.mark.parametrize(("language", "said"), [("en", "page that was signed"), ("zh", "签过字的那一页")])
def test_a_clean_check_names_the_fingerprint_to_compare_with_the_signed_page(
    launched: Path, language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "campaign", "close", "water-2027", "--yes")
    run(capsys, "draw", "certificate", "water-2027", "--folder", "public")
    run(capsys, "draw", "frame", "water-2027", "frame.csv")
    arguments = ["--language", language, "draw", "verify", "public/certificate.json", "--frame", "frame.csv"]
    status, out, _ = run(capsys, *arguments)
    page = (launched / "public" / f"certificate.{language}.html").read_text(encoding="utf-8")
    last = out.splitlines()[-1]
    assert status == 0
    assert said in last
    fingerprint = json.loads((launched / "public" / "certificate.json").read_text(encoding="utf-8"))["fingerprint"]
    assert fingerprint in last
    assert fingerprint in page
    frame = (launched / "frame.csv").read_text(encoding="utf-8")
    (launched / "frame.csv").write_text(frame.replace("城区", "郊区", 1), encoding="utf-8")
    status, out, _ = run(capsys, *arguments)
    assert status == 1
    assert said not in out, "where something differs that is what has to be looked at"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Randomness: numbers of a public event, entered before witnesses after the frame was frozen",
                "Witnesses: 张三, 李四",
                "Earlier frames of this campaign given up after their randomness was known: 1.",
                "张三, 王五 had seen 七星彩 2026132期 9-8-7-6-5-4-13.",
            ],
        ),
        (
            "zh",
            [
                "随机来源：公开产生的号码，在抽样框冻结之后当着见证人录入",
                "见证人：张三、李四",
                "本活动此前有 1 个抽样框在随机号码已知之后被放弃。",
                "张三、王五见证的号码为 七星彩 2026132期 9-8-7-6-5-4-13。",
            ],
        ),
    ],
    ids=["en", "zh"],
)
def test_the_certificate_on_the_terminal_names_source_and_witnesses_and_frames_given_up(
    language: str, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    work_in(tmp_path, monkeypatch, data="data", simulator="true", language="en")
    write_campaign(tmp_path, size=10)
    numbers = ["draw", "randomness", "water-2027", "--witness", "张三"]
    for typed in (
        ["residents", "import", "people.csv"],
        ["campaign", "create", "plan.toml"],
        ["draw", "freeze", "water-2027"],
        [*numbers, "--witness", "王五", "--source", "七星彩 2026132期", "--digits", "9-8-7-6-5-4-13"],
        ["draw", "freeze", "water-2027", "--yes"],
        [*numbers, "--witness", "李四", "--source", "七星彩 2026133期", "--digits", "5-2-7-0-4-1-11"],
    ):
        status, _, err = run(capsys, *typed)
        assert status == 0, err
    status, out, _ = run(capsys, "--language", language, "draw", "certificate", "water-2027")
    assert status == 0
    assert "  七星彩 2026133期: 5-2-7-0-4-1-11" in out.splitlines()
    assert [sentence for sentence in said if sentence not in out] == []
