"""What comes from a gateway, posted or polled, is kept once and in order, whatever fails on the way."""

from __future__ import annotations

import asyncio
import hmac
import time
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from gateway_provider import GatewayProvider
from hypothesis import given
from hypothesis import strategies as st
from simulator_provider import NOW

from bot.channels import gatewaypoll
from bot.channels.channel import RawRequest, Rejected
from bot.channels.gateway import GatewayChannel
from bot.channels.gatewayfile import GatewayFile
from bot.channels.gatewaypoll import FIRST_PAUSE, LAST_PAUSE, backoff
from bot.simulator.faults import Fault
from scheduler.clock import SteppedClock
from storage.failure import Failure
from storage.inbox import Inbound
from storage.receipts import Delivery, Receipt
from tests.emulators.gateway import GatewayEmulator, description

SECRET = "k"  # noqa: S105 - of this test alone
SEND = {"url": "http://127.0.0.1:9/send"}
POSTS = {"header": "S", "timestamp": "T"}


def channel(**parts: Any) -> GatewayChannel:
    described = GatewayFile.model_validate({"send": SEND, "posts": POSTS, **parts})
    return GatewayChannel(described, secret=SECRET, clock=SteppedClock(NOW))


def posted(body: bytes, *, moment: str = "", path: str = "/channels/gateway/messages") -> RawRequest:
    moment = moment or str(int(time.time()))
    content = f"{moment}\nPOST\n{path}\n".encode() + body
    headers = {"s": hmac.digest(SECRET.encode(), content, "sha256").hex(), "t": moment}
    return RawRequest("POST", path, headers=headers, body=body)


INBOUND = {"id": "id", "from": "from", "text": "text"}


def test_a_form_is_read_as_well_as_json() -> None:
    gateway = channel(inbound={**INBOUND, "format": "form"})
    [inbound] = gateway.parse(posted(b"id=7&from=8613900000001&text=%E6%BB%A1%E6%84%8F+1"))
    assert (inbound.provider_id, inbound.sender, inbound.text) == ("7", "+8613900000001", "满意 1")


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("13900000001", "+8613900000001"),
        ("8613900000001", "+8613900000001"),
        ("008613900000001", "+8613900000001"),
        ("+8613900000001", "+8613900000001"),
        (13900000001, "+8613900000001"),
        ("10086", "10086"),  # the carrier itself: nobody's number, kept for staff to see
    ],
)
def test_numbers_are_read_however_the_carrier_writes_them(written: str | int, sender: str) -> None:
    import json

    body = json.dumps({"id": 7, "from": written, "text": "1"}).encode()
    assert channel(inbound=INBOUND).parse(posted(body))[0].sender == sender


def test_messages_without_an_id_are_told_apart_by_number_time_and_text() -> None:
    gateway = channel(inbound={"from": "from", "text": "text", "time": "at"})
    bodies = [
        b'{"from": "13900000001", "text": "1", "at": "10:00:01"}',
        b'{"from": "13900000001", "text": "1", "at": "10:00:02"}',
        b'{"from": "13900000002", "text": "1", "at": "10:00:01"}',
        b'{"from": "13900000001", "text": "2", "at": "10:00:01"}',
    ]
    ids = [gateway.parse(posted(body))[0].provider_id for body in bodies]
    assert len(set(ids)) == 4
    assert gateway.parse(posted(bodies[0]))[0].provider_id == ids[0]


def test_one_wrong_item_of_a_post_keeps_back_all_of_it() -> None:
    """The carrier repeats it, and the log says what is wrong with the description."""
    with pytest.raises(Rejected) as refused:
        channel(inbound={**INBOUND, "items": "m"}).parse(
            posted(b'{"m": [{"id": "1", "from": "13900000001", "text": "1"}, {"id": "2"}]}')
        )
    assert (refused.value.status, refused.value.reason) == (400, "from is missing or malformed")


@pytest.mark.parametrize("age", [-400, -301, 301, 400])
def test_what_is_older_or_newer_than_the_window_is_a_replay(age: int) -> None:
    gateway = channel(inbound=INBOUND)
    body = b'{"id": "1", "from": "13900000001", "text": "1"}'
    with pytest.raises(Rejected) as refused:
        gateway.parse(posted(body, moment=str(int(time.time()) + age)))
    assert refused.value.status == 403
    assert gateway.parse(posted(body, moment=str(int(time.time() * 1000))))  # milliseconds are fine


