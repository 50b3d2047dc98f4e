"""Speeding: answers that came faster than the questions can be read and judged, or in half the time others took.

A third of a second a word follows Zhang and Conrad (2014, Survey Research Methods 8:2). Where the same ratings are
asked of unit after unit there is nothing new to read but the unit's name. That nobody judges an item in less than a
second follows Wood, Harms, Lowman and DeSimone (2017, Social Psychological and Personality Science 8:4): faster answers
agree with each other no longer. That is an item among others on one page, here a battery rated in one message. An item
by itself takes two seconds, after Bowling, Huang, Brower and DeSimone (2023, Organizational Research Methods,
doi 10.1177/10944281211056520), who find that limit to hold whatever the length of the item; in a chat the way of two
messages comes on top. To have no opinion takes one second, be it on a whole battery.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import median

from surveys.language import Message, message
from surveys.quality.flag import RESPONDENTS, Check, Flag, FlagKind
from surveys.quality.interviews import Interview, Place, Places
from surveys.questionnaire.form import Form, Question, in_language
from surveys.statistics.dont_know import dont_know

#: Seconds a word takes to read at the very least.
SECONDS_A_WORD = 1 / 3
#: Seconds a judgement takes at the very least.
SECONDS_AN_OPINION = 1.0
#: Seconds a message takes in which at least one opinion is asked for.
SECONDS_A_MESSAGE = 2.0
#: Of one message's time no more than so many times what it takes at least is set against the others: somebody who
#: looked away once has not read the rest.
AT_MOST_TIMES = 3.0
#: Chinese is written without blanks; a word has one and a half characters on average.
CHARACTERS_A_WORD = 1.5
#: Of the time that the middle respondent took for the same questions.
OF_MEDIAN = 0.5
#: Fewer timed questions say nothing, and a median of fewer respondents neither.
FEWEST_QUESTIONS = 3
FEWEST_RESPONDENTS = 20
#: Who is silent for longer was not answering: that question is not timed.
PAUSE = timedelta(minutes=10)

_FIELD = re.compile(r"\$\{[^}]*\}")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_\u3400-\u9fff\uf900-\ufaff]+(?:['’-][^\W_\u3400-\u9fff\uf900-\ufaff]+)*")


@dataclass(frozen=True, slots=True)
class Timed:
    """The timed part of one interview: questions by row and whether it came up for the first time, and their seconds.

    `words` counts what had to be read for them: a wording or a list of options shown before is not read again.
    `least` are the seconds that reading them and judging take at the very least; `counted` are those taken, long
    silences cut short.
    """

    questions: tuple[tuple[tuple[str, bool], float], ...]
    words: float
    least: float
    counted: float

    @property
    def seconds(self) -> float:
        """All of the time."""
        return sum(seconds for _, seconds in self.questions)


def speeding(form: Form, people: Sequence[Interview]) -> Check:
    """Return who answered faster than one can read and judge, or in less than half the median time of the same.

    Only interviews by chat are looked at: of what was typed in from paper, a call or the doorstep the time is one for
    all answers, or that of typing.
    """
    places = Places(form)
    reading = Reading(form)
    timed = {person.key: timed_part(person, places, reading) for person in people if person.respondent.chatted}
    timed = {key: part for key, part in timed.items() if len(part.questions) >= FEWEST_QUESTIONS}
    usual = medians(list(timed.values()))
    flags = [flag for key, part in timed.items() if (flag := _judged(key, part, usual)) is not None]
    return Check(
        kind=FlagKind.SPEEDING,
        rule=message(
            "At least {fewest} timed questions, answered in less time than reading and judging take: for each "
            "message a third of a second for each word not shown before ({characters} Chinese characters count as a "
            "word), {second} second for each answer in it other than “don't know”, or {message} seconds if there is "
            "such an answer, whichever is most; of a longer time {times} times as much is counted. Or in less than "
            "half the time that the middle respondent took for the same questions. Silences of more than {minutes} "
            "minutes are not counted at all.",
            fewest=FEWEST_QUESTIONS,
            characters=CHARACTERS_A_WORD,
            second=f"{SECONDS_AN_OPINION:g}",
            message=f"{SECONDS_A_MESSAGE:g}",
            times=f"{AT_MOST_TIMES:g}",
            minutes=int(PAUSE / timedelta(minutes=1)),
        ),
        of=RESPONDENTS,
        looked_at=len(timed),
        flags=tuple(flags),
        untested=None if timed else message("When answers came is not known, or nobody's time could be taken."),
        entered=sum(not person.respondent.chatted for person in people),
    )


def _judged(key: str, part: Timed, usual: Mapping[tuple[str, bool], float]) -> Flag | None:
    compared = [(seconds, usual[question]) for question, seconds in part.questions if question in usual]
    middle = sum(median_ for _, median_ in compared)
    mine = sum(seconds for seconds, _ in compared)
    numbers: dict[str, float | str] = {
        "questions": len(part.questions),
        "seconds": part.seconds,
        "words": part.words,
        "least_seconds": part.least,
        "counted_seconds": part.counted,
    }
    if middle:
        numbers["of_median"] = mine / middle
    evidence: Message | None = None
    if part.counted < part.least:
        told = {
            "questions": len(part.questions),
            "words": f"{part.words:.0f}",
            "seconds": f"{part.seconds:.0f}",
            "least": f"{part.least:.0f}",
        }
        evidence = message(
            "Questions: {questions}, new words: {words}, answered in at most {seconds} s; to read and to judge them "
            "takes {least} s.",
            **told,
        )
        if part.counted < part.seconds:
            evidence = message(
                "Questions: {questions}, new words: {words}, answered in at most {seconds} s, of which {counted} s are "
                "counted (long silences in part); to read and to judge them takes {least} s.",
                **told,
                counted=f"{part.counted:.0f}",
            )
    elif len(compared) >= FEWEST_QUESTIONS and mine < OF_MEDIAN * middle:
        evidence = message(
            "{questions} questions answered in at most {seconds} s; the middle respondent took {middle} s.",
            questions=len(compared),
            seconds=f"{mine:.0f}",
            middle=f"{middle:.0f}",
        )
    return None if evidence is None else Flag(FlagKind.SPEEDING, evidence, numbers, (key,))


def timed_part(person: Interview, places: Places, reading: Reading) -> Timed:
    """Return what of an interview can be timed: each answer but the first, from the one before to itself.

    Answers of one message share its time equally.
    """
    turns: defaultdict[datetime, list[tuple[Place, str]]] = defaultdict(list)
    for name, at in person.paradata.at.items():
        place = places.of(name)
        if place is not None and name in person.values:
            turns[at].append((place, person.values[name].strip()))
    shown: set[str] = set()
    questions: list[tuple[tuple[str, bool], float]] = []
    words = least = counted = 0.0
    before: datetime | None = None
    for at in sorted(turns):
        gap = None if before is None else at - before
        before = at
        read = opinions = 0.0
        for place, value in sorted(turns[at], key=lambda turn: turn[0].order):
            first = place.row not in shown
            read += reading.words(place.row, person.paradata.language, shown)
            opinions += reading.judged(place.row, value)
            if gap is not None and gap <= PAUSE:
                questions.append(((place.row, first), gap.total_seconds() / len(turns[at])))
        if gap is not None and gap <= PAUSE:
            needed = least_seconds(read, opinions)
            words, least = words + read, least + needed
            counted += min(gap.total_seconds(), AT_MOST_TIMES * needed)
    return Timed(tuple(questions), words, least, counted)


def least_seconds(words: float, opinions: float) -> float:
    """Return the seconds that a message takes at the very least: so many new words, so many opinions given in reply."""
    judging = max(opinions * SECONDS_AN_OPINION, SECONDS_A_MESSAGE) if opinions else SECONDS_AN_OPINION
    return max(words * SECONDS_A_WORD, judging)


class Reading:
    """How many words a question shows, without those that were shown before, and which answers judge nothing."""

    def __init__(self, form: Form) -> None:
        self._silent = {question.name: dont_know(question) for question in form.asked}
        self._texts = {
            (question.name, language): texts(question, language)
            for question in form.asked
            for language in {*form.languages, form.default_language, "zh", "en"}
        }

    def judged(self, row: str, value: str) -> bool:
        """Whether an answer says more than that one does not know."""
        return value not in self._silent.get(row, ())

    def words(self, row: str, language: str, shown: set[str]) -> float:
        """Return the words of a row that are new to whoever has read `shown`; they are added to it."""
        shown.add(row)
        read = 0.0
        for text in self._texts.get((row, language), ()):
            if text not in shown:
                shown.add(text)
                read += count_words(text)
        return read


def texts(question: Question, language: str) -> tuple[str, ...]:
    """Return what a question shows: its wording, its hint, its options as one list."""
    silent = dont_know(question)
    options = " / ".join(c.label(language) for c in question.choices if not c.hidden and c.name not in silent)
    return tuple(filter(None, (question.label(language), in_language(question.hints, language), options)))


@cache
def count_words(text: str) -> float:
    """Return the words of a text: those parted by blanks, and Chinese characters ÷ CHARACTERS_A_WORD."""
    bare = _FIELD.sub(" ", text)
    return len(_CHINESE.findall(bare)) / CHARACTERS_A_WORD + len(_WORD.findall(bare))


def medians(parts: Sequence[Timed]) -> dict[tuple[str, bool], float]:
    """Return the median seconds of every question that enough respondents were timed at."""
    by: defaultdict[tuple[str, bool], list[float]] = defaultdict(list)
    for part in parts:
        for question, seconds in part.questions:
            by[question].append(seconds)
    return {question: median(seconds) for question, seconds in by.items() if len(seconds) >= FEWEST_RESPONDENTS}
