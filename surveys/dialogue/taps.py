"""Buttons: which question a tapped one belongs to, and whether that question is still open."""

from __future__ import annotations

from surveys.dialogue.conversation import Conversation
from surveys.dialogue.interview import Interview
from surveys.dialogue.searching import question_as_put
from surveys.dialogue.world import Names, World
from surveys.questionnaire.form import Choice, Kind, Question

#: Digits of a guard: a channel has 64 bytes for it and the number of the option.
LENGTH = 18


def guard(names: Names, interview: Interview, question: Question) -> str:
    """Return the opaque name that the buttons of the open `question` carry, '' if it is not answered by one tap.

    It stays the same while the question is open, however often it is put, and is another one when the question is
    opened anew or other options are offered, so that an old button never answers what it did not belong to.
    """
    if question.kind is not Kind.SELECT_ONE:
        return ""
    narrowed = question.choice_filter or interview.sought
    offered = [choice.name for choice in question.choices] if narrowed else ()
    # Digits, not letters: this is done for every question put, and letters take three times as long.
    return names.digits("tap", interview.id, question.name, interview.asked, *offered, length=LENGTH)


def tapped(conversation: Conversation, tap: str, number: str, world: World) -> Choice | None:
    """Return the choice behind option `number` (1 is the first shown) of the open question, None if it is not open."""
    floor = conversation.floor
    if floor is None or not floor.begun or not floor.position:
        return None
    form = world.form(floor.form)
    question = question_as_put(form, floor, world.local)
    if tap != guard(world.names, floor, question) or not (number.isascii() and number.isdecimal()):
        return None
    shown = [choice for choice in question.choices if not choice.hidden]
    place = int(number[:4])
    return shown[place - 1] if 1 <= place <= len(shown) else None
