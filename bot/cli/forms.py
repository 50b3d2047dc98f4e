"""`pingyi form`: add questionnaires, list them, list the templates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.findings import AsJson, tell_findings
from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Questionnaires: XLSForm workbooks and templates."), no_args_is_help=True)


@app.command("add", help=_("Store a questionnaire: an XLSForm workbook (.xlsx, .csv) or a template by its name."))
def add(
    form: Annotated[str, typer.Argument(help=_("A file, or the name of a template."), metavar="FILE|TEMPLATE")],
    *,
    as_json: AsJson = False,
) -> None:
    """Store it and print its digest, which is its identity."""
    from bot.actions.forms import AddForm

    named = not Path(form).suffix and not Path(form).exists()
    result = perform("form.add", AddForm(template=form) if named else AddForm(path=Path(form)))
    if as_json:
        print_json(result)
        return
    tell_findings(result["problems"])
    typer.echo(result["digest"])
    title, questions = result["title"], result["questions"]
    stored = _("{title}: {questions} questions, stored.", title=title, questions=questions)
    typer.echo(stored if result["added"] else _("{title}: already there, unchanged.", title=title), err=True)


@app.command("list", help=_("List the stored questionnaires."))
def list_(*, as_json: AsJson = False) -> None:
    """Print digest, name and file, the newest first."""
    from bot.actions.forms import ListForms

    result = perform("form.list", ListForms())
    if as_json:
        print_json(result)
        return
    for form in result["forms"]:
        typer.echo(f"{form['digest'][:12]}\t{form['name']}\t{form['file']}\t{form['added_at'][:10]}")


@app.command("templates", help=_("List the templates that come with the program."))
def templates(*, as_json: AsJson = False) -> None:
    """Print name and title of every template."""
    from bot.cli.words import staff_language
    from surveys.questionnaire.templates import names, template_form

    found = {name: template_form(name).title(staff_language()) for name in names()}
    if as_json:
        print_json({"templates": [{"name": name, "title": title} for name, title in found.items()]})
        return
    for name, title in found.items():
        typer.echo(f"{name}\t{title}")
