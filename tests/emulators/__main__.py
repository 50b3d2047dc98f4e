"""Telegram and Twilio on this machine: the whole service runs against them, and whoever sits here is the residents."""

from __future__ import annotations

import argparse
import asyncio
import shlex
import sys
import threading
from collections.abc import Awaitable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from tests.emulators.telegram import TelegramEmulator
from tests.emulators.twilio import NUMBER, SERVICE, WHATSAPP, TwilioEmulator

TELEGRAM, WHATSAPP_PREFIX = "tg:", "whatsapp:"
HELP = """\
Type what the resident says. What begins with a slash is for this terminal:
  /as tg:1001          be the resident of a Telegram chat
  /as +8613900000001   be the resident with this phone, by SMS
  /as whatsapp:+86...  the same by WhatsApp
  /tap 2               tap the second button of the last message (Telegram)
  /again 1             tap a button of the message you tapped last: a double or a stale tap
  /photo [WORDS]       send a picture, with a caption if you like; /voice and /place likewise (Telegram)
  /edit WORDS          change the message you wrote last (Telegram)
  /block, /unblock     shut the bot out, and let it in again (Telegram)
  /next CODE           let the next request for sending fail with this error of the provider
  /help, /quit
A Telegram link t.me/bot?start=TOKEN is followed by saying /start TOKEN."""


class Terminal:
    """One resident at a time; messages to others are shown as well, with their address."""

    def __init__(self, console: Console, telegram: TelegramEmulator, twilio: TwilioEmulator) -> None:
        self.console, self.telegram, self.twilio = console, telegram, twilio
        self.resident = f"{TELEGRAM}1001"
        self._last: dict[str, Any] = {}
        self._tapped: dict[str, Any] = {}
        self._written = 0  # Telegram's number of what was written last
        telegram.listeners.append(lambda sent: self._show(f"{TELEGRAM}{sent.address}", sent))
        twilio.listeners.append(lambda sent: self._show(sent.address, sent))

    async def obey(self, line: str) -> bool:
        """Do what was typed; False if it ends here."""
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word == "/quit":
            return False
        if word == "/help":
            self.console.print(HELP, markup=False, highlight=False)
        elif word == "/as" and rest:
            self.resident = rest
            self.console.print(f"You are {escape(rest)}.", highlight=False)
        elif word == "/tap" and rest.isdecimal():
            await self._tap(int(rest))
        elif word == "/again" and rest.isdecimal():
            await self._tap(int(rest), again=True)
        elif word in {"/photo", "/voice", "/place"} and self._chat:
            await self._done(self.telegram.write(self._chat, "", **_media(self.telegram, word, rest)))
        elif word == "/edit" and self._chat and self._written:
            await self._done(self.telegram.edit(self._chat, self._written, rest))
        elif word == "/next" and rest.isdecimal():
            (self.telegram if self._chat else self.twilio).next_error(int(rest))
        elif word in {"/block", "/unblock"} and self._chat:
            await self._done(self.telegram.block(self._chat) if word == "/block" else self.telegram.unblock(self._chat))
        else:
            await self._write(line)
        return True

    @property
    def _chat(self) -> str:
        return self.resident.removeprefix(TELEGRAM) if self.resident.startswith(TELEGRAM) else ""

    async def _write(self, text: str) -> None:
        if self._chat and not self._chat.isdecimal():
            self.console.print("[red]A Telegram chat is a number, for example tg:1001.[/red]")
        elif self._chat:
            await self._done(self.telegram.write(self._chat, text))
            self._written = self.telegram.newest
        else:
            await self._done(self.twilio.write(self.resident, text))

    async def _tap(self, number: int, *, again: bool = False) -> None:
        sent = (self._tapped if again else self._last).get(self.resident)
        if sent is None or not self._chat or not 1 <= number <= len(sent.options):
            self.console.print("[red]There is no such button.[/red]")
            return
        self._tapped[self.resident] = sent
        known = set(self.telegram.toasts)
        await self._done(self.telegram.tap(self._chat, sent, number - 1))
        await asyncio.sleep(0.5)  # the service answers a tap after it has taken it
        for name in self.telegram.toasts.keys() - known:
            self.console.print(f"[dim](note: {escape(self.telegram.toasts[name])})[/dim]")
        shown = self.telegram.shown[int(sent.id)]
        if shown.text != sent.text:
            self.console.print(f"[dim](the message now ends: {escape(shown.text.splitlines()[-1])})[/dim]")

    async def _done(self, happening: Awaitable[Any]) -> None:
        """Wait for the service to take it, and say so if it does not."""
        task = asyncio.ensure_future(happening)
        await asyncio.wait([task], timeout=3)
        if not task.done():
            self.console.print("[yellow]The service has not taken it yet; it is posted again and again.[/yellow]")
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        elif task.result() is False:
            self.console.print("[red]The service does not take it.[/red]")

    def _show(self, address: str, sent: Any) -> None:
        self._last[address] = sent
        buttons = " ".join(f"\\[{number}] {escape(label)}" for number, label in enumerate(sent.options, start=1))
        text = escape(sent.text) + (f"\n[cyan]{buttons}[/cyan]" if buttons else "")
        mine = address == self.resident
        self.console.print(Panel(text, title=escape(address), border_style="green" if mine else "dim", expand=False))


