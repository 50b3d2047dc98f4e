"""What Twilio posts: signatures, messages with what comes along, reports in any order, pictures fetched safely."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession, encode_basic_auth, web
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from simulator_provider import NOW
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator
from twilio_provider import SmsProvider, WhatsAppProvider

from bot.channels import twiliomedia
from bot.channels.channel import RawRequest, Rejected, Unfetchable
from bot.channels.twilio import Account, TwilioChannel
from bot.channels.twiliosignature import genuine
from bot.channels.twiliotransport import Transport, make_client
from bot.simulator.faults import Fault
from scheduler.clock import SteppedClock
from scheduler.sender import Outgoing
from scheduler.talk import Talk
from storage import migrate
from storage.database import Database
from storage.failure import Failure
from storage.receipts import Delivery, Receipt
from storage.tables.messages import inbox
from storage.vault import Keys, Vault
from surveys.campaign.office import Office
from surveys.dialogue.attachment import Attachment, AttachmentKind
from tests.emulators.chances import Chances
from tests.emulators.twilio import ACCOUNT, NUMBER, TOKEN, TwilioEmulator

FIELDS = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=8)
URLS = st.sampled_from(
    [
        "https://pingyi.example.org/channels/sms/messages",
        "https://pingyi.example.org:443/channels/sms/receipts?attempt=a%20b",
        "https://pingyi.example.org:8443/pingyi/channels/sms/receipts?attempt=1",
        "http://127.0.0.1:8450/channels/whatsapp/messages",
        "http://pingyi.example.org/x?a=1&b=%E4%BA%94",
    ]
)


@given(url=URLS, signed_url=URLS, fields=FIELDS, signed_fields=FIELDS, same=st.booleans(), port=st.booleans())
def test_a_signature_is_genuine_exactly_when_twilio_s_own_library_says_so(
    *, url: str, signed_url: str, fields: Any, signed_fields: Any, same: bool, port: bool
) -> None:
    """Whether it was made over the same URL and fields or others, with the port of the URL or without."""
    clean = [(a.encode("utf-8", "replace").decode(), b.encode("utf-8", "replace").decode()) for a, b in fields]
    other = [(a.encode("utf-8", "replace").decode(), b.encode("utf-8", "replace").decode()) for a, b in signed_fields]
    over, made_of = (url, clean) if same else (signed_url, other)
    over = over.replace(":443", "") if port else over.replace("example.org/", "example.org:443/", 1)
    signature = RequestValidator(TOKEN).compute_signature(over, MultiDict(made_of))
    assert genuine(TOKEN, signature, url, clean) == RequestValidator(TOKEN).validate(url, MultiDict(clean), signature)


@given(url=URLS, fields=FIELDS)
def test_what_twilio_s_own_library_signs_is_genuine(url: str, fields: Any) -> None:
    clean = [(a.encode("utf-8", "replace").decode(), b.encode("utf-8", "replace").decode()) for a, b in fields]
    assert genuine(TOKEN, RequestValidator(TOKEN).compute_signature(url, MultiDict(clean)), url, clean)


@pytest.mark.parametrize(
    "url", ["https://pingyi.example.org/a?b=1", "https://pingyi.example.org:443/a?b=1", "https://other.example.org/a"]
)
@pytest.mark.parametrize("seen", ["https://pingyi.example.org/a?b=1", "https://pingyi.example.org:443/a?b=1"])
def test_the_port_of_the_scheme_may_stand_in_the_signed_address_or_not(url: str, seen: str) -> None:
    signature = RequestValidator(TOKEN).compute_signature(url, {"Body": "1"})
    assert genuine(TOKEN, signature, seen, [("Body", "1")]) == ("other" not in url)


def test_the_host_a_request_names_is_never_trusted() -> None:
    """The signature is checked over the configured public address, whatever Host says."""
    provider = SmsProvider()
    request = RawRequest("POST", "/channels/sms/messages", headers={"host": "evil.example.org"}, body=b"Body=1")
    signature = RequestValidator(TOKEN).compute_signature("https://evil.example.org" + request.path, {"Body": "1"})
    forged = replace(request, headers={**request.headers, "x-twilio-signature": signature})
    with pytest.raises(Rejected) as refused:
        provider.made().parse(forged)
    assert refused.value.status == 403


@pytest.mark.parametrize("sender", ["12345", "BANK"])
def test_short_codes_and_names_are_nobody_to_talk_to(sender: str) -> None:
    assert SmsProvider().made().parse(SmsProvider().message("m1", "1", From=sender)) == ()


def test_a_whatsapp_message_posted_to_the_address_for_sms_is_refused_aloud() -> None:
    """The address is set wrongly at Twilio; its console shows the refusal, and the log names the cause."""
    with pytest.raises(Rejected) as refused:
        SmsProvider().made().parse(SmsProvider().message("m1", "1", From="whatsapp:+8613900000001"))
    assert (refused.value.status, refused.value.reason) == (400, "the sender is none of sms")


MEDIA = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, ()),
        ({"NumMedia": "x", "MediaUrl0": f"{MEDIA}0"}, ()),
        ({"NumMedia": "-1", "MediaUrl0": f"{MEDIA}0"}, ()),
        ({"NumMedia": "99999999", "MediaUrl0": f"{MEDIA}0"}, ()),
        ({"NumMedia": "2", "MediaUrl1": f"{MEDIA}1"}, (Attachment(AttachmentKind.FILE, f"{MEDIA}1"),)),
        (
            {
                "NumMedia": "3",
                "MediaUrl0": f"{MEDIA}0", "MediaContentType0": "audio/ogg; codecs=opus",
                "MediaUrl1": f"{MEDIA}1", "MediaContentType1": "image/jpeg",
                "MediaUrl2": f"{MEDIA}2", "MediaContentType2": "image/webp",
            },
            (
                Attachment(AttachmentKind.VOICE, f"{MEDIA}0", "audio/ogg; codecs=opus"),
                Attachment(AttachmentKind.PHOTO, f"{MEDIA}1", "image/jpeg"),
                Attachment(AttachmentKind.STICKER, f"{MEDIA}2", "image/webp"),
            ),
        ),
        (
            {"NumMedia": "1", "MediaUrl0": f"{MEDIA}0", "MediaContentType0": "video/mp4"},
            (Attachment(AttachmentKind.VIDEO, f"{MEDIA}0", "video/mp4"),),
        ),
        (
            {"Latitude": "30.2741", "Longitude": "120.1551"},
            (Attachment(AttachmentKind.LOCATION, text="30.2741,120.1551"),),
        ),
        ({"Latitude": "91", "Longitude": "120"}, ()),
        ({"Latitude": "nan", "Longitude": "120"}, ()),
        ({"Latitude": "30"}, ()),
    ],
)  # fmt: skip
def test_pictures_recordings_and_places_come_along(fields: dict[str, str], found: tuple[Attachment, ...]) -> None:
    for provider in (SmsProvider(), WhatsAppProvider()):
        [inbound] = provider.made().parse(provider.message("m1", "看", **fields))
        assert (inbound.text, inbound.attachments) == ("看", found)


def test_the_words_on_a_button_are_not_taken_for_a_message_of_their_own() -> None:
    [inbound] = WhatsAppProvider().made().parse(WhatsAppProvider().message("m1", "1", ButtonText="满意"))
    assert (inbound.text, inbound.tap) == ("1", "")


def report(state: str, attempt: str = "attempt1", **more: str) -> tuple[Receipt, ...]:
    provider = SmsProvider()
    request = provider.receipt(attempt, "m1", Delivery.ACCEPTED, MessageStatus=state, **more)
    return provider.made().parse_receipt(request)


@pytest.mark.parametrize(
    ("state", "delivery"),
    [
        *((state, Delivery.ACCEPTED) for state in ("queued", "accepted", "scheduled", "sending", "sent")),
        *((state, Delivery.DELIVERED) for state in ("delivered", "read")),
        *((state, Delivery.FAILED) for state in ("undelivered", "failed")),
    ],
)
def test_every_state_of_twilio_is_one_of_three(state: str, delivery: Delivery) -> None:
    [receipt] = report(state)
    assert (receipt.delivery, receipt.attempt, receipt.channel, receipt.at) == (delivery, "attempt1", "sms", NOW)


def test_a_state_nobody_knows_is_passed_over() -> None:
    """Twilio adds states; refusing one would only make it repeat the report, and a final state follows."""
    assert report("partially_delivered") == ()


def test_a_failed_message_tells_its_code() -> None:
    [receipt] = report("undelivered", ErrorCode="30005")
    assert (receipt.error, receipt.failure) == ("undelivered 30005", Failure.UNREACHABLE)
    [away] = report("failed", ErrorCode="not a number at all")
    assert away.failure is Failure.AWAY


@pytest.mark.parametrize(("code", "lines"), [("30007", 1), ("30005", 0)])
def test_a_wording_the_carrier_takes_for_spam_is_told_in_the_log_at_once(code: str, lines: int) -> None:
    with capture_logs() as logged:
        report("undelivered", ErrorCode=code)
    assert [(line["log_level"], line["code"]) for line in logged] == [("error", int(code))] * lines


def test_a_report_without_an_attempt_is_known_by_its_message() -> None:
    [receipt] = report("delivered", attempt="")
    assert (receipt.attempt, receipt.provider_id) == ("", SmsProvider().id("m1"))


@pytest.mark.parametrize(("state", "attempt"), [("", "attempt1"), ("sent", "a b"), ("sent", "x" * 129)])
def test_a_report_of_no_state_or_of_no_attempt_of_ours_is_malformed(state: str, attempt: str) -> None:
    with pytest.raises(Rejected) as refused:
        report(state, attempt)
    assert refused.value.status == 400


def test_the_attempt_in_the_query_is_signed() -> None:
    provider = SmsProvider()
    request = provider.receipt("attempt1", "m1", Delivery.DELIVERED)
    with pytest.raises(Rejected) as refused:
        provider.made().parse_receipt(replace(request, query="attempt=attempt2"))
    assert refused.value.status == 403


def test_a_replayed_message_is_heard_once(database: Database) -> None:
    """Twilio's signature has no time in it, so a replay is genuine; the SID tells that it was heard."""
    provider = SmsProvider()
    channel, request = provider.made(), provider.message("m1", "您好")
    talk = Talk(database, Office(names={"zh": "评议办"}, hotline="12345"), SteppedClock(NOW), {"sms": "phone"})
    for _ in range(3):
        for inbound in channel.parse(request):
            talk.hear(inbound).result()
    with database.read() as connection:
        assert [row.provider_id for row in connection.execute(inbox.select())] == [provider.id("m1")]


