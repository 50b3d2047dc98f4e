"""The service as a process: it starts, says where, works beside the command line, ends cleanly, survives a kill."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from sqlalchemy import create_engine, text

PINGYI = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]


def wait_until(condition: Callable[[], bool]) -> bool:
    """Look again and again, for a minute at most."""
    for _ in range(600):
        if condition():
            return True
        time.sleep(0.1)
    return False


class Running:
    """A `pingyi` process of this test, and commands beside it."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PINGYI_")},
            "PINGYI_DATA": str(folder / "data"),
            "PINGYI_PORT": "0",
            "PINGYI_SIMULATOR": "true",
            "PINGYI_LANGUAGE": "en",
            **more,
        }
        self.folder = folder
        self.process = subprocess.Popen(
            [*PINGYI, *arguments],
            cwd=folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        """Wait for the line that says where the process answers."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "answers at" in line, self.end(signal.SIGKILL)
        return line.split()[-1]

    def get(self, url: str) -> Any:
        """Return a page as JSON."""
        with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - the URL is this test's own
            return json.load(answer)

    def ready(self, url: str) -> bool:
        """Wait until the service says that work gets done."""

        def look() -> bool:
            try:
                return bool(self.get(f"{url}/readyz")["status"] == "ok")
            except HTTPError:
                return False

        return wait_until(look)

    def beside(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same data folder."""
        return subprocess.run(
            [*PINGYI, *arguments],
            cwd=self.folder,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """End the process; return its status and what it logged."""
        self.process.send_signal(number)
        _, logged = self.process.communicate(timeout=60)
        return self.process.returncode, logged


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, "run")
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGKILL)


def test_a_service_says_where_it_answers_gets_ready_and_ends_cleanly(service: Running) -> None:
    url = service.url()
    assert service.get(f"{url}/healthz") == {"status": "ok"}
    assert service.ready(url)
    status, logged = service.end(signal.SIGTERM)
    assert status == 0, logged
    events = [json.loads(line)["event"] for line in logged.splitlines()]
    assert events[0] == "started"
    assert events[-2:] == ["stopping", "stopped"]
    assert not (service.folder / "data" / "control.sock").exists()


def test_a_command_beside_the_running_service_works_through_it(service: Running) -> None:
    service.url()
    done = service.beside("db", "status", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["engine"] == "sqlite"
    assert service.end(signal.SIGINT)[0] == 0
    alone = service.beside("db", "status", "--json")
    assert json.loads(alone.stdout)["now"] == json.loads(done.stdout)["now"]


def test_a_killed_service_leaves_nothing_that_keeps_the_next_from_starting(tmp_path: Path) -> None:
    first = Running(tmp_path, "run")
    first.url()
    assert first.end(signal.SIGKILL)[0] == -signal.SIGKILL
    second = Running(tmp_path, "run")
    second.url()
    assert second.beside("db", "status").returncode == 0
    assert second.end(signal.SIGTERM)[0] == 0


def test_a_second_program_on_the_port_is_one_line(service: Running) -> None:
    port = service.url().rpartition(":")[2]
    second = service.beside("run", "--port", port)
    assert second.returncode == 1
    assert second.stderr == f"Another program listens on 127.0.0.1:{port}; stop it, or choose another --port.\n"


@pytest.mark.parametrize("part", ["web", "worker"])
def test_on_sqlite_the_parts_of_a_service_refuse_to_run_apart(tmp_path: Path, part: str) -> None:
    running = Running(tmp_path, part)
    out, err = running.process.communicate(timeout=60)
    assert (running.process.returncode, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "pingyi run" in err
    assert "postgresql://" in err
    assert not (tmp_path / "data").exists()


def test_on_postgresql_the_parts_run_side_by_side(tmp_path: Path, postgres: str) -> None:
    admin = create_engine(postgres.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE parts"))
    database = {"PINGYI_DATABASE": postgres.replace("/postgres?", "/parts?")}
    web, worker = Running(tmp_path, "web", **database), Running(tmp_path, "worker", **database)
    assert web.ready(web.url())
    assert worker.process.stderr is not None
    assert json.loads(worker.process.stderr.readline())["event"] == "started"
    beside = web.beside("db", "status", "--json", **database)
    assert json.loads(beside.stdout)["engine"] == "postgresql"
    assert [part.end(signal.SIGTERM)[0] for part in (web, worker)] == [0, 0]
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE parts WITH (FORCE)"))
    admin.dispose()


def test_what_a_phone_sends_while_no_service_runs_is_posted_to_the_next_one(tmp_path: Path) -> None:
    """The simulator outlives the service, as a real provider does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    simulator = Running(tmp_path, "simulator", "--port", "0", PINGYI_PORT=port)
    url = simulator.url()
    (tmp_path / "replies.txt").write_text("您好\n", encoding="utf-8")
    said = simulator.beside("phone", "13900000001", "--replies", "replies.txt", "--wait", "0", PINGYI_SIMULATOR_URL=url)
    assert said.returncode == 0, said.stderr
    assert "» 您好" in said.stdout
    kept = tmp_path / "data" / "phones.jsonl"
    assert '"passed"' not in kept.read_text(encoding="utf-8")
    service = Running(tmp_path, "run", PINGYI_PORT=port, PINGYI_SIMULATOR_URL=url)
    service.url()
    assert wait_until(lambda: '{"passed": 1}' in kept.read_text(encoding="utf-8"))
    assert [part.end(signal.SIGTERM)[0] for part in (service, simulator)] == [0, 0]
