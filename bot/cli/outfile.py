"""A file a command writes and never over another: looked at before anything is done for it."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.cli.perform import refuse


def new_file(path: Path) -> Path:
    """Return `path`; if it is taken, or its folder is missing, say so and end the command with 1."""
    from bot.reports.private import refuse_existing
    from surveys.problem import Refused

    try:
        refuse_existing(path)
    except Refused as refused:
        refuse(refused)
        raise typer.Exit(1) from None
    return path
