"""`pingyi phone`: be any resident, in a terminal, through the running service."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
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
    """Show what the phone gets and send what is typed, or each line of a file or a pipe after an answer came."""
    from aiohttp import ClientError

    settings = load_settings()
    address = _e164(number, settings.region)
    lines = None if replies is None else _lines(replies)
    try:
        asyncio.run(_talk(settings, address, lines, wait))
    except ClientError as error:
        typer.echo(_fault(settings.carrier_url, getattr(error, "status", HTTPStatus.NOT_FOUND)), err=True)
        raise typer.Exit(1) from None


def _fault(url: str, status: int) -> str:
    """Return what is wrong where the simulator answers with `status`; nobody at all is as good as no such page."""
    match status:
        case HTTPStatus.NOT_FOUND:
            return _("No phone simulator answers at {url}. Start one: pingyi run --simulator", url=url)
        case HTTPStatus.FORBIDDEN:
            return _("The phone simulator at {url} was started with another data folder: name it with --data.", url=url)
        case _:
            return _("The phone simulator at {url} refuses it: status {status}.", url=url, status=status)


def _e164(number: str, region: str) -> str:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise typer.BadParameter(_("{number} is no phone number.", number=number))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _lines(replies: Path) -> list[str]:
    try:
        return replies.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise typer.BadParameter(_("{file} is not UTF-8 text.", file=replies), param_hint="--replies") from None


async def _talk(settings: Any, address: str, lines: list[str] | None, wait: float) -> None:
    from aiohttp import ClientSession

    from bot.simulator.phone import Phone
    from bot.simulator.secret import simulator_secret

    async with ClientSession() as session:
        device = Phone(session, settings.carrier_url, simulator_secret(settings), address)
        if lines is None and sys.stdin.isatty():
            await _type(device)
        else:
            await _replay(device, _queued(sys.stdin if lines is None else lines), wait)


def _queued(lines: Iterable[str]) -> asyncio.Queue[str]:
    """Return a queue of lines that is filled as they come, blank ones left out; /quit stands for the end."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError):  # the talk is over and its loop closed: nobody takes a line any more
            for line in lines:
                # Under a locale without letters bytes that are no text come as halves of characters.
                text = line.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
                if text:
                    loop.call_soon_threadsafe(queue.put_nowait, text)
            loop.call_soon_threadsafe(queue.put_nowait, QUIT)

    # A thread that nobody waits for: one that hangs in a read would keep Ctrl-C from ending the command.
    threading.Thread(target=read, daemon=True).start()
    return queue


async def _replay(device: Phone, lines: asyncio.Queue[str], wait: float) -> None:
    """Send each line once the one before was answered; the transcript goes to stdout."""
    await _settle(device, 0.0)
    while (line := await _next(device, lines)) != QUIT:
        await device.send(line)
        if not await _settle(device, wait, until_answered=True):
            typer.echo(_("(no answer within {seconds} seconds)", seconds=f"{wait:g}"), err=True)


async def _next(device: Phone, lines: asyncio.Queue[str]) -> str:
    """Return the next line, and show what comes until there is one."""
    while lines.empty():
        _print(await device.look(SETTLED))
    return lines.get_nowait()


async def _settle(device: Phone, wait: float, *, until_answered: bool = False) -> int:
    """Show what comes until nothing more does; return how many messages the service sent."""
    count, patience = 0, wait
    while True:
        letters = await device.look(min(patience, SETTLED) if count or not until_answered else patience)
        _print(letters)
        count += len([letter for letter in letters if letter["way"] == "received"])
        if not letters:
            return count
        if count:
            patience = SETTLED


async def _type(device: Phone) -> None:
    """Show what comes while a person types."""
    typer.echo(_("You are {number}. Ctrl-D or /quit ends.", number=device.number), err=True)
    _print(await device.look())
    tasks = {asyncio.create_task(_show(device)), asyncio.create_task(_send_typed(device))}
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.wait(tasks)
    for task in done:
        task.result()


async def _send_typed(device: Phone) -> None:
    """Send what is typed until it ends."""
    typed = _queued(sys.stdin)
    while (line := await typed.get()) != QUIT:
        await device.send(line)


async def _show(device: Phone) -> None:
    while True:
        letters = await device.look(20.0)
        _print(letter for letter in letters if letter["way"] == "received")  # what was typed stands there already


def _print(letters: Iterable[dict[str, Any]]) -> None:
    """Print messages: as bubbles on a terminal, elsewhere line by line for other programs."""
    shown = bubble if sys.stdout.isatty() else plain
    for letter in letters:
        typer.echo(shown(letter))


def plain(letter: dict[str, Any]) -> str:
    """Return a message as lines that begin with who wrote: « the service, » the resident."""
    mark = "»" if letter["way"] == "sent" else "«"
    return "\n".join(f"{mark} {line}".rstrip() for line in _said(letter))


def bubble(letter: dict[str, Any]) -> str:
    """Return a message as it stands on a phone: ours on the left in a frame, the resident's on the right."""
    if letter["way"] == "sent":
        return f"{'':>20}» {letter['text']}"
    return "\n".join(["╭─", *(f"│ {line}" for line in _said(letter)), "╰─"])


def _said(letter: dict[str, Any]) -> list[str]:
    """Return the lines of a message; options are numbered unless the text lists them already."""
    lines = letter["text"].splitlines() or [""]
    listed = all(option in letter["text"] for option in letter["options"])
    return lines if listed else [*lines, *(f"[{place}] {option}" for place, option in enumerate(letter["options"], 1))]
