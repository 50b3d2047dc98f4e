"""The simulated carrier is as stubborn as a real one: what phones send arrives, in order, however often it fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.simulator.app import make_standalone
from bot.simulator.carrier import BATCH, Carrier
from bot.simulator.faults import Fault
from bot.simulator.mailbox import Mailbox
from bot.simulator.phone import Phone

SECRET = "one secret between both ends"  # noqa: S105 - of this test alone
NUMBER = "+8613900000001"


class Service:
    """A service that keeps what is posted to it and may refuse the first few posts."""

    def __init__(self, refusals: int = 0) -> None:
        self.refusals = refusals
        self.posts: list[dict[str, Any]] = []

    async def take(self, request: web.Request) -> web.Response:
        """Take or refuse one post."""
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=503)
        self.posts.append(json.loads(await request.read()))
        return web.Response()

    def all(self, name: str) -> list[dict[str, Any]]:
        """Return everything posted under `name`, in order."""
        return [item for post in self.posts for item in post.get(name, [])]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Serve; yields the URL."""
        app = web.Application()
        app.router.add_post("/channels/simulator/{kind}", self.take)
        async with TestServer(app, host="127.0.0.1") as server:
            yield str(server.make_url("")).rstrip("/")


def carried(
    service: Service,
    scenario: Callable[[Carrier], Awaitable[Any]],
    file: Path | None = None,
) -> Any:
    """Run `scenario` with a carrier of the service; ends when the carrier has nothing left to post."""

    async def run() -> Any:
        async with service.running() as url:
            carrier = Carrier(service=url, secret=SECRET, mailbox=Mailbox(file))
            await carrier.start()
            try:
                result = await scenario(carrier)
                await carrier.settled()
                return result
            finally:
                await carrier.stop()

    return asyncio.run(run())


def test_what_phones_send_arrives_in_order_though_the_service_was_away() -> None:
    service = Service(refusals=3)
    texts = [f"line {number}" for number in range(2 * BATCH)]

    async def scenario(carrier: Carrier) -> None:
        for line in texts:
            carrier.text(NUMBER, line)

    carried(service, scenario)
    assert [item["text"] for item in service.all("messages")] == texts
    assert len({item["id"] for item in service.all("messages")}) == len(texts)


def test_a_carrier_that_is_started_anew_posts_what_was_left_and_nothing_twice(tmp_path: Path) -> None:
    file = tmp_path / "phones.jsonl"
    first = Mailbox(file)
    first.passed(first.send(NUMBER, "taken before"))
    first.send(NUMBER, "left behind")
    first.close()
    service = Service()

    async def scenario(_carrier: Carrier) -> None:
        await asyncio.sleep(0)

    carried(service, scenario, file)
    assert [item["text"] for item in service.all("messages")] == ["left behind"]
    carried(service, scenario, file)
    assert [item["text"] for item in service.all("messages")] == ["left behind"]


def test_a_delivered_message_is_reported_and_a_dead_phone_too() -> None:
    service = Service()

    async def scenario(carrier: Carrier) -> None:
        carrier.faults.unreachable.add("+8613900000002")
        carrier.accept(NUMBER, "hello", (), "a1")
        carrier.accept("+8613900000002", "hello", (), "a2")
        carrier.faults.set(Fault.SILENT, 1)
        carrier.accept(NUMBER, "hello", (), "a3")

    carried(service, scenario)
    assert {item["attempt"]: item["delivery"] for item in service.all("receipts")} == {
        "a1": "delivered",
        "a2": "failed",
    }


def test_a_duplicate_post_repeats_the_same_ids() -> None:
    """So the rest of the house is tried with providers that deliver twice."""
    service = Service()

    async def scenario(carrier: Carrier) -> None:
        carrier.faults.set(Fault.DUPLICATE, 1)
        carrier.text(NUMBER, "once")

    carried(service, scenario)
    assert [item["id"] for item in service.all("messages")] == ["sim-1", "sim-1"]


def test_an_observer_sees_what_reaches_a_phone_and_nothing_that_reaches_a_dead_one() -> None:
    seen: list[tuple[str, str, tuple[str, ...], str]] = []

    async def scenario(carrier: Carrier) -> None:
        carrier.observer = lambda *letter: seen.append(letter)
        carrier.faults.unreachable.add("+8613900000002")
        carrier.accept(NUMBER, "hello", ("1", "2"), "a1")
        carrier.accept("+8613900000002", "hello", (), "a2")

    carried(Service(), scenario)
    assert seen == [(NUMBER, "hello", ("1", "2"), "a1")]


def test_a_phone_gets_its_own_messages_once_and_waits_for_the_next() -> None:
    async def run() -> None:
        carrier = Carrier(service="http://127.0.0.1:9", secret=SECRET, mailbox=Mailbox())
        async with TestServer(make_standalone(carrier), host="127.0.0.1") as server, ClientSession() as session:
            phone = Phone(session, str(server.make_url("/simulator")), SECRET, NUMBER)
            assert await phone.look() == []
            waiting = asyncio.ensure_future(phone.look(20.0))
            carrier.accept("+8613900000002", "for somebody else", (), "a1")
            carrier.accept(NUMBER, "您满意吗?", ("满意", "不满意"), "a2")
            [letter] = await waiting
            assert (letter["way"], letter["text"], letter["options"]) == ("received", "您满意吗?", ["满意", "不满意"])
            await phone.send("满意")
            assert [(item["way"], item["text"]) for item in await phone.look()] == [("sent", "满意")]
            assert await phone.look() == []

    asyncio.run(run())
