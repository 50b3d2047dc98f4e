"""`pingyi phone`: be any resident, in a terminal, through the running service."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.perform import load_settings
from bot.cli.words import _

if TYPE_CHECKING:
    from bot.simulator.phone import Phone

#: Seconds without a further message after which the service is taken to have said what it had to say.
SETTLED = 1.0
QUIT = "/quit"

app = typer.Typer()


@app.command("phone", help=_("Talk to the running service as a resident; Ctrl-D or /quit ends."))
def phone(
    number: Annotated[str, typer.Argument(help=_("The resident's phone number."))],
    replies: Annotated[
        Path | None, typer.Option(help=_("Send the lines of this file, each after an answer came."))
    ] = None,
    wait: Annotated[float, typer.Option(min=0.0, help=_("Seconds to wait for an answer to a line of a file."))] = 20.0,
) -> None:
    """Show what the phone gets as bubbles and send what is typed."""
    from aiohttp import ClientError

    settings = load_settings()
    address = _e164(number, settings.region)
    piped = replies is not None or not sys.stdin.isatty()
    lines = _lines(replies) if piped else None
    try:
        asyncio.run(_talk(settings, address, lines, wait))
    except ClientError:
        typer.echo(
            _("No phone simulator answers at {url}. Start one: pingyi run --simulator", url=settings.carrier_url),
            err=True,
        )
        raise typer.Exit(1) from None


def _e164(number: str, region: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        raise typer.BadParameter(_("{number} is no phone number.", number=number)) from None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _lines(replies: Path | None) -> list[str]:
    text = replies.read_text(encoding="utf-8") if replies is not None else sys.stdin.read()
    return [line.strip() for line in text.splitlines() if line.strip()]


async def _talk(settings: Any, address: str, lines: list[str] | None, wait: float) -> None:
    from aiohttp import ClientSession

    from bot.simulator.phone import Phone
    from bot.simulator.secret import simulator_secret

    async with ClientSession() as session:
        device = Phone(session, settings.carrier_url, simulator_secret(settings), address)
        if lines is None:
            await _type(device)
        else:
            await _replay(device, lines, wait)


async def _replay(device: Phone, lines: Iterable[str], wait: float) -> None:
    """Send each line once the one before was answered; the transcript goes to stdout."""
    shown = await _settle(device, 0.0)
    for line in lines:
        if line == QUIT:
            break
        before = shown
        await device.send(line)
        shown += await _settle(device, wait, until_answered=True)
        if shown == before:
            typer.echo(_("(no answer within {seconds} seconds)", seconds=wait), err=True)


async def _settle(device: Phone, wait: float, *, until_answered: bool = False) -> int:
    """Show what comes until nothing more does; return how many messages the service sent."""
    count, patience = 0, wait
    while True:
        letters = await device.look(min(patience, SETTLED) if count or not until_answered else patience)
        for letter in letters:
            typer.echo(bubble(letter))
        received = len([letter for letter in letters if letter["way"] == "received"])
        count += received
        if not letters:
            return count
        if count:
            patience = SETTLED


async def _type(device: Phone) -> None:
    """Show what comes while a person types."""
    typer.echo(_("You are {number}. Ctrl-D or /quit ends.", number=device.number), err=True)
    for letter in await device.look():
        typer.echo(bubble(letter))
    tasks = {asyncio.create_task(_show(device)), asyncio.create_task(_send_typed(device))}
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.wait(tasks)
    for task in done:
        task.result()


async def _send_typed(device: Phone) -> None:
    """Send what is typed until it ends."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(typed.put_nowait, line.strip())
        loop.call_soon_threadsafe(typed.put_nowait, QUIT)

    # A thread that nobody waits for: one that hangs in a read would keep Ctrl-C from ending the command.
    threading.Thread(target=read, daemon=True).start()
    while (line := await typed.get()) != QUIT:
        if line:
            await device.send(line)


async def _show(device: Phone) -> None:
    while True:
        for letter in await device.look(20.0):
            if letter["way"] == "received":  # what was typed stands on the screen already
                typer.echo(bubble(letter))


def bubble(letter: dict[str, Any]) -> str:
    """Return a message as it stands on a phone: ours on the left in a frame, the resident's on the right.

    Options are numbered unless the text lists them already.
    """
    if letter["way"] == "sent":
        return f"{'':>20}» {letter['text']}"
    lines = letter["text"].splitlines() or [""]
    listed = all(option in letter["text"] for option in letter["options"])
    options = [] if listed else [f"[{place}] {option}" for place, option in enumerate(letter["options"], 1)]
    return "\n".join(["╭─", *(f"│ {line}" for line in (*lines, *options)), "╰─"])
