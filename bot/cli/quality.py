"""`pingyi quality`: what makes one doubt some of a campaign's answers, and what the results are without them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.cli.findings import AsJson
from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer()


@app.command("quality", help=_("Flags with their evidence: speeding, canvassing, copies …; results with and without."))
def quality(name: Annotated[str, typer.Argument(help=_("The campaign's name."))], *, as_json: AsJson = False) -> None:
    """Print the checks, the flags and their effect."""
    from shutil import get_terminal_size

    from bot.actions.quality import CampaignQuality

    width = 0 if as_json else min(get_terminal_size((100, 40)).columns, 400)
    found = perform("campaign.quality", CampaignQuality(name=name, width=width, colour=sys.stdout.isatty()))
    if as_json:
        print_json(found["quality"])
    else:
        typer.echo(found["tables"], nl=False)
