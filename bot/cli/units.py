"""`pingyi units`: import the directory of units, list it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.findings import AsJson, tell_findings
from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("The units that are evaluated."), no_args_is_help=True)


@app.command("import", help=_("Take a .csv or .xlsx of units; known ids are changed, none is deleted."))
def import_(
    file: Annotated[Path, typer.Argument(help=_("A .csv or .xlsx with one row per unit."))],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Check only; write nothing."))] = False,
    as_json: AsJson = False,
) -> None:
    """Import and report what changed."""
    from bot.actions.units import ImportUnits

    result = perform("units.import", ImportUnits(path=file, dry_run=dry_run))
    if as_json:
        print_json(result)
        return
    tell_findings(result["problems"])
    if dry_run:
        typer.echo(_("Checked only; nothing was written."))
    typer.echo(
        _(
            "{rows} units: {new} new, {updated} updated, {unchanged} unchanged.",
            rows=result["rows"],
            new=result["new"],
            updated=result["updated"],
            unchanged=result["unchanged"],
        ),
    )


@app.command("list", help=_("List the units."))
def list_(*, as_json: AsJson = False) -> None:
    """Print units by id."""
    from bot.actions.units import ListUnits

    result = perform("units.list", ListUnits())
    if as_json:
        print_json(result)
        return
    for unit in result["units"]:
        exempt = _("exempt unit") if unit["exempt"] else ""
        typer.echo("\t".join([unit["id"], unit["name"], unit["class"], unit["hotline"], exempt]).rstrip())
