"""`pingyi sms count` tells what a wording costs, without settings or a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PINGYI = Path(sys.executable).with_name("pingyi")


def run(folder: Path, *arguments: str, given: str = "", language: str = "en") -> str:
    """Run the command in an empty folder; return what it printed."""
    done = subprocess.run(
        [str(PINGYI), "sms", "count", *arguments],
        cwd=folder,
        env={**os.environ, "PINGYI_LANGUAGE": language},
        input=given,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert list(folder.iterdir()) == []
    return done.stdout


def test_as_json_it_names_encoding_units_and_segments(tmp_path: Path) -> None:
    assert json.loads(run(tmp_path, "评" * 71, "--json")) == {
        "encoding": "UCS-2",
        "units": 71,
        "segments": 2,
        "left": 63,
        "characters": 71,
        "forcing": ["评"],
    }


@pytest.mark.parametrize("given", ["abc€", "abc€\n"])
def test_a_dash_reads_the_standard_input_without_its_last_line_end(tmp_path: Path, given: str) -> None:
    found = json.loads(run(tmp_path, "-", "--json", given=given))
    assert (found["encoding"], found["units"], found["segments"]) == ("GSM-7", 5, 1)


def test_people_are_told_which_characters_turn_the_text_to_ucs_2(tmp_path: Path) -> None:
    assert run(tmp_path, "It’s free\u200b").splitlines() == [
        "UCS-2. Segments: 1. Units: 10, with room for 60 more in the last.",
        "Not in GSM-7, so the whole text is sent as UCS-2: ’ U+200B",
    ]
    assert run(tmp_path, "plain").splitlines() == ["GSM-7. Segments: 1. Units: 5, with room for 155 more in the last."]
    assert "共 1 条" in run(tmp_path, "您好", language="zh")
