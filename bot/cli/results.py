"""`pingyi campaign results`: what a campaign found, as tables, JSON, or files to publish."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.perform import perform, print_json
from bot.cli.words import _


def results(
    name: Annotated[str, typer.Argument(help=_("The campaign's name."))],
    output: Annotated[
        Path | None, typer.Option(help=_("Write results.json, results.csv and the pages (zh, en) into this folder."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Print or write the results."""
    from shutil import get_terminal_size

    from bot.actions.results import CampaignResults

    width = 0 if as_json else min(get_terminal_size((100, 40)).columns, 400)
    order = CampaignResults(name=name, folder=output, width=width, colour=sys.stdout.isatty())
    found = perform("campaign.results", order)
    if as_json:
        print_json(found["results"])
        return
    typer.echo(found["tables"], nl=False)
    for file in found["files"]:
        typer.echo(file)
