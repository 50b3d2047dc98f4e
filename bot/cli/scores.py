"""`pingyi scores`: what residents' answers make of each unit, how sure that is, and the arithmetic down to counts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.findings import AsJson
from bot.cli.perform import perform, print_json
from bot.cli.words import _, staff_language

app = typer.Typer(help=_("Scores of units, with their uncertainty and their arithmetic."), no_args_is_help=True)

Campaign = Annotated[str, typer.Argument(help=_("The campaign's name."))]
#: Narrowest terminal that tables are laid out for, and the width taken where there is no terminal.
NARROW, WIDE = 60, 120


@app.command("show", help=_("Show the scores of a campaign: intervals, rank sets, pass mark, changes, self-scores."))
def show(
    campaign: Campaign,
    *,
    unit_class: Annotated[str, typer.Option("--class", help=_("Only units of this class."))] = "",
    as_json: AsJson = False,
) -> None:
    """Print the scores."""
    from shutil import get_terminal_size

    from bot.actions.scores import ShowScores

    width = 0 if as_json else max(NARROW, min(get_terminal_size((WIDE, 40)).columns, 400))
    order = ShowScores(campaign=campaign, unit_class=unit_class, width=width, colour=sys.stdout.isatty())
    found = perform("scores.show", order)
    if as_json:
        print_json(found["scores"])
    else:
        typer.echo(found["tables"], nl=False)


@app.command("why", help=_("Show how the score of one unit is worked out, down to the counts."))
def why(
    campaign: Campaign,
    unit: Annotated[str, typer.Argument(help=_("The unit, by id or name."))],
    *,
    as_json: AsJson = False,
) -> None:
    """Print the arithmetic."""
    from bot.actions.scores import ExplainScore

    found = perform("scores.why", ExplainScore(campaign=campaign, unit=unit))
    if as_json:
        print_json(found["arithmetic"])
    else:
        typer.echo("\n".join(found["lines"]))


@app.command("presets", help=_("List the scoring rules that come with the program, or show one as a rule file."))
def presets(
    *,
    show: Annotated[str, typer.Option("--show", help=_("The preset to print, a pattern for one's own."))] = "",
    as_json: AsJson = False,
) -> None:
    """Print name, title and source of every preset, or one of them whole."""
    from surveys.scoring.presets import names, preset, source
    from surveys.scoring.rule import rule_record

    if show and show not in names():
        from difflib import get_close_matches

        near = get_close_matches(show, names(), n=1) or [names()[0]]
        raise typer.BadParameter(_("There is no preset {name}; did you mean {near}?", name=show, near=near[0]))
    if as_json:
        if show:
            print_json(rule_record(preset(show)))
        else:
            print_json({"presets": [rule_record(preset(name)) for name in names()]})
    elif show:
        typer.echo(source(show).decode(), nl=False)
    else:
        for name in names():
            rule = preset(name)
            typer.echo("\t".join([name, rule.title(staff_language()), rule.source]))


@app.command("export", help=_("Write scores.json, scores.csv and pages to print (zh, en) into a folder."))
def export(
    campaign: Campaign,
    folder: Annotated[Path, typer.Argument(help=_("The folder; it is made if it is not there."))],
    *,
    as_json: AsJson = False,
) -> None:
    """Write the files and name them."""
    from bot.actions.scores import ExportScores

    found = perform("scores.export", ExportScores(campaign=campaign, folder=folder))
    if as_json:
        print_json(found)
        return
    for file in found["files"]:
        typer.echo(file)


@app.command("self", help=_("Take the scores units gave themselves: a .csv or .xlsx with the columns unit and score."))
def own(
    campaign: Campaign,
    file: Annotated[Path, typer.Argument(help=_("A .csv or .xlsx with one row per unit."))],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Check only; write nothing."))] = False,
    as_json: AsJson = False,
) -> None:
    """Import self-scores and name the units without one."""
    from bot.actions.scores import TakeSelfScores

    found = perform("scores.self", TakeSelfScores(campaign=campaign, path=file, dry_run=dry_run))
    if as_json:
        print_json(found)
        return
    if dry_run:
        typer.echo(_("Checked only; nothing was written."))
    typer.echo(
        _(
            "{rows} self-scores: {new} new, {updated} updated, {unchanged} unchanged.",
            **{name: found[name] for name in ("rows", "new", "updated", "unchanged")},
        )
    )
    if found["without"]:
        typer.echo(_("No self-score yet: {units}.", units=", ".join(found["without"])), err=True)
