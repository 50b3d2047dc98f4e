"""Repeats: which instances there are for the answers given, and how the answers look from inside one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from surveys.kept import Kept
from surveys.questionnaire.form import ASKED, YES, Form, Kind, Question, Repeat
from surveys.questionnaire.functions import number
from surveys.questionnaire.grammar import clean
from surveys.questionnaire.keys import Indices, count_key, is_count, is_more, key, more_key, parted
from surveys.questionnaire.nodesets import Scope

#: Nobody can be asked about more of anything on a phone.
MAX_INSTANCES = 50
#: The repeat that runs once for each unit a respondent is to evaluate.
UNIT = "unit"
#: So many questions of instances are remembered per form before all are forgotten.
_KEPT_AT_MOST = 4096
#: Marks the element beside the instances of a repeat, from which its own expressions look around.
_BESIDE = "^"


@dataclass(frozen=True, slots=True)
class Block:
    """A repeat with what is asked or said in it, in order."""

    repeat: Repeat
    parts: tuple[Question | Block, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A form seen by its repeats. `chains` are the repeats around each row, of a repeat with itself."""

    form: Form
    chains: Mapping[str, tuple[str, ...]]
    repeats: Mapping[str, Repeat]
    rows: Mapping[str, Question]
    parts: tuple[Question | Block, ...]
    known: dict[str, Question] = field(default_factory=dict)

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

    def walk(self, values: Mapping[str, str]) -> Iterator[Question]:
        """Yield what is asked or said, instance by instance, with the questions whether another one follows."""
        yield from self._walk(self.parts, (), values)

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


class Answers:
    """The answers of one moment, seen as a document where an expression asks for it."""

    def __init__(self, form: Form, values: Mapping[str, str]) -> None:
        self.shape = SHAPES.of(form)
        self.values = values
        self._root: Any = None
        self._elements: dict[str, Any] = {}

    def changed(self, name: str = "") -> None:
        """Let the document follow a change of the answer `name`, or of how many instances there are."""
        element = self._elements.get(name)
        if self._root is None or element is None:
            self._root = None
        else:
            element.text = clean(self.values.get(name, ""))

    def seen_from(self, name: str) -> Scope:
        """Return the answers as the question `name` sees them."""
        return _Inside(self, name)

    def root(self) -> Any:
        """Return the document."""
        if self._root is None:
            self._build()
        return self._root

    def element(self, name: str) -> Any:
        """Return the element of a key, None if there is none."""
        self.root()
        return self._elements.get(name)

    def _build(self) -> None:
        from lxml import etree

        shape = self.shape
        self._root = etree.Element("data")
        self._elements = {}
        repeated = {repeat.path: repeat for repeat in shape.form.repeats}
        places: dict[tuple[str, Indices], Any] = {("", ()): self._root}

        def place(path: str, indices: Indices) -> Any:
            found = places.get((path, indices))
            if found is None:
                repeat = repeated.get(path)
                outer, _, tag = path.rpartition("/")
                found = etree.SubElement(place(outer, indices[:-1] if repeat else indices), tag)
                places[path, indices] = found
                if repeat:
                    self._elements[key(repeat.name, indices)] = found
            return found

        for question in shape.form.questions:
            for indices in shape.instances(question.repeats, self.values):
                name = key(question.name, indices)
                element = place(question.path, indices)
                element.text = clean(self.values.get(name, ""))
                self._elements[name] = element
        for repeat in shape.form.repeats:
            outer = repeat.path.rpartition("/")[0]
            for indices in shape.instances(repeat.parents, self.values):
                stand = etree.Comment()  # no path but `..` from here meets it
                place(outer, indices).append(stand)
                self._elements[key(repeat.name, indices) + _BESIDE] = stand


class _Inside(Scope):
    """The answers as one question sees them."""

    def __init__(self, answers: Answers, name: str) -> None:
        self._answers, self._shape, self._values = answers, answers.shape, answers.values
        row, indices = parted(name)
        # Whether another instance follows, and how many there are, is asked beside the instances, not in one.
        beside = row in self._shape.repeats
        self._row = row
        self._indices = indices[:-1] if is_more(name) else indices
        chain = self._shape.chains.get(row, ())
        self._chain = (chain[:-1] if beside else chain)[: len(self._indices)]
        self._stand = key(row, self._indices) + _BESIDE * beside

    def __getitem__(self, name: str) -> str:
        return self._values[self._key(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override] # a value is always text here
        """Return the answer that `${name}` means: of this instance, else of the first."""
        return self._values.get(self._key(name), default)

    @property
    def here(self) -> Any:
        """The element of the question; of a repeat, one that stands where its instances do."""
        found = self._answers.element(self._stand)
        return self._answers.root() if found is None else found

    @property
    def root(self) -> Any:
        """The whole document."""
        return self._answers.root()

    def elements(self, name: str) -> list[Any]:
        """Return the elements of `name` within the innermost repeat around both."""
        chain = self._shape.chains.get(name, ())
        shared = self._indices[: self._shared(name, chain)]
        around = [i for i in self._shape.instances(chain, self._values) if i[: len(shared)] == shared]
        return self._found(name, around)

    def everywhere(self, name: str) -> list[Any]:
        """Return the elements of `name` in all instances."""
        return self._found(name, self._shape.instances(self._shape.chains.get(name, ()), self._values))

    def several(self, name: str) -> bool:
        """Whether a repeat is around `name` that is not around this question."""
        chain = self._shape.chains.get(name, ())
        return self._shared(name, chain) < len(chain)

    def position(self, up: int) -> int:
        """Return which instance the element `up` steps above is."""
        rows, repeats = self._shape.rows, self._shape.repeats
        path = rows[self._row].path if self._row in rows else repeats[self._row].path if self._row in repeats else ""
        way = "/".join(path.split("/")[:-up])
        for depth, name in enumerate(self._chain):
            if repeats[name].path == way:
                return self._indices[depth]
        return 1

    def _found(self, name: str, instances: list[Indices]) -> list[Any]:
        elements = (self._answers.element(key(name, indices)) for indices in instances)
        return [element for element in elements if element is not None]

    def _shared(self, name: str, chain: tuple[str, ...]) -> int:
        """Return how many repeats are around both; a repeat is never taken as around itself."""
        most = len(chain) - 1 if name in self._shape.repeats else len(chain)
        shared = 0
        for mine, other in zip(self._chain, chain[:most], strict=False):
            if mine != other:
                break
            shared += 1
        return shared

    def _key(self, name: str) -> str:
        chain = self._shape.chains.get(name.partition(":")[0], ())  # `unit_name:en` is the same row in English
        if not chain:
            return name
        shared = self._shared(name, chain)
        return key(name, self._indices[:shared] + (1,) * (len(chain) - shared))
