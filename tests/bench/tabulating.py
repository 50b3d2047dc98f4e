"""A million answers: laid out, counted, estimated with errors and intervals, overall and by stratum."""

from __future__ import annotations

import time
from random import Random
from statistics import median

from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import Respondent
from surveys.statistics.answers import Weighted, question_figures
from surveys.statistics.design import Unit
from tests.bench.figures import Section, Series

PEOPLE, QUESTIONS, STRATA = 100_000, 10, 10
#: Seconds.
FLOOR = 3.0
OPTIONS = ("very", "rather", "neutral", "not", "not_at_all", "dk")
TURNOUT = (30, 30, 20, 10, 5, 5)
FORM = Form(
    "d",
    "million",
    {},
    ("en",),
    "en",
    tuple(
        Question(f"q{number}", Kind.SELECT_ONE, f"q{number}", choices=tuple(Choice(name, {}) for name in OPTIONS))
        for number in range(QUESTIONS)
    ),
    satisfied={f"q{number}": ("very", "rather") for number in range(QUESTIONS)},
)


def measure(rounds: int) -> Section:
    """Return the section: answers a second, and the seconds a million takes."""
    section = Section("A million answers tabulated and estimated", "answers/s")
    people = _people(Random(7))
    strata = [f"stratum {number}" for number in range(STRATA)]
    count = sum(len(person.respondent.values) for person in people)
    seconds = []
    for _ in range(max(rounds, 1) + 1):
        begun = time.perf_counter()
        figures = question_figures(FORM, people, strata, None)
        seconds.append(time.perf_counter() - begun)
    seconds = seconds[1:]
    if sum(question.overall.n for question in figures) != count:
        raise RuntimeError("not every answer was counted")
    section.series["figures"] = Series("figures", [count / taken for taken in seconds])
    section.extra["figures"] = {"answers": count, "seconds": seconds}
    middle = median(seconds)
    section.lines.append(
        f"{count:,} answers of {PEOPLE:,} people to {QUESTIONS} questions, {STRATA} strata, "
        f"{QUESTIONS * (len(OPTIONS) + 2) * (STRATA + 1)} estimates: {middle:.2f} s "
        f"({min(seconds):.2f}–{max(seconds):.2f}); "
        f"floor {FLOOR:g} s {'held' if middle < FLOOR else 'MISSED'}"
    )
    return section


def _people(random: Random) -> list[Weighted]:
    found = []
    for number in range(PEOPLE):
        stratum = f"stratum {number % STRATA}"
        values = {f"q{at}": random.choices(OPTIONS, TURNOUT)[0] for at in range(QUESTIONS)}
        weight = 10.0 + random.random()
        person = Respondent(str(number), stratum, "", "1.1", "self", weight, values)
        found.append(Weighted(person, Unit(stratum, weight, 12.0 * PEOPLE / STRATA)))
    return found
