"""An office for tests: the house its staff work in, and the commands they type in one folder, one after the other."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.house import House
from bot.settings import Settings
from scheduler.clock import SteppedClock
from storage.database import Database

_PEOPLE = """编号,姓名,手机,层,同意来源,同意日期
""" + "\n".join(f"R{at},王{at},139{at:08},{'城区' if at % 2 else '乡镇'},登记,2026-06-01" for at in range(40))
_PLAN = """
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
"""


def house_over(database: Database, clock: SteppedClock, folder: Path, **settings: Any) -> House:
    """Return a house with the simulator switched on and English texts; its data folder is in `folder`."""
    told = Settings(**{"data": folder / "data", "simulator": True, "hotline": "12345", "language": "en", **settings})
    return House(told, database, clock, told.office(), (None, None))


def work_in(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Path:
    """Work in `folder` with these settings in the environment and no others; return it."""
    for name in [name for name in os.environ if name.startswith("PINGYI_")]:
        monkeypatch.delenv(name)
    for name, value in settings.items():
        monkeypatch.setenv(f"PINGYI_{name.upper()}", value)
    monkeypatch.chdir(folder)
    return folder


def write_campaign(folder: Path, **sample: float | str) -> None:
    """Write people.csv, forty residents in two strata, and plan.toml, the survey water-2027 with this sample."""
    (folder / "people.csv").write_text(_PEOPLE, encoding="utf-8")
    design = "".join(f"{name} = {json.dumps(value)}\n" for name, value in sample.items())
    (folder / "plan.toml").write_text(_PLAN + design, encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command; return its exit status, what it printed and what it said on stderr."""
    capsys.readouterr()
    status = main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Run a command that succeeds and finds nothing to complain of; return its JSON."""
    status, out, err = run(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)
