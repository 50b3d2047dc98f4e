"""Talking a questionnaire through as a resident: needs neither settings nor database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.checking import source_of
from bot.actions.files import tables_beside
from surveys.campaign.segments import segments
from surveys.dialogue.samples import OFFICE
from surveys.dialogue.trying import Line, Trial, begin
from surveys.language import LANGUAGES
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
    form = read_form(*source_of(order.form), tables_beside(order.beside))
    spoken = [order.language, form.default_language, *form.languages, *LANGUAGES]
    language = next(language for language in spoken if language in LANGUAGES)
    now = order.now if order.now.tzinfo else order.now.replace(tzinfo=ZoneInfo(OFFICE.zone))
    return begin(form, language=language, channel=order.channel, now=now, given=order.given)


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
