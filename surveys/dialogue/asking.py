"""How an open question is put: wording, numbered options, progress, and where the floor goes next."""

from __future__ import annotations

from typing import Any

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Purpose, Stage
from surveys.dialogue.taps import guard
from surveys.dialogue.vocabulary import marks
from surveys.kept import Kept
from surveys.language import message, translate
from surveys.questionnaire.form import Form, Kind, Question
from surveys.questionnaire.walk import computed, fill, next_question, open_question, progress


def offered(question: Question, language: str) -> tuple[str, ...]:
    """Return the labels of the options a resident is shown, in order."""
    return tuple(choice.label(language) for choice in question.choices if not choice.hidden)


def put_question(draft: Draft, interview: Interview, *, resuming: bool = False) -> None:
    """Say the open question of `interview` with its options."""
    if interview.covered:
        interview = draft.put(interview.changed(covered=False))
    form = draft.world.form(interview.form)
    question = open_question(form, interview.position, interview.values, draft.world.local)
    number, total = progress(form, interview.values, question.name, draft.world.local)
    wording = fill(question.label(draft.language), form, interview.values, draft.language)
    if total > 1 and interview.purpose is not Purpose.COMPLAINT:
        counted = message("Continuing: {k}/{n} {wording}") if resuming else message("{k}/{n} {wording}")
        text = draft.words(counted, k=number, n=total, wording=wording)
    else:
        text = wording
    options, below = _offers(question, draft.language)
    named = guard(draft.world.names, interview, question)
    # Where several may apply there are no buttons: one tap would pass for the whole answer.
    draft.ask(text + below, interview, options if named else (), named)


def _offers(question: Question, language: str) -> tuple[tuple[str, ...], str]:
    """Return the options, and the lines that stand below the wording."""
    known = _OFFERS.of(question)
    if language not in known:
        options = offered(question, language)
        lines = ["", *(f"{mark} {label}".strip() for mark, label in zip(marks(question), options, strict=True))]
        if question.kind is Kind.SELECT_MULTIPLE:
            lines.append(translate(language, "(Several may apply, e.g. reply 1 3)"))
        if question.kind is Kind.DATE:
            lines.append(translate(language, "(e.g. 2026-10-03)"))
        if not question.required and question.role != "complaint":
            lines.append(translate(language, "(Reply skip to leave it out)"))
        known[language] = options, "\n".join(lines)
    return known[language]


def _no_language_yet(_question: Question) -> dict[str, tuple[tuple[str, ...], str]]:
    return {}


_OFFERS = Kept(_no_language_yet)


def say_notes(draft: Draft, form: Form, interview: Interview, notes: tuple[Question, ...]) -> None:
    """Say the notes that stand before the next question."""
    for note in notes:
        draft.say(fill(note.label(draft.language), form, interview.values, draft.language), about=interview)


def move_on(draft: Draft, interview: Interview, **changes: Any) -> Interview:
    """Put the next question after the present one, or complete the interview; return its new state.

    `changes` are what else has changed of the interview: written into it here, once.
    """
    form = draft.world.form(interview.form)
    values = computed(form, changes.get("values", interview.values), interview.given, draft.world.local)
    skipped = changes.get("skipped", interview.skipped)
    notes, question = next_question(form, values, interview.position, draft.world.local, skipped)
    changes |= {
        "values": values,
        "tries": 0,
        "asked": interview.asked + 1,
        "position": question.name if question else "",
    }
    if question is None:
        changes["stage"] = Stage.COMPLETE
    interview = draft.put(interview.changed(**changes))
    say_notes(draft, form, interview, notes)
    if question is not None and draft.conversation.floor is interview:
        put_question(draft, interview)
    return interview
