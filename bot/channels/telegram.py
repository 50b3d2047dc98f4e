"""The channel to Telegram: sends through the Bot API, is posted updates or fetches them, and shows what was tapped."""

from __future__ import annotations

import asyncio
import hmac
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from telegram.error import BadRequest, Conflict, InvalidToken

from bot.channels.channel import (
    LARGEST_BODY,
    Capabilities,
    Examination,
    RawRequest,
    Rejected,
    Take,
    Unfetchable,
)
from bot.channels.telegrambot import TELEGRAM_URL, OfficeBot
from bot.channels.telegrambuttons import Tapped, keyboard, read_handle
from bot.channels.telegramcheck import examine
from bot.channels.telegramfaults import outcome, reason, retry_after
from bot.channels.telegramtransport import ANSWER_SECONDS, TelegramTransport, TooLarge, proxy_for
from bot.channels.telegramupdates import KIND, KINDS, LONGEST, NAME, UnreadableUpdate, read_body, read_update
from bot.logs import logger
from bot.secret import kept_secret
from bot.settings import Settings
from scheduler.clock import Clock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from storage.gates import Limits
from storage.inbox import Inbound
from storage.receipts import Receipt
from surveys.language import translate

#: Where Telegram posts its updates, below the address of the service.
PATH = f"/channels/{NAME}/messages"
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
#: Posts Telegram may make at once.
POSTS_AT_ONCE = 40
#: Seconds one look for updates waits for the next.
LONG_POLL = 25
#: Seconds after which the service starts without Telegram's answer.
GREETING_SECONDS = 5.0
#: Seconds between two tries that fail, doubled from the first to the last.
FIRST_PAUSE = 1.0
LAST_PAUSE = 60.0
#: Bytes of the largest file Telegram lets a bot have; characters a note on a tap may have.
LARGEST_FILE = 20 * 1024 * 1024
LONGEST_NOTE = 200


_chance = random.Random().random  # noqa: S311 - spreads tries, keeps no secret


@dataclass(frozen=True, slots=True)
class Account:
    """The office's bot: `url` of another Bot API than Telegram's own, `name` without @, `service` as seen from outside.

    `secret` is what Telegram puts on its posts; with `polling` it posts nothing.
    """

    token: str
    secret: str
    name: str = ""
    url: str = ""
    service: str = ""
    polling: bool = False

    @property
    def webhook(self) -> str:
        """Where Telegram is to post, empty if it is not to or cannot: it posts to https only."""
        able = self.service.startswith("https://") or self.url
        return f"{self.service}{PATH}" if able and not self.polling else ""


def make_telegram(settings: Settings, clock: Clock) -> TelegramChannel:
    """Return the channel as the settings describe it."""
    return TelegramChannel(
        Account(
            token=settings.telegram_token.get_secret_value(),
            secret=settings.telegram_secret.get_secret_value() or kept_secret(settings.folder / "keys/telegram.key"),
            name=settings.telegram_name,
            url=settings.telegram_url,
            service=settings.outside_url,
            polling=settings.telegram_polling,
        ),
        clock,
        Limits(per_second=settings.telegram_per_second, gap=settings.telegram_chat_gap, evidence=False),
    )


