"""SMS and WhatsApp by Twilio: what is asked of its library, what its codes mean, what its list proves."""

from __future__ import annotations

import asyncio
import io
import logging
import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simulator_provider import NOW
from twilio.rest import Client
from twilio_provider import SmsProvider, WhatsAppProvider, settings

from bot.channels.twilio import TwilioChannel
from bot.channels.twiliocodes import ALARMING, CODES, failed, refused
from bot.channels.twiliotransport import Transport, make_client
from bot.simulator.faults import Fault
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from storage.gates import Limits
from tests.emulators.twilio import ACCOUNT, NUMBER, SERVICE, TOKEN, WHATSAPP, Sent
from tests.emulators.twilioresources import ERRORS

TEXT = "您对村里的污水治理满意吗?\n1 满意\n2 不满意"


def outgoing(attempt: str = "attempt1", text: str = TEXT, until: datetime | None = None) -> Outgoing:
    return Outgoing(attempt, SmsProvider.address, text, valid_until=until)


def live(
    provider: SmsProvider,
    scenario: Callable[[TwilioChannel], Awaitable[Any]],
    channel: Callable[[], TwilioChannel] | None = None,
) -> Any:
    """Run `scenario` with the emulator running and a channel open to it."""

    async def run() -> Any:
        async with provider.running():
            made = (channel or provider.channel)()
            await made.open()
            try:
                return await scenario(made)
            finally:
                await made.close()

    return asyncio.run(run())


def sent(provider: SmsProvider, message: Outgoing, **line: object) -> Sent:
    """Send one message and return it as Twilio got it."""
    outcome = live(provider, lambda channel: channel.send(message), lambda: provider.patient(line=line))
    [got] = provider.emulator.sent
    assert outcome == Accepted(got.id)
    return got


def test_an_sms_goes_out_from_the_number_with_the_attempt_in_the_address_for_reports() -> None:
    provider = SmsProvider()
    got = sent(provider, outgoing("at/te mpt&1"))
    assert (got.address, got.text, got.sender) == ("+8613900000001", TEXT, NUMBER)
    assert got.attempt == "at/te mpt&1"
    assert got.answered


def test_a_messaging_service_takes_the_place_of_the_number() -> None:
    assert sent(SmsProvider(), outgoing(), service=SERVICE).sender == SERVICE


def test_whatsapp_names_both_ends_in_its_own_way_and_has_no_validity() -> None:
    got = sent(WhatsAppProvider(), outgoing(until=NOW + timedelta(hours=1)))
    assert (got.address, got.sender) == ("whatsapp:+8613900000001", f"whatsapp:{WHATSAPP}")
    assert got.validity == 0


@pytest.mark.parametrize(
    ("until", "seconds", "reason"),
    [
        (None, 0, "always of use: nothing is asked for"),
        (NOW + timedelta(hours=2, seconds=0.9), 7200, "until the end of the window, and not after it"),
        (NOW + timedelta(days=2), 36_000, "no longer than Twilio allows"),
        (NOW - timedelta(hours=1), 1, "no less than Twilio allows"),
    ],
)
def test_a_message_waits_in_the_queue_no_longer_than_it_is_of_use(
    until: datetime | None, seconds: int, reason: str
) -> None:
    assert sent(SmsProvider(), outgoing(until=until)).validity == seconds, reason


def test_what_a_channel_says_of_itself_follows_the_settings() -> None:
    sms, whatsapp = SmsProvider().made(), WhatsAppProvider().made()
    assert sms.limits == Limits(per_second=1, segmented=True)
    assert whatsapp.limits == Limits(per_second=20, window=timedelta(hours=24))
    for channel in (sms, whatsapp):
        assert (channel.capabilities.longest, channel.capabilities.buttons) == (1600, False)
        assert channel.thanks == ("text/xml", "<Response/>")


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (21610, Failure.OPTED_OUT),
        (21211, Failure.UNREACHABLE),
        (21408, Failure.UNREACHABLE),
        (21612, Failure.UNREACHABLE),
        (21614, Failure.UNREACHABLE),
        (63016, Failure.UNREACHABLE),
        (20429, Failure.BUSY),
        (21611, Failure.BUSY),
        (30001, Failure.BUSY),
        (14107, Failure.REFUSED),
        (21617, Failure.REFUSED),
        (20003, Failure.MISCONFIGURED),
        (20005, Failure.MISCONFIGURED),
        (20404, Failure.MISCONFIGURED),
        (21606, Failure.MISCONFIGURED),
        (21609, Failure.MISCONFIGURED),
        (21659, Failure.MISCONFIGURED),
        (21701, Failure.MISCONFIGURED),
    ],
)
def test_a_refusal_says_what_to_do_about_it(code: int, failure: Failure) -> None:
    provider = SmsProvider()
    provider.emulator.next_error(code)
    outcome = live(provider, lambda channel: channel.send(outgoing()))
    assert outcome == NotSent(f"Twilio refused with {code}", failure)
    assert provider.emulator.sent == []


