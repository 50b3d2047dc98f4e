"""The README's plan is accepted, its commands exist, and the Chinese one shows the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.commands import app
from surveys.campaign.plan import CampaignKind
from surveys.campaign.reading import parse, read_plan

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str, language: str) -> list[str]:
    text = ROOT.joinpath(name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands(name: str) -> list[list[str]]:
    lines = [line for block in blocks(name, "console") for line in block.splitlines()]
    return [shlex.split(line[2:], comments=True) for line in lines if line.startswith("$ pingyi")]


def test_the_plan_in_the_readme_is_accepted() -> None:
    (plan,) = blocks("README.md", "toml")
    read = read_plan(parse(plan.encode()), zone="Asia/Shanghai", form="f" * 64)
    assert (read.kind, read.sample.size) == (CampaignKind.SURVEY, 1000)


@pytest.mark.parametrize("name", READMES)
def test_every_command_in_a_readme_exists_with_its_options(name: str) -> None:
    found = commands(name)
    assert len(found) >= 10
    for command in found:
        words = [word for word in command[1:] if not word.startswith("-")]
        for depth in (2, 1):
            shown = CliRunner().invoke(app, [*words[:depth], "--help"])
            if shown.exit_code == 0:
                break
        assert shown.exit_code == 0, command
        for option in (word for word in command if word.startswith("--")):
            assert option in shown.output, (command, option)


def test_both_readmes_show_the_same_commands() -> None:
    first, second = (
        {tuple(w for w in c if w.isascii() and not w.endswith((".csv", ".xlsx"))) for c in commands(name)}
        for name in READMES
    )
    assert first == second


@pytest.mark.parametrize("name", READMES)
def test_every_file_a_readme_points_at_exists(name: str) -> None:
    text = ROOT.joinpath(name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ROOT.joinpath(target).exists(), target