class TelegramChannel:
    """Writes to private chats as the bot of `account`, and reads what residents do there."""

    name = NAME
    kind = KIND
    capabilities = Capabilities(buttons=True, longest=LONGEST, media=True, receipts=False)
    thanks = ("", "")

    def __init__(
        self,
        account: Account,
        clock: Clock,
        limits: Limits,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        pause: Callable[[float], Awaitable[Any]] = asyncio.sleep,
        chance: Callable[[], float] = _chance,
    ) -> None:
        self._account, self._clock, self.limits = account, clock, limits
        self._pause, self._chance = pause, chance
        url = account.url or TELEGRAM_URL
        transport = TelegramTransport(proxy=proxy_for(url), answer_seconds=answer_seconds)
        self._bot = OfficeBot(account.token, url, transport)

    async def open(self) -> None:
        """Open the pool of connections, and greet Telegram; the service starts whether it answers or not."""
        await self._bot.connect()
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                await self._bot.get_me()
        except Exception as error:  # noqa: BLE001 - whatever it is, there is more to the service than Telegram
            logger("bot.telegram").warning("Telegram does not know the bot or does not answer", reason=reason(error))

    async def close(self) -> None:
        """Close it."""
        await self._bot.disconnect()

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        """Hand the message to Telegram once."""
        if len(message.text) > LONGEST:
            return NotSent("the text is longer than Telegram takes", Failure.REFUSED)
        try:
            chat = int(message.address)
        except ValueError:
            return NotSent("the address is no Telegram chat", Failure.UNREACHABLE)
        buttons = keyboard(message.options, message.guard, discreet=message.discreet)
        try:
            return Accepted(await self._bot.write(chat, message.text, buttons))
        except Exception as error:  # noqa: BLE001 - whatever it is, the message may have been sent
            return outcome(error)

    async def evidence(
        self,
        message: Outgoing,  # noqa: ARG002 - Telegram cannot be asked
        since: datetime,  # noqa: ARG002 - as above
        known: frozenset[str],  # noqa: ARG002 - as above
    ) -> Accepted | NotSent | Unknown:
        """Say that a bot cannot look up what it has sent."""
        return Unknown("Telegram cannot be asked")

    def parse(self, request: RawRequest) -> tuple[Inbound, ...]:
        """Return what the posted update says, which may be nothing."""
        if len(request.body) > LARGEST_BODY:
            raise Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
        shown = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._account.secret.encode()):
            raise Rejected(HTTPStatus.FORBIDDEN, "the secret is missing or wrong")
        try:
            inbound = read_update(read_body(request.body), self._clock.now())
        except UnreadableUpdate as error:
            raise Rejected(HTTPStatus.BAD_REQUEST, str(error)) from error
        return () if inbound is None else (inbound,)

    def parse_receipt(self, request: RawRequest) -> tuple[Receipt, ...]:  # noqa: ARG002 - there are none
        """Reject it: Telegram does not say what became of a message."""
        raise Rejected(HTTPStatus.NOT_FOUND, "Telegram reports no deliveries")

    async def listen(self, take: Take) -> None:
        """Tell Telegram where to post, or fetch its updates until cancelled."""
        if self._account.polling:
            await self._persist(lambda: self._bot.delete_webhook(drop_pending_updates=False))
            await self._poll(take)
        elif self._account.webhook:
            await self._persist(
                lambda: self._bot.set_webhook(
                    self._account.webhook,
                    secret_token=self._account.secret,
                    allowed_updates=KINDS,
                    max_connections=POSTS_AT_ONCE,
                    drop_pending_updates=False,
                )
            )
        else:
            logger("bot.telegram").error(
                "Telegram cannot post: set PINGYI_PUBLIC_URL to an https address or PINGYI_TELEGRAM_POLLING=true"
            )

    async def heard(self, inbound: Inbound, *, stale: bool) -> None:
        """Answer the tap with a note, take the buttons away and show the choice, unless it is discreet or too late."""
        tapped = read_handle(inbound.handle) if inbound.handle else None
        if tapped is None:
            return
        outcomes = await asyncio.gather(
            self._bot.answer_callback_query(tapped.callback, text=_note(tapped, stale=stale)),
            self._settle(tapped, stale=stale),
            return_exceptions=True,
        )
        for error in outcomes:
            # A second tap finds the buttons gone, and a tap heard late cannot be answered any more.
            if isinstance(error, BaseException) and not isinstance(error, BadRequest):
                logger("bot.telegram").info("a tap is not shown", reason=type(error).__name__)

    async def fetch(self, reference: str) -> tuple[str, bytes]:
        """Return media type and content of a file of at most 20 MB."""
        try:
            return await self._bot.file(reference, LARGEST_FILE)
        except (BadRequest, TooLarge) as error:
            raise Unfetchable(reason(error), final=True) from None
        except Exception as error:  # noqa: BLE001 - the library fails in many ways at a strange answer
            raise Unfetchable(reason(error), final=False) from None

    async def examine(self) -> Examination:
        """Ask Telegram who the bot is and how it reaches the service."""
        return await examine(
            self._bot, name=self._account.name, webhook=self._account.webhook, polling=self._account.polling
        )

    async def _poll(self, take: Take) -> None:
        """Fetch updates; only what has been taken is confirmed to Telegram, by asking for what comes after it."""
        offset: int | None = None
        failed = 0
        while True:
            try:
                found = await self._bot.updates(offset, LONG_POLL, KINDS)
                if found:
                    await take(tuple(filter(None, map(self._read, found))), ())
                    offset = max(update["update_id"] for update in found) + 1
            except Exception as error:  # noqa: BLE001 - whatever it is, listening goes on
                await self._rest(failed, error)
                failed += 1
                if isinstance(error, Conflict):
                    with suppress(Exception):  # the next look says what is wrong
                        await self._bot.delete_webhook(drop_pending_updates=False)
            else:
                failed = 0

    def _read(self, update: dict[str, Any]) -> Inbound | None:
        """Return what a fetched update says; one that cannot be read must not hold up the others."""
        try:
            return read_update(update, self._clock.now())
        except UnreadableUpdate as error:
            logger("bot.telegram").error("an update cannot be read", reason=str(error))
            return None

    async def _persist(self, act: Callable[[], Awaitable[Any]]) -> None:
        """Do something that Telegram must hear of, however long it takes."""
        failed = 0
        while True:
            try:
                await act()
            except Exception as error:  # noqa: BLE001 - the library fails in many ways at a strange answer
                await self._rest(failed, error)
                failed += 1
            else:
                return

    async def _rest(self, failed: int, error: Exception) -> None:
        """Log what went wrong and wait, longer each time."""
        log = logger("bot.telegram")
        if isinstance(error, Conflict):
            log.error("another program fetches this bot's messages, or a webhook is set: stop the other program")
        elif isinstance(error, InvalidToken):
            log.error("Telegram does not accept the token: set PINGYI_TELEGRAM_TOKEN as @BotFather shows it")
        else:
            log.warning("Telegram cannot be listened to", reason=reason(error), failed=failed + 1)
        longest = min(LAST_PAUSE, FIRST_PAUSE * 2 ** min(failed, 10))
        await self._pause(retry_after(error) + longest * (0.5 + self._chance() / 2))

    async def _settle(self, tapped: Tapped, *, stale: bool) -> None:
        """Take the buttons away; show the choice below the question where there is room for it."""
        chosen = f"{tapped.text}\n\n✓ {tapped.label}"
        if stale or tapped.discreet or not tapped.text or not tapped.label or len(chosen) > LONGEST:
            await self._bot.edit_message_reply_markup(tapped.chat, tapped.message, reply_markup=None)
        else:
            await self._bot.edit_message_text(chosen, tapped.chat, tapped.message)


def _note(tapped: Tapped, *, stale: bool) -> str:
    """Return what Telegram shows for a moment, in the language of the resident's phone."""
    if stale:
        return translate(tapped.language, "This question has been answered already.")
    if tapped.discreet or not tapped.label:
        return translate(tapped.language, "Noted, thank you.")
    return f"✓ {tapped.label}"[:LONGEST_NOTE]
