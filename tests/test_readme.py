"""The README's plan is accepted, its commands exist, and the Chinese one shows the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from office import work_in
from typer.testing import CliRunner

from bot.cli import main
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


@pytest.mark.parametrize("name", READMES)
def test_the_draw_that_a_readme_shows_can_be_made_with_its_plan_and_verified(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command about precision and the draw, in the order shown, with the launch and the close in their places."""
    work_in(tmp_path, monkeypatch, data="data", simulator="true", language="en")
    people = "".join(f"R{at},王,139{at:08},{'城区' if at % 3 else '乡镇'}\n" for at in range(1300))
    (tmp_path / "residents.csv").write_text("编号,姓名,手机,层面\n" + people, encoding="utf-8")
    (plan,) = blocks("README.md", "toml")
    (tmp_path / "water.toml").write_text(re.sub(r"\b20(2[78])-", r"21\1-", plan), encoding="utf-8")
    shown = [command[1:] for command in commands(name) if command[1] in {"plan", "draw"}]
    assert [command[1] for command in shown] == [
        "precision", "freeze", "randomness", "certificate", "frame", "verify",
    ]  # fmt: skip
    between = {
        "precision": [["residents", "import", "residents.csv"], ["campaign", "create", "water.toml"]],
        "certificate": [["campaign", "launch", "water-2026", "--yes"]],
        "frame": [["campaign", "close", "water-2026", "--yes"]],
    }
    for command in shown:
        for typed in [*between.get(command[1], []), command]:
            assert main(typed) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "lines agree." in said
    assert "fingerprint with the one on the page that was signed" in said.splitlines()[-1]
