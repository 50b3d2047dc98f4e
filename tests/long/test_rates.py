"""Rates over three real worker processes, measured where the messages arrive."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from bot.simulator.faults import Fault
from storage.chats import accept
from storage.database import Database
from storage.desk import Desk
from storage.inbox import Inbound
from storage.invitations import write_invitations
from storage.vault import Vault, read_keys
from surveys.consent.invitation import Invitation
from tests.chaos.processes import Running, Service
from tests.emulators.chances import Chances
from tests.emulators.telegram import TelegramEmulator
from tests.emulators.twilio import SERVICE, TwilioEmulator
from tests.town import OFFICE

CHATS, PHONES = 300, 100
CAMPAIGNS = 2
TELEGRAM_PER_SECOND, CHAT_GAP, SEGMENTS_PER_SECOND = 30, 1.0, 20
#: Seconds by which two messages may arrive closer than their turns are: one is up to 0.05 s late (LATE in
#: scheduler/dispatch.py), and the loopback takes its time. The 30 a second need none: nine tenths of them are used.
JITTER = 0.1
#: Of the allowed rate so much is used at least; 0.9 is the most, and a machine with other work to do loses turns.
LEAST_SHARE = 0.6
#: Awareness texts of one segment up to four; signature and the way to stop are added to them.
TEXTS = (("节约用水，人人有责。" * 12, "Save water."), ("垃圾分类，从我做起。" * 19, "Sort your waste. " * 5))


@pytest.mark.timeout(240)
def test_three_workers_together_never_exceed_what_the_providers_allow(postgres: str, tmp_path: Path) -> None:
    """30 Telegram messages a second, one a second to each chat, and 20 SMS segments a second."""
    url = _fresh_database(postgres)
    telegram, twilio = asyncio.run(_field(tmp_path, url))

    times = [sent.at for sent in telegram.sent]
    assert len(times) == CHATS * CAMPAIGNS
    assert most_within(times, 1.0) <= TELEGRAM_PER_SECOND
    assert len(times) / (times[-1] - times[0]) > LEAST_SHARE * TELEGRAM_PER_SECOND
    assert telegram.violations == 0

    by_chat = defaultdict(list)
    for sent in telegram.sent:
        by_chat[sent.address].append(sent.at)
    assert len(by_chat) == CHATS
    closest = min(later - earlier for ats in by_chat.values() for earlier, later in itertools.pairwise(ats))
    assert closest >= CHAT_GAP - JITTER

    segments = [(sent.at, sent.segments) for sent in twilio.sent]
    assert len(segments) == PHONES * CAMPAIGNS
    assert len({count for _, count in segments}) >= 3
    assert excess(segments, SEGMENTS_PER_SECOND) <= JITTER * SEGMENTS_PER_SECOND
    achieved = sum(count for _, count in segments) / (segments[-1][0] - segments[0][0])
    assert achieved > LEAST_SHARE * SEGMENTS_PER_SECOND
    fullest, speed = most_within(times, 1.0), len(times) / (times[-1] - times[0])
    below = -excess(segments, SEGMENTS_PER_SECOND)
    print(
        f"\nTelegram: {len(times)} messages, at most {fullest} in a second of {TELEGRAM_PER_SECOND} allowed, "
        f"{speed:.1f} a second achieved; two to one chat {closest:.3f} s apart at least"
        f"\nSMS: {len(segments)} messages, {achieved:.1f} segments a second achieved of {SEGMENTS_PER_SECOND} allowed, "
        f"the fullest window {below:+.2f} segments below them and one message"
    )


def most_within(times: Sequence[float], seconds: float) -> int:
    """Return the largest number of `times` (ascending) in any window of this length."""
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def excess(taken: Sequence[tuple[float, int]], rate: float) -> float:
    """Return by how many segments any window holds more than rate x length + the largest message (below 0: none)."""
    largest = max(count for _, count in taken)
    worst = float("-inf")
    lowest = float("inf")  # of what was taken before a window, less what was allowed until then
    before = 0
    for at, count in taken:
        lowest = min(lowest, before - rate * at)
        before += count
        worst = max(worst, before - rate * at - lowest)
    return worst - largest


def test_the_measures_themselves_notice_a_window_that_is_too_full() -> None:
    assert most_within([0.0, 0.5, 0.9, 1.0, 1.4], 1.0) == 4
    assert excess([(0.0, 2), (0.2, 2), (0.4, 2)], rate=10) <= 0
    assert excess([(0.0, 2), (0.1, 2), (0.2, 2)], rate=10) > 0


async def _field(folder: Path, url: str) -> tuple[TelegramEmulator, TwilioEmulator]:
    silent = Chances({Fault.SILENT: 1.0})  # the edge does not run: nobody would take reports
    telegram = TelegramEmulator(per_second=TELEGRAM_PER_SECOND)
    twilio = TwilioEmulator(faults=silent)
    workers = [Running(f"worker{n}", ("worker",), killable=False) for n in (1, 2, 3)]
    service = Service(folder, {}, workers)
    async with telegram.running(), twilio.running():
        service.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PINGYI_")},
            "PINGYI_DATA": str(folder / "data"),
            "PINGYI_DATABASE": url,
            "PINGYI_LANGUAGE": "en",
            "PINGYI_DAY_OPENS": "00:00",
            "PINGYI_DAY_CLOSES": "23:59:59",
            "PINGYI_TELEGRAM_TOKEN": telegram.token,
            "PINGYI_TELEGRAM_NAME": telegram.name,
            "PINGYI_TELEGRAM_URL": telegram.url,
            "PINGYI_TELEGRAM_PER_SECOND": str(TELEGRAM_PER_SECOND),
            "PINGYI_TELEGRAM_CHAT_GAP": str(CHAT_GAP),
            "PINGYI_TWILIO_ACCOUNT": twilio.account,
            "PINGYI_TWILIO_TOKEN": twilio.token,
            "PINGYI_TWILIO_URL": twilio.url,
            "PINGYI_SMS_SERVICE": SERVICE,
            "PINGYI_SMS_PER_SECOND": str(SEGMENTS_PER_SECOND),
        }
        await asyncio.to_thread(_prepare, service, url)
        try:
            await service.start()
            for number in range(CAMPAIGNS):
                await asyncio.to_thread(service.command, "campaign", "launch", f"tips-{number}", "--yes")
            ends = time.monotonic() + 150
            while len(telegram.sent) < CHATS * CAMPAIGNS or len(twilio.sent) < PHONES * CAMPAIGNS:
                assert time.monotonic() < ends, (len(telegram.sent), len(twilio.sent))
                await asyncio.sleep(0.2)
            await asyncio.sleep(1)  # a message too many would come now
            assert await service.stop() == [0, 0, 0]
        finally:
            service.end()
    return telegram, twilio


def _prepare(service: Service, url: str) -> None:
    """Import residents, some of them with a chat, and draft the campaigns."""
    numbers = range(1, CHATS + PHONES + 1)
    rows = [f"R{n},王{n},1390000{n:04d},town,{'en' if n % 4 == 0 else 'zh'},window,2026-06-01" for n in numbers]
    head = "office_id,name,phone,stratum,language,consent_source,consent_date"
    (service.folder / "people.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    service.command("residents", "import", "people.csv")
    vault = Vault(read_keys(service.folder / "data" / "keys"))
    database = Database(url, vault)
    try:
        database.write(lambda connection: _open_chats(connection, vault))
    finally:
        database.close()
    for number, (chinese, english) in enumerate(TEXTS):
        service.command(
            "campaign", "create", "--name", f"tips-{number}", "--kind", "awareness", "--title", "宣传",
            "--title-en", "Tips", "--organiser", "测评办", "--legal-basis", "办法", "--starts", "2026-01-01",
            "--closes", "2099-01-01", "--delete-on", "2099-12-31", "--message", chinese, "--message-en", english,
            "--channel", "telegram", "--channel", "sms", "--set", "invite_over=0h", "--set", "quiet.opens=00:00",
            "--set", "quiet.closes=23:59:59",
        )  # fmt: skip


def _open_chats(connection: Connection, vault: Vault) -> None:
    """Let the first residents open their chats with invitations, as the service would hear it."""
    now = datetime.now(UTC)
    desk = Desk(vault, OFFICE)
    ids = connection.execute(text("SELECT id FROM residents ORDER BY id LIMIT :n"), {"n": CHATS}).scalars().all()
    for resident in ids:
        token = f"{resident:032d}"
        expires = datetime(2099, 1, 1, tzinfo=UTC)
        write_invitations(
            connection, vault, [Invitation(token, resident, "sheet", confirmed=True, expires_at=expires)], now
        )
        opened = Inbound("telegram", f"u{resident}", "telegram", str(710_000_000 + resident), f"/start {token}", now)
        assert accept(connection, desk, opened, now)


def _fresh_database(server: str) -> str:
    name = f"rates_{os.getpid()}"
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")
