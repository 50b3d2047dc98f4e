"""The Telegram channel with the real client library against an emulated Bot API."""

from __future__ import annotations

import asyncio
import io
import json
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from logbook import logged
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram_provider import NOW, TelegramProvider

from bot.channels.channel import RawRequest, Take, Unfetchable
from bot.channels.telegram import LONGEST, Account, TelegramChannel, make_telegram
from bot.channels.telegramfaults import outcome, reason
from bot.channels.telegramtransport import NotTaken, TelegramTransport, proxy_for
from bot.settings import Settings
from bot.simulator.faults import Fault
from scheduler.clock import SteppedClock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from storage.gates import Limits
from storage.inbox import Act, Inbound
from storage.receipts import Receipt
from surveys.dialogue.attachment import AttachmentKind
from tests.emulators.telegram import TOKEN, TelegramEmulator

QUESTION = Outgoing("a1", "1001", "满意吗?\n1. 满意\n2. 一般", ("满意", "一般"), "guard1")

Scenario = Callable[[TelegramProvider, TelegramChannel], Awaitable[Any]]


def live(scenario: Scenario, **changes: Any) -> Any:
    """Run `scenario` with the emulator running and a channel open to it; `changes` are of the account."""

    async def run() -> Any:
        provider = TelegramProvider()
        async with provider.running():
            channel = provider.channel(**changes)
            await channel.open()
            try:
                return await scenario(provider, channel)
            finally:
                await channel.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("code", "description", "parameters", "failure"),
    [
        (403, "Forbidden: bot was blocked by the user", {}, Failure.BLOCKED),
        (403, "Forbidden: user is deactivated", {}, Failure.BLOCKED),
        (403, "Forbidden: bot can't initiate conversation with a user", {}, Failure.UNREACHABLE),
        (400, "Bad Request: chat not found", {}, Failure.UNREACHABLE),
        (400, "Bad Request: message is too long", {}, Failure.REFUSED),
        (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -100}, Failure.UNREACHABLE),
        (429, "Too Many Requests: retry after 7", {"retry_after": 7}, Failure.BUSY),
        (429, "Too Many Requests", {}, Failure.BUSY),  # said without for how long
        (401, "Unauthorized", {}, Failure.MISCONFIGURED),
        (404, "Not Found", {}, Failure.MISCONFIGURED),
        (409, "Conflict", {}, Failure.MISCONFIGURED),
        (413, "Request Entity Too Large", {}, Failure.MISCONFIGURED),
        (302, "Found", {}, Failure.MISCONFIGURED),  # the address of the Bot API is written wrongly
    ],
)
def test_a_refusal_of_telegram_is_known_for_what_it_is(
    code: int, description: str, parameters: dict[str, int], failure: Failure
) -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        provider.emulator.next_error(code, description, **parameters)
        return await channel.send(QUESTION)

    result = live(scenario)
    assert isinstance(result, NotSent)
    assert result.failure is failure
    assert result.retry_after == parameters.get("retry_after", 0)


@pytest.mark.parametrize("code", [500, 502, 504])
def test_an_error_behind_telegrams_door_leaves_the_outcome_open(code: int) -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        provider.emulator.next_error(code, "Bad Gateway")
        return await channel.send(QUESTION)

    assert isinstance(live(scenario), Unknown)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>", Unknown),
        (200, b"[]", Unknown),
        (200, b'{"ok": false}', Unknown),
        (200, b'{"ok": true, "result": true}', Unknown),
        (200, b"[" * 9000, Unknown),
        (204, b"", Unknown),
        (403, b"<html>Forbidden by a firewall</html>", NotSent),  # not the resident's doing
        (400, b'{"ok": false, "parameters": 5}', NotSent),
        (429, b"<html>", NotSent),
    ],
)
def test_an_answer_that_is_not_telegrams_is_not_taken_for_one(status: int, body: bytes, kind: type[Any]) -> None:
    async def run() -> Any:
        async def answer(_request: web.Request) -> web.Response:
            return web.Response(status=status, body=body)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        channel = TelegramProvider().channel(url=f"http://127.0.0.1:{runner.addresses[0][1]}")
        await channel.open()
        try:
            return await channel.send(QUESTION)
        finally:
            await channel.close()
            await runner.cleanup()

    result = asyncio.run(run())
    assert type(result) is kind
    if isinstance(result, NotSent):
        assert result.failure is not Failure.BLOCKED


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Forbidden("Forbidden: bot was kicked"), Failure.BLOCKED),
        (BadRequest("PEER_ID_INVALID"), Failure.UNREACHABLE),
        (BadRequest("Chat not found"), Failure.UNREACHABLE),
        (InvalidToken("x"), Failure.MISCONFIGURED),
        (Conflict("x"), Failure.MISCONFIGURED),
        (RetryAfter(3), Failure.BUSY),
        (TimedOut(), None),
        (NetworkError("x"), None),
        (KeyError("result"), None),
        (RuntimeError("x"), None),
    ],
)
def test_only_a_refusal_proves_that_nothing_was_sent(error: Exception, expected: Failure | None) -> None:
    result = outcome(error)
    assert (result.failure if isinstance(result, NotSent) else None) is expected


