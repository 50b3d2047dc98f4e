"""Findings of an action that stopped nothing, told on stderr beside its result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.words import _

#: The option every command with data has.
AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON."))]
#: The option every command has that reads a questionnaire from a file.
Tables = Annotated[
    list[Path] | None,
    typer.Option("--with", help=_("A table (.csv) the form chooses from or looks things up in; repeatable.")),
]


def tell_findings(problems: Iterable[Mapping[str, Any]]) -> None:
    """Print one line per finding on stderr; `problems` are as `Problem.as_json` writes them."""
    for problem in problems:
        parts = [problem["file"]] if problem["file"] else []
        if problem["sheet"]:
            parts.append(_("sheet {sheet}", sheet=problem["sheet"]))
        if problem["row"]:
            parts.append(_("row {row}", row=problem["row"]))
        if problem["field"]:
            parts.append(problem["field"])
        place = f"{', '.join(parts)}: " if parts else ""
        mark = "!" if problem["severity"] == "warning" else "✗"
        typer.echo(f"{mark} {place}{problem['what']} {problem['fix']}", err=True)
