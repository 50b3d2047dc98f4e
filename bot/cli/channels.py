"""`pingyi channel`: which ways to residents are on, and whether they work."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.findings import AsJson, tell_findings
from bot.cli.perform import load_settings, print_json
from bot.cli.words import _

app = typer.Typer(help=_("The ways to residents: Telegram, SMS, WhatsApp, a carrier's gateway."))


@app.command("list", help=_("List the channels and what switches each on."))
def list_(
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Print every channel there is."""
    from bot.actions.channels import list_channels

    found = list_channels(load_settings())
    if as_json:
        print_json(found)
        return
    for entry in found["channels"]:
        typer.echo(_line(entry))


@app.command("check", help=_("Ask the providers who we are to them, and send a test message if you say where to."))
def check(
    name: Annotated[str, typer.Argument(help=_("The channel; all that are on if left out."))] = "",
    to: Annotated[str, typer.Option(help=_("Phone number or chat that gets a test message."))] = "",
    text: Annotated[str, typer.Option(help=_("Its words, if the carrier has approved others."))] = "",
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Print what was found; the exit status is 1 when a problem keeps messages from getting through."""
    from bot.actions.channels import CheckChannels, check_channels
    from bot.logs import configure
    from scheduler.clock import RealClock

    configure("ERROR")
    settings = load_settings()
    found = check_channels(settings, RealClock(), CheckChannels(name=name, to=to, text=text))
    if as_json:
        print_json(found)
    else:
        for entry in found["channels"]:
            _tell(entry)
        if not to:
            typer.echo(_("To send a test message: pingyi channel check NAME --to ADDRESS"))
    raise typer.Exit(0 if found["ok"] else 1)


def _tell(entry: dict[str, Any]) -> None:
    typer.echo(_line(entry))
    for fact, value in entry["facts"].items():
        if value:
            typer.echo(f"    {fact}: {value}")
    if entry["on"] and entry["per_second"]:
        typer.echo("    " + _("at most {rate} a second", rate=f"{entry['per_second']:g}"))
    if entry["test"] is not None and entry["test"]["outcome"] == "accepted":
        typer.echo(f"    {entry['test']['words']} ({entry['test']['id']})")
    tell_findings(entry["problems"])


def _line(entry: dict[str, Any]) -> str:
    if entry["on"]:
        mark = "✓" if entry.get("ok", True) else "✗"
        return f"{mark} {entry['name']} · {_('on')}"
    return f"– {entry['name']} · " + _("off; these settings switch it on: {settings}", settings=entry["setting"])
