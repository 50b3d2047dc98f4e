"""How long a resident waits for the reply to a message: idle, and while 20,000 bulk messages go out."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import Connection, insert, select

from storage.chats import accept
from storage.database import Database
from storage.desk import Desk
from storage.inbox import Inbound
from storage.invitations import write_invitations
from storage.saying import say_row
from storage.tables.messages import outbox
from storage.tables.residents import resident_addresses, residents
from storage.vault import Vault, read_keys
from surveys.consent.invitation import Invitation
from surveys.dialogue.turn import Say, Urgency
from tests.bench.figures import Section, Series
from tests.bench.stub import TELEGRAM, Provider, answer
from tests.town import OFFICE

PINGYI = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
SECRET = "latency"  # noqa: S105 - of this bench alone
TALKERS, BULK = 400, 20_000  # nobody writes so often that a loop between machines would be suspected
#: Milliseconds above idle.
FLOOR = 50.0
CHAT = 710_000_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the provider may be used (0: without limit), how many replies a second residents wait for.

    `idle` and `busy` are the seconds of the two phases; the second ends with the bulk at the latest.
    """

    name: str
    per_second: float
    replies: float
    idle: float
    busy: float


#: With Telegram's own rate all of the bulk would take twelve minutes: some of them are enough.
PACES = (
    Pace("as fast as the machine goes", 0.0, 60.0, 16.0, 120.0),
    Pace("at 30 messages a second", 30.0, 8.0, 30.0, 40.0),
)


def measure(folder: Path) -> Section:
    """Return the section: once with no rate but the machine's, once with Telegram's 30 a second."""
    section = Section("A reply to a resident (webhook in → message at the provider), SQLite", "replies/s")
    for number, pace in enumerate(PACES):
        place = folder / f"pace-{number}"
        place.mkdir()
        asyncio.run(_phases(section, place, pace))
    section.lines.append("the provider and the residents share the machine's cores with the service")
    return section


