"""The office's bot: python-telegram-bot's `Bot` on our transport, with the calls that must be fast or forgiving."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.telegramtransport import TelegramTransport

# The library looks here, and otherwise warns at every duration that it will hand out durations one day.
os.environ["PTB_TIMEDELTA"] = "1"

#: Where Telegram's own Bot API answers.
TELEGRAM_URL = "https://api.telegram.org"
#: Updates fetched at once.
BATCH = 100


class OfficeBot(Bot):
    """The bot of `token` at `url`, the address of a Bot API without `/bot`."""

    __slots__ = ("_transport",)

    def __init__(self, token: str, url: str, transport: TelegramTransport) -> None:
        super().__init__(
            token,
            base_url=f"{url}/bot",
            base_file_url=f"{url}/file/bot",
            request=transport,
            get_updates_request=transport,
        )
        self._transport = transport

    def __repr__(self) -> str:
        """Name the class alone: the library would show the token."""
        return type(self).__name__

    async def connect(self) -> None:
        """Open the pool of connections, without asking Telegram for anything."""
        await self._transport.initialize()

    async def disconnect(self) -> None:
        """Close it."""
        await self._transport.shutdown()

    async def write(self, chat: int, text: str, keyboard: dict[str, Any] | None) -> str:
        """Send a message and return its id. The library would build objects of the message that nobody looks at."""
        data: dict[str, Any] = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
        if keyboard is not None:
            data["reply_markup"] = keyboard
        answer = await self._post("sendMessage", data)
        if not isinstance(answer, dict) or type(answer.get("message_id")) is not int:
            raise TelegramError("an answer without a message id")
        return str(answer["message_id"])

    async def updates(self, offset: int | None, seconds: int, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """Wait up to `seconds` for updates from number `offset` on, and return them unread.

        The library would read all of them at once, so that one it cannot read would hold up the others for ever.
        """
        data: dict[str, Any] = {"timeout": seconds, "limit": BATCH, "allowed_updates": list(kinds)}
        if offset is not None:
            data["offset"] = offset
        found = await self._post("getUpdates", data, read_timeout=self._transport.read_timeout + seconds)
        if not isinstance(found, list):
            raise TelegramError("an answer without updates")
        return found

    async def file(self, reference: str, largest: int) -> tuple[str, bytes]:
        """Return media type and content of a file of at most `largest` bytes."""
        file = await self.get_file(reference)
        if not file.file_path or not file.file_path.startswith(self.base_file_url):
            raise TelegramError("a file without a place")
        return await self._transport.download(file.file_path, largest)
