"""Taking a reply as the answer to the open question: reading it, checking it, asking again, skipping, going back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from surveys.dialogue.asking import move_on, offered, put_question
from surveys.dialogue.concluding import conclude, settle_callback
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Mode, Purpose, Stage
from surveys.dialogue.opening import give_floor
from surveys.dialogue.reading import EXACT, Reading, read_reply
from surveys.dialogue.turn import Answer
from surveys.dialogue.words import refusal
from surveys.questionnaire.form import Choice, Kind, Question
from surveys.questionnaire.walk import check, open_question, prune

#: A question is put this often before it is left out and shown to a person.
TRIES = 3
#: A reply after a pause this long is greeted with where we were.
PAUSE = timedelta(hours=12)
#: A reply of so many characters that answers nothing may be something the resident wants handled.
LONG = 6


def answer_question(draft: Draft, interview: Interview, text: str, mode: Mode) -> None:
    """Read `text` as the answer to the open question, or ask again."""
    question = _open(draft, interview)
    _take(draft, interview, question, read_reply(question, text, draft.language, draft.world.today), text, mode)


def answer_by_tap(draft: Draft, interview: Interview, choice: Choice, mode: Mode) -> None:
    """Take `choice`, whose button was tapped, as the answer to the open question."""
    reading = Reading(choice.name, "tap", 1.0)
    _take(draft, interview, _open(draft, interview), reading, choice.label(draft.language), mode)


def _open(draft: Draft, interview: Interview) -> Question:
    form = draft.world.form(interview.form)
    return open_question(form, interview.position, interview.values, draft.world.local)


def _take(  # noqa: PLR0917 - the reading and what it was read from belong together
    draft: Draft, interview: Interview, question: Question, reading: Reading | None, text: str, mode: Mode
) -> None:
    form = draft.world.form(interview.form)
    complaint = None
    if reading is not None:
        complaint = check(form, question, reading.value, interview.values, draft.world.local, draft.language)
        if complaint is None:
            _accept(draft, interview, question, reading=reading, text=text, mode=mode)
            return
    interview = draft.put(replace(interview, heard_at=draft.world.now))
    if reading is None:
        if refusal(text):
            _decline(draft, interview, text, mode)
            return
        _ask_again(draft, replace(interview, unread=text), question, said="")
    else:
        _ask_again(draft, interview, question, said=complaint or "")


def _accept(draft: Draft, interview: Interview, question: Question, *, reading: Reading, text: str, mode: Mode) -> None:
    paused = interview.heard_at is not None and draft.world.now - interview.heard_at >= PAUSE
    form = draft.world.form(interview.form)
    said = {question.name: reading.value}
    if reading.other:
        said[f"{question.name}_other"] = reading.other
    values = {**interview.values, **said}
    kept = prune(form, values, draft.world.local)
    for name in interview.trail:
        if name in values and name not in kept:
            draft.erase(interview, name)
    mode = interview.mode if mode is Mode.SELF else mode
    for name, value in said.items():
        draft.answer(
            Answer(
                interview=interview.id,
                question=name,
                value=value,
                raw=text,
                rule=reading.rule,
                confidence=reading.confidence,
                at=draft.world.now,
                mode=mode,
                comment=reading.comment,
                late=_late(draft, interview),
            )
        )
    if paused and interview.purpose is Purpose.SURVEY:
        draft.say(draft.words("Going on where we left off."), about=interview)
    _proceed(
        draft,
        interview,
        heard_at=draft.world.now,
        values=kept,
        unread="",
        covered=False,
        mode=mode,
        trail=(*(n for n in interview.trail if n != question.name), question.name),
    )


def is_exact_answer(draft: Draft, interview: Interview, text: str) -> bool:
    """Whether `text` is an option of the open question, word for word: then it is no doubt about us."""
    question = _open(draft, interview)
    reading = read_reply(question, text, draft.language, draft.world.today)
    return bool(question.choices) and reading is not None and reading.rule in EXACT


def skip_question(draft: Draft, interview: Interview) -> None:
    """Leave the open question out, unless it is required."""
    question = draft.world.form(interview.form).question(interview.position)
    if _required(draft, interview, question):
        draft.say(draft.words("We do need an answer to this one."), about=interview)
        put_question(draft, interview)
        return
    _leave_out(draft, interview, question)


def _required(draft: Draft, interview: Interview, question: Question) -> bool:
    form = draft.world.form(interview.form)
    return check(form, question, "", interview.values, draft.world.local, draft.language) is not None


def answer_late(draft: Draft, interview: Interview) -> None:
    """Take a reply for what it may be, one to a question that has run out: nothing is decided, a person looks at it."""
    draft.for_staff("late_reply")
    draft.say(draft.words("That came after our last question had run out; a member of our staff will look at it."))
    put_question(draft, interview, resuming=True)


def go_back(draft: Draft, interview: Interview) -> None:
    """Take the last answer back and put its question again."""
    if not interview.trail:
        draft.say(draft.words("This is the first question."), about=interview)
        put_question(draft, interview)
        return
    last = interview.trail[-1]
    values = {name: value for name, value in interview.values.items() if name not in {last, f"{last}_other"}}
    for name in (last, f"{last}_other"):
        if name in interview.values:
            draft.erase(interview, name)
    back = draft.put(
        replace(
            interview,
            values=values,
            position=last,
            tries=0,
            asked=interview.asked + 1,
            trail=interview.trail[:-1],
            skipped=tuple(name for name in interview.skipped if name != last),
        )
    )
    put_question(draft, back)


def _ask_again(draft: Draft, interview: Interview, question: Question, *, said: str) -> None:
    tries = interview.tries + 1
    if tries >= TRIES:
        draft.event("QuestionUnread", interview, question=question.name)
        draft.for_staff("unreadable")
        if interview.purpose is Purpose.IDENTITY:
            _identity_unclear(draft, interview)
            return
        if _required(draft, interview, question):
            draft.put(replace(interview, tries=0))  # it stays open, and whoever writes again is met as before
            draft.say(
                draft.words(
                    "We could not make that out; a member of our staff will look at it. You can still answer, "
                    "or call {hotline}.",
                    hotline=draft.world.office.phone(draft.language),
                ),
                about=interview,
            )
            return
        draft.say(draft.words("We will leave this one out for now."), about=interview)
        _leave_out(draft, interview, question)
        return
    interview = draft.put(replace(interview, tries=tries))
    if len(interview.unread) >= LONG and interview.purpose is Purpose.SURVEY:
        draft.say(draft.words("If you want something handled, reply: report."), about=interview)
    options = offered(question, draft.language)
    if said:
        draft.say(said, about=interview)
    elif tries == 1 or not options:
        draft.say(draft.words("Sorry, we did not understand."), about=interview)
    else:
        draft.say(
            draft.words("Please reply with just the number, 1–{n}, for example {example}.", n=len(options), example=1),
            about=interview,
        )
    put_question(draft, interview)


def _identity_unclear(draft: Draft, interview: Interview) -> None:
    draft.put(replace(interview, stage=Stage.EXPIRED, position=""))
    for waiting in draft.conversation.interviews:
        if waiting.resident == interview.resident and waiting.stage is Stage.WAITING:
            ended = draft.put(replace(waiting, stage=Stage.EXPIRED))
            draft.event("InterviewExpired", waiting, reason="identity")
            if waiting.purpose is Purpose.CALLBACK:
                settle_callback(draft, ended, silent=True)
    draft.say(
        draft.words(
            "We will not trouble you further. Our hotline: {hotline}.", hotline=draft.world.office.phone(draft.language)
        )
    )


def _leave_out(draft: Draft, interview: Interview, question: Question) -> None:
    if question.name in interview.values:
        draft.erase(interview, question.name)
    values = {name: value for name, value in interview.values.items() if name != question.name}
    _proceed(
        draft,
        interview,
        values=values,
        skipped=(*interview.skipped, question.name),
        trail=(*(n for n in interview.trail if n != question.name), question.name),
    )


def _proceed(draft: Draft, interview: Interview, **changes: Any) -> None:
    interview = move_on(draft, interview, **changes)
    if interview.stage is Stage.COMPLETE:
        conclude(draft, interview)


def _decline(draft: Draft, interview: Interview, text: str, mode: Mode) -> None:
    """Take "I would rather not" for an answer."""
    if interview.purpose is Purpose.CALLBACK:
        question = draft.world.form(interview.form).question(interview.position)
        if question.kind is Kind.SELECT_ONE and question.choice("declined"):
            said = Reading("declined", "refusal", 1.0)
            _accept(draft, interview, question, reading=said, text=text, mode=mode)
        else:
            done = draft.put(
                replace(
                    interview,
                    stage=Stage.COMPLETE,
                    values={**interview.values, "solved": interview.values.get("solved", "declined")},
                )
            )
            conclude(draft, done)
        return
    for other in draft.conversation.interviews:
        mine = other.id == interview.id
        behind = interview.purpose is Purpose.IDENTITY and other.stage is Stage.WAITING
        if mine or (behind and other.resident == interview.resident):
            declined = draft.put(replace(other, stage=Stage.DECLINED))
            draft.event("InterviewDeclined", other, reason="refused")
            if other.purpose is Purpose.CALLBACK:
                settle_callback(draft, declined, silent=True)  # who refused is not known: the resident was not reached
    draft.say(draft.words("That is quite all right. Thank you for letting us know."), about=interview)
    give_floor(draft)


def _late(draft: Draft, interview: Interview) -> bool:
    plan = draft.plan(interview)
    return plan is not None and draft.world.now >= plan.closes_at
