"""Several answers in one message: "满意。参与过" to a question and the next, where the second can mean nothing else.

"1,2" may be two answers as well as somebody who hesitates: it is asked which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
from surveys.questionnaire.progress import progress
from surveys.questionnaire.walk import check, computed, label_of, next_question

#: A longer message tells something of its own.
LONGEST = 40
_PARTS = re.compile(r"\s*[,，;；.。、!！\n]\s*|\s+")
#: Between two options of one question there may be a word as well.
_BETWEEN = re.compile(r"\s*(?:[,，;；.。、/&+!！\n]|和|跟|与|或者?|还是|\band\b|\bor\b)\s*", re.IGNORECASE)
#: Rules by which the second part must be read: whole and beyond doubt.
_SURE = EXACT | {"amount", "date"}


#: Answers that bear the numbers of their questions: "1.吃过 2.10次 3.满意".
_BORNE = re.compile(r"[\s,，;；。!！]+(?=\d{1,2}\s*[.．、:：)）]\s*\S)")
_NUMBERED = re.compile(r"(?P<number>\d{1,2})\s*[.．、:：)）]\s*(?P<said>\S.*)")
#: More answers than this are a list of something else.
MOST = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of a message: the question, what was read, and the words for it."""

    question: Question
    reading: Reading
    said: str


def answers_in(draft: Draft, interview: Interview, text: str) -> tuple[Step, ...]:
    """Return the two or more answers to questions in a row the whole message consists of, or ().

    The second must be no answer at all to the open question: "1,2" may be somebody who hesitates between 1 and 2.
    """
    if interview.purpose is not Purpose.SURVEY or len(text) > LONGEST:
        return ()
    form, local = draft.world.form(interview.form), draft.world.local
    question = question_as_put(form, interview, local)
    if question.kind not in {Kind.SELECT_ONE, Kind.INTEGER} or question.role == MORE:
        return ()  # several may be chosen there, or the words are the answer
    place, _ = progress(form, interview.values, interview.position, local)
    borne = _borne(text, place)
    parts = borne or _parts(text)
    if not 2 <= len(parts) <= MOST:
        return ()
    if len(parts) > 2 and not borne:
        whole = read_reply(question, text, draft.language, draft.world.today)
        if whole is not None and not whole.comment:
            return ()  # one answer in many words
    instead = read_reply(question, parts[1], draft.language, draft.world.today)
    if instead is not None and instead.rule in _SURE:
        return ()
    return _steps(draft, interview, question, parts)


def _borne(text: str, place: int) -> list[str]:
    """Return the answers of a message that gives each the number of its question, from the open one on; or []."""
    borne = [_NUMBERED.fullmatch(part) for part in _BORNE.split(text.strip())]
    numbered = [part for part in borne if part]
    in_order = [int(part["number"]) for part in numbered] == list(range(place, place + len(numbered)))
    if len(numbered) < 2 or len(numbered) < len(borne) or not in_order:
        return []
    return [part["said"].strip(" ,，;；。") for part in numbered]


def _parts(text: str) -> list[str]:
    """Return the parts of a message that may each be an answer."""
    return [part for part in _PARTS.split(text.strip()) if plain(part)]


def _steps(draft: Draft, interview: Interview, question: Question, parts: list[str]) -> tuple[Step, ...]:
    """Return what each part answers, () unless every one is read whole and beyond doubt, in its turn."""
    form, local = draft.world.form(interview.form), draft.world.local
    values: Mapping[str, str] = interview.values
    steps: list[Step] = []
    for part in parts:
        reading = read_reply(question, part, draft.language, draft.world.today)
        if reading is None or reading.rule not in _SURE or reading.other or reading.comment:
            return ()
        if check(form, question, reading.value, values, local, draft.language) is not None:
            return ()
        steps.append(Step(question, reading, part))
        if len(steps) == len(parts):
            break
        values = computed(form, {**values, question.name: reading.value}, interview.given, local)
        _, then = next_question(form, values, question.name, local, interview.skipped)
        if then is None or then.kind not in {Kind.SELECT_ONE, Kind.INTEGER, Kind.DATE} or then.role == MORE:
            return ()
        if page_of(draft, interview.changed(position=then.name, values=values, tries=0)):
            return ()  # a page is answered whole
        question = then
    return tuple(steps)


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
    """Take all answers of a message that holds several, and say so; False if it does not."""
    steps = answers_in(draft, interview, text)
    if not steps:
        return False
    open_one, notes = interview, tuple[Question, ...]()
    for step in steps[:-1]:
        open_one, told = _taken(draft, open_one, step, mode)
        notes += told
    labels = [label_of(step.question, step.reading.value, draft.language) for step in steps]
    if len(labels) == 2:
        noted = draft.words("We noted two answers: {first}; {second}.", first=labels[0], second=labels[1])
    else:
        listed = labels[0]
        for label in labels[1:]:
            listed = draft.words("{first}; {second}", first=listed, second=label)
        noted = draft.words("We noted these answers: {answers}.", answers=listed)
    draft.say(noted, about=open_one)
    say_notes(draft, draft.world.form(interview.form), open_one, notes)
    answer_question(draft, open_one, steps[-1].said, mode)
    return True


def _taken(draft: Draft, interview: Interview, step: Step, mode: Mode) -> tuple[Interview, tuple[Question, ...]]:
    """Store one answer that is not the last, and return the interview at the next question with the notes between."""
    form, local, question = draft.world.form(interview.form), draft.world.local, step.question
    plan = draft.plan(interview)
    draft.answer(
        Answer(
            interview=interview.id,
            question=question.name,
            value=step.reading.value,
            raw=step.said,
            rule=step.reading.rule,
            confidence=min(step.reading.confidence, 0.9),
            at=draft.world.now,
            mode=interview.mode if mode is Mode.SELF else mode,
            late=plan is not None and draft.world.now >= plan.closes_at,
        )
    )
    values = computed(form, {**interview.values, question.name: step.reading.value}, interview.given, local)
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
    return between, tuple(notes)
