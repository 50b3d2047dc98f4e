"""Long lists: the resident types a word of the answer, and the choices that hold it are offered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from surveys.dialogue.interview import Interview
from surveys.dialogue.reading import Reading
from surveys.dialogue.spelling import squeezed
from surveys.dialogue.vocabulary import sayings
from surveys.kept import Kept
from surveys.questionnaire.appearance import LONG_LIST, is_searched
from surveys.questionnaire.form import Choice, Form, Question
from surveys.questionnaire.walk import fill, open_question

#: Rules that read a number or letter as a place in the list: none while the list is not shown.
_BY_PLACE = frozenset({"number", "letter", "numeral", "leading", "several"})
#: Longer than any word of an answer.
_LONGEST = 60


def _as_it_stands(question: Question) -> bool:
    dynamic = any("${" in label for choice in question.choices for label in choice.labels.values())
    return not dynamic and not is_searched(question)


_AS_IT_STANDS = Kept(_as_it_stands)


def question_as_put(form: Form, interview: Interview, now: datetime) -> Question:
    """Return the open question as it stands before the resident: answers filled in, a long list searched."""
    question = open_question(form, interview.position, interview.values, now)
    if _AS_IT_STANDS.of(question):
        return question
    choices = tuple(_filled(choice, form, interview) for choice in question.choices)
    question = replace(question, choices=choices)
    return replace(question, choices=matching(question, interview.sought)) if interview.sought else question


def matching(question: Question, words: str) -> tuple[Choice, ...]:
    """Return the choices one of whose labels or synonyms holds every word, and the hidden ones."""
    wanted = squeezed(words[:_LONGEST]).split()
    return tuple(choice for choice in question.choices if choice.hidden or _holds(choice, wanted))


def search(question: Question, text: str) -> int:
    """Return how many choices on offer hold the words of `text`."""
    return sum(not choice.hidden for choice in matching(question, text)) if squeezed(text) else 0


def few(count: int) -> bool:
    """Whether so many choices can be offered in a message."""
    return 1 <= count <= LONG_LIST


def unseen(question: Question, interview: Interview, reading: Reading | None) -> bool:
    """Whether a reading takes a number for a place in a list that was not shown."""
    return reading is not None and reading.rule in _BY_PLACE and not interview.sought and is_searched(question)


def _holds(choice: Choice, wanted: list[str]) -> bool:
    said = [squeezed(saying) for saying in sayings(choice)]
    return bool(wanted) and any(all(word in one for word in wanted) for one in said)


def _filled(choice: Choice, form: Form, interview: Interview) -> Choice:
    if not any("${" in label for label in choice.labels.values()):
        return choice
    values, place = interview.values, interview.position
    labels = {language: fill(label, form, values, language, place) for language, label in choice.labels.items()}
    return replace(choice, labels=labels)
