"""`pingyi invitations`: cards with a QR code that lead residents into the office's Telegram chat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.findings import AsJson
from bot.cli.outfile import new_file
from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Invitations into the office's Telegram chat."), no_args_is_help=True)

Campaign = Annotated[str, typer.Option(help=_("Whoever is drawn for this campaign."))]
Area = Annotated[str, typer.Option(help=_("Whoever lives in this area."))]
Ids = Annotated[str, typer.Option(help=_("Office ids, joined by commas, or a file with one in each line."))]


@app.command("print", help=_("Print cards with a QR code, one for each resident."))
def print_(
    campaign: Campaign = "",
    area: Area = "",
    ids: Ids = "",
    *,
    out: Annotated[Path, typer.Option(help=_("An HTML file that does not exist yet."))] = Path("invitations.html"),
    days: Annotated[int, typer.Option(min=1, max=365, help=_("How long the codes are valid."))] = 30,
    per_page: Annotated[int, typer.Option(min=1, max=10, help=_("Cards on a page."))] = 8,
    renew: Annotated[bool, typer.Option("--renew", help=_("End older codes of theirs nobody has used."))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Count only; make nothing."))] = False,
    as_json: AsJson = False,
) -> None:
    """Make the invitations and write the sheet."""
    from bot.actions.invitations import PrintInvitations
    from bot.reports.private import write_private
    from bot.reports.sheet import render_sheet

    if not dry_run:
        new_file(out)
    order = PrintInvitations(
        campaign=campaign, area=area, office_ids=_listed(ids), days=days, renew=renew, dry_run=dry_run
    )
    found = perform("invitations.print", order)
    file = ""
    if not dry_run and found["cards"]:
        write_private(out, render_sheet(found, per_page))
        file = str(out)
    if as_json:
        # Without the links: whoever has one can open a resident's chat.
        kept = ("dry_run", "residents", "stopped", "linked", "unknown", "ended", "valid_until")
        print_json({name: found[name] for name in kept} | {"file": file})
        return
    for unknown in found["unknown"]:
        typer.echo(_("No resident has the office id {id}.", id=unknown), err=True)
    if dry_run:
        typer.echo(_("Counted only; nothing was made."))
    typer.echo(
        _(
            "{n} invitations, valid until {day}; left out: {stopped} who opted out, {linked} who have a chat already.",
            n=found["residents"],
            day=found["valid_until"],
            stopped=found["stopped"],
            linked=found["linked"],
        )
    )
    if file:
        typer.echo(file)


@app.command("list", help=_("Count invitations: made, used, open, run out."))
def list_(*, as_json: AsJson = False) -> None:
    """Print the counts."""
    from bot.actions.invitations import ListInvitations

    found = perform("invitations.list", ListInvitations())
    if as_json:
        print_json(found)
        return
    words = {"asked": _("asked for in a conversation"), "sheet": _("printed")}
    for source, counted in found["sources"].items():
        typer.echo(
            _("{source}: {made} made, {used} used, {open} open, {expired} run out", source=words[source], **counted)
        )
    if not found["sources"]:
        typer.echo(_("No invitations have been made."))


@app.command("revoke", help=_("End printed invitations nobody has used yet."))
def revoke(
    campaign: Campaign = "",
    area: Area = "",
    ids: Ids = "",
    *,
    everybody: Annotated[bool, typer.Option("--all", help=_("Those of everybody."))] = False,
    as_json: AsJson = False,
) -> None:
    """End them."""
    from bot.actions.invitations import RevokeInvitations

    order = RevokeInvitations(campaign=campaign, area=area, office_ids=_listed(ids), everybody=everybody)
    found = perform("invitations.revoke", order)
    if as_json:
        print_json(found)
    else:
        typer.echo(_("{n} invitations ended.", n=found["revoked"]))


def _listed(ids: str) -> tuple[str, ...]:
    """Return the office ids that are named, or stand in the file that is named."""
    path = Path(ids)
    text = path.read_text(encoding="utf-8-sig") if ids and path.is_file() else ids
    return tuple(
        part for part in (part.strip() for part in text.replace(",", "\n").replace("，", "\n").split("\n")) if part
    )