def _media(telegram: TelegramEmulator, word: str, caption: str) -> dict[str, Any]:
    """Return the fields of a message with a picture, a recording or a place."""
    if word == "/place":
        return {"location": {"latitude": 30.25, "longitude": 120.125}}
    kind = {"/photo": ("image/jpeg", "photo.jpg"), "/voice": ("audio/ogg", "voice.oga")}[word]
    content = b"made by the emulator"
    file = {"file_id": telegram.upload(content, *kind), "file_unique_id": "u", "file_size": len(content)}
    said = {"caption": caption} if caption else {}
    if word == "/photo":
        return {"photo": [{**file, "width": 1, "height": 1}], **said}
    return {"voice": {**file, "duration": 1, "mime_type": kind[0]}, **said}


def settings(telegram: TelegramEmulator, twilio: TwilioEmulator) -> dict[str, str]:
    """Return the environment in which the service talks to these emulators."""
    return {
        "PINGYI_TELEGRAM_TOKEN": telegram.token,
        "PINGYI_TELEGRAM_NAME": telegram.name,
        "PINGYI_TELEGRAM_URL": telegram.url,
        "PINGYI_TWILIO_ACCOUNT": twilio.account,
        "PINGYI_TWILIO_TOKEN": twilio.token,
        "PINGYI_TWILIO_URL": twilio.url,
        "PINGYI_SMS_SERVICE": SERVICE,
        "PINGYI_SMS_FROM": NUMBER,
        "PINGYI_WHATSAPP_FROM": WHATSAPP,
        # So that there is something to see at any hour; a real office leaves these alone.
        "PINGYI_DAY_OPENS": "00:00",
        "PINGYI_DAY_CLOSES": "23:59",
    }


async def play(telegram_port: int, twilio_port: int, service: str) -> None:
    """Run both emulators until the input ends."""
    console = Console()
    telegram, twilio = TelegramEmulator(), TwilioEmulator(service=service)
    async with telegram.running(telegram_port), twilio.running(twilio_port):
        terminal = Terminal(console, telegram, twilio)
        console.print("Start the service in another terminal with these settings:\n", highlight=False)
        for name, value in settings(telegram, twilio).items():
            console.print(f"export {name}={shlex.quote(value)}", markup=False, highlight=False, soft_wrap=True)
        console.print("pingyi run\n", markup=False, highlight=False)
        console.print(f"{HELP}\n\nYou are {terminal.resident}.", markup=False, highlight=False)
        typed = _typed()
        while (line := await typed.get()) is not None:
            if line and not await terminal.obey(line):
                break


def _typed() -> asyncio.Queue[str | None]:
    """Return where typed lines arrive, and None at their end."""
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line.strip())
        loop.call_soon_threadsafe(lines.put_nowait, None)

    # A thread that nobody waits for: one that hangs in a read would keep Ctrl-C from ending the program.
    threading.Thread(target=read, daemon=True).start()
    return lines


def main() -> None:
    """Read the options and play."""
    options = argparse.ArgumentParser(prog="python -m tests.emulators", description=__doc__)
    options.add_argument("--telegram-port", type=int, default=8461, help="port of the Bot API (%(default)s)")
    options.add_argument("--twilio-port", type=int, default=8462, help="port of Twilio's API (%(default)s)")
    options.add_argument("--service", default="http://127.0.0.1:8450", help="where the service answers (%(default)s)")
    chosen = options.parse_args()
    try:
        asyncio.run(play(chosen.telegram_port, chosen.twilio_port, chosen.service))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
