"""Questionnaires that ship with the project: real ones of the field, and the short ones the house itself asks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from surveys.questionnaire.form import Form
from surveys.questionnaire.xlsform import read_form


@cache
def names() -> tuple[str, ...]:
    """Return the names of all templates."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".csv") for name in found if name.endswith(".csv")))


def template(name: str) -> bytes:
    """Return the workbook (XLSForm in one CSV, UTF-8); KeyError if there is no such template."""
    if name not in names():
        raise KeyError(name)
    return files(__name__).joinpath(f"{name}.csv").read_bytes()


@cache
def template_form(name: str) -> Form:
    """Return the form of a template; KeyError if there is no such template."""
    return read_form(f"{name}.csv", template(name))
