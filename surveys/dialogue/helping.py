"""Help: what can be asked for at any time, and what the open question wants."""

from __future__ import annotations

from surveys.dialogue.asking import put_question
from surveys.dialogue.draft import Draft
from surveys.dialogue.hotline import by_phone
from surveys.dialogue.interview import Interview
from surveys.dialogue.searching import question_as_put
from surveys.dialogue.skipping import needs_answer
from surveys.language import Message, message
from surveys.questionnaire.form import Kind, Question, in_language
from surveys.questionnaire.walk import fill

#: What a question wants where its form does not explain it; never an example that could pass for advice.
_WANTED = {
    Kind.SELECT_ONE: message("Just say how it is for you: reply the number of the line that fits best."),
    Kind.SELECT_MULTIPLE: message("Just say how it is for you: reply the numbers of all lines that fit."),
    Kind.INTEGER: message("Just reply with a number; about right will do."),
    Kind.DECIMAL: message("Just reply with a number; about right will do."),
    Kind.DATE: message("Just reply with a day; about right will do."),
    Kind.TEXT: message("Just write it in your own words; a few will do."),
}


def explain(draft: Draft, floor: Interview) -> None:
    """Say what the open question means, as its form puts it or else what is wanted; and put it again."""
    if not _say_hints(draft, floor):
        wanted = _WANTED.get(_open(draft, floor).kind)
        draft.say(draft.words(wanted) if wanted else "", about=floor)
    draft.say(draft.words("For somebody to explain it to you, reply person."), about=floor)
    put_question(draft, floor)


def help_along(draft: Draft, floor: Interview | None) -> None:
    """Say what can be asked for, and the open question once more with what its form has to say of it."""
    draft.say(_all_commands(draft, floor), about=floor)
    if floor:
        _say_hints(draft, floor)
        put_question(draft, floor)


def _all_commands(draft: Draft, floor: Interview | None) -> str:
    if floor is not None and not needs_answer(draft, floor, _open(draft, floor)):
        return by_phone(draft, _COMMANDS[True], _COMMANDS_WITHOUT_PHONE[True])
    return by_phone(draft, _COMMANDS[False], _COMMANDS_WITHOUT_PHONE[False])


#: By whether the open question can be left out.
_COMMANDS: dict[bool, Message] = {
    True: message(
        "You can reply: skip, back, later, person (we call you), report (something you want handled), STOP. "
        "Hotline {hotline}."
    ),
    False: message(
        "You can reply: back, later, person (we call you), report (something you want handled), STOP. "
        "Hotline {hotline}."
    ),
}
_COMMANDS_WITHOUT_PHONE: dict[bool, Message] = {
    True: message("You can reply: skip, back, later, person (we call you), report (something you want handled), STOP."),
    False: message("You can reply: back, later, person (we call you), report (something you want handled), STOP."),
}


def _open(draft: Draft, floor: Interview) -> Question:
    return question_as_put(draft.world.form(floor.form), floor, draft.world.local)


def _say_hints(draft: Draft, floor: Interview) -> bool:
    form = draft.world.form(floor.form)
    question = form.question(floor.position)
    said = [in_language(texts, draft.language) for texts in (question.hints, question.guidance)]
    for hint in said:
        draft.say(fill(hint, form, floor.values, draft.language, question.name), about=floor)
    return any(said)
