"""A small town lives whole months, on both databases."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import create_engine, text

from bot.cli import main
from bot.demo import plans
from bot.demo.calendar import Calendar
from bot.demo.demo import Order, Report, live_a_month
from bot.demo.lodging import lodge
from bot.demo.show import Show
from surveys.problem import Refused

ENDS = ("confirmed", "partly", "not_resolved", "reopened", "unreachable", "declined", "total")
BIG, SMALL = Order(days=30, residents=600, sample=120, seed=7), Order(days=10, residents=400, sample=70, seed=8)


@dataclass(frozen=True)
class Lived:
    """A month that was lived: its report, what was shown meanwhile, and the folder it was kept in."""

    report: Report
    shown: str
    folder: Path

    @property
    def json(self) -> dict[str, Any]:
        """What --json prints."""
        return self.report.json


def live(order: Order, folder: Path, database: str = "") -> Lived:
    shown = StringIO()
    show = Show(Console(file=shown, width=200), Calendar(order.days), quiet=False)
    with lodge(keep=folder, database=database, seed=order.seed, language="zh", days=order.days) as lodging:
        report = live_a_month(order, lodging, show)
    return Lived(report, shown.getvalue(), folder)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Live a month on SQLite."""
    return live(BIG, tmp_path_factory.mktemp("month") / "kept")


@pytest.fixture(scope="module")
def ten_days(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Live the shortest simulation, in the smallest town, from another seed."""
    return live(SMALL, tmp_path_factory.mktemp("days") / "kept")


@pytest.fixture(scope="module")
def empty_postgres(postgres: str) -> Iterator[str]:
    name = f"demo{os.getpid()}"
    admin = create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def test_the_same_seed_gives_the_same_month_on_sqlite_and_on_postgresql(
    month: Lived, empty_postgres: str, tmp_path: Path
) -> None:
    """Byte for byte, although messages race each other over HTTP in both runs; that database is then in use."""
    other = live(BIG, tmp_path / "kept", empty_postgres)
    assert (month.json["database"], other.json["database"]) == ("sqlite", "postgresql")
    for part in ("results", "cases", "messages", "refused"):
        assert json.dumps(month.json[part]) == json.dumps(other.json[part])
    assert month.shown == other.shown
    with (
        pytest.raises(Refused, match="in use already"),
        lodge(keep=None, database=empty_postgres, seed=7, language="zh", days=30),
    ):
        pass


def test_another_seed_gives_another_month(month: Lived, ten_days: Lived) -> None:
    assert month.json["results"]["questions"] != ten_days.json["results"]["questions"]
    assert month.json["results"]["campaign"]["seed"] != ten_days.json["results"]["campaign"]["seed"]


@pytest.mark.parametrize("outcome", ENDS)
def test_every_way_a_case_can_end_is_lived_through_in_a_month_and_in_ten_days(
    month: Lived, ten_days: Lived, outcome: str
) -> None:
    assert month.json["cases"][outcome] >= 1
    assert ten_days.json["cases"][outcome] >= 1


def test_only_cases_that_residents_confirmed_count_as_confirmed(month: Lived) -> None:
    cases = month.json["cases"]
    assert cases["by_state"]["confirmed"] == cases["confirmed"]
    assert sum(cases["by_state"].values()) == cases["total"]
    assert cases["confirmed"] < cases["total"]


def test_nobody_is_asked_twice_by_the_carriers_own_count(month: Lived) -> None:
    """No attempt arrives twice, and no phone is invited to the survey twice."""
    assert month.json["messages"]["sent_twice"] == 0
    letters = [json.loads(line) for line in (month.folder / "phones.jsonl").read_text(encoding="utf-8").splitlines()]
    received = [letter for letter in letters if letter.get("way") == "received"]
    assert len(received) == month.json["messages"]["sent"]
    invited = Counter(letter["phone"] for letter in received if "自愿参加" in letter["text"])
    assert invited
    assert set(invited.values()) == {1}


def test_publicity_reaches_no_drawn_resident(month: Lived) -> None:
    skipped = month.report.publicity["reach"]["skipped"]
    assert skipped["drawn"] >= 1
    assert 0 < month.report.publicity["reach"]["people_reached"] < month.report.publicity["reach"]["audience"]


def test_a_text_that_asks_for_full_marks_is_refused_and_the_words_are_named(month: Lived) -> None:
    refused = month.json["refused"]
    assert "请打满分" in refused["text"]
    assert "请打满分" in refused["problems"][0]["what"]
    assert month.report.problems


def test_the_truth_stands_beside_each_estimate_and_mostly_within_its_interval(month: Lived) -> None:
    """Of 95 % intervals some miss; if many did, weights or persons would be wrong."""
    options = [
        option
        for question in month.json["results"]["questions"]
        for option in question["overall"]["options"]
        if option["share"]["low"] is not None
    ]
    assert len(options) > 25
    covered = [option["truth"]["covered"] for option in options]
    assert sum(covered) >= 0.85 * len(covered)


def test_everything_says_that_it_is_simulated(month: Lived) -> None:
    assert month.json["results"]["campaign"]["simulated"] is True
    assert "模拟数据" in (month.folder / "results" / "results.zh.html").read_text(encoding="utf-8")
    assert "Simulated data" in month.shown


def test_three_talks_are_shown_as_they_happen(month: Lived) -> None:
    lines = month.shown
    assert lines.count("── Talk") == 3
    assert "» 还可以嘛" in lines
    assert "» 骗子吧" in lines
    lamp = [lines.index(part) for part in ("» 小区门口的路灯", "» 没修好", "» 还是不亮", "退回重办", "» 修好了")]
    assert lamp == sorted(lamp)
    assert "号事项已了结" in lines[lamp[-1] :]


def test_what_is_kept_gives_the_same_results_to_the_command_line(
    month: Lived, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(month.folder), "campaign", "results", plans.SURVEY, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == month.json["results"]
    assert json.loads((month.folder / "results" / "results.json").read_text(encoding="utf-8")) == month.json["results"]
    assert main(["--config", str(month.folder / "pingyi.toml"), "case", "list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["cases"]) >= month.json["cases"]["total"]


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["demo", "--keep", str(tmp_path)]) == 1
    assert "not an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
