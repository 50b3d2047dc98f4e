"""What the column `appearance` changes in a conversation: long lists are searched; the rest is for screens."""

from __future__ import annotations

import re

from surveys.language import message
from surveys.questionnaire.bounds import parameters
from surveys.questionnaire.draft import Draft
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.form import Choice, Kind, Question

#: A list longer than this is searched by words where the appearance says so: more lines nobody reads on a phone.
LONG_LIST = 20
#: Appearances of a select whose list is searched.
SEARCHED = frozenset({"search", "autocomplete", "minimal"})
_SELECTS = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})
_OF_FILE = re.compile(r"\bsearch\s*\(")
_EXTERNAL_APP = re.compile(r"\b(?:ex|intent):")


def words(appearance: str) -> frozenset[str]:
    """Return the appearances of one cell."""
    return frozenset(appearance.casefold().split())


def is_searched(question: Question | Draft) -> bool:
    """Whether residents find their choice by typing a word of it."""
    if question.kind is not Kind.SELECT_ONE or not question.appearance or not words(question.appearance) & SEARCHED:
        return False
    return _offered(question.choices) > LONG_LIST


def remarks_on_appearance(draft: Draft, findings: Findings) -> None:
    """Say what of appearance and parameters cannot be had."""
    place = draft.row.at("appearance")
    if _OF_FILE.search(draft.appearance):
        findings.error(
            "unsupported_appearance",
            place,
            message("Choices cannot be looked up by the appearance search(…)."),
            message("Use select_one_from_file, or a choice_filter."),
        )
    elif _EXTERNAL_APP.search(draft.appearance):
        findings.warn(
            "ignored",
            place,
            message("“{name}” is asked in words: no other application opens in a conversation.", name=draft.name),
            message("Delete the appearance."),
        )
    if draft.kind in _SELECTS and parameters(draft.row.get("parameters")).get("randomize", "").lower() == "true":
        findings.warn(
            "ignored",
            draft.row.at("parameters"),
            message("The choices of “{name}” keep their order.", name=draft.name),
            message("Delete randomize=true."),
        )
    whole = draft.kind is Kind.SELECT_ONE and not draft.row.get("choice_filter") and not is_searched(draft)
    if whole and _offered(draft.choices) > LONG_LIST:
        findings.warn(
            "long_list",
            draft.row.at("type"),
            message("“{name}” lists more than {limit} choices in one message.", name=draft.name, limit=LONG_LIST),
            message("Write search in the column appearance, and residents find theirs by a word."),
        )


def _offered(choices: tuple[Choice, ...]) -> int:
    return sum(not choice.hidden for choice in choices)
