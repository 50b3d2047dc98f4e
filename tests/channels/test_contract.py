"""What the house relies on holds for every channel, tried against a provider over loopback HTTP.

A further channel joins by one more entry in PROVIDERS.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator_provider import NOW, Provider, SimulatorProvider

from bot.channels.channel import LARGEST_BODY, Channel, Rejected
from bot.channels.simulator import SimulatorChannel
from bot.simulator.mailbox import Mailbox
from bot.simulator.signature import WINDOW
from scheduler.clock import SteppedClock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.receipts import Delivery

PROVIDERS = {"simulator": SimulatorProvider}


@pytest.fixture(params=sorted(PROVIDERS))
def provider(request: pytest.FixtureRequest) -> Provider:
    return PROVIDERS[request.param]()


def outgoing(provider: Provider, attempt: str = "attempt1") -> Outgoing:
    return Outgoing(attempt, provider.address, "您对村里的污水治理满意吗?", ("满意", "一般", "不满意"))


def live(provider: Provider, scenario: Callable[[Channel], Awaitable[Any]]) -> Any:
    """Run `scenario` with the provider running and a channel open to it."""

    async def run() -> Any:
        async with provider.running():
            channel = provider.channel()
            await channel.open()
            try:
                return await scenario(channel)
            finally:
                await channel.close()

    return asyncio.run(run())


def test_a_signed_message_becomes_one_inbound(provider: Provider) -> None:
    [inbound] = provider.channel().parse(provider.message("m1", "还可以嘛 👍"))
    assert inbound.provider_id == "m1"
    assert inbound.sender == provider.address
    assert inbound.text == "还可以嘛 👍"
    assert inbound.at == NOW
    assert inbound.channel == provider.channel().name
    assert inbound.kind == provider.channel().kind


def test_a_signed_report_becomes_one_receipt(provider: Provider) -> None:
    [receipt] = provider.channel().parse_receipt(provider.receipt("a1", "p1", Delivery.FAILED))
    assert (receipt.attempt, receipt.provider_id, receipt.delivery) == ("a1", "p1", Delivery.FAILED)


def test_without_a_signature_nothing_is_read(provider: Provider) -> None:
    with pytest.raises(Rejected) as refused:
        provider.channel().parse(replace(provider.message("m1", "1"), headers={}))
    assert refused.value.status in {401, 403}
    with pytest.raises(Rejected):
        provider.channel().parse_receipt(replace(provider.receipt("a", "p", Delivery.DELIVERED), headers={}))


def test_one_altered_byte_is_noticed(provider: Provider) -> None:
    request = provider.message("m1", "answer 1")
    forged = replace(request, body=request.body.replace(b"answer 1", b"answer 5"))
    with pytest.raises(Rejected) as refused:
        provider.channel().parse(forged)
    assert refused.value.status in {401, 403}


def test_a_signature_serves_for_its_own_address_only(provider: Provider) -> None:
    request = provider.message("m1", "1")
    with pytest.raises(Rejected):
        provider.channel().parse(replace(request, path=request.path + "/other"))


def test_what_is_longer_than_any_provider_posts_is_refused(provider: Provider) -> None:
    request = provider.message("m1", "x" * (LARGEST_BODY + 1))
    with pytest.raises(Rejected) as refused:
        provider.channel().parse(request)
    assert refused.value.status == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"messages": 1}',
        b'{"messages": [1]}',
        b'{"messages": [{}]}',
        b"\xff\xfe",
        b"[" * 9000,
    ],
)
def test_a_malformed_body_is_rejected_and_never_raises_anything_else(provider: Provider, body: bytes) -> None:
    channel = provider.channel()
    with pytest.raises(Rejected) as refused:
        channel.parse(provider.signed(provider.message("m", "1"), body))
    assert refused.value.status == 400
    with pytest.raises(Rejected):
        channel.parse_receipt(provider.signed(provider.receipt("a", "p", Delivery.DELIVERED), body))


def test_half_a_surrogate_pair_is_replaced(provider: Provider) -> None:
    """It is no character: it could be neither sealed nor sent on."""
    [inbound] = provider.channel().parse(provider.message("m1", "a\ud800b"))
    inbound.text.encode()


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_the_simulator_hands_on_any_text_as_it_was_typed(text: str) -> None:
    provider = SimulatorProvider()
    assert [inbound.text for inbound in provider.channel().parse(provider.message("m1", text))] == [text]


@given(body=st.binary(max_size=200))
def test_no_signed_bytes_make_the_simulator_channel_raise_anything_but_rejected(body: bytes) -> None:
    provider = SimulatorProvider()
    with pytest.raises(Rejected):
        provider.channel().parse(provider.signed(provider.message("m", "1"), body))


def test_a_simulator_request_older_than_the_window_is_a_replay() -> None:
    provider = SimulatorProvider()
    request = provider.message("m1", "1")
    late = SimulatorChannel(
        carrier=provider.url,
        secret=provider.secret,
        clock=SteppedClock(NOW),
        real_time=lambda: time.time() + WINDOW + 2,
    )
    with pytest.raises(Rejected):
        late.parse(request)


def test_an_accepted_message_is_there_once(provider: Provider) -> None:
    outcome = live(provider, lambda channel: channel.send(outgoing(provider)))
    assert isinstance(outcome, Accepted)
    assert outcome.provider_id
    assert provider.count("attempt1") == 1


@pytest.mark.parametrize(
    ("fault", "kind", "has"),
    [
        ("refuse", NotSent, 0),  # an answer that says no
        ("throttle", NotSent, 0),  # an answer that says later
        ("break", Unknown, 0),  # an error behind the provider's door: nobody knows how far it came
        ("drop_before", Unknown, 0),  # seen from here the same as the next
        ("drop_after", Unknown, 1),
        ("slow", Unknown, 1),
    ],
)
def test_an_outcome_claims_no_more_than_is_known(
    provider: Provider,
    fault: str,
    kind: type[Any],
    has: int,
) -> None:
    provider.fault(fault)
    outcome = live(provider, lambda channel: channel.send(outgoing(provider)))
    assert type(outcome) is kind
    assert provider.count("attempt1") == has


def test_a_refusal_is_final_and_a_throttle_is_not(provider: Provider) -> None:
    provider.fault("refuse")
    assert live(provider, lambda channel: channel.send(outgoing(provider))).final
    provider.fault("throttle")
    assert not live(provider, lambda channel: channel.send(outgoing(provider))).final


def test_a_provider_that_cannot_be_reached_has_nothing(provider: Provider) -> None:
    async def alone() -> Any:
        channel = provider.channel()
        await channel.open()
        try:
            return await channel.send(outgoing(provider))
        finally:
            await channel.close()

    assert asyncio.run(alone()) == NotSent("the carrier cannot be reached: ClientConnectorError")


def test_a_closed_channel_says_so_and_does_not_raise(provider: Provider) -> None:
    assert isinstance(asyncio.run(provider.channel().send(outgoing(provider))), NotSent)


@pytest.mark.parametrize(("fault", "kind"), [("drop_before", NotSent), ("drop_after", Accepted), ("slow", Accepted)])
def test_evidence_settles_an_unknown_outcome(provider: Provider, fault: str, kind: type[Any]) -> None:
    provider.fault(fault)

    async def scenario(channel: Channel) -> Any:
        assert isinstance(await channel.send(outgoing(provider)), Unknown)
        return await channel.evidence("attempt1", provider.address)

    assert type(live(provider, scenario)) is kind
    assert provider.channel().capabilities.evidence


def test_evidence_that_cannot_be_had_leaves_the_outcome_unknown(provider: Provider) -> None:
    provider.fault("break")
    assert isinstance(live(provider, lambda channel: channel.evidence("attempt1", provider.address)), Unknown)


def test_no_evidence_from_a_provider_that_cannot_be_reached(provider: Provider) -> None:
    async def alone() -> Any:
        channel = provider.channel()
        await channel.open()
        try:
            return await channel.evidence("attempt1", provider.address)
        finally:
            await channel.close()

    assert isinstance(asyncio.run(alone()), Unknown)


def test_the_simulator_keeps_its_messages_when_it_is_started_anew(tmp_path: Path) -> None:
    """The carrier outlives a service that is killed, and a carrier that is killed forgets nothing it took."""
    file = tmp_path / "phones.jsonl"
    first = Mailbox(file)
    received = first.receive("+8613900000001", "您好", ("是", "否"), "a1")
    sent = first.send("+8613900000001", "是")
    with file.open("ab") as handle:
        handle.write(b'{"number": 3, "id"')  # cut off by the crash
    second = Mailbox(file)
    assert second.by_attempt("a1") == [received]
    assert second.waiting() == [sent]
    second.passed(sent)
    third = Mailbox(file)
    assert third.waiting() == []
    assert third.send("+8613900000001", "否").id not in {received.id, sent.id}
    for mailbox in (first, second, third):
        mailbox.close()
