"""A command beside the running service works through its control socket, and only the owner may use it."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.actions.progress import Progress, silent
from bot.actions.table import ACTIONS, Action
from bot.control import (
    Control,
    FailedThere,
    NobodyListens,
    RefusedThere,
    SocketPathTooLong,
    request,
    socket_path,
)
from bot.house import House, open_house
from bot.settingssources import read_settings
from surveys.language import message
from surveys.problem import Problem, Refused


class Order(BaseModel):
    """An order of these tests."""

    wish: str


def obey(house: House, order: Order, progress: Progress) -> dict[str, Any]:
    """Do what an action may do: work, refuse, or fail."""
    progress(1, 2)
    progress(2, 2)
    if order.wish == "refuse":
        raise Refused([Problem("no", message("row {row}", row=7), message("Nothing to do."), field="phone")])
    if order.wish == "fail":
        raise RuntimeError("13800138000")
    return {"wish": order.wish, "engine": house.database.sqlite}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setitem(ACTIONS, "test.obey", Action(Order, obey))
    opened = open_house(read_settings(data=tmp_path / "data"))
    yield opened
    opened.close()


def beside(house: House, act: Callable[[Path], Any]) -> Any:
    """Run `act(folder)` on another thread while the service listens; return its result and what was logged."""
    logged: list[tuple[str, dict[str, Any]]] = []

    async def run() -> Any:
        control = Control(house, lambda event, **fields: logged.append((event, fields)))
        await control.start()
        try:
            return await asyncio.to_thread(act, house.settings.folder)
        finally:
            await control.stop()

    return asyncio.run(run()), logged


def test_an_action_comes_back_with_its_progress_and_result(house: House) -> None:
    steps: list[tuple[int, int]] = []
    result, _ = beside(
        house,
        lambda folder: request(folder, "test.obey", Order(wish="work"), "en", lambda *step: steps.append(step)),
    )
    assert result == {"wish": "work", "engine": True}
    assert steps == [(1, 2), (2, 2)]


def test_what_is_refused_comes_back_in_the_language_of_whoever_asked(house: House) -> None:
    def ask(folder: Path) -> RefusedThere:
        with pytest.raises(RefusedThere) as refused:
            request(folder, "test.obey", Order(wish="refuse"), "zh", silent)
        return refused.value

    refused, _ = beside(house, ask)
    assert refused.lines == ["phone: 第 7 行 无需处理。"]
    assert [problem["code"] for problem in refused.problems] == ["no"]


def test_an_error_of_the_service_is_logged_there_and_named_without_its_message(house: House) -> None:
    def ask(folder: Path) -> str:
        with pytest.raises(FailedThere) as failed:
            request(folder, "test.obey", Order(wish="fail"), "en", silent)
        return str(failed.value)

    said, logged = beside(house, ask)
    assert "RuntimeError" in said
    assert "13800138000" not in said
    assert [(event, fields["action"]) for event, fields in logged] == [("action failed", "test.obey")]


@pytest.mark.parametrize(
    "line",
    [
        b"{}\n",
        b"nonsense\n",
        b"[]\n",
        json.dumps({"action": "no.such", "order": {}, "language": "en"}).encode() + b"\n",
        json.dumps({"action": "test.obey", "order": {"wish": 1}, "language": "en"}).encode() + b"\n",
    ],
)
def test_an_order_that_cannot_be_read_is_answered_and_harms_nothing(house: House, line: bytes) -> None:
    def ask(folder: Path) -> Any:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(socket_path(folder)))
            connection.sendall(line)
            return json.loads(connection.makefile("rb").readline())

    said, _ = beside(house, ask)
    assert set(said) == {"error"}


def test_one_who_leaves_early_does_not_disturb_the_next(house: House) -> None:
    def ask(folder: Path) -> Any:
        for rest in (b"", b'{"action"', b"x" * (2 << 20)):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(socket_path(folder)))
                try:
                    connection.sendall(rest)
                except BrokenPipeError:
                    continue  # hung up on for talking too long
        return request(folder, "test.obey", Order(wish="work"), "en", silent)

    result, _ = beside(house, ask)
    assert result["wish"] == "work"


def test_the_socket_is_the_owners_alone_and_goes_with_the_service(house: House) -> None:
    mode, _ = beside(house, lambda folder: stat.S_IMODE(socket_path(folder).stat().st_mode))
    assert mode == 0o600
    assert not socket_path(house.settings.folder).exists()
    with pytest.raises(NobodyListens):
        request(house.settings.folder, "test.obey", Order(wish="work"), "en", silent)


def test_a_socket_left_by_a_killed_service_is_replaced(house: House) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(socket_path(house.settings.folder)))
    left.close()
    with pytest.raises(NobodyListens):
        request(house.settings.folder, "test.obey", Order(wish="work"), "en", silent)
    result, _ = beside(house, lambda folder: request(folder, "test.obey", Order(wish="work"), "en", silent))
    assert result["wish"] == "work"


def test_a_folder_too_deep_for_a_socket_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    with pytest.raises(SocketPathTooLong):
        socket_path(tmp_path / ("d" * 120))
