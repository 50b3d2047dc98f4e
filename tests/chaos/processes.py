"""The service under test as real processes: started, killed with SIGKILL, started anew at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PINGYI = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
#: Seconds a process has to say that it answers, and to end when it is asked to.
STARTS_WITHIN, ENDS_WITHIN = 60.0, 60.0


@dataclass(frozen=True, slots=True)
class Kill:
    """One SIGKILL: of which process, when (monotonic seconds), and at which moment of which channel's call."""

    name: str
    pid: int
    at: float
    moment: str
    channel: str = ""


@dataclass
class Running:
    """One part of the service while it runs."""

    name: str
    command: tuple[str, ...]
    killable: bool
    process: subprocess.Popen[bytes] | None = None
    restarting: asyncio.Task[None] | None = None

    @property
    def up(self) -> bool:
        """Whether there is something to kill."""
        return self.process is not None and self.process.poll() is None and self.restarting is None


@dataclass
class Service:
    """All processes of one service; each writes its log to `folder`/NAME.log."""

    folder: Path
    environment: dict[str, str]
    parts: Sequence[Running]
    kills: list[Kill] = field(default_factory=list)
    _owners: dict[int, int] = field(default_factory=dict)

    def command(self, *arguments: str, timeout: float = 120) -> str:
        """Run a command of the staff to its end and return what it prints."""
        done = subprocess.run(
            [*PINGYI, *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            check=False, timeout=timeout,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    async def start(self) -> None:
        """Start everything."""
        for part in self.parts:
            await self._start(part)

    async def stop(self) -> list[int]:
        """Ask every process to end; return their exit codes."""
        for part in self.parts:
            if part.restarting is not None:
                await part.restarting
        running = [part.process for part in self.parts if part.process is not None]
        for process in running:
            process.terminate()
        return [await asyncio.to_thread(process.wait, ENDS_WITHIN) for process in running]

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        for part in self.parts:
            if part.restarting is not None:
                part.restarting.cancel()
            if part.process is not None and part.process.poll() is None:
                part.process.kill()
                part.process.wait()

    def strike(self, port: int, channel: str, moment: str) -> bool:
        """Kill the process whose call came from `port`; return whether it is one that may be killed."""
        pid = self.owner(port)
        part = next(
            (p for p in self.parts if p.up and p.killable and p.process is not None and p.process.pid == pid), None
        )
        if part is None:
            return False
        self.kill(part, moment, channel)
        return True

    def kill(self, part: Running, moment: str, channel: str = "") -> None:
        """Kill a process now, and let it be started anew."""
        if part.process is None:
            raise RuntimeError(f"{part.name} does not run")
        os.kill(part.process.pid, signal.SIGKILL)
        self.kills.append(Kill(part.name, part.process.pid, time.monotonic(), moment, channel))
        self._owners.clear()
        part.restarting = asyncio.get_running_loop().create_task(self._again(part))

    def owner(self, port: int) -> int:
        """Return the pid of the process with this local port; asked for once a connection."""
        known = self._owners.get(port, 0)
        if not known:
            pids = [part.process.pid for part in self.parts if part.process is not None]
            known = self._owners[port] = pids[0] if len(pids) == 1 else _owner(port, pids)
        return known

    async def _again(self, part: Running) -> None:
        if part.process is not None:
            await asyncio.to_thread(part.process.wait)
        await self._start(part)
        part.restarting = None

    async def _start(self, part: Running) -> None:
        log_path = self.folder / f"{part.name}.log"
        before = log_path.stat().st_size if log_path.exists() else 0
        with log_path.open("ab") as log, (self.folder / f"{part.name}.out").open("ab") as said:
            part.process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
                [*PINGYI, *part.command], cwd=self.folder, env=self.environment, stdout=said, stderr=log
            )
        ends = time.monotonic() + STARTS_WITHIN
        while b'"event": "started"' not in _from(log_path, before):
            if part.process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(f"{part.name} does not start: {_from(log_path, before)[-2000:].decode()}")
            await asyncio.sleep(0.05)


def _from(path: Path, position: int) -> bytes:
    with path.open("rb") as file:
        file.seek(position)
        return file.read()


def _owner(port: int, pids: Sequence[int]) -> int:
    """Return which of `pids` has a TCP connection with this local port, 0 if none has (any more)."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    inodes = {columns[9] for columns in map(str.split, lines) if int(columns[1].partition(":")[2], 16) == port}
    sockets = {f"socket:[{inode}]" for inode in inodes - {"0"}}
    for pid in pids:
        with suppress(OSError):  # the process has just died
            if any(_leads_to(descriptor) in sockets for descriptor in Path(f"/proc/{pid}/fd").iterdir()):
                return pid
    return 0


def _leads_to(descriptor: Path) -> str:
    try:
        return os.readlink(descriptor)  # noqa: PTH115 - a socket's link leads nowhere
    except OSError:
        return ""  # closed meanwhile
