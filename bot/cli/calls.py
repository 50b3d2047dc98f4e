"""`pingyi call`: calls by a person that residents have asked for."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Calls residents have asked for; what they say is entered with mode phone."))

AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON."))]
Call = Annotated[int, typer.Argument(help=_("The call's number."))]


@app.command("list", help=_("List the calls residents wait for."))
def list_(as_json: AsJson = False) -> None:  # noqa: FBT002 - Typer's way
    """Print the calls."""
    from bot.actions.calls import ListCalls

    found = perform("call.list", ListCalls())
    if as_json:
        print_json(found)
        return
    if not found["calls"]:
        typer.echo(_("Nobody waits for a call."))
    for call in found["calls"]:
        when = call["asked_at"][:16].replace("T", " ")
        typer.echo(f"{call['call']} · {call['office_id']} · {call['name']} · {call['phone']} · {when}")
        if call["question"]:
            typer.echo("  " + call["question"].replace("\n", "\n  "))


@app.command("answer", help=_("Enter what the resident says to the open question; the next one is shown."))
def answer(
    call: Call,
    reply: Annotated[str, typer.Argument(help=_("The resident's words."))],
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Enter one reply."""
    from bot.actions.calls import AnswerCall

    told = perform("call.answer", AnswerCall(call=call, reply=reply))
    if as_json:
        print_json(told)
    else:
        typer.echo(told["question"] or _("That was the last question."))


@app.command("done", help=_("Note that the call has been made."))
def done(call: Call, as_json: AsJson = False) -> None:  # noqa: FBT002 - Typer's way
    """Close a call."""
    from bot.actions.calls import CloseCall

    told = perform("call.done", CloseCall(call=call))
    if as_json:
        print_json(told)
    else:
        typer.echo(_("Noted."))