@pytest.mark.parametrize(
    ("status", "code", "outcome", "reason"),
    [
        (400, 99999, NotSent("Twilio refused with 99999", Failure.REFUSED), "a refusal nobody has listed"),
        (400, None, NotSent("Twilio refused with 400", Failure.REFUSED), "one without a code"),
        (401, 401, NotSent("Twilio refused with 401", Failure.MISCONFIGURED), "the library repeats the status"),
        (404, 404, NotSent("Twilio refused with 404", Failure.MISCONFIGURED), "a proxy knows no such address"),
        (429, 429, NotSent("Twilio refused with 429", Failure.BUSY), "a proxy that asks for patience"),
        (499, 499, NotSent("Twilio refused with 499", Failure.REFUSED), "no status of the standard"),
        (408, 408, Unknown("Twilio answered 408"), "a request that timed out may have been taken"),
        (302, None, Unknown("Twilio answered 302"), "no refusal"),
        (500, 20500, Unknown("Twilio answered 500"), "an error behind the door, whatever code it carries"),
        (502, 502, Unknown("Twilio answered 502"), "a page of a proxy"),
        (503, 20429, Unknown("Twilio answered 503"), "only a refusal proves that nothing was taken"),
    ],
)
def test_only_a_refusal_proves_that_nothing_was_taken(
    status: int, code: int | None, outcome: NotSent | Unknown, reason: str
) -> None:
    assert refused(status, code) == outcome, reason


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("30003", Failure.AWAY),
        ("30008", Failure.AWAY),
        ("30005", Failure.UNREACHABLE),
        ("30006", Failure.UNREACHABLE),
        ("30007", Failure.REFUSED),
        ("30036", Failure.REFUSED),
        ("30001", Failure.BUSY),
        ("21610", Failure.OPTED_OUT),
        ("63016", Failure.UNREACHABLE),
        ("39999", Failure.AWAY),  # not listed: Twilio's own "unknown", 30008, is treated so
        ("", Failure.AWAY),
        ("五", Failure.AWAY),
    ],
)
def test_a_report_of_failure_says_what_to_do_about_it(code: str, failure: Failure) -> None:
    assert failed(code) is failure


def test_every_code_that_alarms_is_listed_and_the_emulator_knows_no_other() -> None:
    assert CODES.keys() >= ALARMING
    assert ERRORS.keys() <= CODES.keys()


def test_a_resident_who_said_stop_to_twilio_is_opted_out() -> None:
    provider = SmsProvider()
    provider.emulator.opted_out.add(provider.address)
    assert live(provider, lambda channel: channel.send(outgoing())).failure is Failure.OPTED_OUT


def test_a_wrong_token_is_no_fault_of_the_message() -> None:
    provider = SmsProvider()
    provider.emulator.token = "another"  # noqa: S105 - of this test alone
    assert live(provider, lambda channel: channel.send(outgoing())).failure is Failure.MISCONFIGURED


async def _wait(channel: TwilioChannel, faults: list[str], provider: SmsProvider, text: str = TEXT) -> None:
    """Lose the answers to `faults` so."""
    for number, fault in enumerate(faults):
        provider.fault(fault)
        assert isinstance(await channel.send(outgoing(f"lost{number}", text)), Unknown)


def evidence(
    *,
    text: str = TEXT,
    asked: str = TEXT,
    fault: str = "drop_after",
    since: timedelta = timedelta(0),
    known: bool = False,
    absent_after: float = 0.0,
    provider: SmsProvider | None = None,
    line: dict[str, object] | None = None,
) -> Any:
    """Send `text`, lose the answer, and ask for `asked`; `known`: the message is another one's."""
    told = provider or SmsProvider()
    at = datetime.now(UTC) + since

    async def scenario(channel: TwilioChannel) -> Any:
        await _wait(channel, [fault], told, text)
        others = frozenset(message.id for message in told.emulator.sent) if known else frozenset()
        return await channel.evidence(outgoing("lost0", asked), at, others)

    found = live(told, scenario, lambda: told.patient(absent_after=absent_after, line=line))
    return (found, told.emulator.sent[0].id) if told.emulator.sent else (found, "")


@pytest.mark.parametrize("provider", [SmsProvider, WhatsAppProvider])
def test_a_message_whose_answer_was_lost_is_found_in_the_list(provider: type[SmsProvider]) -> None:
    found, sid = evidence(provider=provider())
    assert found == Accepted(sid)


