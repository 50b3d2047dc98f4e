"""What a message on a simulated phone asks, found as a person finds it: by its wording."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.demo.opinions import FORM
from surveys.language import LANGUAGES, message
from surveys.questionnaire.form import Question
from surveys.questionnaire.templates import template_form

#: Questionnaires whose questions may arrive on a phone.
FORMS = (FORM, "identity", "complaint", "callback")
#: The number of a case: the date and six digits.
CASE_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")
#: Sentences of the service that a resident acts upon.
NOTED = message("Noted under no. {number}. Once the unit says it is done we will ask you whether it is.")
KEEP = message("A matter you told us of is still being handled; to get messages about it alone, reply KEEP.")
PUBLICITY = message("[{organiser}] {text} Reply STOP for no more messages.")
_BLANK = re.compile(r"\$\{\w+\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The question a message puts: of which questionnaire, in which language."""

    form: str
    question: Question
    language: str


def asked(text: str) -> Asked | None:
    """Return the question `text` ends with, None if it asks nothing."""
    places = [(text.rfind(wording), found) for wording, found in _wordings() if wording in text]
    return max(places, key=lambda pair: pair[0])[1] if places else None


def registered(text: str) -> str:
    """Return the number under which `text` says a matter was noted, '' if it says so of none."""
    if not any(NOTED.text(language).partition("{number}")[0] in text for language in LANGUAGES):
        return ""
    found = CASE_NUMBER.search(text)
    return found[0] if found else ""


def offers_to_keep(text: str) -> bool:
    """Whether `text` says, after an opt-out, that messages about an open case can be kept."""
    return any(KEEP.text(language) in text for language in LANGUAGES)


def is_publicity(text: str) -> bool:
    """Whether `text` is a message that tells and asks nothing."""
    return any(PUBLICITY.text(language).rpartition("{text}")[2] in text for language in LANGUAGES)


@cache
def _wordings() -> tuple[tuple[str, Asked], ...]:
    return tuple(
        (max(_BLANK.split(question.label(language)), key=len), Asked(form, question, language))
        for form in FORMS
        for question in template_form(form).asked
        for language in LANGUAGES
    )
