"""Checking a questionnaire before it is stored: needs neither settings nor database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.files import read_file, tables_beside, tables_of
from bot.actions.forms import template_source
from surveys.campaign.formcheck import check_form
from surveys.campaign.pricing import SEED
from surveys.dialogue.wandering import Length
from surveys.problem import Problem, Refused, Severity
from surveys.questionnaire.form import Form
from surveys.questionnaire.xlsform import examine_form


class CheckForm(BaseModel):
    """Check the file with the tables `beside` it, or the template of that name; `price` is that of one SMS segment."""

    model_config = ConfigDict(frozen=True)

    form: str
    beside: tuple[Path, ...] = ()
    price: float | None = Field(None, ge=0)
    now: datetime = Field(default_factory=lambda: datetime.now(UTC))


def source_of(form: str) -> tuple[str, bytes]:
    """Return file name and bytes of a file or template; Refused if it is neither."""
    path = Path(form)
    if path.suffix or path.exists():
        return path.name, read_file(path)
    return f"{form}.csv", template_source(form)


def tables_for(form: str, source: bytes, named: tuple[Path, ...]) -> dict[str, bytes]:
    """Return the tables of a file or template; Refused if one that is named cannot be read."""
    path = Path(form)
    return tables_of(path, source, named) if path.suffix or path.exists() else tables_beside(named)


def check(order: CheckForm, language: str) -> dict[str, Any]:
    """Return the report of a check; what keeps the form from being used is among its problems, never raised."""
    try:
        filename, source = source_of(order.form)
        examined = examine_form(filename, source, tables_for(order.form, source, order.beside))
    except Refused as refused:
        return _report(None, refused.problems, {}, order.price, language)
    checked = check_form(examined, file=filename, now=order.now, random=Random(SEED))  # noqa: S311 - no secret
    sms = {
        spoken: {"expected": _sms(found.expected, order.price), "longest": _sms(found.longest, order.price)}
        for spoken, found in checked.lengths.items()
    }
    return _report(None if examined.refused else examined.form, checked.problems, sms, order.price, language)


def _report(
    form: Form | None, problems: tuple[Problem, ...], sms: dict[str, Any], price: float | None, language: str
) -> dict[str, Any]:
    return {
        "ok": all(problem.severity is not Severity.ERROR for problem in problems),
        "form": form.name if form else None,
        "title": form.title(language) if form else None,
        "languages": list(form.languages) if form else [],
        "questions": len(form.asked) if form else 0,
        "problems": [{**problem.as_json(language), "column": problem.field} for problem in problems],
        "sms": sms,
        "price": price,
    }


def _sms(length: Length, price: float | None) -> dict[str, float | None]:
    return {
        "questions": length.questions,
        "messages": length.messages,
        "segments": length.segments,
        "cost": None if price is None else round(length.segments * price, 4),
    }
