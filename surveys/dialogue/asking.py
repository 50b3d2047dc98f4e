"""How an open question is put: wording, numbered options, progress, and where the floor goes next."""

from __future__ import annotations

from typing import Any

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Purpose, Stage
from surveys.dialogue.pages import page_of, put_page
from surveys.dialogue.prefilled import offer
from surveys.dialogue.searching import question_as_put
from surveys.dialogue.taps import guard
from surveys.dialogue.unitheading import duties_of, heading_of
from surveys.dialogue.vocabulary import marks
from surveys.dialogue.ways import way
from surveys.kept import Kept
from surveys.language import message, translate
from surveys.questionnaire.appearance import is_searched
from surveys.questionnaire.form import MORE, Form, Question
from surveys.questionnaire.progress import progress
from surveys.questionnaire.walk import computed, fill, next_question


def offered(question: Question, language: str) -> tuple[str, ...]:
    """Return the labels of the options a resident is shown, in order."""
    return tuple(choice.label(language) for choice in question.choices if not choice.hidden)


def put_question(draft: Draft, interview: Interview, *, resuming: bool = False) -> None:
    """Say the open question of `interview` with its options."""
    if interview.covered:
        interview = draft.put(interview.changed(covered=False))
    form = draft.world.form(interview.form)
    heading = heading_of(draft, form, interview)
    page = page_of(draft, interview)
    if page:
        put_page(draft, interview, page, heading)
        return
    question = question_as_put(form, interview, draft.world.local)
    number, total = progress(form, interview.values, question.name, draft.world.local)
    wording = fill(question.label(draft.language), form, interview.values, draft.language, question.name)
    if total > 1 and question.role != MORE and interview.purpose is not Purpose.COMPLAINT:
        counted = message("Continuing: {k}/{n} {wording}") if resuming else message("{k}/{n} {wording}")
        text = draft.words(counted, k=number, n=total, wording=wording)
    else:
        text = wording
    options, below = _offers(question, draft.language)
    suggestion = offer(draft, interview, question)
    if suggestion:
        below += f"\n{suggestion}"
    named = guard(draft.world.names, interview, question)
    if heading:
        text = f"{heading}\n{text}"
    # Where several may apply there are no buttons: one tap would pass for the whole answer.
    draft.ask(text + below, interview, options if named else (), named)


def _offers(question: Question, language: str) -> tuple[tuple[str, ...], str]:
    """Return the options, and the lines that stand below the wording."""
    known = _OFFERS.of(question)
    if language not in known:
        options = () if is_searched(question) else offered(question, language)
        shown = zip(marks(question), options, strict=True) if options else ()
        lines = ["", *(f"{mark} {label}".strip() for mark, label in shown)]
        if is_searched(question):
            lines.append(translate(language, "(A long list: reply with a word of your answer)"))
        if (how := way(question)) is not None:
            lines.append(how.text(language))
        if not question.required and question.role not in {"complaint", MORE}:
            lines.append(translate(language, "(Reply skip to leave it out)"))
        known[language] = options, "\n".join(lines)
    return known[language]


def _no_language_yet(_question: Question) -> dict[str, tuple[tuple[str, ...], str]]:
    return {}


_OFFERS = Kept(_no_language_yet)


def say_notes(draft: Draft, form: Form, interview: Interview, notes: tuple[Question, ...]) -> None:
    """Say the notes that stand before the next question."""
    for note in notes:
        draft.say(fill(note.label(draft.language), form, interview.values, draft.language, note.name), about=interview)


def move_on(draft: Draft, interview: Interview, **changes: Any) -> Interview:
    """Put the next question after the present one, or complete the interview; return its new state.

    `changes` are what else has changed of the interview: written into it here, once.
    """
    form, left = draft.world.form(interview.form), interview.position
    values = computed(form, changes.get("values", interview.values), interview.given, draft.world.local)
    skipped = changes.get("skipped", interview.skipped)
    notes, question = next_question(form, values, interview.position, draft.world.local, skipped)
    changes |= {
        "values": values,
        "tries": 0,
        "asked": interview.asked + 1,
        "position": question.name if question else "",
        "sought": "",
    }
    if question is None:
        changes["stage"] = Stage.COMPLETE
    interview = draft.put(interview.changed(**changes))
    before = draft.conversation.floor is interview and duties_of(draft, form, interview, left)
    if before:
        draft.say(before, about=interview)
    say_notes(draft, form, interview, notes)
    if question is not None and draft.conversation.floor is interview:
        put_question(draft, interview)
    return interview
