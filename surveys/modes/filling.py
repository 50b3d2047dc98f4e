"""A questionnaire filled in from cells: walked through as the chat walks, so that the same answers are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from surveys.dialogue.reading import Reading
from surveys.language import Message, message
from surveys.modes.cells import Unread, read_cell
from surveys.questionnaire.form import ASKED, MORE, NO, YES, Form, Kind, Question
from surveys.questionnaire.keys import other_key, parted
from surveys.questionnaire.repeats import SHAPES, UNIT
from surveys.questionnaire.walk import check, computed, next_question, open_question, prune, relevant, rows_of


@dataclass(frozen=True, slots=True)
class Filled:
    """The end of a walk: values as an interview keeps them, the questions met, those left out, what was read."""

    values: Mapping[str, str]
    trail: tuple[str, ...]
    skipped: tuple[str, ...]
    read: Mapping[str, tuple[Reading, str]]  # question → reading and the cell's own words

    @property
    def answers(self) -> dict[str, str]:
        """The answers by question, without what is computed or given."""
        return {name: reading.value for name, (reading, _) in self.read.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the cell of one question."""

    question: str
    code: str
    what: Message
    fix: Message


def fill_in(
    form: Form, cells: Mapping[str, str], given: Mapping[str, str], now: datetime, language: str
) -> tuple[Filled, tuple[Finding, ...]]:
    """Fill the form from `cells` (question, inside a repeat the key of the instance → what was written).

    `now` is when it was answered, aware local time; `language` that of the findings. A cell for a question that is
    not asked after these answers is a finding, as is an empty one where an answer is required.
    """
    left = {name: text for name, text in cells.items() if text}
    walk = _Walk(form, given, now)
    trail: list[str] = []
    skipped: list[str] = []
    read: dict[str, tuple[Reading, str]] = {}
    findings: list[Finding] = []
    for question in walk.questions(skipped):
        name = question.name
        trail.append(name)
        if question.role == MORE:
            walk.take({name: _goes_on(form, question, cells)})
            continue
        text = left.pop(name, "")
        found = _take(form, question, text, walk.values, now, language)
        if isinstance(found, Reading):
            read[name] = (found, text)
            said = {name: found.value}
            if found.other and other_key(name) not in left:
                read[other_key(name)] = (Reading(found.other, "text", 1.0), text)
                said[other_key(name)] = found.other
            walk.take(said)
            continue
        skipped.append(name)
        if found is not None:
            findings.append(found)
    values = walk.values
    kept = prune(form, values, now)
    gone = [name for name in read if name not in kept]
    findings += [_not_asked(name, read[name][1]) for name in gone]
    if not findings:  # after a mistake it cannot be told what would have been asked
        findings += [_not_asked(name, text) for name, text in left.items()]
    return Filled(kept, tuple(trail), tuple(skipped), read), tuple(findings)


class _Walk:
    """The way through a form as far as it is known: what is asked next, and the answers so far."""

    def __init__(self, form: Form, given: Mapping[str, str], now: datetime) -> None:
        self._form, self._given, self._now = form, given, now
        self.values: Mapping[str, str] = computed(form, {}, given, now)
        # What neither reckons nor grows stands from the start: a file has many rows, and forms many questions.
        self._reckons = any(question.kind is Kind.CALCULATE for question in form.questions)
        self._grows = self._reckons or any(repeat.count or repeat.name != UNIT for repeat in form.repeats)

    def take(self, said: Mapping[str, str]) -> None:
        """Keep answers."""
        values = {**self.values, **said}
        self.values = computed(self._form, values, self._given, self._now) if self._grows else values

    def questions(self, skipped: Sequence[str]) -> Iterator[Question]:
        """Yield the questions that apply, in order, each with the choices it offers after the answers so far."""
        if self._grows:
            position = ""
            while (question := next_question(self._form, self.values, position, self._now, skipped)[1]) is not None:
                position = question.name
                yield question
            return
        for row in rows_of(self._form, self.values):
            if row.kind not in ASKED or self.values.get(row.name):
                continue
            if relevant(self._form, row, self.values, self._now):
                yield open_question(self._form, row.name, self.values, self._now)


def _take(  # noqa: PLR0917 - a decision takes everything it depends on as arguments
    form: Form, question: Question, text: str, values: Mapping[str, str], now: datetime, language: str
) -> Reading | Finding | None:
    name = question.name
    found = read_cell(question, text, now.date(), language) if text else None
    if isinstance(found, Unread):
        return Finding(name, found.code, found.what, found.fix)
    refused = check(form, question, found.value if found else "", values, now, language)
    if refused is None:
        return found
    if found is None:
        return Finding(
            name,
            "required_answer",
            message("The answer is missing: {reason}", reason=refused),
            message("Fill it in; a form without it is not complete."),
        )
    return Finding(
        name,
        "refused_answer",
        message("{text} is refused: {reason}", text=text[:40], reason=refused),
        message("Compare it with the paper, and correct it."),
    )


def _not_asked(name: str, text: str) -> Finding:
    return Finding(
        name,
        "not_asked",
        message("{text} answers a question that is not asked after the other answers.", text=text[:40]),
        message("Empty the cell, or correct the answer that leads there."),
    )


def _goes_on(form: Form, question: Question, cells: Mapping[str, str]) -> str:
    """Whether any cell holds an answer of the instance that `question` asks for."""
    repeat, indices = parted(question.name)
    following = (*indices[:-1], indices[-1] + 1)
    chains = SHAPES.of(form).chains
    for name, text in cells.items():
        row, place = parted(name)
        if text and repeat in chains.get(row, ()) and place[: len(following)] == following:
            return YES
    return NO
