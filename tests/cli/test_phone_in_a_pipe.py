"""`pingyi phone` in a pipe: each line is sent once the one before was answered, the end of the lines ends it with 0."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.phone import plain

PINGYI = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
#: A locale without letters: bytes are handed on as they came.
SETTINGS = {"PINGYI_SIMULATOR": "true", "PINGYI_LANGUAGE": "en", "PINGYI_DATA": "data", "LC_ALL": "C"}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A running service that knows one resident: its folder, and the environment of a command beside it."""
    folder = tmp_path_factory.mktemp("service")
    (folder / "people.csv").write_text("office_id,name,phone,stratum\nR1,王,13900000001,town\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PINGYI_")} | SETTINGS
    subprocess.run([*PINGYI, "residents", "import", "people.csv"], cwd=folder, env=environment, check=True)
    running = subprocess.Popen(
        [*PINGYI, "run", "--port", "0"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert running.stdout is not None
        url = running.stdout.readline().split()[-1]
        yield folder, {**environment, "PINGYI_SIMULATOR_URL": f"{url}/simulator"}
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)


def said(
    service: tuple[Path, dict[str, str]], typed: bytes, *arguments: str, number: str = "13900000001", **more: str
) -> tuple[int, str, str]:
    """Return status and both streams of a phone that gets `typed` from a pipe."""
    folder, environment = service
    found = subprocess.run(
        [*PINGYI, "phone", number, *arguments],
        cwd=folder,
        env={**environment, **more},
        input=typed,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return found.returncode, found.stdout.decode(), found.stderr.decode()


def test_the_lines_of_a_pipe_are_sent_in_turn_and_answered_in_plain_lines(
    service: tuple[Path, dict[str, str]],
) -> None:
    status, out, err = said(service, "您好\n\n  反映  \n/quit\nnever sent\n".encode())
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert {line[0] for line in lines} == {"«", "»"}, "no frame"
    assert [line for line in lines if line[0] == "»"] == ["» 您好", "» 反映"]
    assert lines[0] == "» 您好"
    assert lines[1][0] == "«", "the second line waited for the answer to the first"
    assert lines[-1][0] == "«"


def test_a_pipe_without_a_line_shows_what_is_there_and_ends(service: tuple[Path, dict[str, str]]) -> None:
    assert said(service, b"", number="13900000002") == (0, "", "")


def test_bytes_that_are_no_text_are_sent_as_what_can_be_read_of_them(service: tuple[Path, dict[str, str]]) -> None:
    status, out, _ = said(service, b"\xff\xe5\xa5\xbd\n", number="13900000003")
    assert (status, out.splitlines()[0]) == (0, "» \ufffd好")


def test_a_line_that_nobody_answers_is_said_and_is_no_failure(service: tuple[Path, dict[str, str]]) -> None:
    status, _, err = said(service, b"STOP\n", "--wait", "0", number="13900000004")
    assert (status, err) == (0, "(no answer within 0 seconds)\n")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"PINGYI_DATA": "other"}, "was started with another data folder: name it with --data."),
        ({"PINGYI_SIMULATOR_URL": "http://127.0.0.1:1"}, "Start one: pingyi run --simulator"),
    ],
)
def test_what_keeps_a_phone_from_its_simulator_is_one_line(
    service: tuple[Path, dict[str, str]], more: dict[str, str], reason: str
) -> None:
    status, out, err = said(service, b"1\n", **more)
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    assert reason in err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["139"], "139 is no phone number."),
        (["13900000001", "--wait", "soon"], "--wait"),
        (["13900000001", "--replies", "bytes.txt"], "bytes.txt is not UTF-8 text."),
    ],
)
def test_a_phone_called_wrongly_is_one_line_and_status_2(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    (tmp_path / "bytes.txt").write_bytes(b"\xff")
    assert main(["phone", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert reason in err


def test_every_line_of_a_plain_message_says_who_wrote_it() -> None:
    asked = {"way": "received", "text": "Satisfied?\n(a number)", "options": ["yes", "no"]}
    assert plain(asked).splitlines() == ["« Satisfied?", "« (a number)", "« [1] yes", "« [2] no"]
    assert plain({"way": "sent", "text": "1\n2", "options": []}).splitlines() == ["» 1", "» 2"]
