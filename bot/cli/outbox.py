"""`pingyi outbox`: messages that did not get out."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Messages that did not get out: look, try again, call off."))

AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON."))]
Numbers = Annotated[list[int] | None, typer.Argument(help=_("Numbers of messages, from `pingyi outbox list`."))]
Everything = Annotated[bool, typer.Option("--all", help=_("All that can be."))]
OfChannel = Annotated[str, typer.Option("--channel", help=_("Only of this channel."))]
OfCampaign = Annotated[str, typer.Option("--campaign", help=_("Only of this campaign."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("Only say what would happen."))]


@app.command("list", help=_("List messages that did not get out, and how the channels stand."))
def list_(
    *,
    state: Annotated[list[str] | None, typer.Option(help=_("Only in this state; may be given several times."))] = None,
    channel: OfChannel = "",
    campaign: OfCampaign = "",
    limit: Annotated[int, typer.Option(help=_("At most so many."), min=1, max=10_000)] = 100,
    as_json: AsJson = False,
) -> None:
    """Print the messages."""
    from bot.actions.outbox import ListOutbox

    order = ListOutbox(states=tuple(state or ()), channel=channel, campaign=campaign, limit=limit)
    found = perform("outbox.list", order)
    if as_json:
        print_json(found)
        return
    for row in found["channels"]:
        counts = found["counts"].get(row["channel"], {})
        standing = _("on") if row["on"] else _("off")
        if row["resting_until"]:
            standing = _("resting until {time}: {reason}", time=row["resting_until"][11:19], reason=row["reason"])
        parts = " · ".join(f"{state_words(state)} {count}" for state, count in counts.items())
        typer.echo(f"{row['channel']} ({standing}){': ' if parts else ''}{parts}")
    if not found["messages"]:
        typer.echo(_("Nothing waits for you."))
    for row in found["messages"]:
        typer.echo(line(row))


@app.command("replay", help=_("Try messages again that were put aside."))
def replay(
    *,
    numbers: Numbers = None,
    everything: Everything = False,
    channel: OfChannel = "",
    campaign: OfCampaign = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Let them go out once more."""
    told = _change("outbox.replay", numbers, channel, campaign, everything=everything, dry_run=dry_run)
    if as_json:
        print_json(told)
        return
    typer.echo(f"{_('Would be tried again') if dry_run else _('Tried again')}: {told['replayed']}")
    if told["overtaken"]:
        typer.echo(f"{_('Left alone, a later message has gone out since')}: {told['overtaken']}")
    if told["barred"]:
        typer.echo(f"{_('Left alone, the resident has opted out or was deleted')}: {told['barred']}")


@app.command("cancel", help=_("Call messages off that have not been sent."))
def cancel(
    *,
    numbers: Numbers = None,
    everything: Everything = False,
    channel: OfChannel = "",
    campaign: OfCampaign = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Do not send them."""
    told = _change("outbox.cancel", numbers, channel, campaign, everything=everything, dry_run=dry_run)
    if as_json:
        print_json(told)
    else:
        typer.echo(f"{_('Would be called off') if dry_run else _('Called off')}: {told['cancelled']}")


def line(row: dict[str, Any]) -> str:
    """Return one message as a line."""
    subject = row["campaign"] or row["case"]
    parts = [
        str(row["number"]),
        row["created_at"][:16].replace("T", " "),
        row["channel"],
        state_words(row["state"]),
        row["resident"],
        subject,
        row["error_words"],
    ]
    return " · ".join(part for part in parts if part)


def state_words(state: str) -> str:
    """Return a state of the outbox in the staff's language."""
    return {
        "due": _("waiting"),
        "attempting": _("being sent"),
        "unknown": _("unclear"),
        "accepted": _("sent"),
        "delivered": _("delivered"),
        "failed": _("not delivered"),
        "dead": _("put aside"),
        "cancelled": _("called off"),
    }.get(state, state)


def _change(
    name: str, numbers: list[int] | None, channel: str, campaign: str, *, everything: bool, dry_run: bool
) -> dict[str, Any]:
    from bot.actions.outbox import ChangeOutbox

    order = ChangeOutbox(
        numbers=tuple(numbers or ()), everything=everything, channel=channel, campaign=campaign, dry_run=dry_run
    )
    return perform(name, order)
