"""`pingyi residents`: import a sampling frame, list residents, look one up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.findings import AsJson, tell_findings
from bot.cli.outfile import new_file
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
    if result["suppressed"]:
        typer.echo(_("{n} left alone: everything about them was deleted at their own request.", n=result["suppressed"]))
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
    from bot.actions.roster import ListResidents

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
    from bot.actions.roster import ShowResident

    result = perform("residents.show", ShowResident(office_id=office_id))
    if as_json:
        print_json(result)
        return
    typer.echo(_line(result))
    for channel in result["channels"]:
        typer.echo(f"  {_channel_line(channel)}")
    for entry in result["consents"]:
        typer.echo(f"  {entry['at'].replace('T', ' ')[:16]}  {_consent_words(entry['consent'])} ({entry['source']})")


@app.command("data", help=_("Write everything stored about one resident, opened, to a file."))
def data(
    office_id: Annotated[str, typer.Argument(help=_("The office's own id of the resident."))],
    out: Annotated[Path, typer.Option(help=_("A JSON file that does not exist yet; only you can read it."))],
) -> None:
    """Write the file the resident is given."""
    import json

    from bot.actions.persondata import ResidentData
    from bot.reports.private import write_private

    new_file(out)
    found = perform("residents.data", ResidentData(office_id=office_id))
    write_private(out, json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    typer.echo(str(out))


@app.command("erase", help=_("Delete everything about one resident who has asked for it."))
def erase(
    office_id: Annotated[str, typer.Argument(help=_("The office's own id of the resident."))],
    *,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask whether you mean it."))] = False,
    as_json: AsJson = False,
) -> None:
    """Delete everything; it cannot be undone."""
    from bot.actions.persondata import EraseResident

    if not yes:
        typer.confirm(_("Delete everything about {id}? This cannot be undone.", id=office_id), abort=True, err=True)
    result = perform("residents.erase", EraseResident(office_id=office_id))
    if as_json:
        print_json(result)
    else:
        typer.echo(_("Deleted. The numbers follow within the hour."))


@app.command("prefer", help=_("Write to one resident by Telegram first, or by phone number."))
def prefer(
    office_id: Annotated[str, typer.Argument(help=_("The office's own id of the resident."))],
    kind: Annotated[str, typer.Argument(help=_("telegram or phone"))],
    *,
    as_json: AsJson = False,
) -> None:
    """Put a kind of address first."""
    from bot.actions.persondata import PreferChannel

    if kind not in {"telegram", "phone"}:
        raise typer.BadParameter(_("telegram or phone"))
    order = PreferChannel(office_id=office_id, kind="telegram" if kind == "telegram" else "phone")
    result = perform("residents.prefer", order)
    if as_json:
        print_json(result)
    else:
        typer.echo(_("Noted."))


def _channel_line(channel: dict[str, Any]) -> str:
    parts = [_("Telegram chat") if channel["kind"] == "telegram" else channel["number"]]
    if channel["preferred"]:
        parts.append(_("tried first"))
    if channel["linked_on"]:
        parts.append(_("linked on {day}", day=channel["linked_on"]))
    if channel["ended_on"]:
        parts.append(_("ended on {day}", day=channel["ended_on"]))
    elif channel["confirmed_on"]:
        parts.append(_("confirmed on {day}", day=channel["confirmed_on"]))
    else:
        parts.append(_("not confirmed"))
    return " · ".join(parts)


def _consent_words(consent: str) -> str:
    return {"given": _("may be written to"), "case_only": _("own case only"), "stopped": _("opted out")}[consent]


def _line(resident: dict[str, Any]) -> str:
    phones = []
    for phone in resident["phones"]:
        state = _("number confirmed") if phone["confirmed"] else _("number not confirmed")
        if phone["ended"]:
            state = _("no longer theirs")
        phones.append(f"{phone['number']} ({state})")
    fields = [
        resident["office_id"],
        resident["name"],
        resident["language"],
        str(resident["birth_year"] or ""),
        _consent_words(resident["consent"]),
        ", ".join(phones),
    ]
    return "\t".join(fields)
