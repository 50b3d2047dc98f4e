"""`pingyi form`: add questionnaires, list them, teach them words; what needs no data stands in files of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import formcheck, formnew, formtry
from bot.cli.findings import AsJson, Tables, tell_findings
from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Questionnaires: XLSForm workbooks and templates."), no_args_is_help=True)


@app.command("add", help=_("Store a questionnaire: an XLSForm workbook (.xlsx, .csv) or a template by its name."))
def add(
    form: Annotated[str, typer.Argument(help=_("A file, or the name of a template."), metavar="FILE|TEMPLATE")],
    *,
    tables: Tables = None,
    as_json: AsJson = False,
) -> None:
    """Store it and print its digest, which is its identity."""
    from bot.actions.forms import AddForm

    named = not Path(form).suffix and not Path(form).exists()
    order = AddForm(template=form) if named else AddForm(path=Path(form), beside=tuple(tables or ()))
    result = perform("form.add", order)
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


app.command("check", help=formcheck.HELP)(formcheck.check)
app.command("try", help=formtry.HELP)(formtry.try_)
app.command("templates", help=formnew.TEMPLATES_HELP)(formnew.templates)
app.command("new", help=formnew.NEW_HELP)(formnew.new)


@app.command("teach", help=_("Teach words residents use for an option; past replies are read once more."))
def teach(
    form: Annotated[str, typer.Argument(help=_("A digest, or the name of a questionnaire."))],
    question: Annotated[str, typer.Argument(help=_("The question's name."))],
    words: Annotated[str, typer.Argument(help=_("What residents wrote."))],
    option: Annotated[str, typer.Argument(help=_("The option they meant: name, number or label."))] = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Only show what would change."))] = False,
    forget: Annotated[bool, typer.Option("--forget", help=_("Let the words mean nothing again."))] = False,
    as_json: AsJson = False,
) -> None:
    """Teach or forget words of one question, and tell which past replies have become answers."""
    from bot.actions.teaching import ForgetTaught, TeachForm

    if forget:
        result = perform("form.forget", ForgetTaught(form=form, question=question, words=words))
    else:
        order = TeachForm(form=form, question=question, words=words, option=option, dry_run=dry_run)
        result = perform("form.teach", order)
    if as_json:
        print_json(result)
        return
    if forget:
        typer.echo(_('"{words}" means nothing to question {question} any more.', words=words, question=question))
        if staying := result["answers_staying"]:
            kept = _("{count} answers had been read by these words and stay as they are.", count=staying)
            remedy = _("Teach the words for the right option, and those of open interviews are changed to it.")
            typer.echo(f"{kept} {remedy}")
        return
    for reply in result["reread"]:
        typer.echo(
            f"{reply['message'] or '-'} · {reply['at'][:16].replace('T', ' ')} · {reply['text']} → {reply['label']}"
        )
    count = len(result["reread"])
    if dry_run:
        typer.echo(_("{count} past replies would become answers; nothing has been changed.", count=count))
    else:
        typer.echo(_("Taught. {count} past replies have become answers.", count=count))


@app.command("taught", help=_("List the words that have been taught for a questionnaire."))
def taught(
    form: Annotated[str, typer.Argument(help=_("A digest, or the name of a questionnaire."))],
    *,
    as_json: AsJson = False,
) -> None:
    """Print question, words and option."""
    from bot.actions.teaching import ListTaught

    result = perform("form.taught", ListTaught(form=form))
    if as_json:
        print_json(result)
        return
    for lesson in result["taught"]:
        typer.echo(f"{lesson['question']}\t{lesson['words']}\t{lesson['label']}")
