"""`pingyi inbox`: messages that wait for a person."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Messages no machine could settle."))

AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON."))]


@app.command("list", help=_("List messages that wait for a person."))
def list_(
    limit: Annotated[int, typer.Option(help=_("At most so many."), min=1, max=10_000)] = 100,
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Print the messages."""
    from bot.actions.inbox import ListInbox

    found = perform("inbox.list", ListInbox(limit=limit))
    if as_json:
        print_json(found)
        return
    if not found["messages"]:
        typer.echo(_("Nothing waits for you."))
    for row in found["messages"]:
        typer.echo(f"{row['message']} · {row['at'][:16].replace('T', ' ')} · {row['reason_words']} · {row['text']}")


@app.command("done", help=_("Put a message aside; its words are erased."))
def done(
    message: Annotated[int, typer.Argument(help=_("The message's number."))],
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Settle one message."""
    from bot.actions.inbox import SettleMessage

    told = perform("inbox.done", SettleMessage(message=message))
    if as_json:
        print_json(told)
    else:
        typer.echo(_("Noted."))
