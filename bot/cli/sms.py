"""`pingyi sms`: what a wording costs before it is sent."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.findings import AsJson
from bot.cli.perform import print_json
from bot.cli.words import _

app = typer.Typer(help=_("SMS: what a wording costs."), no_args_is_help=True)

#: Characters that are named at most: Chinese texts consist of nothing else.
NAMED = 12


# A callback keeps `count` a command of its own while it is the only one.
@app.callback()
def sms() -> None:
    """Group the commands."""


@app.command("count", help=_("Count the segments of a text; - reads it from the standard input."))
def count(
    text: Annotated[str, typer.Argument(help=_("The text, or -."), metavar="TEXT")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print encoding, units and segments, and what turns the text to UCS-2."""
    from bot.actions.sms import CountSms, count_sms

    if text == "-":
        # The line end an editor or `echo` puts behind the text is not sent.
        text = typer.get_text_stream("stdin", encoding="utf-8", errors="replace").read().removesuffix("\n")
    result = count_sms(CountSms(text=_whole(text)))
    if as_json:
        print_json(result.model_dump())
        return
    typer.echo(
        _(
            "{encoding}. Segments: {segments}. Units: {units}, with room for {left} more in the last.",
            encoding=result.encoding,
            units=result.units,
            segments=result.segments,
            left=result.left,
        )
    )
    if result.forcing:
        named = " ".join(_visible(letter) for letter in result.forcing[:NAMED])
        if len(result.forcing) > NAMED:
            named += " …"
        typer.echo(_("Not in GSM-7, so the whole text is sent as UCS-2: {letters}", letters=named))


def _whole(text: str) -> str:
    """Return `text` with bytes that are no characters replaced, as they would be sent."""
    return text.encode("utf-8", "replace").decode()


def _visible(letter: str) -> str:
    return letter if letter.isprintable() and not letter.isspace() else f"U+{ord(letter):04X}"
