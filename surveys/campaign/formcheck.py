"""What an office should know of a questionnaire before it is sent: length, cost, wording, what is never asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from surveys.campaign.loaded import warn_of_pushes
from surveys.campaign.pricing import shown
from surveys.campaign.segments import segments
from surveys.campaign.wording import check_wording
from surveys.dialogue.wandering import Lengths, lengths
from surveys.dialogue.words import collisions, said_for
from surveys.language import ENGLISH, LANGUAGES, Message, message
from surveys.problem import Problem, Severity
from surveys.questionnaire.examined import Examined, Rows
from surveys.questionnaire.findings import Place, in_order
from surveys.questionnaire.form import ASKED, Form, Question
from surveys.questionnaire.reachable import unanswerable, unreachable

#: Questions of the longest way: beyond these, people leave (a panel study by SMS lost them sharply after five).
MOST_BY_SMS, MOST_BY_CHAT = 6, 8
#: SMS segments of one question with its options, and the width of an option on a button (a Chinese character is 2).
MOST_SEGMENTS, WIDEST_OPTION = 2, 40
#: Findings about options, which several questions may share, and how much of a long option is shown.
OF_OPTIONS, SHOWN = frozenset({"option_is_command", "long_option"}), 20


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """The findings in the order of the workbook, and how long a talk is, by language."""

    problems: tuple[Problem, ...]
    lengths: Mapping[str, Lengths]


def check_form(examined: Examined, *, file: str, now: datetime, random: Random) -> CheckedForm:
    """Return what is to be known of a form, of one that is refused as far as it could be read.

    `random` decides what the made-up residents answer whose talks are counted: the same gives the same numbers. A form
    that is refused is not talked through.
    """
    form, rows = examined.form, examined.rows
    spoken = tuple(language for language in LANGUAGES if language in form.languages) or LANGUAGES[:1]
    taken = (
        {}
        if examined.refused
        else {language: lengths(form, language=language, now=now, random=random) for language in spoken}
    )
    problems = [
        *examined.problems,
        *_wordings(form, rows),
        *_collisions(form, rows),
        *_unused(rows),
        *(problem for problem in unreachable(form, now) if problem.what.fields["name"] not in rows.doubtful),
        *unanswerable(form, now),
        *_too_long(taken),
        *_wide(form, spoken, rows),
    ]
    placed = [replace(problem, file=problem.file or file) for problem in problems]
    return CheckedForm(in_order(_told_once(placed)), taken)


def _collisions(form: Form, rows: Rows) -> Iterator[Problem]:
    """Yield what of options is taken, at the row of the option."""
    for problem in collisions(form):
        told = problem.what.fields
        option, word = str(told.get("option", "")), str(told.get("word", ""))
        question = form.question(str(told["question"]))
        choice = question.choice(option)
        if choice is None:
            yield _at(problem, rows.place(question.name, "type"))
            continue
        language = next((language for language, label in choice.labels.items() if word in label), None)
        column = "synonyms" if language is None and word in choice.synonyms else "label"
        yield _at(problem, rows.place_of_option(question.name, option, column, language or ""))


def _unused(rows: Rows) -> Iterator[Problem]:
    """Yield the same of lists no question chooses from yet: one whose name is misspelt is meant to be."""
    for name, options in rows.unused.items():
        for choice, row in options:
            for saying in said_for(choice):
                language = next((language for language, label in choice.labels.items() if saying in label), None)
                place = row.at("synonyms") if language is None else row.at("label", language)
                what = message(
                    "List “{list}”: option “{option}” can be said as “{word}”, which is an opt-out or command word.",
                    list=name,
                    option=choice.name,
                    word=saying,
                )
                fix = message("Word the option or its synonym differently.")
                yield _at(Problem("option_is_command", what, fix), place)


def _told_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what is told of one cell already: several questions may share a list."""
    seen: set[tuple[object, ...]] = set()
    for problem in problems:
        place = (problem.code, problem.sheet, problem.row, problem.field)
        cell = place if problem.code in OF_OPTIONS else (*place, problem.what.text(ENGLISH))
        if cell not in seen:
            yield problem
        seen.add(cell)


def _at(problem: Problem, place: Place | None) -> Problem:
    return problem if place is None else replace(problem, sheet=place.sheet, row=place.row, field=place.field)


def _wordings(form: Form, rows: Rows) -> Iterator[Problem]:
    for question in form.questions:
        told = (question.labels, question.hints, question.constraint_messages, question.required_messages)
        for column, texts in zip(("label", "hint", "constraint_message", "required_message"), told, strict=True):
            for language, text in _each_once(texts):
                for problem in check_wording(text):
                    placed = replace(problem, sheet="survey", row=question.row, field=column)
                    yield _at(placed, rows.place(question.name, column, language))
        if question.kind in ASKED:
            for language, text in _each_once(question.labels):
                for problem in warn_of_pushes(text, sheet="survey", row=question.row, field="label"):
                    yield _at(problem, rows.place(question.name, "label", language))


def _each_once(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (language, text), a text that stands in several languages once."""
    seen: set[str] = set()
    for language, text in texts.items():
        if text not in seen:
            yield language, text
        seen.add(text)


def _too_long(taken: Mapping[str, Lengths]) -> Iterator[Problem]:
    most = int(max((found.longest.questions for found in taken.values()), default=0))
    if most > MOST_BY_CHAT:
        yield _warning(
            "long_form",
            message("Up to {count} questions are asked: too many, even for a chat.", count=most),
            message("Ask at most {chat} by Telegram and {sms} by SMS.", chat=MOST_BY_CHAT, sms=MOST_BY_SMS),
        )
    elif most > MOST_BY_SMS:
        yield _warning(
            "long_form",
            message("Up to {count} questions are asked: many for SMS.", count=most),
            message("Ask at most {chat} by Telegram and {sms} by SMS.", chat=MOST_BY_CHAT, sms=MOST_BY_SMS),
        )


def _wide(form: Form, spoken: tuple[str, ...], rows: Rows) -> Iterator[Problem]:
    for question in form.asked:
        parts = {language: segments(shown(question, language)) for language in spoken}
        language = max(spoken, key=parts.__getitem__)
        if parts[language] > MOST_SEGMENTS:
            found = _warning(
                "long_question",
                message(
                    "“{name}” with its options takes {count} SMS parts ({language}).",
                    name=question.name,
                    count=parts[language],
                    language=language,
                ),
                message("Shorten the wording or the options."),
                question,
            )
            yield _at(found, rows.place(question.name, "label", language))
        for choice in question.choices:
            for language, option in _each_once(
                {} if choice.hidden else {tongue: choice.label(tongue) for tongue in spoken}
            ):
                if _width(option) <= WIDEST_OPTION:
                    continue
                shortened = option if len(option) <= SHOWN else option[:SHOWN] + "…"
                found = _warning(
                    "long_option",
                    message("The option “{option}” is too long for a button.", option=shortened),
                    message("Say it in at most 20 Chinese characters or 40 letters."),
                    question,
                )
                yield _at(found, rows.place_of_option(question.name, choice.name, "label", language))


def _width(text: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in text)


def _warning(code: str, what: Message, fix: Message, question: Question | None = None) -> Problem:
    row, field = (question.row, "label") if question else (0, "")
    return Problem(code, what, fix, sheet="survey", row=row, field=field, severity=Severity.WARNING)
