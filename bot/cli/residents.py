"""`pingyi residents`: import a sampling frame, list residents, look one up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.findings import AsJson, tell_findings
from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("The residents who may be drawn."), no_args_is_help=True)


@app.command("import", help=_("Take a .csv or .xlsx of residents as the newest sampling frame."))
def import_(
    file: Annotated[Path, typer.Argument(help=_("A .csv or .xlsx with one row per resident."))],
    *,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=_("Leave out rows with errors."))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Check only; write nothing."))] = False,
    as_json: AsJson = False,
) -> None:
    """Import and report what changed."""
    from bot.actions.residents import ImportResidents

    result = perform("residents.import", ImportResidents(path=file, skip_bad=skip_bad, dry_run=dry_run))
    if as_json:
        print_json(result)
        return
    tell_findings(result["problems"])
    if dry_run:
        typer.echo(_("Checked only; nothing was written."))
    typer.echo(
        _(
            "{rows} rows: {new} new, {updated} updated, {unchanged} unchanged, {skipped} left out; "
            "{shared} numbers shared.",
            rows=result["rows"],
            new=result["new"],
            updated=result["updated"],
            unchanged=result["unchanged"],
            skipped=result["skipped"],
            shared=result["shared_numbers"],
        ),
    )
    if result["frame"] is not None:
        made = {"id": result["frame"], "digest": result["digest"]}
        new = result["frame_new"]
        typer.echo(
            _("Sampling frame {id}: {digest}", **made) if new else _("Same sampling frame {id}: {digest}", **made)
        )
    typer.echo(_("{seconds} seconds", seconds=result["seconds"]), err=True)


@app.command("list", help=_("List residents, numbers masked."))
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000, help=_("How many at most."))] = 20,
    after: Annotated[int, typer.Option(min=0, help=_("Only ids above this one."))] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """Print residents in the order of their ids."""
    from bot.actions.residents import ListResidents

    result = perform("residents.list", ListResidents(limit=limit, after=after))
    if as_json:
        print_json(result)
        return
    for resident in result["residents"]:
        typer.echo(_line(resident))
    typer.echo(_("{shown} of {total} residents", shown=len(result["residents"]), total=result["total"]), err=True)


@app.command("show", help=_("Show one resident, numbers masked."))
def show(
    office_id: Annotated[str, typer.Argument(help=_("The office's own id of the resident."))],
    *,
    as_json: AsJson = False,
) -> None:
    """Print one resident."""
    from bot.actions.residents import ShowResident

    result = perform("residents.show", ShowResident(office_id=office_id))
    if as_json:
        print_json(result)
    else:
        typer.echo(_line(result))


def _line(resident: dict[str, Any]) -> str:
    phones = []
    for phone in resident["phones"]:
        state = _("number confirmed") if phone["confirmed"] else _("number not confirmed")
        if phone["ended"]:
            state = _("no longer theirs")
        phones.append(f"{phone['number']} ({state})")
    consent = {"given": _("may be written to"), "case_only": _("own case only"), "stopped": _("opted out")}
    fields = [
        resident["office_id"],
        resident["name"],
        resident["language"],
        str(resident["birth_year"] or ""),
        consent[resident["consent"]],
        ", ".join(phones),
    ]
    return "\t".join(fields)
