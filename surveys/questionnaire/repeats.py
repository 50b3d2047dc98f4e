"""Repeats: which instances there are for the answers given, and in which order they are asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from surveys.kept import Kept
from surveys.questionnaire.form import ASKED, YES, Form, Kind, Question, Repeat
from surveys.questionnaire.functions import number
from surveys.questionnaire.keys import Indices, count_key, is_count, is_more, key, more_key, parted

#: Nobody can be asked about more of anything on a phone.
MAX_INSTANCES = 50
#: The repeat that runs once for each unit a respondent is to evaluate.
UNIT = "unit"
#: So many questions of instances are remembered per form before all are forgotten.
_KEPT_AT_MOST = 4096
#: So many walks are remembered per form: one for each set of numbers of instances.
_WALKS_AT_MOST = 64
#: Marks the element beside the instances of a repeat, from which its own expressions look around.
BESIDE = "^"


@dataclass(frozen=True, slots=True)
class Block:
    """A repeat with what is asked or said in it, in order."""

    repeat: Repeat
    parts: tuple[Question | Block, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Where one question stands: its row, the instances and repeats around it, and which keys names mean from there.

    `stand` names the element from which its expressions look around.
    """

    row: str
    indices: Indices
    chain: tuple[str, ...]
    stand: str
    keys: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """A form seen by its repeats. `chains` are the repeats around each row, of a repeat with itself."""

    form: Form
    chains: Mapping[str, tuple[str, ...]]
    repeats: Mapping[str, Repeat]
    rows: Mapping[str, Question]
    parts: tuple[Question | Block, ...]
    known: dict[str, Question] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    walks: dict[tuple[tuple[int, ...], ...], tuple[Question, ...]] = field(default_factory=dict)

    def question(self, name: str) -> Question:
        """Return the question of an instance, the same object each time; KeyError if the form has none."""
        found = self.known.get(name)
        if found is None:
            row, indices = parted(name)
            if is_more(name):
                found = self.repeats[row].more(name)
            elif len(indices) != len(self.chains[row]) or row not in self.rows:
                raise KeyError(name)
            else:
                found = replace(self.rows[row], name=name) if indices else self.rows[row]
            if len(self.known) >= _KEPT_AT_MOST:
                self.known.clear()
            self.known[name] = found
        return found

    def view(self, name: str) -> View:
        """Return where a question stands, the same object each time."""
        found = self.views.get(name)
        if found is None:
            row, indices = parted(name)
            # Whether another instance follows, and how many there are, is asked beside the instances, not in one.
            beside = row in self.repeats
            indices = indices[:-1] if is_more(name) else indices
            chain = self.chains.get(row, ())
            chain = (chain[:-1] if beside else chain)[: len(indices)]
            if len(self.views) >= _KEPT_AT_MOST:
                self.views.clear()
            found = self.views[name] = View(row, indices, chain, key(row, indices) + BESIDE * beside)
        return found

    def count(self, repeat: Repeat, outer: Indices, values: Mapping[str, str]) -> int:
        """Return how many instances there are: reckoned or given, told by the resident, or as the answers show."""
        reckoned = values.get(count_key(repeat.name, outer))
        if reckoned is not None:
            return bounded(reckoned)
        if more_key(repeat.name, (*outer, 0)) in values:
            told = 0
            while told < MAX_INSTANCES and values.get(more_key(repeat.name, (*outer, told))) == YES:
                told += 1
            return told
        return self._shown(repeat, outer, values)

    def _shown(self, repeat: Repeat, outer: Indices, values: Mapping[str, str]) -> int:
        depth, most = len(outer), 0
        for name in values:
            if "@" not in name or is_more(name) or is_count(name):
                continue
            row, indices = parted(name)
            if (
                len(indices) > depth
                and indices[:depth] == outer
                and self.chains.get(row, ())[: depth + 1] == repeat.chain
            ):
                most = max(most, indices[depth])
        return min(most, MAX_INSTANCES)

    def instances(self, chain: tuple[str, ...], values: Mapping[str, str]) -> list[Indices]:
        """Return the numbers of all instances of the innermost of `chain`, in order; [()] where nothing repeats."""
        found: list[Indices] = [()]
        for name in chain:
            repeat = self.repeats[name]
            found = [(*outer, n + 1) for outer in found for n in range(self.count(repeat, outer, values))]
        return found

    def walk(self, values: Mapping[str, str]) -> tuple[Question, ...]:
        """Return what is asked or said, instance by instance, with the questions whether another one follows.

        It follows from the numbers of instances alone, so the same ones give the same object.
        """
        counts = tuple(
            tuple([self.count(repeat, outer, values) for outer in self.instances(repeat.parents, values)])
            for repeat in self.repeats.values()
        )
        found = self.walks.get(counts)
        if found is None:
            if len(self.walks) >= _WALKS_AT_MOST:
                self.walks.clear()
            found = self.walks[counts] = tuple(self._walk(self.parts, (), values))
        return found

    def _walk(
        self, parts: tuple[Question | Block, ...], outer: Indices, values: Mapping[str, str]
    ) -> Iterator[Question]:
        for part in parts:
            if isinstance(part, Question):
                yield self.question(key(part.name, outer))
                continue
            name = part.repeat.name
            told = not (part.repeat.count or name == UNIT)
            if told:
                yield self.question(more_key(name, (*outer, 0)))
            for n in range(1, 1 + self.count(part.repeat, outer, values)):
                yield from self._walk(part.parts, (*outer, n), values)
                if told and n < MAX_INSTANCES:
                    yield self.question(more_key(name, (*outer, n)))


def _shape(form: Form) -> Shape:
    chains = {question.name: question.repeats for question in form.questions}
    repeats = {repeat.name: repeat for repeat in form.repeats}
    return Shape(
        form,
        {**chains, **{repeat.name: repeat.chain for repeat in form.repeats}},
        repeats,
        {question.name: question for question in form.questions},
        _blocks([q for q in form.questions if q.kind in ASKED or q.kind is Kind.NOTE], 0, repeats),
    )


def _blocks(rows: list[Question], depth: int, repeats: Mapping[str, Repeat]) -> tuple[Question | Block, ...]:
    parts: list[Question | Block] = []
    at = 0
    while at < len(rows):
        here = rows[at].repeats[depth : depth + 1]
        if not here:
            parts.append(rows[at])
            at += 1
            continue
        end = next((i for i in range(at, len(rows)) if rows[i].repeats[depth : depth + 1] != here), len(rows))
        # A repeat that only says or reckons something is not told of by the resident.
        if repeats[here[0]].count or here[0] == UNIT or any(row.kind in ASKED for row in rows[at:end]):
            parts.append(Block(repeats[here[0]], _blocks(rows[at:end], depth + 1, repeats)))
        at = end
    return tuple(parts)


SHAPES = Kept(_shape)


def bounded(count: str) -> int:
    """Return a number of instances: none for what is no number, never more than MAX_INSTANCES."""
    amount = number(count)
    return max(0, min(int(amount), MAX_INSTANCES)) if math.isfinite(amount) else 0