@pytest.fixture
def database(tmp_path: Any) -> Any:
    opened = Database(f"sqlite:///{tmp_path / 'pingyi.db'}", Vault(Keys.from_seed("replay")))
    opened.write(migrate.upgrade)
    yield opened
    opened.close()


@asynccontextmanager
async def service(emulator: TwilioEmulator) -> AsyncIterator[tuple[TwilioChannel, list[Any]]]:
    """A channel that sends to the emulator, with an edge of its own that keeps what is posted."""
    took: list[Any] = []
    made: dict[str, TwilioChannel] = {}

    async def take(request: web.Request) -> web.Response:
        raw = RawRequest(
            "POST",
            request.rel_url.raw_path,
            request.rel_url.raw_query_string,
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
        )
        if refusals and refusals.pop():
            return web.Response(status=503)
        channel = made["sms"]
        took.extend(channel.parse(raw) if raw.path.endswith("messages") else channel.parse_receipt(raw))
        return web.Response(text=channel.thanks[1], content_type=channel.thanks[0])

    refusals = [True]
    app = web.Application()
    app.add_routes([web.post("/channels/sms/messages", take), web.post("/channels/sms/receipts", take)])
    runner = web.AppRunner(app, shutdown_timeout=0.01, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    emulator.service = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with emulator.running():
        account = Account(ACCOUNT, TOKEN, emulator.url)
        made["sms"] = TwilioChannel(
            SmsProvider().made()._line, account, service_url=emulator.service, clock=SteppedClock(NOW)
        )
        await made["sms"].open()
        try:
            yield made["sms"], took
        finally:
            await made["sms"].close()
            await runner.cleanup()


def reports(fault: Fault | None = None, failure: int = 0) -> list[Receipt]:
    """Send one message and return the reports of it, whose first is refused once."""

    async def run() -> list[Receipt]:
        emulator = TwilioEmulator(faults=Chances())
        if fault is not None:
            emulator.faults.set(fault, 1)
        if failure:
            emulator.next_failure(failure)
        async with service(emulator) as (channel, took):
            await channel.send(Outgoing("attempt1", "+8613900000001", "您好"))
            await emulator.posts.settled()
            assert emulator.posts.given_up == []
            return took

    return asyncio.run(run())


A, D, F = Delivery.ACCEPTED, Delivery.DELIVERED, Delivery.FAILED


@pytest.mark.parametrize(
    ("fault", "failure", "states"),
    [
        (None, 0, [A, A, D]),
        (Fault.DUPLICATE, 0, [A, A, A, D]),
        (Fault.REORDER, 0, [A, D, A]),
        (Fault.SILENT, 0, []),
        (Fault.DROP_AFTER, 0, [A, A, D]),
        (None, 30005, [A, A, F]),
    ],
)
def test_reports_come_signed_by_twilio_s_library_and_name_the_attempt_though_the_answer_was_lost(
    fault: Fault | None, failure: int, states: list[Delivery]
) -> None:
    got = reports(fault, failure)
    assert [receipt.delivery for receipt in got] == states
    assert {receipt.attempt for receipt in got} <= {"attempt1"}


def test_what_a_resident_writes_arrives_and_stop_shuts_the_way_back() -> None:
    async def run() -> None:
        emulator = TwilioEmulator()
        async with service(emulator) as (channel, took):
            sid = await emulator.write("+8613900000001", "还可以嘛 👍\n谢谢", place=(30.25, 120.5))
            [inbound] = took
            assert (inbound.provider_id, inbound.sender) == (sid, "+8613900000001")
            assert (inbound.text, inbound.attachments[0].text) == ("还可以嘛 👍\n谢谢", "30.25,120.5")
            await emulator.block("+8613900000001")
            assert took[-1].text == "STOP"
            outcome: Any = await channel.send(Outgoing("a1", "+8613900000001", "您好"))
            assert outcome.failure is Failure.OPTED_OUT
            await emulator.write("+8613900000001", "start")
            await channel.send(Outgoing("a2", "+8613900000001", "您好"))
            assert emulator.count("a2") == 1

    asyncio.run(run())


def test_a_message_may_be_overtaken_by_the_next() -> None:
    async def run() -> list[str]:
        emulator = TwilioEmulator()
        emulator.faults.set(Fault.REORDER, 1)
        async with service(emulator) as (_, took):
            await asyncio.gather(emulator.write("+8613900000001", "first"), emulator.write("+8613900000002", "second"))
            return [inbound.text for inbound in took]

    assert asyncio.run(run()) == ["second", "first"]


def test_whoever_listens_reads_each_message_and_may_answer() -> None:
    async def run() -> None:
        emulator = TwilioEmulator()
        heard: list[str] = []
        emulator.listeners.append(lambda sent: heard.append(sent.text))

        async def answer(sent: Any) -> None:
            await emulator.tap(sent.address, sent, 1)

        emulator.listeners.append(answer)
        async with service(emulator) as (channel, took):
            await channel.send(Outgoing("a1", "+8613900000001", "满意吗? 1 是 2 否"))
            await emulator.posts.settled()
            assert heard == ["满意吗? 1 是 2 否"]
            assert "2" in [getattr(item, "text", "") for item in took]

    asyncio.run(run())


def fetched(
    act: Callable[[TwilioEmulator, ClientSession], Awaitable[Any]],
) -> tuple[Any, list[dict[str, str]]]:
    async def run() -> Any:
        emulator = TwilioEmulator()
        async with emulator.running(), ClientSession() as session:
            try:
                return await act(emulator, session), emulator.fetched
            except Unfetchable as error:
                return error, emulator.fetched

    return asyncio.run(run())  # type: ignore[no-any-return]  # what the coroutine returns


AUTH = (ACCOUNT, TOKEN)


def test_a_picture_is_fetched_with_the_credentials_of_the_account() -> None:
    async def act(emulator: TwilioEmulator, _session: ClientSession) -> Any:
        async with service(emulator) as (channel, _took):
            return await channel.fetch(emulator.attach(b"\xff\xd8picture", "image/jpeg"))

    async def run() -> Any:
        return await act(TwilioEmulator(), None)  # type: ignore[arg-type]  # it needs no session

    assert asyncio.run(run()) == ("image/jpeg", b"\xff\xd8picture")


def test_credentials_stay_with_the_api_and_do_not_follow_to_the_media_host() -> None:
    async def act(emulator: TwilioEmulator, session: ClientSession) -> Any:
        emulator.media_at = emulator.url.replace("127.0.0.1", "localhost")
        reference = emulator.attach(b"x", "image/png")
        return await twiliomedia.fetch(session, reference, emulator.url, AUTH, hosts=("localhost",))

    got, headers = fetched(act)
    assert got == ("image/png", b"x")
    assert ["Authorization" in each for each in headers] == [True, False]


def test_a_redirect_to_a_host_that_is_not_twilio_s_is_not_followed() -> None:
    async def act(emulator: TwilioEmulator, session: ClientSession) -> Any:
        emulator.media_at = emulator.url.replace("127.0.0.1", "localhost")
        return await twiliomedia.fetch(session, emulator.attach(b"x", "image/png"), emulator.url, AUTH)

    error, headers = fetched(act)
    assert isinstance(error, Unfetchable)
    assert error.final
    assert len(headers) == 1


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "ME1",
        "http://[::1",
        "http://169.254.169.254/latest/meta-data",
        "https://api.twilio.com.example.org/x",
        "http://api.twilio.com/2010-04-01/x",
        "file:///etc/passwd",
    ],
)
def test_a_reference_to_any_other_address_is_refused_without_a_request(reference: str) -> None:
    error, headers = fetched(lambda _emulator, session: twiliomedia.fetch(session, reference, "", AUTH))
    assert isinstance(error, Unfetchable)
    assert (error.final, headers) == (True, [])