def test_it_is_found_by_its_messaging_service_too() -> None:
    found, sid = evidence(line={"service": SERVICE})
    assert found == Accepted(sid)


def test_spaces_at_the_ends_make_no_difference() -> None:
    found, sid = evidence(text=TEXT, asked=f" {TEXT}\n")
    assert found == Accepted(sid)


def test_a_message_that_is_not_listed_was_not_sent_once_time_enough_has_passed() -> None:
    assert evidence(fault="drop_before")[0] == NotSent("the provider does not list it", Failure.DOWN)
    assert isinstance(evidence(fault="drop_before", absent_after=20.0)[0], Unknown)
    assert isinstance(evidence(fault="drop_before", absent_after=20.0, since=timedelta(seconds=-30))[0], NotSent)


def test_a_message_of_another_attempt_is_no_evidence() -> None:
    assert isinstance(evidence(known=True)[0], NotSent)


def test_a_message_of_long_before_the_call_is_no_evidence() -> None:
    assert isinstance(evidence(since=timedelta(seconds=120))[0], Unknown), "the call has not been made yet"
    assert isinstance(evidence(since=timedelta(seconds=120), absent_after=-300.0)[0], NotSent)


def test_a_clock_that_is_half_a_minute_ahead_finds_its_message() -> None:
    found, sid = evidence(since=timedelta(seconds=30))
    assert found == Accepted(sid)


def test_another_wording_leaves_it_open() -> None:
    """Smart encoding and trial accounts change words on their way: that must not lead to a second message."""
    assert isinstance(evidence(text=f"Sent from a trial account - {TEXT}")[0], Unknown)


def test_messages_of_other_senders_of_the_account_are_no_evidence() -> None:
    provider = SmsProvider()

    async def scenario(channel: TwilioChannel) -> Any:
        other = provider.patient(line={"service": SERVICE})
        await other.open()
        assert isinstance(await other.send(outgoing()), Accepted)
        await other.close()
        return await channel.evidence(outgoing(), datetime.now(UTC), frozenset())

    assert isinstance(live(provider, scenario), NotSent)


def test_the_list_is_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.twilio.PAGE", 2)
    provider = SmsProvider()

    async def scenario(channel: TwilioChannel) -> Any:
        since = datetime.now(UTC)
        await _wait(channel, ["drop_after"], provider)
        known = [await channel.send(outgoing(f"a{number}", f"另一条 {number}")) for number in range(5)]
        names = frozenset(outcome.provider_id for outcome in known)
        return await channel.evidence(outgoing("lost0"), since, names)

    assert live(provider, scenario) == Accepted(provider.emulator.sent[0].id)


def test_a_list_longer_than_anybody_looks_through_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.twilio.PAGE", 2)
    monkeypatch.setattr("bot.channels.twilio.MOST_LISTED", 4)
    provider = SmsProvider()

    async def scenario(channel: TwilioChannel) -> Any:
        for number in range(6):
            await channel.send(outgoing(f"a{number}", f"另一条 {number}"))
        return await channel.evidence(outgoing("never"), datetime.now(UTC), frozenset())

    assert isinstance(live(provider, scenario), Unknown)


def test_a_yes_that_cannot_be_read_may_still_be_one() -> None:
    provider = SmsProvider()
    provider.emulator.posts.sid = lambda: "no SID at all"  # type: ignore[method-assign]  # a provider gone wrong
    assert isinstance(live(provider, lambda channel: channel.send(outgoing())), Unknown)


