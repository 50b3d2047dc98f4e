"""A form as JSON text and back, without loss."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from surveys.questionnaire.form import Choice, Form, Kind, Question, Repeat


def form_text(form: Form) -> str:
    """Return the form as JSON text; equal forms give equal texts."""
    return json.dumps(asdict(form), ensure_ascii=False, separators=(",", ":"))


def read_form_text(text: str) -> Form:
    """Return the form that `form_text` wrote; ValueError, KeyError or TypeError for any other text."""
    record: dict[str, Any] = json.loads(text)
    return Form(
        **{
            **record,
            "languages": tuple(record["languages"]),
            "repeats": tuple(
                Repeat(**{**repeat, "parents": tuple(repeat["parents"])}) for repeat in record.get("repeats", ())
            ),
            "questions": tuple(_question(question) for question in record["questions"]),
            "tables": {name: tuple(rows) for name, rows in record.get("tables", {}).items()},
            "satisfied": {name: tuple(choices) for name, choices in record["satisfied"].items()},
        }
    )


def _question(record: dict[str, Any]) -> Question:
    choices = tuple(Choice(**{**choice, "synonyms": tuple(choice["synonyms"])}) for choice in record["choices"])
    kind, repeats = Kind(record["kind"]), tuple(record.get("repeats", ()))
    return Question(**{**record, "kind": kind, "choices": choices, "repeats": repeats})
