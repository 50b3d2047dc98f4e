"""The emulated Bot API is one to the library's own client as well, on its own transport."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter

from bot.simulator.faults import Fault
from tests.emulators.chances import Chances
from tests.emulators.telegram import Sent, TelegramEmulator
from tests.emulators.telegramanswers import Refusal

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("满意", callback_data="g.1")]])


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library hand out durations as such, as the service does."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def played(act: Callable[[TelegramEmulator, Bot], Awaitable[Any]], **how: Any) -> Any:
    """Run `act` with an emulator and the library's client for it."""

    async def run() -> Any:
        async with (
            TelegramEmulator(**how).running() as emulator,
            Bot(emulator.token, base_url=f"{emulator.url}/bot", base_file_url=f"{emulator.url}/file/bot") as bot,
        ):
            return await act(emulator, bot)

    return asyncio.run(run())


def test_the_client_reads_every_answer() -> None:
    async def act(emulator: TelegramEmulator, bot: Bot) -> None:
        assert (await bot.get_me()).username == emulator.name
        message = await bot.send_message(1001, "满意吗?", reply_markup=BUTTONS)
        assert (message.text, message.chat.id) == ("满意吗?", 1001)
        await emulator.write("1001", "一")
        await emulator.edit("1001", 5, "二")
        await emulator.tap("1001", emulator.sent[0], 0)
        await emulator.block("1001")
        await emulator.unblock("1001")
        updates = await bot.get_updates()
        kinds = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, *[Update.MY_CHAT_MEMBER] * 2]
        assert [next(iter(set(update.to_dict()) - {"update_id"})) for update in updates] == kinds
        query = updates[2].callback_query
        assert query is not None
        assert query.data == "g.1"
        assert await query.answer("✓")
        assert await query.edit_message_text("满意吗? ✓")
        assert await bot.get_updates(offset=updates[-1].update_id + 1) == ()
        file = await bot.get_file(emulator.upload(b"OggS", "audio/ogg", "voice/1.oga"))
        assert await file.download_as_bytearray() == b"OggS"
        assert await bot.set_webhook("https://a.example/x", secret_token="s", allowed_updates=["message"])  # noqa: S106 - opens nothing
        assert (await bot.get_webhook_info()).url == "https://a.example/x"
        assert await bot.delete_webhook()
        assert emulator.toasts == {query.id: "✓"}
        assert (emulator.shown[1].text, emulator.shown[1].keyboard) == ("满意吗? ✓", [])

    played(act)


@pytest.mark.parametrize(
    ("chat", "text", "error"),
    [
        (1001, "", BadRequest),
        (1001, "x" * 4097, BadRequest),
        (1002, "您好", Forbidden),
        (1003, "您好", BadRequest),
    ],
)
def test_what_telegram_would_refuse_is_refused(chat: int, text: str, error: type[Exception]) -> None:
    async def act(emulator: TelegramEmulator, bot: Bot) -> None:
        emulator.blocked.add("1002")
        emulator.strangers.add("1003")
        with pytest.raises(error) as caught:
            await bot.send_message(chat, text)
        assert type(caught.value) is error
        assert emulator.sent == []
        assert len(emulator.calls) == 1

    played(act)


def test_a_wrong_token_a_wrong_method_and_a_wrong_moment_are_refused() -> None:
    async def act(emulator: TelegramEmulator, bot: Bot) -> None:
        wrong = Bot("1:wrong", base_url=f"{emulator.url}/bot")
        with pytest.raises(InvalidToken):
            await wrong.initialize()
        await wrong.shutdown()
        with pytest.raises(InvalidToken):
            await bot.get_chat(1001)  # a method there is no need of here
        await bot.set_webhook("https://a.example/x")
        with pytest.raises(Conflict):
            await bot.get_updates()

    played(act)


def test_an_error_that_is_asked_for_happens_once() -> None:
    async def act(emulator: TelegramEmulator, bot: Bot) -> None:
        emulator.next_error(429, "Too Many Requests: retry after 5", retry_after=5)
        with pytest.raises(RetryAfter):
            await bot.send_message(1001, "您好")
        await bot.send_message(1001, "您好")
        assert [call.outcome for call in emulator.calls] == ["429", "accepted"]

    played(act)


@pytest.mark.parametrize(("limits", "allowed"), [({"per_second": 2}, 2), ({"per_chat_gap": 60}, 1)])
def test_limits_are_enforced_and_every_violation_counted(limits: dict[str, float], allowed: int) -> None:
    emulator, now = TelegramEmulator(**limits), time.monotonic()
    for _ in range(4):
        with suppress(Refusal):
            emulator._limit("1001", now)
    assert emulator.violations == 4 - allowed
    emulator._limit("1001", now + 61)  # later it is free again
    assert emulator.violations == 4 - allowed


def test_what_is_above_the_limit_is_told_how_long_to_wait() -> None:
    async def act(emulator: TelegramEmulator, bot: Bot) -> None:
        await bot.send_message(1001, "您好")
        with pytest.raises(RetryAfter):
            await bot.send_message(1001, "您好")
        assert len(emulator.sent) == 1

    played(act, per_chat_gap=60)


def posting(act: Callable[[TelegramEmulator], Awaitable[Any]], statuses: list[int], **how: Any) -> list[int]:
    """Return the update ids a service got that answered with `statuses`, then with 200."""
    got: list[int] = []

    async def take(request: web.Request) -> web.Response:
        got.append((await request.json())["update_id"])
        return web.Response(status=statuses.pop(0) if statuses else 200)

    async def run() -> None:
        app = web.Application()
        app.router.add_post("/channels/telegram/messages", take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with TelegramEmulator(service=service, **how).running() as emulator:
            await act(emulator)
        await runner.cleanup()

    asyncio.run(run())
    return got


def test_a_post_is_repeated_until_it_is_taken() -> None:
    async def act(emulator: TelegramEmulator) -> None:
        assert await emulator.write("1001", "一")

    assert posting(act, [503, 500]) == [1, 1, 1]


def test_a_post_is_given_up_in_the_end() -> None:
    async def act(emulator: TelegramEmulator) -> None:
        assert not await emulator.write("1001", "一")
        assert "503" in emulator.hook.error

    assert posting(act, [503] * 9, patience=0.0) == [1]


def test_posts_are_doubled_and_overtaken_as_the_faults_say() -> None:
    async def act(emulator: TelegramEmulator) -> None:
        emulator.faults.set(Fault.REORDER, 1)
        first = asyncio.create_task(emulator.write("1001", "一"))
        await asyncio.sleep(0)
        emulator.faults.set(Fault.DUPLICATE, 1)
        await emulator.write("1002", "二")
        await first

    assert posting(act, []) == [2, 2, 1]


def test_a_simulated_resident_hears_of_every_accepted_message_and_can_reply() -> None:
    replies: list[Sent] = []

    async def act(emulator: TelegramEmulator, bot: Bot) -> None:
        async def reply(sent: Sent) -> None:
            replies.append(sent)
            await emulator.tap(sent.address, sent, 0)

        emulator.listeners.append(reply)
        emulator.faults.set(Fault.REFUSE, 1)
        with pytest.raises(BadRequest):
            await bot.send_message(1001, "您好")
        await bot.send_message(1001, "满意吗?", reply_markup=BUTTONS)
        [update] = await bot.get_updates(timeout=5)
        assert update.callback_query is not None

    played(act, faults=Chances())
    assert [sent.text for sent in replies] == ["满意吗?"]
