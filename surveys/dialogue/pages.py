"""A page: several questions on one scale, put in one message and answered by as many numbers ("1 2 1 1 3 2")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview
from surveys.dialogue.oneof import choose_one
from surveys.dialogue.reading import EXACT, Reading, read_reply
from surveys.dialogue.spelling import folded, legible
from surveys.dialogue.taps import guard
from surveys.dialogue.vocabulary import marks
from surveys.language import message
from surveys.questionnaire.answers import Answers
from surveys.questionnaire.expression import compile_expression
from surveys.questionnaire.form import ASKED, Form, Kind, Question
from surveys.questionnaire.keys import parted
from surveys.questionnaire.progress import progress
from surveys.questionnaire.repeats import SHAPES
from surveys.questionnaire.walk import check, fill, relevant

#: So many questions stand in one message at most, lettered from A.
LONGEST = 6
LETTERS = "ABCDEF"
_NUMBERS = re.compile(r"\d+")
_ONLY_NUMBERS = re.compile(r"(?:\d+[\s,，、;；.。/\-]*){2,}|\d{2,}", re.ASCII)
_LETTERED = re.compile(r"(?:[a-f]\s*[:：.=、]?\s*\d+[\s,，、;；.。]*){2,}", re.ASCII)
_PAIR = re.compile(r"([a-f])\s*[:：.=、]?\s*(\d+)", re.ASCII)
#: A letter before the words for its question: the A of "A满意 B一般", not that of "all".
_LETTER = re.compile(r"(?:(?<=[\s,，、;；。])|^)([a-f])(?![a-z])\s*[:：.=、]?\s*", re.ASCII)
_BETWEEN = re.compile(r"\s*[,，、;；。/\n]\s*")
_AROUND = " \t\n,，、;；.。!！"


def page_of(draft: Draft, interview: Interview, *, again: bool = False) -> tuple[Question, ...]:
    """Return the questions that are put together with the open one, () if it stands alone.

    They follow one another on one page of the form, have the same choices, apply whatever is answered to the others,
    and are all open. A page that was not understood once is gone through one question at a time, unless `again`.
    """
    form = draft.world.form(interview.form)
    if (interview.tries and not again) or not form.question(interview.position).page:
        return ()
    rows = _of_page(form, interview)
    if not rows or rows[0].name != interview.position:
        return ()
    answers = Answers(form, interview.values)
    page: list[Question] = []
    for question in rows[:LONGEST]:
        fits = question.kind is Kind.SELECT_ONE and not question.choice_filter and question.choices == rows[0].choices
        free = not question.relevant or not _looks_at(question, page)
        open_now = question.name not in interview.values and question.name not in interview.skipped
        if not (fits and free and open_now and relevant(form, question, interview.values, draft.world.local, answers)):
            break
        page.append(question)
    # Options that bring their own numbers are not printed with ours: "1 2" would be unclear.
    return tuple(page) if len(page) > 1 and marks(page[0])[:1] != ("",) else ()


def put_page(draft: Draft, interview: Interview, page: Sequence[Question], heading: str) -> None:
    """Say the questions of a page, lettered, and their scale once; buttons are for the first, the others follow it."""
    form = draft.world.form(interview.form)
    first, total = progress(form, interview.values, page[0].name, draft.world.local)
    lines = [
        draft.words(message("{first}–{last}/{n}"), first=first, last=first + len(page) - 1, n=total),
        *(
            f"{letter}. {fill(question.label(draft.language), form, interview.values, draft.language, question.name)}"
            for letter, question in zip(LETTERS, page, strict=False)
        ),
    ]
    shown = [choice.label(draft.language) for choice in page[0].choices if not choice.hidden]
    lines += [f"{mark} {label}" for mark, label in zip(marks(page[0]), shown, strict=True)]
    example = " ".join(str(1 + place % 2) for place in range(len(page)))
    lines.append(
        draft.words(
            "(Reply one number for each of A–{last}, e.g. {example})", last=LETTERS[len(page) - 1], example=example
        )
    )
    buttons = tuple(f"{LETTERS[0]} {label}" for label in shown)
    named = guard(draft.world.names, interview, page[0])
    draft.ask("\n".join([*([heading] if heading else []), *lines]), interview, buttons, named)


def replies(page: Sequence[Question], text: str) -> tuple[str, ...]:
    """Return the number or option for each question of the page, () where the message does not give one for each."""
    said = folded(legible(text)).strip()
    if _LETTERED.fullmatch(said):
        pairs = _PAIR.findall(said)
        by_letter = dict(pairs)
        wanted = LETTERS[: len(page)].lower()
        return (
            tuple(by_letter[letter] for letter in wanted)
            if sorted(letter for letter, _ in pairs) == sorted(wanted)
            else ()
        )
    if not _ONLY_NUMBERS.fullmatch(said):
        return _options(page, said)
    numbers = _NUMBERS.findall(said)
    if len(numbers) == 1 and len(page[0].choices) < 10:
        numbers = list(numbers[0])
    return tuple(numbers) if len(numbers) == len(page) else ()


def _options(page: Sequence[Question], said: str) -> tuple[str, ...]:
    """Return the options of "满意，一般，满意" or "A满意 B一般 C满意", () where that is not all there is."""
    letters = [found[1] for found in _LETTER.finditer(said)]
    if letters:
        if sorted(letters) != sorted(LETTERS[: len(page)].lower()) or _LETTER.split(said)[0].strip(_AROUND):
            return ()
        words = [word.strip(_AROUND) for word in _LETTER.split(said)[2::2]]
        words = [words[letters.index(letter)] for letter in LETTERS[: len(page)].lower()]
    else:
        words = [word for word in _BETWEEN.split(said.strip(_AROUND)) if word]
        if len(words) != len(page):
            words = said.strip(_AROUND).split()
    if len(words) != len(page):
        return ()
    picks = [choose_one(page[0], word) for word in words]
    return tuple(words) if all(pick is not None and pick.rule in EXACT for pick in picks) else ()


def read_page(
    draft: Draft, interview: Interview, page: Sequence[Question], text: str
) -> list[tuple[Question, Reading, str]]:
    """Return each question of the page with its reading and number, [] unless the message answers all of them."""
    form = draft.world.form(interview.form)
    values = dict(interview.values)
    found = []
    for question, number in zip(page, replies(page, text), strict=False):
        reading = read_reply(question, number, draft.language, draft.world.today)
        if reading is None or reading.rule not in EXACT:
            return []
        if check(form, question, reading.value, values, draft.world.local, draft.language) is not None:
            return []
        values[question.name] = reading.value
        found.append((question, reading, number))
    return found


def _of_page(form: Form, interview: Interview) -> list[Question]:
    """Return all questions of the page that is open, in this instance of the repeats around it."""
    name, indices = parted(interview.position)
    page = form.question(name).page if not indices else SHAPES.of(form).question(interview.position).page
    rows = SHAPES.of(form).walk(interview.values) if form.repeats else form.questions
    return [q for q in rows if q.page == page and q.kind in ASKED and parted(q.name)[1] == indices]


def _looks_at(question: Question, others: Sequence[Question]) -> bool:
    names = {parted(other.name)[0] for other in others}
    return bool(names & compile_expression(question.relevant).names)
