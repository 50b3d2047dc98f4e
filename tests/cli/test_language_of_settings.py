"""The language that a file of settings sets is that of every word of a command, whatever the terminal's locale."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HAN = re.compile("[\u4e00-\u9fff]")
PINGYI = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]


def said(folder: Path, *arguments: str, **environment: str) -> str:
    """Return all that a command says, in a process of its own with neither settings nor locale but these."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PINGYI_", "LC_")) and name != "LANG"
    }
    found = subprocess.run(
        [*PINGYI, *arguments], cwd=folder, env={**kept, **environment}, capture_output=True, text=True, check=False
    )
    return found.stdout + found.stderr


@pytest.mark.parametrize(
    ("arguments", "english"),
    [
        (("--help",), "Show this message"),
        (("case", "--help"), "Show this message"),
        (("case", "assign"), "is missing"),
        (("campaign", "list", "nonsense"), "is too much"),
        (("campaign", "status", "nosuch"), "There is no campaign"),  # the words of the action, refused
        (("campaign", "create", "nosuch.toml"), "cannot be read"),
        (("doctor",), "data folder"),  # the words of the action, done
        (("call", "list"), "Nobody"),  # the words of the terminal
    ],
)
@pytest.mark.parametrize("written_in", ["pingyi.toml", ".env"])
def test_no_line_of_a_command_is_in_another_language(
    arguments: tuple[str, ...], english: str, written_in: str, tmp_path: Path
) -> None:
    lines = {"pingyi.toml": 'language = "zh"\n', ".env": "PINGYI_LANGUAGE=zh\n"}
    (tmp_path / written_in).write_text(lines[written_in], encoding="utf-8")
    found = said(tmp_path, *arguments)
    assert HAN.search(found), found
    assert english not in found
    assert not HAN.search(said(tmp_path, "--language", "en", *arguments)), "a flag wins over the file"


def test_the_environment_wins_over_the_file_and_the_file_over_the_locale(tmp_path: Path) -> None:
    (tmp_path / "office.toml").write_text('language = "zh"\n', encoding="utf-8")
    there = ("--config", "office.toml", "campaign", "status", "nosuch")
    assert HAN.search(said(tmp_path, *there, LANG="en_US.UTF-8"))
    assert HAN.search(said(tmp_path, *there[2:], PINGYI_CONFIG="office.toml"))
    assert not HAN.search(said(tmp_path, *there, PINGYI_LANGUAGE="en"))
    assert not HAN.search(said(tmp_path, *there[2:]))


def test_a_file_that_cannot_be_read_is_told_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "pingyi.toml").write_text("language = \n", encoding="utf-8")
    assert "cannot be read" in said(tmp_path, "campaign", "list")
