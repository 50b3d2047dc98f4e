"""What the house relies on holds for every channel, tried against a provider over loopback HTTP.

A further channel joins by one more entry in PROVIDERS; what a channel can and cannot do it says itself.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator_provider import NOW, Provider, SimulatorProvider

from bot.channels.channel import LARGEST_BODY, Channel, Rejected
from bot.channels.registry import CHANNELS
from bot.channels.simulator import SimulatorChannel
from bot.simulator.mailbox import Mailbox
from bot.simulator.signature import WINDOW
from scheduler.clock import SteppedClock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from storage.receipts import Delivery

#: Where each channel's provider is; imported when it is used.
PROVIDERS = {
    "simulator": ("simulator_provider", "SimulatorProvider"),
    "telegram": ("telegram_provider", "TelegramProvider"),
    "sms": ("twilio_provider", "SmsProvider"),
    "whatsapp": ("twilio_provider", "WhatsAppProvider"),
    "gateway": ("gateway_provider", "GatewayProvider"),
}
#: Telegram puts one secret on every request instead of signing each, and reports nothing of what it delivered.
SIGNED = sorted(PROVIDERS.keys() - {"telegram"})
REPORTING = sorted(PROVIDERS.keys() - {"telegram"})
#: Form fields cannot hold half a surrogate pair.
JSON = ("gateway", "simulator", "telegram")


def made(name: str) -> Provider:
    module, called = PROVIDERS[name]
    provider: Provider = getattr(importlib.import_module(module), called)()
    return provider


@pytest.fixture
def provider(request: pytest.FixtureRequest) -> Provider:
    """The provider of the channel named by the test's parameter."""
    return made(request.param)


every = pytest.mark.parametrize("provider", sorted(PROVIDERS), indirect=True)
signed = pytest.mark.parametrize("provider", SIGNED, indirect=True)
reporting = pytest.mark.parametrize("provider", REPORTING, indirect=True)


def outgoing(provider: Provider, attempt: str = "attempt1") -> Outgoing:
    return Outgoing(attempt, provider.address, "您对村里的污水治理满意吗?", ("满意", "一般", "不满意"), "guard1")


def live(provider: Provider, scenario: Callable[[Channel], Awaitable[Any]]) -> Any:
    """Run `scenario` with the provider running and a channel open to it."""

    async def run() -> Any:
        async with provider.running():
            return await using(provider, scenario)

    return asyncio.run(run())


async def using(provider: Provider, scenario: Callable[[Channel], Awaitable[Any]]) -> Any:
    channel = provider.channel()
    await channel.open()
    try:
        return await scenario(channel)
    finally:
        await channel.close()


def look_up(provider: Provider, channel: Channel, since: datetime | None = None) -> Awaitable[Any]:
    """Ask the provider what became of the attempt `outgoing` stands for."""
    return channel.evidence(outgoing(provider), since or datetime.now(UTC), frozenset())


def test_every_channel_there_is_keeps_the_contract() -> None:
    assert PROVIDERS.keys() == CHANNELS.keys()


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_channel_is_called_and_addressed_as_the_list_of_channels_says(name: str) -> None:
    channel = made(name).channel()
    assert channel.name == name
    assert channel.kind == CHANNELS[name].address
    assert channel.capabilities.receipts == (name in REPORTING)


@every
def test_a_signed_message_becomes_one_inbound(provider: Provider) -> None:
    [inbound] = provider.channel().parse(provider.message("m1", "还可以嘛 👍"))
    assert inbound.provider_id == provider.id("m1")
    assert inbound.sender == provider.address
    assert inbound.text == "还可以嘛 👍"
    assert inbound.at == NOW
    assert inbound.channel == provider.channel().name
    assert inbound.kind == provider.channel().kind
    assert inbound.tap == ""


@reporting
@pytest.mark.parametrize("delivery", list(Delivery))
def test_a_signed_report_becomes_one_receipt(provider: Provider, delivery: Delivery) -> None:
    [receipt] = provider.channel().parse_receipt(provider.receipt("a1", "p1", delivery))
    assert (receipt.attempt, receipt.provider_id, receipt.delivery) == ("a1", provider.id("p1"), delivery)


@every
def test_without_a_signature_nothing_is_read(provider: Provider) -> None:
    with pytest.raises(Rejected) as refused:
        provider.channel().parse(replace(provider.message("m1", "1"), headers={}))
    assert refused.value.status in {401, 403}


@reporting
def test_without_a_signature_no_report_is_read(provider: Provider) -> None:
    with pytest.raises(Rejected) as refused:
        provider.channel().parse_receipt(replace(provider.receipt("a", "p", Delivery.DELIVERED), headers={}))
    assert refused.value.status in {401, 403}


@pytest.mark.parametrize("provider", ["telegram"], indirect=True)
def test_reports_posted_to_a_channel_that_has_none_are_rejected(provider: Provider) -> None:
    with pytest.raises(Rejected):
        provider.channel().parse_receipt(provider.message("m1", "1"))


@every
@pytest.mark.parametrize("wrong", ["x", "", "é", "t=1,v=0", "0" * 64])
def test_a_wrong_signature_is_refused_whatever_it_looks_like(provider: Provider, wrong: str) -> None:
    request = provider.message("m1", "1")
    forged = replace(request, headers=dict.fromkeys(request.headers, wrong))
    with pytest.raises(Rejected) as refused:
        provider.channel().parse(forged)
    assert refused.value.status in {401, 403}


@signed
def test_one_altered_byte_is_noticed(provider: Provider) -> None:
    request = provider.message("m1", "answer1")
    forged = replace(request, body=request.body.replace(b"answer1", b"answer5"))
    assert forged.body != request.body
    with pytest.raises(Rejected) as refused:
        provider.channel().parse(forged)
    assert refused.value.status in {401, 403}


