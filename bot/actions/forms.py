"""What staff do with questionnaires: add one (a workbook or a template), list them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.actions.files import read_file, tables_beside, tables_of
from bot.actions.progress import Progress
from bot.house import House
from storage import forms
from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.questionnaire.form import Form
from surveys.questionnaire.templates import names, template
from surveys.questionnaire.xlsform import inspect_form


class AddForm(BaseModel):
    """Store the workbook at `path` with the tables `beside` it, or the template of that name."""

    model_config = ConfigDict(frozen=True)

    path: Path | None = None
    template: str = ""
    beside: tuple[Path, ...] = ()


class ListForms(BaseModel):
    """Show every stored questionnaire."""

    model_config = ConfigDict(frozen=True)


def add_form(house: House, order: AddForm, progress: Progress) -> dict[str, Any]:
    """Store a questionnaire; the same source again is the same version and changes nothing."""
    progress(0, 1)
    if order.path is not None:
        filename, source = order.path.name, read_file(order.path)
        tables = tables_of(order.path, source, order.beside)
    else:
        filename, source = f"{order.template}.csv", template_source(order.template)
        tables = tables_beside(order.beside)
    form, warnings = inspect_form(filename, source, tables)
    added = store(house, form, filename, source)
    progress(1, 1)
    return {
        "digest": form.digest,
        "name": form.name,
        "title": form.title(house.language),
        "added": added,
        "questions": len(form.asked),
        "languages": list(form.languages),
        "problems": [problem.as_json(house.language) for problem in warnings],
    }


def list_forms(house: House, _order: ListForms, progress: Progress) -> dict[str, Any]:
    """Return every stored questionnaire, the newest first."""
    progress(0, 1)
    with house.database.read() as connection:
        stored = forms.listed(connection)
    return {
        "forms": [
            {
                "digest": form.digest,
                "name": form.name,
                "file": form.filename,
                "added_at": form.added_at.isoformat(),
            }
            for form in stored
        ],
        "templates": list(names()),
    }


def store(house: House, form: Form, filename: str, source: bytes) -> bool:
    """Store `form`; False if it was there already."""
    now = house.now()
    return house.database.write(lambda connection: forms.add(connection, form, filename, source, now))


def template_source(name: str) -> bytes:
    """Return the workbook of the template called `name`; Refused if there is none."""
    if name not in names():
        raise Refused([unknown_form(name)])
    return template(name)


def unknown_form(name: str) -> Problem:
    """Return the finding that `name` means no questionnaire."""
    what = message("There is no questionnaire file or template {name}.", name=name or "''")
    fix = message("Name a file, or one of: {known}.", known=", ".join(names()))
    return Problem("unknown_form", what, fix, field="form")