@pytest.mark.parametrize(
    ("change", "final", "reason"),
    [
        ({"media": {}}, True, "it was deleted"),
        ({"token": "another"}, False, "the token is wrong: it may be mended"),
    ],
)
def test_what_cannot_be_fetched_says_whether_it_ever_will_be(
    *, change: dict[str, Any], final: bool, reason: str
) -> None:
    async def act(emulator: TwilioEmulator, session: ClientSession) -> Any:
        reference = emulator.attach(b"x", "image/png")
        for name, value in change.items():
            setattr(emulator, name, value)
        return await twiliomedia.fetch(session, reference, emulator.url, AUTH)

    error, _ = fetched(act)
    assert isinstance(error, Unfetchable)
    assert error.final == final, reason


def test_an_attachment_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twiliomedia, "LARGEST", 10)

    async def act(emulator: TwilioEmulator, session: ClientSession) -> Any:
        return await twiliomedia.fetch(session, emulator.attach(b"x" * 11, "image/png"), emulator.url, AUTH)

    error, _ = fetched(act)
    assert isinstance(error, Unfetchable)
    assert error.final


def test_a_closed_channel_fetches_nothing_and_may_later() -> None:
    with pytest.raises(Unfetchable) as error:
        asyncio.run(SmsProvider().made().fetch(f"{MEDIA}0"))
    assert not error.value.final


def test_the_emulator_answers_with_the_fields_twilio_s_library_reads() -> None:
    """The library is generated from Twilio's published OpenAPI description."""

    async def run() -> Any:
        emulator = TwilioEmulator()
        async with emulator.running():
            transport = Transport()
            client = make_client(transport, ACCOUNT, TOKEN, emulator.url)
            made = await client.messages.create_async(to="+8613900000001", from_=NUMBER, body="您好")
            [listed] = await client.messages.list_async(to="+8613900000001")
            one = await client.messages(made.sid).fetch_async()
            headers = {"Authorization": encode_basic_auth(ACCOUNT, TOKEN)}
            async with transport.session.get(emulator.url + made.uri, headers=headers) as answer:
                raw = await answer.json()
            await transport.close()
            return made, listed, one, raw

    made, listed, one, raw = asyncio.run(run())
    assert raw.keys() == {name.rstrip("_") for name in vars(made) if not name.startswith("_")}
    assert made.sid == listed.sid == one.sid
    assert (made.direction, listed.date_created.utcoffset()) == ("outbound-api", timedelta(0))
