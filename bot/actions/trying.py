"""Talking a questionnaire through as a resident: needs neither settings nor database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.checking import source_of, tables_for
from surveys.campaign.segments import segments
from surveys.dialogue.samples import OFFICE
from surveys.dialogue.trying import Line, Trial, begin
from surveys.language import LANGUAGES, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.form import Form, Kind
from surveys.questionnaire.reckoning import given_from_outside
from surveys.questionnaire.xlsform import read_form


class TryForm(BaseModel):
    """Try the file with the tables `beside` it, or the template of that name.

    A time without a zone is the sample office's; `given` fills hidden questions, which an office or a case would fill;
    `language` '' is the form's own.
    """

    model_config = ConfigDict(frozen=True)

    form: str
    beside: tuple[Path, ...] = ()
    language: Literal["zh", "en", ""] = ""
    channel: Literal["sms", "telegram"] = "sms"
    now: datetime = Field(default_factory=lambda: datetime.now(UTC))
    given: dict[str, str] = {}


def start(order: TryForm) -> Trial:
    """Return the talk with its first message; Refused if the form cannot be used."""
    filename, source = source_of(order.form)
    form = read_form(filename, source, tables_for(order.form, source, order.beside))
    _known(form, order.given)
    spoken = [order.language, form.default_language, *form.languages, *LANGUAGES]
    language = next(language for language in spoken if language in LANGUAGES)
    now = order.now if order.now.tzinfo else order.now.replace(tzinfo=ZoneInfo(OFFICE.zone))
    return begin(form, language=language, channel=order.channel, now=now, given=order.given)


def _known(form: Form, given: Mapping[str, str]) -> None:
    """Raise Refused for what is given to a row that takes nothing given."""
    hidden = [question.name for question in form.questions if question.kind is Kind.HIDDEN]
    problems = []
    for name in given:
        if given_from_outside(name, hidden):
            continue
        near = get_close_matches(name, hidden, 1)
        known = message("Name one of: {known}.", known=", ".join(hidden) or "-")
        fix = message("Did you mean {name}?", name=near[0]) if near else known
        what = message("The form has no hidden question called “{name}”.", name=name)
        problems.append(Problem("unknown_given", what, fix, field="--given"))
    if problems:
        raise Refused(problems)


def report(trial: Trial) -> dict[str, Any]:
    """Return what was said, asked and answered."""
    by_office = [line.text for line in trial.lines if line.by == "office"]
    return {
        "answers": trial.answers(),
        "asked": trial.asked_paths(),
        "complete": trial.complete,
        "computed": trial.computed(),
        "messages": len(by_office),
        "segments": sum(map(segments, by_office)) if trial.channel == "sms" else None,
        "transcript": [_line(line) for line in trial.lines],
    }


def _line(line: Line) -> dict[str, Any]:
    return {"by": line.by, "text": line.text, "options": list(line.options)}
