"""`pingyi form templates` and `pingyi form new`: questionnaires to begin from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.findings import AsJson
from bot.cli.perform import print_json
from bot.cli.words import _, staff_language

TEMPLATES_HELP = _("List the templates that come with the program.")
NEW_HELP = _("Write a workbook to edit: a template by its name, or an example under a name of your own.")

#: What a new questionnaire begins as unless a template is named.
STARTER = "starter"
_NAME = re.compile(r"[A-Za-z][\w\-]{0,47}", re.ASCII)


def templates(*, as_json: AsJson = False) -> None:
    """Print name and title of every template; with --json also its preset, source and number of questions."""
    from surveys.questionnaire.templates import names, template_form

    forms = {name: template_form(name) for name in names()}
    if as_json:
        listed = [
            {
                "name": name,
                "title": form.title(staff_language()),
                "titles": dict(form.titles),
                "languages": list(form.languages),
                "questions": len(form.asked),
                "purpose": form.settings.get("purpose", "survey"),
                "preset": form.settings.get("preset", ""),
                "source": form.settings.get("source", ""),
            }
            for name, form in forms.items()
        ]
        print_json({"templates": listed})
        return
    for name, form in forms.items():
        typer.echo(f"{name}\t{form.title(staff_language())}")


def new(
    name: Annotated[str, typer.Argument(help=_("Name of the questionnaire, or of a template."))],
    *,
    out: Annotated[Path | None, typer.Option(help=_("The workbook to write; else NAME.xlsx here."))] = None,
    from_: Annotated[str, typer.Option("--from", help=_("The template to begin with."))] = "",
    as_json: AsJson = False,
) -> None:
    """Write the workbook and say what to do with it."""
    from bot.actions.forms import template_source
    from bot.cli.outfile import new_file
    from surveys.questionnaire.newworkbook import new_workbook
    from surveys.questionnaire.templates import names

    if not _NAME.fullmatch(name):
        raise typer.BadParameter(
            _("A name begins with a letter and has letters, digits, _ and - only, e.g. water_2027.")
        )
    begun = from_ or (name if name in names() else STARTER)
    source = template_source(begun)
    path = new_file(out or Path(f"{name}.xlsx"))
    path.write_bytes(new_workbook(f"{begun}.csv", source, name, staff_language(), own=name != begun))
    if as_json:
        print_json({"file": str(path), "name": name, "template": begun})
        return
    typer.echo(str(path))
    typer.echo(_("Edit it, then: pingyi form check {file}; pingyi form try {file}", file=path), err=True)