@pytest.mark.parametrize(
    "message",
    [
        Outgoing("a1", "1001", "x" * (LONGEST + 1)),
        Outgoing("a1", "+8613900000001x", "您好"),
    ],
)
def test_what_telegram_could_not_take_is_not_even_tried(message: Outgoing) -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        return await channel.send(message), provider.emulator.calls

    result, calls = live(scenario)
    assert isinstance(result, NotSent)
    assert result.failure.final
    assert calls == []


def test_a_question_shows_its_options_as_buttons_and_its_text_as_it_stands() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        assert isinstance(await channel.send(QUESTION), Accepted)
        return provider.emulator.sent

    [sent] = live(scenario)
    assert (sent.text, sent.options, sent.answered) == (QUESTION.text, ("满意", "一般"), True)
    assert sent.data == ("guard1.1", "guard1.2")


def test_a_connection_lost_after_acceptance_is_written_down_by_the_emulator() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        provider.fault("drop_after")
        assert isinstance(await channel.send(QUESTION), Unknown)
        return provider.emulator

    emulator: TelegramEmulator = live(scenario)
    assert [sent.answered for sent in emulator.sent] == [False]
    assert [call.outcome for call in emulator.calls] == ["dropped_after"]


async def tapped(provider: TelegramProvider, channel: TelegramChannel, message: Outgoing, language: str) -> Inbound:
    """Send a question, tap its second button, and return what comes in."""
    await channel.send(message)
    async with listening(channel) as taken:
        await provider.emulator.tap("1001", provider.emulator.sent[-1], 1, language=language)
        return await taken.get()


@asynccontextmanager
async def listening(channel: TelegramChannel) -> AsyncIterator[asyncio.Queue[Inbound]]:
    """Let the channel listen, and return where its messages arrive."""
    taken: asyncio.Queue[Inbound] = asyncio.Queue()

    async def take(inbounds: Sequence[Inbound], _receipts: Sequence[Receipt]) -> None:
        for inbound in inbounds:
            taken.put_nowait(inbound)

    async with listening_to(channel, take):
        yield taken


@asynccontextmanager
async def listening_to(channel: TelegramChannel, take: Take) -> AsyncIterator[None]:
    """Let the channel listen for `take`."""
    task = asyncio.create_task(channel.listen(take))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def nobody(_inbounds: Sequence[Inbound], _receipts: Sequence[Receipt]) -> None:
    """Take nothing."""


@pytest.mark.parametrize(
    ("language", "discreet", "stale", "note", "text"),
    [
        ("zh-hans", False, False, "✓ 一般", "满意吗?\n1. 满意\n2. 一般\n\n✓ 一般"),
        ("en", False, False, "✓ 一般", "满意吗?\n1. 满意\n2. 一般\n\n✓ 一般"),
        ("zh-hans", True, False, "已记下，谢谢。", "满意吗?\n1. 满意\n2. 一般"),  # nobody may see the choice
        ("en", True, False, "Noted, thank you.", "满意吗?\n1. 满意\n2. 一般"),
        ("zh-hans", False, True, "这道题已经答过了。", "满意吗?\n1. 满意\n2. 一般"),
        ("de", False, True, "This question has been answered already.", "满意吗?\n1. 满意\n2. 一般"),
    ],
)
def test_a_tap_is_answered_and_its_buttons_vanish(
    language: str, note: str, text: str, *, discreet: bool, stale: bool
) -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        message = Outgoing("a1", "1001", QUESTION.text, QUESTION.options, "guard1", discreet=discreet)
        inbound = await tapped(provider, channel, message, language)
        assert (inbound.text, inbound.tap) == ("2", "guard1")
        await channel.heard(inbound, stale=stale)
        await channel.heard(inbound, stale=stale)  # heard again: Telegram's complaints are harmless
        return provider.emulator

    emulator = live(scenario, polling=True)
    assert list(emulator.toasts.values()) == [note]
    assert (emulator.shown[1].text, emulator.shown[1].keyboard) == (text, [])


