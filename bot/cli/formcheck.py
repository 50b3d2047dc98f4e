"""`pingyi form check`: everything worth knowing of a questionnaire before it is stored, without a database."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.findings import AsJson, Tables, tell_findings
from bot.cli.perform import print_json
from bot.cli.words import _, staff_language

HELP = _("Check a questionnaire: every problem with its cell, SMS segments, length, wording; 1 on errors.")


def check(
    form: Annotated[str, typer.Argument(help=_("A file, or the name of a template."), metavar="FILE|TEMPLATE")],
    *,
    tables: Tables = None,
    price: Annotated[float | None, typer.Option(help=_("Price of one SMS segment."), min=0)] = None,
    as_json: AsJson = False,
) -> None:
    """Print the report; exit with 1 if the form cannot be used."""
    from bot.actions.checking import CheckForm
    from bot.actions.checking import check as checked

    result = checked(CheckForm(form=form, beside=tuple(tables or ()), price=price), staff_language())
    if as_json:
        print_json(result)
    else:
        _tell(result)
    if not result["ok"]:
        raise typer.Exit(1)


def _tell(result: dict[str, Any]) -> None:
    if result["title"] is not None:
        typer.echo(
            _(
                "{title}: {questions} questions; languages: {languages}",
                title=result["title"],
                questions=result["questions"],
                languages=", ".join(result["languages"]),
            )
        )
    for language, found in result["sms"].items():
        for name, label in (("expected", _("answered at random")), ("longest", _("longest way"))):
            line = _(
                "SMS per resident ({language}, {label}): {questions} questions, {segments} segments",
                language=language,
                label=label,
                questions=found[name]["questions"],
                segments=found[name]["segments"],
            )
            cost = found[name]["cost"]
            typer.echo(line if cost is None else _("{line}, cost {cost}", line=line, cost=cost))
    tell_findings(result["problems"])
    errors = sum(problem["severity"] == "error" for problem in result["problems"])
    warnings = len(result["problems"]) - errors
    told = _("1 error") if errors == 1 else _("{count} errors", count=errors)
    remarks = _("1 warning") if warnings == 1 else _("{count} warnings", count=warnings)
    typer.echo(f"{told}, {remarks}.")
