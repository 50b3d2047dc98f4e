"""`pingyi answers`: answers that came on paper, by phone or on the doorstep."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.findings import AsJson, tell_findings
from bot.cli.outfile import new_file
from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Answers that came on paper, by phone or on the doorstep."), no_args_is_help=True)

Campaign = Annotated[str, typer.Argument(help=_("The campaign's name."))]


@app.command("import", help=_("Take a .csv or .xlsx of answers, one row a respondent: all rows or none."))
def import_(
    campaign: Campaign,
    file: Annotated[Path, typer.Argument(help=_("A .csv or .xlsx as `pingyi answers sheet` makes it."))],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Check only; write nothing."))] = False,
    valid_only: Annotated[
        bool, typer.Option("--valid-only", help=_("Leave rows with findings out and take the others."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Import and report what was taken."""
    from bot.actions.answers import ImportAnswers

    order = ImportAnswers(campaign=campaign, path=file, dry_run=dry_run, valid_only=valid_only)
    result = perform("answers.import", order)
    if as_json:
        print_json(result)
        return
    tell_findings(result["problems"])
    if dry_run:
        typer.echo(_("Checked only; nothing was written."))
    typer.echo(
        _(
            "{rows} rows: {entered} entered, {unchanged} entered before, {left_out} left out.",
            **{name: result[name] for name in ("rows", "entered", "unchanged", "left_out")},
        )
    )
    if result["late"]:
        typer.echo(_("{n} of them were answered after the close and are marked late.", n=result["late"]))
    if result["import"] is not None:
        typer.echo(_("Take it back with: pingyi answers undo {number}", number=result["import"]))


@app.command("sheet", help=_("Write a workbook to enter answers into, with a list of what may be written."))
def sheet(
    campaign: Campaign,
    file: Annotated[Path, typer.Argument(help=_("An .xlsx file that does not exist yet."))],
    *,
    people: Annotated[bool, typer.Option("--people", help=_("A row for everybody who has not answered."))] = False,
    as_json: AsJson = False,
) -> None:
    """Make the workbook; it may hold office ids, so it is readable by its owner alone."""
    from bot.actions.answers import AnswerSheet
    from bot.reports.private import write_private_bytes

    new_file(file)
    result = perform("answers.sheet", AnswerSheet(campaign=campaign, people=people))
    write_private_bytes(file, b64decode(result["xlsx"]))
    if as_json:
        print_json({"campaign": result["campaign"], "people": result["people"], "file": str(file)})
        return
    if people:
        typer.echo(_("{n} residents who have not answered.", n=result["people"]))
    typer.echo(str(file))


@app.command("list", help=_("List the imports of answers."))
def list_(
    campaign: Annotated[str, typer.Argument(help=_("The campaign's name; all if none is given."))] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Print the imports in the order they were made."""
    from bot.actions.answers import ListImports

    result = perform("answers.list", ListImports(campaign=campaign))
    if as_json:
        print_json(result)
        return
    for made in result["imports"]:
        back = _("taken back") if made["taken_back_at"] else ""
        line = [str(made["import"]), made["campaign"], made["made_at"][:16].replace("T", " "), made["file"]]
        typer.echo("\t".join([*line, str(made["entered"]), back]).rstrip())
    if not result["imports"]:
        typer.echo(_("No answers have been imported."))


@app.command("undo", help=_("Take an import of answers back."))
def undo(
    number: Annotated[int, typer.Argument(help=_("The number of the import."))],
    *,
    as_json: AsJson = False,
) -> None:
    """Take it back."""
    from bot.actions.answers import UndoImport

    result = perform("answers.undo", UndoImport(number=number))
    if as_json:
        print_json(result)
    else:
        typer.echo(_("{n} interviews are what they were before.", n=result["taken_back"]))
