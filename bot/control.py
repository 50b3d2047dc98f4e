"""The control socket: staff actions done by the running service on behalf of a command line beside it.

One connection is one action. The client writes one JSON line `{"action", "order", "language"}`; the service
answers with lines `{"done", "total"}` while it works, then one line `{"result"}`, `{"problems", "lines"}` or
`{"error"}`. The socket is a file of mode 0600 in the data folder: whoever may read the keys may use it.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from bot.actions.progress import Progress
from surveys.language import LANGUAGES
from surveys.problem import Refused

if TYPE_CHECKING:
    from bot.house import House

#: An order is a small form; files are named by their path.
LONGEST_LINE = 1 << 20
#: What an AF_UNIX address holds on every system we run on, with its closing zero.
LONGEST_PATH = 103


class SocketPathTooLong(OSError):
    """The data folder lies so deep that no socket fits in it."""


class NobodyListens(OSError):
    """No service answers on the control socket."""


class RefusedThere(Exception):
    """The service refused the order; `problems` are its findings as JSON, `lines` the same as sentences."""

    def __init__(self, problems: list[dict[str, Any]], lines: list[str]) -> None:
        self.problems, self.lines = problems, lines
        super().__init__("; ".join(lines))


class FailedThere(Exception):
    """The service met an error of its own while acting; its log says which."""


def socket_path(folder: Path) -> Path:
    """Return the path of the control socket of a data folder; SocketPathTooLong if it cannot be one."""
    path = folder / "control.sock"
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise SocketPathTooLong(str(folder))
    return path


def plain(result: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """Return what an action returned as JSON-able keys and values."""
    return result.model_dump(mode="json") if isinstance(result, BaseModel) else dict(result)


def request(folder: Path, action: str, order: BaseModel, language: str, progress: Progress) -> dict[str, Any]:
    """Have the running service do `action` and return its result.

    Raises NobodyListens, RefusedThere, FailedThere.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(socket_path(folder)))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise NobodyListens(str(folder)) from error
        asked = {"action": action, "order": order.model_dump(mode="json"), "language": language}
        connection.sendall(json.dumps(asked).encode() + b"\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                said = json.loads(line)
                if "result" in said:
                    return dict(said["result"])
                if "problems" in said:
                    raise RefusedThere(said["problems"], said["lines"])
                if "error" in said:
                    raise FailedThere(said["error"])
                progress(said["done"], said["total"])
    raise FailedThere("the service went away before it had answered")


class Control:
    """The service's end of the socket; actions run one after the other on a thread of their own."""

    def __init__(self, house: House, log: Callable[..., object]) -> None:
        self._house, self._log = house, log
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pingyi-control")
        self._server: asyncio.Server | None = None
        self._busy: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen; only the owner of the data folder may connect."""
        path = socket_path(self._house.settings.folder)
        path.unlink(missing_ok=True)  # of a service that was killed: the folder lock says it is gone
        mask = os.umask(0o177)  # the file is never, not even for an instant, open to others
        try:
            self._server = await asyncio.start_unix_server(self._serve, str(path), limit=LONGEST_LINE)
        finally:
            os.umask(mask)

    async def stop(self) -> None:
        """Take no more orders, finish the one under way, remove the socket."""
        if self._server is not None:
            self._server.close()
            if self._busy:
                await asyncio.wait(self._busy)
            self._server = None
            socket_path(self._house.settings.folder).unlink(missing_ok=True)
        self._thread.shutdown()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs has a task
        self._busy.add(task)
        try:
            try:
                line = await reader.readline()
            except ValueError:
                line = b""  # longer than any order
            if line:
                said = await self._act(line, writer)
                writer.write(json.dumps(said).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass  # whoever asked has left; what was done stays done
        finally:
            self._busy.discard(task)
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _act(self, line: bytes, writer: asyncio.StreamWriter) -> dict[str, Any]:
        from bot.actions.table import ACTIONS

        loop = asyncio.get_running_loop()

        def tell(done: int, total: int) -> None:
            loop.call_soon_threadsafe(_say, writer, {"done": done, "total": total})

        try:
            asked = json.loads(line)
            action = ACTIONS[asked["action"]]
            order = action.order.model_validate(asked["order"])
            language = _spoken(asked["language"])
        except (KeyError, TypeError, ValueError):
            return {"error": "the order cannot be read: command line and service are of different versions"}
        try:
            # What the service renders is read by whoever asked, not by whoever started it.
            house = self._house.speaking(language)
            result = await loop.run_in_executor(self._thread, action.function, house, order, tell)
        except Refused as refused:
            return {
                "problems": [problem.as_json(language) for problem in refused.problems],
                "lines": [problem.text(language) for problem in refused.problems],
            }
        except Exception as error:  # noqa: BLE001 - the service lives on whatever one action does
            self._log("action failed", action=asked["action"], exc_info=error)
            return {"error": f"{type(error).__name__} in the service; its log says where"}
        return {"result": plain(result)}


def _spoken(language: object) -> str:
    """Return one of our languages; ValueError for anything else."""
    if language not in LANGUAGES:
        raise ValueError(f"{language!r} is no language of the house")
    return str(language)


def _say(writer: asyncio.StreamWriter, said: dict[str, Any]) -> None:
    if not writer.is_closing():
        writer.write(json.dumps(said).encode() + b"\n")
