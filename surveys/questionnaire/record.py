"""A form as JSON text and back, without loss."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from surveys.questionnaire.form import Choice, Form, Kind, Question


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
            "questions": tuple(_question(question) for question in record["questions"]),
            "satisfied": {name: tuple(choices) for name, choices in record["satisfied"].items()},
        }
    )


def _question(record: dict[str, Any]) -> Question:
    choices = tuple(Choice(**{**choice, "synonyms": tuple(choice["synonyms"])}) for choice in record["choices"])
    return Question(**{**record, "kind": Kind(record["kind"]), "choices": choices})
