"""Taking a reply as the answer to the open question: reading it, checking it, going on or asking again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from surveys.dialogue.asking import put_question
from surveys.dialogue.changes import given_anew
from surveys.dialogue.declining import Refusal, refused
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Mode, Purpose
from surveys.dialogue.nothing import NOTHING, says_none, says_nothing, says_something
from surveys.dialogue.pages import page_of, read_page, replies
from surveys.dialogue.prefilled import take
from surveys.dialogue.reading import EXACT, STRAY, Reading, read_reply, storable
from surveys.dialogue.refusing import declined_choice, leaves_unsaid, refusal_of, refuse
from surveys.dialogue.searching import few, question_as_put, search, unseen
from surveys.dialogue.skipping import proceed
from surveys.dialogue.turn import Answer
from surveys.dialogue.unreadable import ask_again
from surveys.questionnaire.appearance import is_searched
from surveys.questionnaire.form import MORE, Choice, Kind, Question
from surveys.questionnaire.keys import other_key
from surveys.questionnaire.walk import check, prune

#: A reply after a pause this long is greeted with where we were.
PAUSE = timedelta(hours=12)

#: What to ask about a reply that could not be read; looked for only then.
Doubt = Callable[[Draft, Interview, str], str]


def _no_doubt(_draft: Draft, _interview: Interview, _text: str) -> str:
    return ""


def answer_question(draft: Draft, interview: Interview, text: str, mode: Mode, *, doubt: Doubt = _no_doubt) -> None:
    """Read `text` as the answer to the open question, or ask again and say what is in doubt."""
    page = page_of(draft, interview, again=True)
    # After a reply that was not understood, one question has been put alone.
    if page and (replies(page, text) or page_of(draft, interview)):
        _answer_page(draft, interview, page, text, mode)
        return
    question = _open(draft, interview)
    if _opens_matter(interview, question) and says_something(text):
        draft.say(draft.words("Please tell us what it is, and where."), about=interview)
        put_question(draft, interview)
        return
    if leaves_unsaid(draft, interview, question, text):
        refuse(draft, interview, question, Refusal.TELL, text)
        return
    reading = _nothing(draft, interview, question, text) or read_reply(
        question, text, draft.language, draft.world.today
    )
    if unseen(question, interview, reading):
        reading = None
    if question.default:
        reading = take(draft, interview, question, text, reading)
    if reading is None and _searched(draft, interview, text):
        return
    _take(draft, interview, question, reading, text, mode, doubt=doubt)


def _opens_matter(interview: Interview, question: Question) -> bool:
    return question.role == "complaint" and interview.purpose in {Purpose.COMPLAINT, Purpose.SURVEY}


def _nothing(draft: Draft, interview: Interview, question: Question, text: str) -> Reading | None:
    """Return the answer of who is asked whether something is to be handled, and wants nothing."""
    if _opens_matter(interview, question):
        wants_nothing = says_nothing(text) or refused(text) is not None
        return Reading(NOTHING[draft.language], "nothing", 0.9) if wants_nothing else None
    if interview.purpose is Purpose.COMPLAINT and question.choice("no") and says_none(text):
        return Reading("no", "nothing", 0.9)  # "没有了" to "shall we pass this on?"
    return None


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
        interview = given_anew(draft, interview, question, reading.value)
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
    if reading is not None:
        ask_again(draft, interview, question, said=complaint or "")
        return
    turned = refusal_of(draft, interview, question, text)
    instead = declined_choice(interview, question) if turned else None
    if instead is not None:
        _accept(draft, interview, question, reading=instead, text=text, mode=mode)
    elif turned is not None:
        refuse(draft, interview, question, turned, text)
    elif _said_twice(interview, question, text):
        _take(draft, interview, question, Reading(storable(text), "text", 0.8), text, mode)
    else:
        said = doubt(draft, interview, text) or _of_a_digit(draft, question, text)
        ask_again(draft, replace(interview, unread=text), question, said=said)


def _of_a_digit(draft: Draft, question: Question, text: str) -> str:
    """Return what is asked about a lone digit where words are waited for, as it may be for another question."""
    if question.kind is not Kind.TEXT or question.role == "complaint" or not STRAY.fullmatch(storable(text)):
        return ""
    return draft.words("If “{said}” is your answer to this question, please send it once more.", said=storable(text))


def _said_twice(interview: Interview, question: Question, text: str) -> bool:
    """Whether a lone digit that was asked about has been sent again: it is the floor, the number of a room."""
    alone = question.kind is Kind.TEXT and question.role != "complaint" and STRAY.fullmatch(storable(text))
    return bool(alone) and interview.tries > 0 and storable(interview.unread) == storable(text)


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
    interview = given_anew(draft, interview, question, reading.value)
    # What is gone is not gone back to.
    standing = (n for n in interview.trail if n != question.name and (n in kept or n in interview.skipped))
    for name, value in said.items() if question.role != MORE else ():  # that there is another is no answer by itself
        _keep(draft, interview, name, value, reading, text, mode)
    if paused and interview.purpose is Purpose.SURVEY:
        draft.say(draft.words("Going on where we left off."), about=interview)
    proceed(
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


def answer_late(draft: Draft, interview: Interview) -> None:
    """Take a reply for what it may be, one to a question that has run out: nothing is decided, a person looks at it."""
    draft.for_staff("late_reply")
    draft.say(draft.words("That came after our last question had run out; a member of our staff will look at it."))
    put_question(draft, interview, resuming=True)


def _late(draft: Draft, interview: Interview) -> bool:
    plan = draft.plan(interview)
    return plan is not None and draft.world.now >= plan.closes_at