@signed
def test_a_signature_serves_for_its_own_address_only(provider: Provider) -> None:
    request = provider.message("m1", "1")
    with pytest.raises(Rejected):
        provider.channel().parse(replace(request, path=request.path + "/other"))


@every
def test_what_is_longer_than_any_provider_posts_is_refused(provider: Provider) -> None:
    request = provider.message("m1", "x" * (LARGEST_BODY + 1))
    with pytest.raises(Rejected) as refused:
        provider.channel().parse(request)
    assert refused.value.status == 413


@every
def test_a_malformed_body_is_rejected_and_never_raises_anything_else(provider: Provider) -> None:
    channel = provider.channel()
    assert provider.malformed
    for body in provider.malformed:
        with pytest.raises(Rejected) as refused:
            channel.parse(provider.signed(provider.message("m", "1"), body))
        assert refused.value.status == 400, body[:80]
        if channel.capabilities.receipts:
            with pytest.raises(Rejected):
                channel.parse_receipt(provider.signed(provider.receipt("a", "p", Delivery.DELIVERED), body))


@pytest.mark.parametrize("provider", JSON, indirect=True)
def test_half_a_surrogate_pair_is_replaced(provider: Provider) -> None:
    """It is no character: it could be neither sealed nor sent on."""
    [inbound] = provider.channel().parse(provider.message("m1", "a\ud800b"))
    inbound.text.encode()


@pytest.mark.parametrize("name", sorted(PROVIDERS))
@given(body=st.binary(max_size=200))
def test_no_signed_bytes_make_a_channel_raise_anything_but_rejected(name: str, body: bytes) -> None:
    provider = made(name)
    with suppress(Rejected):
        assert provider.channel().parse(provider.signed(provider.message("m", "1"), body)) == ()


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_the_simulator_hands_on_any_text_as_it_was_typed(text: str) -> None:
    provider = SimulatorProvider()
    assert [inbound.text for inbound in provider.channel().parse(provider.message("m1", text))] == [text]


def test_a_simulator_request_older_than_the_window_is_a_replay() -> None:
    provider = SimulatorProvider()
    request = provider.message("m1", "1")
    now = int(request.headers["x-pingyi-signature"].partition(",")[0].removeprefix("t="))
    late = SimulatorChannel(
        carrier=provider.url,
        secret=provider.secret,
        clock=SteppedClock(NOW),
        real_time=lambda: now + WINDOW + 2,
    )
    with pytest.raises(Rejected):
        late.parse(request)


@every
def test_an_accepted_message_is_there_once(provider: Provider) -> None:
    outcome = live(provider, lambda channel: channel.send(outgoing(provider)))
    assert isinstance(outcome, Accepted)
    assert outcome.provider_id
    assert provider.count("attempt1") == 1


@every
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


@every
def test_a_refusal_is_final_and_a_throttle_asks_for_patience(provider: Provider) -> None:
    provider.fault("refuse")
    assert live(provider, lambda channel: channel.send(outgoing(provider))).failure.final
    provider.fault("throttle")
    throttled = live(provider, lambda channel: channel.send(outgoing(provider)))
    assert throttled.failure is Failure.BUSY
    assert throttled.retry_after >= 0


@every
def test_a_provider_that_cannot_be_reached_has_nothing_and_is_tried_again(provider: Provider) -> None:
    outcome = asyncio.run(using(provider, lambda channel: channel.send(outgoing(provider))))
    assert isinstance(outcome, NotSent)
    assert outcome.failure is Failure.DOWN


@every
def test_no_reason_holds_the_address_or_the_words(provider: Provider) -> None:
    """Reasons are stored in the clear and logged."""
    outcomes = [asyncio.run(using(provider, lambda channel: channel.send(outgoing(provider))))]
    for fault in ("refuse", "throttle", "break", "drop_before"):
        provider.fault(fault)
        outcomes.append(live(provider, lambda channel: channel.send(outgoing(provider))))
    for outcome in outcomes:
        assert outcome.reason
        assert provider.address.lstrip("+") not in outcome.reason
        assert "污水" not in outcome.reason


@every
def test_a_closed_channel_says_so_and_does_not_raise(provider: Provider) -> None:
    assert isinstance(asyncio.run(provider.channel().send(outgoing(provider))), NotSent)


@every
@pytest.mark.parametrize(("fault", "kind"), [("drop_before", NotSent), ("drop_after", Accepted), ("slow", Accepted)])
def test_evidence_settles_an_unknown_outcome_where_it_can_be_had(
    provider: Provider, fault: str, kind: type[Any]
) -> None:
    """Twilio and gateways list their messages; of Telegram there is no evidence, and it claims none."""
    provider.fault(fault)
    since = datetime.now(UTC)

    async def scenario(channel: Channel) -> tuple[Any, bool]:
        assert isinstance(await channel.send(outgoing(provider)), Unknown)
        return await look_up(provider, channel, since), channel.limits.evidence

    found, possible = live(provider, scenario)
    assert type(found) is (kind if possible else Unknown)


@every
def test_evidence_that_cannot_be_had_leaves_the_outcome_unknown(provider: Provider) -> None:
    provider.fault("break")
    assert isinstance(live(provider, lambda channel: look_up(provider, channel)), Unknown)


@every
def test_no_evidence_from_a_provider_that_cannot_be_reached(provider: Provider) -> None:
    assert isinstance(asyncio.run(using(provider, lambda channel: look_up(provider, channel))), Unknown)


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