@given(moment=st.text(max_size=15), given_=st.text(max_size=70))
def test_no_header_makes_the_check_of_a_signature_raise_anything_else(moment: str, given_: str) -> None:
    request = replace(posted(b"{}"), headers={"t": moment, "s": given_})
    with pytest.raises(Rejected) as refused:
        channel(inbound=INBOUND).parse(request)
    assert refused.value.status == 403


def test_posts_that_are_not_described_are_refused() -> None:
    with pytest.raises(Rejected) as refused:
        channel(inbound=INBOUND).parse_receipt(posted(b'{"id": "1"}', path="/channels/gateway/receipts"))
    assert refused.value.status == 400
    gateway = GatewayChannel(GatewayFile.model_validate({"send": SEND}), secret="", clock=SteppedClock(NOW))
    with pytest.raises(Rejected) as refused:
        gateway.parse(posted(b"{}"))
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("status", "delivery", "failure"),
    [
        ("DELIVRD", Delivery.DELIVERED, Failure.REFUSED),
        ("0", Delivery.ACCEPTED, Failure.REFUSED),
        ("UNDELIV", Delivery.FAILED, Failure.AWAY),
        ("BLACK", Delivery.FAILED, Failure.OPTED_OUT),
        ("MK:0001", Delivery.ACCEPTED, Failure.REFUSED),  # not described: it proves only that the carrier has it
    ],
)
def test_a_status_means_what_the_description_says(status: str, delivery: Delivery, failure: Failure) -> None:
    states = {"DELIVRD": "delivered", "0": "accepted", "UNDELIV": "away", "BLACK": "opted_out"}
    gateway = channel(receipts={"id": "m", "attempt": "u", "status": "s", "states": states})
    body = f'{{"m": "g1", "u": "a1", "s": "{status}"}}'.encode()
    [receipt] = gateway.parse_receipt(posted(body, path="/channels/gateway/receipts"))
    assert (receipt.delivery, receipt.failure) == (delivery, failure)
    assert (receipt.attempt, receipt.provider_id) == ("a1", "g1")
    assert bool(receipt.error) == (delivery is Delivery.FAILED)


