"""Taking a reply as the answer to the open question: reading it, checking it, asking again, skipping, going back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from surveys.dialogue.asking import move_on, offered, put_question
from surveys.dialogue.concluding import conclude, identity_unclear, settle_callback
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Mode, Purpose, Stage
from surveys.dialogue.opening import give_floor
from surveys.dialogue.pages import page_of, read_page, replies
from surveys.dialogue.prefilled import take
from surveys.dialogue.reading import EXACT, Reading, read_reply
from surveys.dialogue.searching import few, question_as_put, search, unseen
from surveys.dialogue.turn import Answer
from surveys.dialogue.words import refusal
from surveys.questionnaire.appearance import is_searched
from surveys.questionnaire.form import MORE, Choice, Kind, Question
from surveys.questionnaire.keys import other_key
from surveys.questionnaire.walk import check, prune

#: A question is put this often before it is left out and shown to a person.
TRIES = 3
#: A reply after a pause this long is greeted with where we were.
PAUSE = timedelta(hours=12)
#: A reply of so many characters that answers nothing may be something the resident wants handled.
LONG = 6


#: What to ask about a reply that could not be read; looked for only then.
Doubt = Callable[[Draft, Interview, str], str]


def _no_doubt(_draft: Draft, _interview: Interview, _text: str) -> str:
    return ""


def answer_question(draft: Draft, interview: Interview, text: str, mode: Mode, *, doubt: Doubt = _no_doubt) -> None:
    """Read `text` as the answer to the open question, or ask again and say what is in doubt."""
    page = page_of(draft, interview, again=True)
    # After a reply that was not understood, one question may have been put alone.
    if page and (replies(page, text) or (page_of(draft, interview) and not interview.unread)):
        _answer_page(draft, interview, page, text, mode)
        return
    question = _open(draft, interview)
    reading = read_reply(question, text, draft.language, draft.world.today)
    if unseen(question, interview, reading):
        reading = None
    if question.default:
        reading = take(draft, interview, question, text, reading)
    if reading is None and _searched(draft, interview, text):
        return
    _take(draft, interview, question, reading, text, mode, doubt=doubt)


def _answer_page(draft: Draft, interview: Interview, page: Sequence[Question], text: str, mode: Mode) -> None:
    """Take one number for each question of a page; anything else is asked again, one question at a time."""
    found = read_page(draft, interview, page, text)
    if not found:
        _take(draft, interview, page[0], None, text, mode)
        return
    *before, last = found
    for question, reading, number in before:
        _keep(draft, interview, question.name, reading.value, reading, number, mode)
        kept = {**interview.values, question.name: reading.value}
        interview = draft.put(interview.changed(values=kept, trail=(*interview.trail, question.name)))
    question, reading, number = last
    _accept(draft, interview, question, reading=reading, text=number, mode=mode)


def answer_sent(draft: Draft, interview: Interview, reading: Reading, said: str, mode: Mode) -> None:
    """Take what was sent, read already, as the answer to the open question; `said` is it in words."""
    _take(draft, interview, _open(draft, interview), reading, said, mode)


def _searched(draft: Draft, interview: Interview, text: str) -> bool:
    """Offer the choices of a long list that hold the words of `text`; False if they hold none of them."""
    form = draft.world.form(interview.form)
    whole = question_as_put(form, interview.changed(sought=""), draft.world.local)
    count = search(whole, text) if is_searched(whole) else 0
    if not count:
        return False
    sought = text if few(count) else ""
    interview = draft.put(interview.changed(sought=sought, heard_at=draft.world.now, tries=0))
    if not sought:
        draft.say(draft.words("{n} answers hold that; please write more of yours.", n=count), about=interview)
    put_question(draft, interview)
    return True


def answer_by_tap(draft: Draft, interview: Interview, choice: Choice, mode: Mode) -> None:
    """Take `choice`, whose button was tapped, as the answer to the open question."""
    reading = Reading(choice.name, "tap", 1.0)
    _take(draft, interview, _open(draft, interview), reading, choice.label(draft.language), mode)


def _open(draft: Draft, interview: Interview) -> Question:
    form = draft.world.form(interview.form)
    return question_as_put(form, interview, draft.world.local)


def _take(  # noqa: PLR0917 - the reading and what it was read from belong together
    draft: Draft,
    interview: Interview,
    question: Question,
    reading: Reading | None,
    text: str,
    mode: Mode,
    *,
    doubt: Doubt = _no_doubt,
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
        _ask_again(draft, replace(interview, unread=text), question, said=doubt(draft, interview, text))
    else:
        _ask_again(draft, interview, question, said=complaint or "")


def _accept(draft: Draft, interview: Interview, question: Question, *, reading: Reading, text: str, mode: Mode) -> None:
    paused = interview.heard_at is not None and draft.world.now - interview.heard_at >= PAUSE
    form = draft.world.form(interview.form)
    said = {question.name: reading.value}
    if reading.other:
        said[other_key(question.name)] = reading.other
    values = {**interview.values, **said}
    kept = prune(form, values, draft.world.local)
    for name in interview.trail:
        if name in values and name not in kept:
            draft.erase(interview, name)
    mode = interview.mode if mode is Mode.SELF else mode
    # What is gone is not gone back to.
    standing = (n for n in interview.trail if n != question.name and (n in kept or n in interview.skipped))
    for name, value in said.items() if question.role != MORE else ():  # that there is another is no answer by itself
        _keep(draft, interview, name, value, reading, text, mode)
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
        trail=(*standing, question.name),
    )


def _keep(  # noqa: PLR0917 - an answer, what it was read from, and how
    draft: Draft, interview: Interview, name: str, value: str, reading: Reading, text: str, mode: Mode
) -> None:
    draft.answer(
        Answer(
            interview=interview.id,
            question=name,
            value=value,
            raw=text,
            rule=reading.rule,
            confidence=reading.confidence,
            at=draft.world.now,
            mode=interview.mode if mode is Mode.SELF else mode,
            comment=reading.comment,
            late=_late(draft, interview),
        )
    )


def is_exact_answer(draft: Draft, interview: Interview, text: str) -> bool:
    """Whether `text` is an option of the open question, word for word, or its number: then it is no doubt about us."""
    question = _open(draft, interview)
    reading = read_reply(question, text, draft.language, draft.world.today)
    return reading is not None and (reading.rule == "amount" or (bool(question.choices) and reading.rule in EXACT))


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
    values = {name: value for name, value in interview.values.items() if name not in {last, other_key(last)}}
    for name in (last, other_key(last)):
        if name in interview.values:
            draft.erase(interview, name)
    back = draft.put(
        replace(
            interview,
            values=values,
            position=last,
            tries=0,
            sought="",
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
            identity_unclear(draft, interview)
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
    if len(interview.unread) >= LONG and interview.purpose is Purpose.SURVEY and not said:
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