def test_showing_a_tap_fails_quietly() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> None:
        inbound = await tapped(provider, channel, QUESTION, "zh")
        await channel.close()
        await channel.heard(inbound, stale=False)
        await channel.heard(Inbound("telegram", "1", "telegram", "1001", "1", NOW), stale=False)  # typed
        await channel.heard(Inbound("telegram", "1", "telegram", "1001", "1", NOW, handle="{}"), stale=False)

    live(scenario, polling=True)


def test_updates_are_confirmed_to_telegram_only_once_they_are_taken() -> None:
    """A taker that fails is handed the same updates again; those taken do not come back."""

    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> list[list[str]]:
        handed: list[list[str]] = []
        second, third = asyncio.Event(), asyncio.Event()

        async def take(inbounds: Sequence[Inbound], _receipts: Sequence[Receipt]) -> None:
            handed.append([inbound.text for inbound in inbounds])
            if len(handed) == 1:
                raise OSError("the database is away")
            (second if len(handed) == 2 else third).set()

        await provider.emulator.write("1001", "一")
        async with listening_to(channel, take):
            await second.wait()
            await provider.emulator.write("1002", "二")
            await third.wait()
        return handed

    assert live(_at_once(scenario), polling=True) == [["一"], ["一"], ["二"]]


def _at_once(scenario: Scenario) -> Scenario:
    """Let the channel rest for no time between its tries."""

    async def quick(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        channel._pause = lambda _: asyncio.sleep(0)
        return await scenario(provider, channel)

    return quick


def test_an_update_nobody_can_read_does_not_hold_up_the_next() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Inbound:
        provider.emulator.posts.waiting[0] = {"update_id": 0, "message": {"chat": 5}}
        await provider.emulator.write("1001", "在吗")
        async with listening(channel) as taken:
            return await taken.get()

    assert live(scenario, polling=True).text == "在吗"


def test_fetching_takes_a_webhook_out_of_the_way_and_waits_longer_after_each_fault() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> tuple[list[float], Inbound]:
        rests: list[float] = []
        elsewhere = "https://elsewhere.example.org/hook"

        async def pause(seconds: float) -> None:
            rests.append(seconds)

        real = provider.emulator._do_deleteWebhook

        async def delete(data: dict[str, Any]) -> Any:
            await real(data)
            if len(rests) < 3:
                provider.emulator.hook.url = elsewhere  # another program has set it again
            return True

        provider.emulator._do_deleteWebhook = delete  # type: ignore[method-assign] # a fault of this test alone
        channel._pause, channel._chance = pause, lambda: 1.0
        await provider.emulator.write("1001", "在吗")
        async with listening(channel) as taken:
            return rests, await taken.get()

    rests, inbound = live(scenario, polling=True)
    assert rests == [1, 2, 4]
    assert inbound.text == "在吗"


def test_telegram_is_told_where_to_post_until_it_has_heard() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> TelegramEmulator:
        real, tries = provider.emulator._do_setWebhook, []

        async def deaf_once(data: dict[str, Any]) -> Any:
            tries.append(1)
            if len(tries) == 1:
                raise web.HTTPBadGateway
            return await real(data)

        provider.emulator._do_setWebhook = deaf_once  # type: ignore[method-assign] # a fault of this test alone
        await channel.listen(nobody)
        return provider.emulator

    emulator = live(_at_once(scenario), service="https://pingyi.example.org")
    assert emulator.hook.url == "https://pingyi.example.org/channels/telegram/messages"
    assert emulator.hook.secret == TelegramProvider.secret
    assert set(emulator.hook.allowed) == {"message", "edited_message", "callback_query", "my_chat_member"}


@pytest.mark.parametrize(
    ("service", "url", "polling", "webhook"),
    [
        ("https://a.example", "", False, "https://a.example/channels/telegram/messages"),
        ("http://127.0.0.1:8450", "", False, ""),  # Telegram itself posts to https only
        ("http://127.0.0.1:8450", "http://127.0.0.1:1", False, "http://127.0.0.1:8450/channels/telegram/messages"),
        ("https://a.example", "", True, ""),
    ],
)
def test_a_webhook_is_set_where_telegram_can_post(service: str, url: str, webhook: str, *, polling: bool) -> None:
    assert Account("1:x", "s", url=url, service=service, polling=polling).webhook == webhook


def test_a_posted_update_reaches_the_service_and_blocking_is_told() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> list[Inbound]:
        heard: list[Inbound] = []

        async def hook(request: web.Request) -> web.Response:
            raw = RawRequest(
                "POST",
                request.path,
                headers={name.lower(): value for name, value in request.headers.items()},
                body=await request.read(),
            )
            heard.extend(channel.parse(raw))
            return web.Response(status=503 if len(heard) == 1 else 200)  # the first time it is not taken

        app = web.Application()
        app.router.add_post("/channels/telegram/messages", hook)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        provider.emulator.service = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await channel.listen(nobody)
        provider.emulator.faults.set(Fault.DUPLICATE, 1)
        assert await provider.emulator.write("1001", "在吗")
        assert await provider.emulator.block("1001")
        result = await channel.send(QUESTION)
        assert isinstance(result, NotSent)
        assert result.failure is Failure.BLOCKED
        await runner.cleanup()
        return heard

    heard = live(scenario, service="https://pingyi.example.org")
    assert [inbound.text for inbound in heard] == ["在吗", "在吗", "在吗", ""]  # refused once, and posted twice
    assert len({inbound.provider_id for inbound in heard}) == 2
    assert heard[-1].act is Act.LEFT


def test_an_attachment_is_fetched_by_its_reference() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        name = provider.emulator.upload(b"OggS...", "audio/ogg", "voice/file_1.oga")
        voice = {"file_id": name, "file_unique_id": name, "duration": 2, "mime_type": "audio/ogg", "file_size": 7}
        async with listening(channel) as taken:
            await provider.emulator.write("1001", "", voice=voice)
            [attachment] = (await taken.get()).attachments
        assert attachment.kind is AttachmentKind.VOICE
        return await channel.fetch(attachment.reference)

    assert live(scenario, polling=True) == ("audio/ogg", b"OggS...")


def test_an_attachment_that_cannot_be_had_says_whether_it_ever_can() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> list[bool]:
        large = provider.emulator.upload(b"x" * (20 * 1024 * 1024 + 1), "video/mp4", "videos/1.mp4")
        finals = []
        for reference in ("nothing", large):
            with pytest.raises(Unfetchable) as caught:
                await channel.fetch(reference)
            finals.append(caught.value.final)
        await channel.close()
        with pytest.raises(Unfetchable) as caught:
            await channel.fetch(large)
        return [*finals, caught.value.final]

    assert live(scenario) == [True, True, False]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"service": "https://a.example"}, []),
        ({"service": "https://a.example", "name": "Pingyi_Emulated_Bot"}, []),  # Telegram does not mind the case
        ({"service": "https://a.example", "name": "other_bot"}, ["telegram_name"]),
        ({"service": "https://b.example"}, ["telegram_other_webhook"]),
        ({"polling": True}, ["telegram_webhook_in_the_way"]),
        ({"service": "https://a.example", "token": "1000:another"}, ["telegram_token"]),
        ({"service": "https://a.example", "url": "http://127.0.0.1:9"}, ["telegram_unreachable"]),
    ],
)
def test_the_check_says_what_is_wrong(changes: dict[str, Any], codes: list[str]) -> None:
    async def scenario(provider: TelegramProvider, _channel: TelegramChannel) -> Any:
        provider.emulator.hook.url = "https://a.example/channels/telegram/messages"
        checked = provider.channel(**changes)
        await checked.open()
        try:
            return await checked.examine()
        finally:
            await checked.close()

    found = live(scenario)
    assert [problem.code for problem in found.problems] == codes
    for problem in found.problems:
        assert TOKEN not in problem.text("zh") + problem.text("en")
        assert problem.text("zh") != problem.text("en")


