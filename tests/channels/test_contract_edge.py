"""Through the real HTTP edge, on every channel: what is not right is answered so, stores nothing, is logged once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import logbook
import pytest
from aiohttp.test_utils import TestClient, TestServer
from simulator_provider import NOW, Provider
from sqlalchemy import func, select
from test_contract import PROVIDERS, REPORTING, SIGNED, made
from yarl import URL

from bot.channels.channel import LARGEST_BODY, RawRequest
from bot.web import Edge, make_app
from scheduler.clock import SteppedClock
from scheduler.talk import Talk
from storage import migrate
from storage.database import Database
from storage.receipts import Delivery
from storage.tables.messages import inbox
from storage.vault import Keys, Vault
from surveys.campaign.office import Office

OFFICE = Office(names={"zh": "清江市测评办"}, hotline="0838-12345")


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all of these tests: they show that next to nothing gets in."""
    path: Path = tmp_path_factory.mktemp("edge") / "pingyi.db"
    database = Database(f"sqlite:///{path}", Vault(Keys.from_seed("edge")))
    database.write(migrate.upgrade)
    yield database
    database.close()


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Log into memory at the level that tells most; the fixture returns the lines so far."""
    with logbook.logged("DEBUG") as stream:
        yield lambda: logbook.lines(stream)


def served(database: Database, name: str, provider: Provider, act: Callable[[Any], Awaitable[Any]]) -> Any:
    """Run `act` with a client of an edge that has the provider's channel and stores what it hears."""

    async def run() -> Any:
        channel = provider.channel()
        talk = Talk(database, OFFICE, SteppedClock(NOW), {name: channel.kind})
        async with TestClient(TestServer(make_app(Edge(database, talk, {name: channel})), host="127.0.0.1")) as client:
            return await act(client)

    return asyncio.run(run())


def kept(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(inbox)).scalar_one())


async def post(client: Any, request: RawRequest, body: Any = None) -> int:
    target = URL(request.target, encoded=True)
    data = request.body if body is None else body
    async with client.post(target, data=data, headers=dict(request.headers)) as answer:
        await answer.read()
        return int(answer.status)


async def chunks(body: bytes) -> AsyncIterator[bytes]:
    """Send without saying how long it is."""
    for start in range(0, len(body), 7):
        yield body[start : start + 7]


def unsigned(request: RawRequest) -> RawRequest:
    kept_headers = {name: value for name, value in request.headers.items() if name == "content-type"}
    return replace(request, headers=kept_headers)


def wrongly_signed(request: RawRequest) -> RawRequest:
    wrong = {name: value if name == "content-type" else "wrong" for name, value in request.headers.items()}
    return replace(request, headers=wrong)


BAD: dict[str, tuple[Callable[[Provider, RawRequest], RawRequest], set[int]]] = {
    "unsigned": (lambda _, request: unsigned(request), {401, 403}),
    "wrongly signed": (lambda _, request: wrongly_signed(request), {401, 403}),
    "malformed": (lambda provider, request: provider.signed(request, provider.malformed[1]), {400}),
    "oversized": (lambda _, request: replace(request, body=b"x" * (LARGEST_BODY + 1)), {413}),
}


@pytest.mark.parametrize("way", ["whole", "chunked"])
@pytest.mark.parametrize("fault", sorted(BAD))
@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_message_that_is_not_right_is_answered_so_stores_nothing_and_is_logged_once(
    stored: Database, lines: Callable[[], list[dict[str, Any]]], name: str, fault: str, way: str
) -> None:
    provider = made(name)
    spoil, statuses = BAD[fault]
    request = spoil(provider, provider.message("bad", "1"))
    before = kept(stored)
    body = chunks(request.body) if way == "chunked" else None
    assert served(stored, name, provider, lambda client: post(client, request, body)) in statuses
    assert kept(stored) == before
    [line] = lines()
    assert (line["event"], line["channel"], line["level"]) == ("webhook rejected", name, "warning")
    assert line["status"] in statuses


@pytest.mark.parametrize("fault", sorted(BAD))
@pytest.mark.parametrize("name", REPORTING)
def test_a_report_that_is_not_right_is_answered_so_and_logged_once(
    stored: Database, lines: Callable[[], list[dict[str, Any]]], name: str, fault: str
) -> None:
    provider = made(name)
    spoil, statuses = BAD[fault]
    request = spoil(provider, provider.receipt("attempt1", "bad", Delivery.DELIVERED))
    assert served(stored, name, provider, lambda client: post(client, request)) in statuses
    [line] = lines()
    assert (line["event"], line["channel"], line["status"] in statuses) == ("webhook rejected", name, True)


@pytest.mark.parametrize("name", SIGNED)
def test_a_right_signature_on_another_message_is_worth_nothing(
    stored: Database, lines: Callable[[], list[dict[str, Any]]], name: str
) -> None:
    provider = made(name)
    request = replace(provider.message("taken", "1"), headers=provider.message("given", "2").headers)
    before = kept(stored)
    assert served(stored, name, provider, lambda client: post(client, request)) in {401, 403}
    assert kept(stored) == before
    assert len(lines()) == 1


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_right_request_that_comes_again_is_fine_and_stored_once(
    stored: Database, lines: Callable[[], list[dict[str, Any]]], name: str
) -> None:
    """Providers repeat what they got no answer to; whoever replays what was overheard gains nothing either."""
    provider = made(name)
    request = provider.message("again", "1")
    before = kept(stored)

    async def act(client: Any) -> list[int]:
        return [
            await post(client, request),
            await post(client, request),
            await post(client, request, chunks(request.body)),
        ]

    assert served(stored, name, provider, act) == [200, 200, 200]
    assert kept(stored) == before + 1
    assert lines() == []


@pytest.mark.parametrize("name", REPORTING)
def test_a_report_that_comes_again_is_fine(
    stored: Database, lines: Callable[[], list[dict[str, Any]]], name: str
) -> None:
    provider = made(name)
    request = provider.receipt("attempt1", "again", Delivery.DELIVERED)

    async def act(client: Any) -> list[int]:
        return [await post(client, request), await post(client, request)]

    assert served(stored, name, provider, act) == [200, 200]
    assert lines() == []
