"""What staff teach of residents' words: kept for one version of a questionnaire, and past replies read once more."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.forms import unknown_form
from bot.actions.progress import Progress
from bot.house import House
from storage.desk import Desk
from storage.taught import with_words
from storage.teaching import LONGEST, Lesson, Reread, forget, named_form, option, taught, teach
from surveys.dialogue.oneof import choose_one
from surveys.dialogue.reading import EXACT
from surveys.dialogue.spelling import squeezed
from surveys.dialogue.words import taken
from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.form import Choice, Form, Question


class TeachForm(BaseModel):
    """`words` mean `option` of `question`; `dry_run` only tells which past replies would be answers."""

    model_config = ConfigDict(frozen=True)

    form: str
    question: str
    words: str = Field(max_length=LONGEST)
    option: str
    dry_run: bool = False


class ForgetTaught(BaseModel):
    """What was taught of `words` is to mean nothing again."""

    model_config = ConfigDict(frozen=True)

    form: str
    question: str
    words: str


class ListTaught(BaseModel):
    """Which questionnaire's taught words to show."""

    model_config = ConfigDict(frozen=True)

    form: str


def teach_form(house: House, order: TeachForm, progress: Progress) -> dict[str, Any]:
    """Keep the words and read past replies again; what was taken for an answer is told."""
    progress(0, 1)
    name, form = _form(house, order.form)
    question = _question(form, order.question)
    choice = option(question, order.option)
    if choice is None:
        raise Refused([_unknown_option(question, order.option)])
    with house.database.read() as connection:
        before = taught(connection, name)
    _check_words(form, question, choice, order.words.strip(), before)
    lesson = Lesson(name, question.name, order.words.strip(), choice.name)
    desk = Desk(house.database.vault, house.office)
    now = house.now()
    found = house.database.write(lambda connection: teach(connection, desk, lesson, now, dry=order.dry_run))
    progress(1, 1)
    return {
        "form": name,
        "question": question.name,
        "words": lesson.words,
        "option": choice.name,
        "label": choice.label(house.language),
        "taught": not order.dry_run,
        "reread": [_told(house, question, reply) for reply in found],
    }


def forget_taught(house: House, order: ForgetTaught, progress: Progress) -> dict[str, Any]:
    """Forget what was taught; answers already read by it stay, and how many is told."""
    progress(0, 1)
    name, form = _form(house, order.form)
    lesson = Lesson(name, _question(form, order.question).name, order.words.strip(), "")
    now = house.now()
    desk = Desk(house.database.vault, house.office)
    staying = house.database.write(lambda connection: forget(connection, desk, lesson, now))
    if staying is None:
        raise Refused(
            [
                Problem(
                    code="words_not_taught",
                    what=message(
                        'Nothing has been taught of "{words}" for question {question}.',
                        words=lesson.words,
                        question=lesson.question,
                    ),
                    fix=message("`pingyi form taught {form}` lists what has been.", form=order.form),
                )
            ]
        )
    return {
        "form": name,
        "question": lesson.question,
        "words": lesson.words,
        "taught": False,
        "answers_staying": staying,
    }


def list_taught(house: House, order: ListTaught, progress: Progress) -> dict[str, Any]:
    """Return what has been taught for a questionnaire."""
    del progress
    name, form = _form(house, order.form)
    with house.database.read() as connection:
        lessons = taught(connection, name)
    return {
        "form": name,
        "taught": [
            {"question": lesson.question, "words": lesson.words, "option": lesson.choice}
            | {"label": _label(form, lesson, house.language)}
            for lesson in lessons
        ],
    }


def _told(house: House, question: Question, reply: Reread) -> dict[str, Any]:
    choices = [choice for choice in question.choices if choice.name in reply.value.split()]
    return {
        "message": reply.message or None,
        "at": reply.at.astimezone(ZoneInfo(house.office.zone)).isoformat(timespec="minutes"),
        "text": reply.text,
        "option": reply.value,
        "label": ", ".join(choice.label(house.language) for choice in choices),
    }


def _label(form: Form, lesson: Lesson, language: str) -> str:
    choice = form.question(lesson.question).choice(lesson.choice)
    return choice.label(language) if choice else lesson.choice


def _form(house: House, reference: str) -> tuple[str, Form]:
    with house.database.read() as connection:
        found = named_form(connection, reference)
    if found is None:
        raise Refused([unknown_form(reference)])
    return found


def _question(form: Form, name: str) -> Question:
    known = [question.name for question in form.questions if question.choices]
    if name not in known:
        raise Refused(
            [
                Problem(
                    code="unknown_question",
                    what=message("The questionnaire has no question {question} with options.", question=name or "''"),
                    fix=message("Name one of: {known}.", known=", ".join(known)),
                    field="question",
                )
            ]
        )
    return form.question(name)


def _unknown_option(question: Question, reference: str) -> Problem:
    return Problem(
        code="unknown_option",
        what=message("Question {question} has no option {option}.", question=question.name, option=reference or "''"),
        fix=message("Name one of: {known}.", known=", ".join(choice.name for choice in question.choices)),
        field="option",
    )


def _check_words(form: Form, question: Question, choice: Choice, words: str, before: list[Lesson]) -> None:
    """Refuse words that would never reach the question, say nothing, or mean something there already."""
    if not squeezed(words):
        raise Refused([_bad_words(message("These words hold no letter or digit."))])
    if taken(words):
        raise Refused([_bad_words(message('"{words}" is an opt-out or command word.', words=words))])
    lessons = {lesson.question: {} for lesson in before}  # type: dict[str, dict[str, tuple[str, ...]]]
    for lesson in before:
        options = lessons[lesson.question]
        options[lesson.choice] = (*options.get(lesson.choice, ()), lesson.words)
    now = with_words(form, lessons).question(question.name)
    pick = choose_one(now, words)
    if pick is None or pick.rule not in EXACT:
        return
    meant = pick.choices[0].name
    if meant == choice.name:
        raise Refused([_bad_words(message('"{words}" means that option already.', words=words))])
    raise Refused([_bad_words(message('"{words}" already means option {option}.', words=words, option=meant))])


def _bad_words(what: Message) -> Problem:
    fix = message("Teach the words residents wrote, for an option they did not mean so far.")
    return Problem("words_not_teachable", what, fix, field="words")