@pytest.mark.parametrize(
    ("error", "url", "waiting", "codes"),
    [
        ("", "", 0, ["telegram_no_webhook"]),
        ("Wrong response from the webhook: 403 Forbidden", "=", 0, ["telegram_secret"]),
        ("Connection timed out", "=", 0, ["telegram_webhook_failing"]),
        ("", "=", 101, ["telegram_waiting"]),
    ],
)
def test_the_check_says_why_nothing_arrives(error: str, url: str, waiting: int, codes: list[str]) -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        hook = provider.emulator.hook
        hook.url, hook.error, hook.error_at = (url and channel._account.webhook), error, 1_772_413_200
        provider.emulator.posts.waiting.update({number: {"update_id": number} for number in range(waiting)})
        return await channel.examine()

    assert [problem.code for problem in live(scenario, service="https://a.example").problems] == codes


def test_without_an_https_address_the_check_says_how_to_do_without() -> None:
    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> Any:
        from bot.channels.telegramcheck import examine

        return await examine(channel._bot, name=provider.emulator.name, webhook="", polling=False)

    [problem] = live(scenario).problems
    assert problem.code == "telegram_not_public"
    assert "PINGYI_TELEGRAM_POLLING" in problem.text("zh")


def test_the_service_starts_while_telegram_cannot_be_reached() -> None:
    async def run() -> Any:
        channel = TelegramProvider().channel()  # nobody answers there
        await channel.open()
        try:
            return await channel.send(QUESTION)
        finally:
            await channel.close()

    result = asyncio.run(run())
    assert result == NotSent("Telegram cannot be reached: ClientConnectorError", Failure.DOWN)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything logged at the level that tells most."""
    with logged("DEBUG") as stream:
        yield stream


async def _forever(rested: asyncio.Event) -> None:
    rested.set()
    await asyncio.Event().wait()


def test_no_token_text_or_chat_reaches_the_log_whatever_goes_wrong(log: io.StringIO) -> None:
    canary = Outgoing("a1", "700700700701", "canary text", ("canary option",), "g")

    async def scenario(provider: TelegramProvider, channel: TelegramChannel) -> None:
        for fault in ("refuse", "throttle", "break", "drop_before", "drop_after", "slow"):
            provider.fault(fault)
            await channel.send(canary)
        provider.emulator.next_error(401)
        await channel.send(canary)
        wrong = provider.channel(token="1000:canary-token")  # noqa: S106 - opens nothing
        await wrong.open()
        rested = asyncio.Event()
        wrong._pause = lambda _: _forever(rested)
        async with listening_to(wrong, nobody):
            await rested.wait()
        await wrong.close()
        provider.emulator.posts.waiting[0] = {"update_id": 0, "message": {"text": "canary update"}}
        await provider.emulator.write("1001", "canary message")
        async with listening(channel) as taken:
            await taken.get()
        assert "canary" not in repr(wrong._bot)

    live(scenario, polling=True)
    written = log.getvalue()
    assert "an update cannot be read" in written
    assert "canary" not in written
    assert "700700700701" not in written
    assert TOKEN.partition(":")[2] not in written


def test_reasons_that_are_kept_quote_neither_token_nor_number() -> None:
    assert "secret" not in reason(InvalidToken("The token `1:secret` was rejected"))
    assert "secret" not in reason(NetworkError("Unknown error in HTTP implementation: 'https://x/bot1:secret'"))
    assert "13900000001" not in reason(BadRequest("chat +8613900000001 not found"))


def test_the_settings_say_everything_there_is_to_say(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path,
        public_url="https://pingyi.example.org/",
        telegram_token="1:x",  # noqa: S106 - opens nothing
        telegram_name="pingyi_bot",
        telegram_per_second=20,
        telegram_chat_gap=2,
    )
    channel = make_telegram(settings, SteppedClock(NOW))
    assert channel.limits == Limits(per_second=20, gap=2, evidence=False)
    assert channel._account.webhook == "https://pingyi.example.org/channels/telegram/messages"
    assert len(channel._account.secret) == 64
    again = make_telegram(settings, SteppedClock(NOW))
    assert again._account.secret == channel._account.secret  # kept in the data folder
    assert json.dumps(channel._account.secret) not in repr(channel)


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://api.telegram.org", "http://proxy.example:3128"),
        ("http://127.0.0.1:8461", None),  # an emulator
        ("https://bots.example.org", None),  # excepted
    ],
)
def test_the_proxy_of_the_environment_is_used(url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "bots.example.org")
    assert proxy_for(url) == proxy


def test_a_proxy_that_cannot_be_reached_has_sent_nothing() -> None:
    async def run() -> Any:
        transport = TelegramTransport(proxy="http://127.0.0.1:9")
        await transport.initialize()
        try:
            await transport.post("https://127.0.0.1:9/bot1:secret/getMe")
        except NotTaken as error:
            return error
        finally:
            await transport.shutdown()

    error = asyncio.run(run())
    assert error.failure is Failure.DOWN
    assert "secret" not in str(error)


def test_durations_come_as_durations_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = outcome(RetryAfter(9))
    assert isinstance(result, NotSent)
    assert result.retry_after == 9
