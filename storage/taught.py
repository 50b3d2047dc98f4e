"""Questionnaires with the words that staff have taught since: what conversations read replies by."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, select

from storage.tables.teaching import synonyms
from surveys.questionnaire.form import Choice, Form, Question

#: Another process's teaching is noticed after so many seconds (of the machine), this one's at once.
NOTICED_AFTER = 2.0

#: Question -> option -> words.
Words = Mapping[str, Mapping[str, tuple[str, ...]]]


class _Lessons:
    """Counts what this process has taught, so that its desks look again."""

    count = 0


def taught_here() -> None:
    """Have every desk of this process look again."""
    _Lessons.count += 1


class Taught:
    """One per desk: keeps each questionnaire with its taught words as one object until the words change."""

    def __init__(self) -> None:
        self._lesson = -1
        self._look_at = 0.0
        self._words: dict[str, Words] = {}
        self._forms: dict[str, tuple[Form, Words, Form]] = {}

    def look(self, connection: Connection) -> None:
        """Read anew what has been taught, if it may have changed."""
        now = time.monotonic()
        if self._lesson == _Lessons.count and now < self._look_at:
            return
        self._lesson, self._look_at = _Lessons.count, now + NOTICED_AFTER
        self._words = taught_words(connection)

    def form(self, digest: str, form: Form) -> Form:
        """Return `form` with the words taught for it; the same object as long as both are the same."""
        words = self._words.get(digest)
        if not words:
            return form
        known = self._forms.get(digest)
        if known is None or known[0] is not form or known[1] != words:
            known = self._forms[digest] = (form, words, with_words(form, words))
        return known[2]


def taught_words(connection: Connection) -> dict[str, Words]:
    """Return everything taught, by form."""
    found: dict[str, dict[str, dict[str, tuple[str, ...]]]] = defaultdict(lambda: defaultdict(dict))
    rows = connection.execute(
        select(synonyms.c.form, synonyms.c.question, synonyms.c.choice, synonyms.c.said).order_by(
            synonyms.c.at, synonyms.c.words
        )
    )
    for form, question, choice, said in rows:
        options = found[form][question]
        options[choice] = (*options.get(choice, ()), said)
    return {form: {question: dict(options) for question, options in by.items()} for form, by in found.items()}


def with_words(form: Form, words: Words) -> Form:
    """Return `form` with further synonyms."""
    return replace(form, questions=tuple(_question(question, words) for question in form.questions))


def _question(question: Question, words: Words) -> Question:
    options = words.get(question.name)
    if not options:
        return question
    return replace(question, choices=tuple(_choice(choice, options) for choice in question.choices))


def _choice(choice: Choice, options: Mapping[str, tuple[str, ...]]) -> Choice:
    further = options.get(choice.name)
    return replace(choice, synonyms=(*choice.synonyms, *further)) if further else choice
