"""The interviews that are looked at, each with its ratings in the order they were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from surveys.quality.ladder import Ladder, ladders
from surveys.questionnaire.form import Form
from surveys.questionnaire.keys import is_count, is_more, parted
from surveys.questionnaire.repeats import UNIT
from surveys.statistics.analysis import AnalysisSet, Paradata, Respondent
from surveys.statistics.dispositions import Disposition
from surveys.statistics.weights import ANSWERED

NO_PARADATA = Paradata()


class Mark(NamedTuple):
    """One rating: what it is about (unit or area), the answer, its step (None: no opinion), and whether it is the best.

    `at` is when it was taken, None where that is not known.
    """

    about: str
    row: str
    value: str
    step: int | None
    best: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Interview:
    """A complete or partial interview without what came after the close, with how it came about."""

    respondent: Respondent
    values: Mapping[str, str]
    paradata: Paradata
    marks: tuple[Mark, ...]

    @property
    def key(self) -> str:
        """The running key of the respondent."""
        return self.respondent.key


class Place(NamedTuple):
    """Where an answer stands in the walk: its row, the instance of the repeat around units (0: none), its order."""

    row: str
    unit: int
    order: tuple[int, ...]


class Places:
    """Finds the place of an answer's key, each key read once."""

    def __init__(self, form: Form) -> None:
        self._rows = {question.name: (number, question) for number, question in enumerate(form.questions)}
        self._first: dict[str, int] = {}
        for number, question in enumerate(form.questions):
            for repeat in question.repeats:
                self._first.setdefault(repeat, number)
        self._known: dict[str, Place | None] = {}

    def of(self, name: str) -> Place | None:
        """Return the place of a key, None for one that is no answer to a question."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name: str) -> Place | None:
        if is_more(name) or is_count(name):
            return None
        row, indices = parted(name)
        if row not in self._rows:
            return None
        number, question = self._rows[row]
        order: list[int] = []
        unit = 0
        for repeat, index in zip(question.repeats, indices, strict=False):
            order += [self._first[repeat], index]
            if repeat == UNIT:
                unit = index
        return Place(row, unit, (*order, number))


def interviews(analysis: AnalysisSet) -> tuple[Interview, ...]:
    """Return the interviews that estimates rest on, by key; () where nothing was asked."""
    if analysis.form is None:
        return ()
    places, scales = Places(analysis.form), ladders(analysis.form)
    people = sorted(
        (p for p in analysis.respondents if Disposition.of(p.disposition) in ANSWERED), key=lambda person: person.key
    )
    found = []
    for person in people:
        values = {name: value for name, value in person.values.items() if value.strip() and name not in person.late}
        paradata = analysis.paradata.get(person.key, NO_PARADATA)
        found.append(Interview(person, values, paradata, marks(values, person.area, paradata, places, scales)))
    return tuple(found)


def marks(
    values: Mapping[str, str], area: str, paradata: Paradata, places: Places, scales: Mapping[str, Ladder]
) -> tuple[Mark, ...]:
    """Return the ratings among `values` in the order of the walk; outside the repeat of units they are on the area."""
    found = []
    for name, value in values.items():
        place = places.of(name)
        scale = scales.get(place.row) if place else None
        if place is None or scale is None:
            continue
        step = scale.steps.get(value)
        about = unit_of(paradata.units, place.unit) if place.unit else area
        found.append((place.order, Mark(about, place.row, value, step, step == scale.best, paradata.at.get(name))))
    found.sort(key=lambda pair: pair[0])
    return tuple(mark for _, mark in found)


def unit_of(units: Sequence[str], instance: int) -> str:
    """Return the unit an instance is about, empty where that is not known."""
    return units[instance - 1] if 0 < instance <= len(units) else ""