def test_the_library_gives_no_warning_and_nothing_reaches_a_log_even_at_debug() -> None:
    """The library itself logs addresses at INFO, and texts in the addresses of its lists."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    quiet = logging.getLogger("twilio").level
    logging.getLogger("twilio").setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            evidence()
            evidence(fault="break")
    finally:
        logging.getLogger("twilio").setLevel(quiet)
        root.removeHandler(handler)
        root.setLevel(level)
    for secret in (SmsProvider.address[1:], NUMBER[1:], TOKEN, "污水"):
        assert secret not in stream.getvalue()


def test_no_region_of_the_machine_s_environment_sends_our_requests_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")

    async def scenario() -> tuple[str, str]:
        transport = Transport()
        client: Client = make_client(transport, ACCOUNT, TOKEN)
        await transport.close()
        return client.get_hostname("https://api.twilio.com/x"), repr(SmsProvider().made()._account)

    host, shown = asyncio.run(scenario())
    assert host == "https://api.twilio.com/x"
    assert TOKEN not in shown


def test_thirty_two_messages_under_way_at_once_are_each_sent_once() -> None:
    provider = SmsProvider()

    async def scenario(channel: TwilioChannel) -> Any:
        return await asyncio.gather(*(channel.send(outgoing(f"a{number}")) for number in range(32)))

    outcomes = live(provider, scenario, lambda: provider.patient(answer_seconds=10.0))
    assert {outcome.provider_id for outcome in outcomes} == {message.id for message in provider.emulator.sent}
    assert all(provider.count(f"a{number}") == 1 for number in range(32))


@pytest.mark.parametrize(
    ("change", "codes", "reason"),
    [
        ({}, set(), "all is well"),
        ({"token": "another"}, {"twilio_credentials"}, "a wrong token"),
        ({"status": "suspended"}, {"twilio_account_inactive"}, "a suspended account"),
        ({"type": "Trial"}, {"twilio_trial"}, "a trial account"),
        ({"webhooks": {"sms": "https://elsewhere.example.org"}}, {"twilio_webhook"}, "messages go elsewhere"),
        ({"webhooks": {"sms": ""}}, {"twilio_webhook"}, "messages go nowhere"),
    ],
)
@pytest.mark.parametrize("service", ["", SERVICE])
def test_the_examination_says_what_to_mend(change: dict[str, Any], codes: set[str], reason: str, service: str) -> None:
    provider = SmsProvider()
    provider.emulator.service = "https://pingyi.example.org"
    for name, value in change.items():
        setattr(provider.emulator, name, value)
    found = live(
        provider, lambda channel: channel.examine(), lambda: provider.patient(line={"service": service, "region": "SE"})
    )
    assert {problem.code for problem in found.problems} == codes, reason
    assert found.facts["webhook"] == "https://pingyi.example.org/channels/sms/messages"
    assert TOKEN not in str(found)


@pytest.mark.parametrize(
    ("provider", "line", "code"),
    [
        (SmsProvider, {"sender": "+15005559999"}, "twilio_no_sender"),
        (SmsProvider, {"service": "MG" + "9" * 32}, "twilio_no_sender"),
        (WhatsAppProvider, {"sender": "+15005559999"}, "twilio_no_sender"),
        (SmsProvider, {"region": "CN"}, "twilio_mainland"),
    ],
)
def test_the_examination_notices_a_sender_of_somebody_else(
    provider: type[SmsProvider], line: dict[str, str], code: str
) -> None:
    told = provider()
    told.emulator.service = "https://pingyi.example.org"
    found = live(told, lambda channel: channel.examine(), lambda: told.patient(line={"region": "SE", **line}))
    assert [problem.code for problem in found.problems] == [code]


def test_the_examination_of_whatsapp_finds_its_sender_online() -> None:
    provider = WhatsAppProvider()
    provider.emulator.service = "https://pingyi.example.org"
    found = live(provider, lambda channel: channel.examine())
    assert found.problems == ()
    assert found.facts["sender_status"] == "ONLINE"


def test_a_service_that_leaves_messages_to_its_numbers_is_told_of() -> None:
    provider = SmsProvider()
    provider.emulator.webhooks["sms"] = "number"
    line = {"service": SERVICE, "region": "SE"}
    found = live(provider, lambda channel: channel.examine(), lambda: provider.patient(line=line))
    assert [problem.code for problem in found.problems] == ["twilio_webhook_on_number"]


def test_an_examination_without_an_answer_says_so() -> None:
    provider = SmsProvider()

    async def alone() -> Any:
        channel = provider.made()
        await channel.open()
        try:
            return await channel.examine()
        finally:
            await channel.close()

    found = asyncio.run(alone())
    assert [problem.code for problem in found.problems] == ["twilio_unreachable", "twilio_mainland"]


def test_an_address_that_is_not_https_is_told_of() -> None:
    from bot.channels.sms import make_sms
    from scheduler.clock import SteppedClock

    provider = SmsProvider()

    def plain() -> TwilioChannel:
        changed = settings(provider.url).model_copy(update={"public_url": "http://10.0.0.1:8450", "region": "SE"})
        return make_sms(changed, SteppedClock(NOW))

    provider.emulator.service = "http://10.0.0.1:8450"
    found = live(provider, lambda channel: channel.examine(), plain)
    assert [problem.code for problem in found.problems] == ["public_url_not_https"]


def test_the_emulator_counts_what_comes_faster_than_allowed() -> None:
    """Segments are charged: after one of three at 0.001 a second nothing is due for most of an hour."""
    provider = SmsProvider()
    provider.emulator.per_second = 0.001

    async def scenario(channel: TwilioChannel) -> None:
        await channel.send(outgoing("first", "评" * 150))
        await channel.send(outgoing("second"))
        provider.emulator.faults.set(Fault.THROTTLE, 1)
        await channel.send(outgoing("third"))

    live(provider, scenario)
    first, second = provider.emulator.sent
    assert (first.segments, provider.emulator.violations) == (3, [second])
    assert [call.outcome for call in provider.emulator.calls] == ["accepted", "accepted", "429 20429"]
