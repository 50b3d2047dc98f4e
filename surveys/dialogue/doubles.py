"""Two answers in one message: "满意。参与过" to one question and the next, where the second can mean nothing else.

"1,2" may be two answers as well as somebody who hesitates: it is asked which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from surveys.dialogue.answering import answer_question
from surveys.dialogue.asking import say_notes
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Mode, Purpose
from surveys.dialogue.oneof import choose_one
from surveys.dialogue.pages import page_of
from surveys.dialogue.reading import EXACT, Reading, read_reply
from surveys.dialogue.searching import question_as_put
from surveys.dialogue.spelling import plain
from surveys.dialogue.turn import Answer
from surveys.questionnaire.form import MORE, Kind, Question
from surveys.questionnaire.walk import check, computed, label_of, next_question

#: A longer message tells something of its own.
LONGEST = 40
_PARTS = re.compile(r"\s*[,，;；.。、!！\n]\s*|\s+")
#: Between two options of one question there may be a word as well.
_BETWEEN = re.compile(r"\s*(?:[,，;；.。、/&+!！\n]|和|跟|与|或者?|还是|\band\b|\bor\b)\s*", re.IGNORECASE)
#: Rules by which the second part must be read: whole and beyond doubt.
_SURE = EXACT | {"amount", "date"}


@dataclass(frozen=True, slots=True)
class Double:
    """The answer to the open question, the question that follows, the answer to that; each with its words."""

    question: Question
    first: Reading
    said_first: str
    then: Question
    second: Reading
    said_second: str


def two_answers(draft: Draft, interview: Interview, text: str) -> Double | None:
    """Return the two answers the whole message consists of, or None.

    The second must be no answer at all to the open question: "1,2" may be somebody who hesitates between 1 and 2.
    """
    if interview.purpose is not Purpose.SURVEY or len(text) > LONGEST:
        return None
    parts = [part for part in _PARTS.split(text.strip()) if part]
    if len(parts) != 2 or not any(plain(part) for part in parts):
        return None
    form, local = draft.world.form(interview.form), draft.world.local
    question = question_as_put(form, interview, local)
    if question.kind not in {Kind.SELECT_ONE, Kind.INTEGER} or question.role == MORE:
        return None  # several may be chosen there, or the words are the answer
    first = read_reply(question, parts[0], draft.language, draft.world.today)
    if first is None or first.rule not in _SURE or first.other:
        return None
    instead = read_reply(question, parts[1], draft.language, draft.world.today)
    if instead is not None and instead.rule in _SURE:
        return None
    if check(form, question, first.value, interview.values, local, draft.language) is not None:
        return None
    values = computed(form, {**interview.values, question.name: first.value}, interview.given, local)
    _, then = next_question(form, values, question.name, local, interview.skipped)
    if then is None or then.kind not in {Kind.SELECT_ONE, Kind.INTEGER, Kind.DATE} or then.role == MORE:
        return None
    if page_of(draft, interview.changed(position=then.name, values=values, tries=0)):
        return None  # a page is answered whole
    second = read_reply(then, parts[1], draft.language, draft.world.today)
    if second is None or second.rule not in _SURE or second.other:
        return None
    if check(form, then, second.value, values, local, draft.language) is not None:
        return None
    return Double(question, first, parts[0], then, second, parts[1])


def which(draft: Draft, interview: Interview, text: str) -> str:
    """Return the question which of two options is meant, '' unless the message consists of two of the open question.

    Neither is taken, and none for the next question, even if that has both: nobody knows which of the two was meant.
    """
    if len(text) > LONGEST:
        return ""
    form, local = draft.world.form(interview.form), draft.world.local
    question = question_as_put(form, interview, local)
    if question.kind is not Kind.SELECT_ONE or question.role == MORE:
        return ""
    said = text.strip()
    parts = [part for part in _BETWEEN.split(said) if part]
    parts = parts if len(parts) == 2 else said.split()
    picks = [choose_one(question, part) for part in parts] if len(parts) == 2 else []
    meant = [pick.choices[0] for pick in picks if pick is not None and pick.rule in EXACT]
    if len(meant) != 2 or meant[0] is meant[1]:
        return ""
    first, second = (choice.label(draft.language) for choice in meant)
    asked = draft.words("Just one answer to this question, please: {first} or {second}?", first=first, second=second)
    values = {**interview.values, question.name: meant[0].name}
    _, then = next_question(
        form, computed(form, values, interview.given, local), question.name, local, interview.skipped
    )
    takes_second = then is not None and read_reply(then, parts[1], draft.language, draft.world.today) is not None
    if not takes_second:
        return asked
    later = draft.words("If the second was for the next question: it comes right after.")
    return f"{asked}\n{later}"


def answer_both(draft: Draft, interview: Interview, text: str, mode: Mode) -> bool:
    """Take both answers of a message that holds two, and say so; False if it does not."""
    double = two_answers(draft, interview, text)
    if double is None:
        return False
    form, local, first = draft.world.form(interview.form), draft.world.local, double.first
    question = double.question
    plan = draft.plan(interview)
    draft.answer(
        Answer(
            interview=interview.id,
            question=question.name,
            value=first.value,
            raw=double.said_first,
            rule=first.rule,
            confidence=min(first.confidence, 0.9),
            at=draft.world.now,
            mode=interview.mode if mode is Mode.SELF else mode,
            late=plan is not None and draft.world.now >= plan.closes_at,
        )
    )
    values = computed(form, {**interview.values, question.name: first.value}, interview.given, local)
    notes, then = next_question(form, values, question.name, local, interview.skipped)
    between = draft.put(
        interview.changed(
            values=values,
            position=then.name if then else "",
            trail=(*(name for name in interview.trail if name != question.name), question.name),
            tries=0,
            unread="",
            covered=False,
            asked=interview.asked + 1,
            heard_at=draft.world.now,
        )
    )
    draft.say(
        draft.words(
            "We noted two answers: {first}; {second}.",
            first=label_of(question, first.value, draft.language),
            second=label_of(double.then, double.second.value, draft.language),
        ),
        about=between,
    )
    say_notes(draft, form, between, notes)
    answer_question(draft, between, double.said_second, mode)
    return True