class _Street:
    """The provider and the residents, in this process: one clock for both ends of the wait."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._waits: defaultdict[int, deque[asyncio.Future[float]]] = defaultdict(deque)
        self._updates = itertools.count(1)
        self.bulk = 0

    def taken(self, request: bytes, body: bytes) -> None:
        """Note a message that arrives at the provider."""
        if b"/sendMessage" not in request:
            return
        chat = int(json.loads(body)["chat_id"])
        if self._waits[chat]:
            self._waits[chat].popleft().set_result(time.perf_counter())
        self.bulk += chat > CHAT + TALKERS

    async def talk(self, chat: int, text: str) -> float:
        """Write, and return the seconds until something comes back."""
        answered = asyncio.get_running_loop().create_future()
        self._waits[chat].append(answered)
        number = next(self._updates)
        said = {
            "update_id": number,
            "message": {
                "message_id": number, "date": int(time.time()), "text": text,
                "chat": {"id": chat, "type": "private", "first_name": "王"},
                "from": {"id": chat, "is_bot": False, "first_name": "王"},
            },
        }  # fmt: skip
        body = json.dumps(said).encode()
        head = (
            f"POST /channels/telegram/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(head.encode() + body)
        status = await reader.readline()
        if b" 200 " not in status:
            raise AssertionError(status)
        writer.close()
        async with asyncio.timeout(60):
            return await answered - begun

    async def waits(self, replies: float, seconds: float, until_bulk: int = 0) -> list[float]:
        """Let residents talk evenly for so long (or until so much bulk has come); return the seconds each waited."""
        loop = asyncio.get_running_loop()
        chats = itertools.cycle(range(CHAT + 1, CHAT + 1 + TALKERS))
        begun, tasks = loop.time(), []
        for turn in itertools.count():
            now = loop.time() - begun
            if now > seconds or (until_bulk and self.bulk >= until_bulk):
                break
            # "help" is answered by one message and leaves the conversation where it is.
            tasks.append(asyncio.create_task(self.talk(next(chats), "help")))
            await asyncio.sleep(max(0.0, (turn + 1) / replies - (loop.time() - begun)))
        return list(await asyncio.gather(*tasks))


async def _phases(section: Section, folder: Path, pace: Pace) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    street = _Street(port)
    said = answer("200 OK", TELEGRAM)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Provider(said, street.taken), "127.0.0.1", 0, backlog=1024)
    environment = _environment(folder, port, server.sockets[0].getsockname()[1], pace)
    due = await asyncio.to_thread(_prepare, folder, environment, pace.idle + 12)
    service = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
        [*PINGYI, "run"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert service.stdout is not None
        await asyncio.to_thread(service.stdout.readline)
        await street.waits(pace.replies, 2.0)  # unmeasured
        idle = await street.waits(pace.replies, pace.idle)
        if street.bulk:
            raise AssertionError("the bulk has begun too early")
        await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()) + 0.2)
        before, begun = street.bulk, time.perf_counter()
        busy = await street.waits(pace.replies, pace.busy, BULK)
        rate = (street.bulk - before) / (time.perf_counter() - begun)
        service.send_signal(signal.SIGTERM)
        await asyncio.to_thread(service.wait, 60)
    finally:
        if service.poll() is None:
            service.kill()
            service.wait()
        server.close()
    if not pace.per_second and street.bulk != BULK:
        raise AssertionError((street.bulk, BULK))
    _tell(section, pace, idle, busy, rate)


def _tell(section: Section, pace: Pace, idle: Sequence[float], busy: Sequence[float], rate: float) -> None:
    first, second = (quantiles(waits, n=100)[98] * 1000 for waits in (idle, busy))
    more = second - first
    held = "held" if more < FLOOR else "MISSED"
    section.series[f"replies {pace.name}, in the bulk"] = Series(pace.name, [1 / median(busy)])
    section.extra[pace.name] = {"idle": list(idle), "busy": list(busy), "bulk per second": rate}
    calm = f"idle p50 {median(idle) * 1000:.1f} ms, p99 {first:.1f} ms ({len(idle):,} replies)"
    rush = f"p50 {median(busy) * 1000:.1f} ms, p99 {second:.1f} ms ({len(busy):,} replies)"
    section.lines += [
        f"{pace.name}: {calm}",
        f"  beside {rate:,.0f} bulk messages/s: {rush}; {more:+.1f} ms, floor {FLOOR:.0f} {held}",
    ]


def _environment(folder: Path, port: int, provider: int, pace: Pace) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PINGYI_")}
    return inherited | {
        "PINGYI_DATA": str(folder / "data"),
        "PINGYI_PORT": str(port),
        "PINGYI_DAY_OPENS": "00:00",
        "PINGYI_DAY_CLOSES": "23:59:59",
        "PINGYI_TELEGRAM_TOKEN": "1:bench",
        "PINGYI_TELEGRAM_NAME": "bench_bot",
        "PINGYI_TELEGRAM_SECRET": SECRET,
        "PINGYI_TELEGRAM_URL": f"http://127.0.0.1:{provider}",
        "PINGYI_TELEGRAM_PER_SECOND": str(pace.per_second),
        "PINGYI_TELEGRAM_CHAT_GAP": "0",
        "PINGYI_LOG_LEVEL": "ERROR",
    }


def _prepare(folder: Path, environment: dict[str, str], wait: float) -> datetime:
    """Import everybody, open the chats of those who talk, queue the bulk; return when it is due."""
    numbers = range(1, TALKERS + BULK + 1)
    rows = "\n".join(f"R{n:05d},王{n},139{n:08d},town,zh,window,2026-06-01" for n in numbers)
    head = "office_id,name,phone,stratum,language,consent_source,consent_date"
    (folder / "people.csv").write_text(f"{head}\n{rows}\n", encoding="utf-8")
    subprocess.run(
        [*PINGYI, "residents", "import", "people.csv"], cwd=folder, env=environment, check=True, capture_output=True
    )
    vault = Vault(read_keys(folder / "data" / "keys"))
    database = Database(f"sqlite:///{folder / 'data' / 'pingyi.db'}", vault)
    try:
        due = datetime.now(UTC) + timedelta(seconds=wait)
        database.write(lambda connection: _fill(connection, vault, due))
    finally:
        database.close()
    return due


def _fill(connection: Connection, vault: Vault, due: datetime) -> None:
    now, desk = datetime.now(UTC), Desk(vault, OFFICE)
    known = connection.execute(
        select(residents.c.id, resident_addresses.c.address_id)
        .join(resident_addresses, resident_addresses.c.resident_id == residents.c.id)
        .order_by(residents.c.office_id)
    ).all()
    for number, row in enumerate(known[:TALKERS], 1):
        token = f"{row.id:032d}"
        invited = Invitation(token, row.id, "sheet", confirmed=True, expires_at=now + timedelta(days=1))
        write_invitations(connection, vault, [invited], now)
        opened = Inbound("telegram", f"open{number}", "telegram", str(CHAT + number), f"/start {token}", now)
        if not accept(connection, desk, opened, now):
            raise AssertionError(number)
    fixed = {"state": "due", "attempt": "", "attempts": 0, "provider_id": "", "error": ""}
    queued = []
    for row in known[TALKERS:]:
        say = Say("节约用水，人人有责。", Urgency.BULK, f"bulk|{row.id}", resident=row.id)
        queued.append({**say_row(vault, say, row.address_id, "telegram", now), **fixed, "due_at": due})
    connection.execute(insert(outbox), queued)
