"""The HTTP edge: nothing unsigned gets in, and 200 means committed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text

from bot.channels.channel import LARGEST_BODY
from bot.channels.simulator import SimulatorChannel
from bot.simulator.app import MOUNT
from bot.simulator.app import make_app as make_simulator
from bot.simulator.carrier import Carrier
from bot.simulator.mailbox import Mailbox
from bot.simulator.signature import HEADER, sign
from bot.web import Edge, make_app, routes
from scheduler.clock import SteppedClock
from storage.database import Database
from storage.inbox import Inbound
from storage.receipts import Receipt

SECRET = "one secret between both ends"  # noqa: S105 - of this test alone
MESSAGES = "/channels/simulator/messages"


class Listener:
    """Ears that keep what they hear, and answer when the test says so."""

    def __init__(self) -> None:
        self.heard: list[Inbound | Receipt] = []
        self.outcome: BaseException | None = None
        self.held: list[Future[Any]] | None = None
        self.asked = asyncio.Event()

    def hear(self, inbound: Inbound) -> Future[Any]:
        """Keep a message."""
        return self._keep(inbound)

    def receipt(self, receipt: Receipt) -> Future[Any]:
        """Keep a report."""
        return self._keep(receipt)

    def _keep(self, item: Inbound | Receipt) -> Future[Any]:
        future: Future[Any] = Future()
        self.heard.append(item)
        if self.held is not None:
            self.held.append(future)
            if len(self.held) == 2:
                self.asked.set()
        elif self.outcome is not None:
            future.set_exception(self.outcome)
        else:
            future.set_result(None)
        return future


@pytest.fixture
def edge(database: Database) -> Edge:
    clock = SteppedClock(datetime(2026, 3, 2, tzinfo=UTC))
    channel = SimulatorChannel(carrier="http://127.0.0.1:9", secret=SECRET, clock=clock)
    return Edge(database, Listener(), {"simulator": channel})


def served(edge: Edge, scenario: Callable[[TestClient[Any, Any]], Awaitable[Any]]) -> Any:
    """Run `scenario` with a client of the edge, the simulator mounted in it."""

    async def run() -> Any:
        carrier = Carrier(service="http://127.0.0.1:9", secret=SECRET, mailbox=Mailbox())
        app = make_app(edge, {MOUNT: make_simulator(carrier)})
        async with TestClient(TestServer(app, host="127.0.0.1")) as client:
            return await scenario(client)

    return asyncio.run(run())


def post(client: TestClient[Any, Any], path: str, body: bytes) -> Any:
    """Post `body` with its signature."""
    return client.post(path, data=body, headers={HEADER: sign(SECRET, int(time.time()), "POST", path, body)})


def messages(*texts: str) -> bytes:
    items = [{"id": f"m{number}", "from": "+8613900000001", "text": text} for number, text in enumerate(texts)]
    return json.dumps({"messages": items}).encode()


def test_every_webhook_route_checks_its_signature(edge: Edge) -> None:
    """Each route under /channels, for each channel, is driven without a signature, a route of tomorrow too."""
    webhooks = [route for route in routes(edge) if route.path.startswith("/channels")]
    assert {route.path for route in routes(edge)} - {route.path for route in webhooks} == {"/healthz", "/readyz"}

    async def scenario(client: TestClient[Any, Any]) -> None:
        for route in webhooks:
            for name in edge.channels:
                answer = await client.request(route.method, route.path.format(name=name), data=messages("1"))
                assert answer.status in {401, 403}, route

    served(edge, scenario)
    assert edge.ears.heard == []  # type: ignore[attr-defined]  # a Listener


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/simulator/carrier/messages"),
        ("GET", "/simulator/carrier/messages"),
        ("POST", "/simulator/phones/+8613900000001/messages"),
        ("GET", "/simulator/phones/+8613900000001/messages"),
        ("PUT", "/simulator/faults"),
    ],
)
def test_nobody_reads_or_uses_a_simulated_phone_without_the_secret(edge: Edge, method: str, path: str) -> None:
    async def scenario(client: TestClient[Any, Any]) -> int:
        return (await client.request(method, path, data=b"{}")).status

    assert served(edge, scenario) == 403


def test_the_answer_comes_after_the_commit_of_every_message(edge: Edge) -> None:
    listener: Any = edge.ears
    listener.held = []

    async def scenario(client: TestClient[Any, Any]) -> None:
        answering = asyncio.ensure_future(post(client, MESSAGES, messages("a", "b")))
        await listener.asked.wait()
        listener.held[0].set_result(None)
        await asyncio.sleep(0.05)
        assert not answering.done()
        listener.held[1].set_result(None)
        answer = await answering
        assert (answer.status, await answer.read()) == (200, b"")

    served(edge, scenario)
    assert [inbound.text for inbound in listener.heard] == ["a", "b"]


def test_a_message_that_could_not_be_kept_is_asked_for_again(edge: Edge) -> None:
    edge.ears.outcome = RuntimeError("the database is away")  # type: ignore[attr-defined]  # a Listener
    nudged: list[bool] = []
    edge.nudge = lambda: nudged.append(True)

    async def scenario(client: TestClient[Any, Any]) -> int:
        return (await post(client, MESSAGES, messages("1"))).status

    assert served(edge, scenario) == 503
    assert nudged == []


def test_whoever_sends_is_told_that_there_may_be_a_reply(edge: Edge) -> None:
    nudged: list[bool] = []
    edge.nudge = lambda: nudged.append(True)

    async def scenario(client: TestClient[Any, Any]) -> int:
        return (await post(client, MESSAGES, messages("1"))).status

    assert served(edge, scenario) == 200
    assert nudged == [True]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/channels/telegraph/messages", b"{}", 404),  # no such channel
        (MESSAGES, b"nonsense", 400),  # signed, but no JSON
        (MESSAGES, b"x" * (LARGEST_BODY + 1), 413),  # longer than any provider posts
        ("/channels/simulator/receipts", messages("1"), 400),  # signed, but the wrong kind
    ],
)
def test_what_cannot_be_taken_gets_the_status_that_says_why(edge: Edge, path: str, body: bytes, status: int) -> None:
    async def scenario(client: TestClient[Any, Any]) -> int:
        return (await post(client, path, body)).status

    assert served(edge, scenario) == status


def test_a_body_without_a_length_is_cut_off_at_the_same_size(edge: Edge) -> None:
    async def endless() -> Any:
        for _ in range(200):
            yield b"x" * 1024

    async def scenario(client: TestClient[Any, Any]) -> int:
        return (await client.post(MESSAGES, data=endless())).status

    assert served(edge, scenario) == 413


def test_a_closing_service_sends_providers_to_the_next_one(edge: Edge) -> None:
    edge.closing = True

    async def scenario(client: TestClient[Any, Any]) -> tuple[int, int]:
        ready = await client.get("/readyz")
        return (await post(client, MESSAGES, messages("1"))).status, ready.status

    assert served(edge, scenario) == (503, 503)


def test_ready_means_that_work_gets_done(edge: Edge) -> None:
    async def scenario(client: TestClient[Any, Any]) -> Any:
        answer = await client.get("/readyz")
        return answer.status, await answer.json()

    assert served(edge, scenario) == (
        200,
        {"status": "ok", "checks": {"database": True, "schema": True, "ticks": True}},
    )
    edge.ticking = lambda _: False
    status, said = served(edge, scenario)
    assert (status, said["checks"]["ticks"]) == (503, False)
    edge.ticking = lambda _: True
    edge.database.write(lambda connection: connection.execute(text("DROP TABLE alembic_version")).close())
    status, said = served(edge, scenario)
    assert (status, said["checks"]["schema"]) == (503, False)


def test_a_process_that_answers_is_healthy_and_says_nothing_of_what_it_runs_on(edge: Edge) -> None:
    async def scenario(client: TestClient[Any, Any]) -> Any:
        answer = await client.get("/healthz")
        return answer.status, answer.headers["Server"], answer.headers["Cache-Control"]

    assert served(edge, scenario) == (200, "pingyi", "no-store")
