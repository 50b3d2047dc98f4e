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
from surveys.dialogue.words import collisions
from surveys.language import LANGUAGES, Message, message
from surveys.problem import Problem, Severity
from surveys.questionnaire.form import ASKED, Form, Question
from surveys.questionnaire.reachable import unreachable

#: Questions of the longest way: beyond these, people leave (a panel study by SMS lost them sharply after five).
MOST_BY_SMS, MOST_BY_CHAT = 6, 8
#: SMS segments of one question with its options, and the width of an option on a button (a Chinese character is 2).
MOST_SEGMENTS, WIDEST_OPTION = 2, 40


@dataclass(frozen=True, slots=True)
class CheckedForm:
    """The findings, errors first, and how long a talk is, by language."""

    problems: tuple[Problem, ...]
    lengths: Mapping[str, Lengths]


def check_form(form: Form, found: Iterable[Problem], *, file: str, now: datetime, random: Random) -> CheckedForm:
    """Return what is to be known of a form that could be read with the warnings `found`.

    `random` decides what the made-up residents answer whose talks are counted: the same gives the same numbers.
    """
    spoken = tuple(language for language in LANGUAGES if language in form.languages) or LANGUAGES[:1]
    taken = {language: lengths(form, language=language, now=now, random=random) for language in spoken}
    problems = [
        *found,
        *_wordings(form),
        *collisions(form),
        *unreachable(form, now),
        *_too_long(taken),
        *_wide(form, spoken),
    ]
    placed = [replace(problem, file=problem.file or file) for problem in problems]
    return CheckedForm(tuple(sorted(placed, key=lambda problem: problem.severity is not Severity.ERROR)), taken)


def _wordings(form: Form) -> Iterator[Problem]:
    for question in form.questions:
        told = (question.labels, question.hints, question.constraint_messages, question.required_messages)
        for column, texts in zip(("label", "hint", "constraint_message", "required_message"), told, strict=True):
            for text in dict.fromkeys(texts.values()):
                for problem in check_wording(text):
                    yield replace(problem, sheet="survey", row=question.row, field=column)
        if question.kind in ASKED:
            for text in dict.fromkeys(question.labels.values()):
                yield from warn_of_pushes(text, sheet="survey", row=question.row, field="label")


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


def _wide(form: Form, spoken: tuple[str, ...]) -> Iterator[Problem]:
    for question in form.asked:
        parts = {language: segments(shown(question, language)) for language in spoken}
        language = max(spoken, key=parts.__getitem__)
        if parts[language] > MOST_SEGMENTS:
            yield _warning(
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
        for option in dict.fromkeys(
            choice.label(language) for choice in question.choices if not choice.hidden for language in spoken
        ):
            if _width(option) > WIDEST_OPTION:
                yield _warning(
                    "long_option",
                    message(
                        "The option “{option}” of “{name}” is too long for a button.", option=option, name=question.name
                    ),
                    message("Say it in at most 20 Chinese characters or 40 letters."),
                    question,
                )


def _width(text: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in text)


def _warning(code: str, what: Message, fix: Message, question: Question | None = None) -> Problem:
    row, field = (question.row, "label") if question else (0, "")
    return Problem(code, what, fix, sheet="survey", row=row, field=field, severity=Severity.WARNING)