class Kept:
    """Takes what is polled; the first `failures` times the database is away."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.offered: list[list[str]] = []
        self.inbounds: list[Inbound] = []
        self.receipts: list[Receipt] = []

    async def take(self, inbounds: Sequence[Inbound], receipts: Sequence[Receipt]) -> None:
        self.offered.append([item.provider_id for item in (*inbounds, *receipts)])
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the database is away")
        self.inbounds += inbounds
        self.receipts += receipts


def polled(
    emulator: GatewayEmulator, kept: Kept, until: Callable[[], bool], act: Callable[[], Any] | None = None
) -> None:
    """Poll the carrier until `until` holds; `act` lets residents write meanwhile."""

    async def run() -> None:
        async with emulator.running():
            described = tomllib.loads(description(emulator.url, mode="poll", seconds=0.05))
            gateway = GatewayChannel(
                GatewayFile.model_validate(described), secret=emulator.secret, clock=SteppedClock(NOW)
            )
            await gateway.open()
            listening = asyncio.create_task(gateway.listen(kept.take))
            try:
                if act is not None:
                    await act()
                async with asyncio.timeout(30):
                    while not until():  # noqa: ASYNC110 - what is waited for is in the emulator
                        await asyncio.sleep(0.01)
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError):
                    await listening
                await gateway.close()

    asyncio.run(run())


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """After failures wait little."""
    monkeypatch.setattr(gatewaypoll, "FIRST_PAUSE", 0.01)


def test_polled_messages_and_reports_are_taken_in_order_and_confirmed() -> None:
    emulator, kept = GatewayEmulator(polled=True), Kept()

    async def act() -> None:
        for number in range(120):  # more than one answer holds
            await emulator.write("+8613900000001", str(number))

    polled(emulator, kept, lambda: len(kept.inbounds) >= 120 and not emulator.waiting["inbound"], act)
    assert [inbound.text for inbound in kept.inbounds] == [str(number) for number in range(120)]
    assert {inbound.sender for inbound in kept.inbounds} == {"+8613900000001"}


def test_what_could_not_be_committed_is_handed_over_again_before_anything_else_and_never_confirmed_before() -> None:
    emulator, kept = GatewayEmulator(polled=True), Kept(failures=2)
    confirmed_early: list[int] = []

    async def act() -> None:
        await emulator.write("+8613900000001", "1")
        while kept.failures:
            confirmed_early.append(len(emulator.waiting["inbound"]))
            await asyncio.sleep(0.005)
        await emulator.write("+8613900000001", "2")

    polled(emulator, kept, lambda: len(kept.inbounds) >= 2 and not emulator.waiting["inbound"], act)
    assert set(confirmed_early) <= {1}
    assert kept.offered[:3] == [["mo00000001"]] * 3
    assert [inbound.text for inbound in kept.inbounds] == ["1", "2"]


def test_a_carrier_that_is_down_for_a_while_is_asked_again() -> None:
    emulator, kept = GatewayEmulator(polled=True), Kept()
    emulator.faults.set(Fault.BREAK, 3)
    polled(emulator, kept, lambda: bool(kept.inbounds), lambda: emulator.write("+8613900000001", "1"))
    assert emulator.faults.happened[Fault.BREAK] == 3


def test_an_item_that_does_not_fit_holds_up_no_other_and_is_not_confirmed() -> None:
    emulator, kept = GatewayEmulator(polled=True), Kept()
    emulator.waiting["inbound"]["odd"] = {"id": "odd", "from": "13900000001"}
    polled(
        emulator,
        kept,
        lambda: bool(kept.inbounds) and list(emulator.waiting["inbound"]) == ["odd"],
        lambda: emulator.write("+8613900000001", "1"),
    )
    assert [inbound.text for inbound in kept.inbounds] == ["1"]


def test_a_carrier_that_hands_out_the_same_again_is_not_asked_without_pause() -> None:
    """Without a confirmation the list may stay as it is: 20 answers a second are what `seconds` allows."""
    emulator, kept = GatewayEmulator(polled=True), Kept()
    emulator.waiting["inbound"]["one"] = {"id": "one", "from": "13900000001", "text": "1"}
    table = tomllib.loads(description("http://127.0.0.1:9", mode="poll"))
    pauses: list[float] = []

    async def run() -> None:
        async with emulator.running():
            inbound = {
                **table["inbound"],
                "poll": {**table["inbound"]["poll"], "url": f"{emulator.url}/v1/inbound/pull"},
            }
            del inbound["confirm"]
            described = GatewayFile.model_validate({"send": SEND, "sign": table["sign"], "inbound": inbound})
            gateway = GatewayChannel(described, secret=emulator.secret, clock=SteppedClock(NOW))
            await gateway.open()
            poller = gatewaypoll.Poller(
                gateway._caller, described.inbound, gateway._inbound, lambda found: kept.take(found, ()), name="inbound"
            )
            pauses.extend([await poller._round(described.inbound.poll) for _ in range(3)])
            await gateway.close()

    asyncio.run(run())
    assert pauses == [True, False, False]
    assert kept.offered == [["one"]] * 3  # harmless: it is kept once by its id


@given(failures=st.integers(0, 10_000), chance=st.floats(0, 1))
def test_pauses_grow_with_failures_and_differ_between_processes(failures: int, chance: float) -> None:
    pause = backoff(failures, chance)
    assert 0 < pause <= LAST_PAUSE
    assert backoff(failures, 1.0) >= backoff(max(0, failures - 1), 1.0)
    assert backoff(failures, 0.0) < backoff(failures, 1.0)
    assert FIRST_PAUSE < LAST_PAUSE


def test_a_gateway_that_posts_everything_needs_no_listening() -> None:
    asyncio.run(GatewayProvider().channel().listen(Kept().take))


def test_the_emulated_carrier_posts_until_the_service_has_taken_it() -> None:
    """What E and developers rely on: a post is repeated, and reported once more if a duplicate is switched on."""
    from aiohttp import web

    emulator = GatewayEmulator()
    emulator.faults.set(Fault.DUPLICATE, 1)
    statuses = [503, 200, 200]
    bodies: list[bytes] = []

    async def webhook(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response(status=statuses[len(bodies) - 1])

    async def run() -> None:
        app = web.Application()
        app.add_routes([web.post("/channels/gateway/messages", webhook)])
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        emulator.service = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with emulator.running():
            await emulator.write("+8613900000001", "1")
        await runner.cleanup()

    asyncio.run(run())
    assert len(bodies) == 3
    assert len(set(bodies)) == 1
