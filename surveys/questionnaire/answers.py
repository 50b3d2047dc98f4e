"""The answers of one moment, as they look from each question: those of its own instance, and several at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from surveys.questionnaire.form import Form
from surveys.questionnaire.grammar import clean
from surveys.questionnaire.keys import Indices, key
from surveys.questionnaire.nodesets import Scope
from surveys.questionnaire.repeats import BESIDE, SHAPES


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
                self._elements[key(repeat.name, indices) + BESIDE] = stand


class _Inside(Scope):
    """The answers as one question sees them."""

    def __init__(self, answers: Answers, name: str) -> None:
        self._answers, self._shape, self._values = answers, answers.shape, answers.values
        view = self._shape.view(name)
        self._row, self._indices, self._chain, self._stand = view.row, view.indices, view.chain, view.stand
        self._keys = view.keys

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
        return self._found(name, self._around(name))

    def answers(self, name: str) -> list[str] | str:
        """Return what `elements` hold where there may be several, else the one answer; no document is needed."""
        if not self.several(name):
            return self.get(name)
        if name not in self._shape.rows:
            return super().answers(name)
        return [clean(self._values.get(key(name, indices), "")) for indices in self._around(name)]

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

    def _around(self, name: str) -> list[Indices]:
        """Return the instances of `name` within the innermost repeat around both."""
        chain = self._shape.chains.get(name, ())
        shared = self._indices[: self._shared(name, chain)]
        return [i for i in self._shape.instances(chain, self._values) if i[: len(shared)] == shared]

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
        found = self._keys.get(name)
        if found is None:
            found = self._keys[name] = self._key_of(name)
        return found

    def _key_of(self, name: str) -> str:
        chain = self._shape.chains.get(name.partition(":")[0], ())  # `unit_name:en` is the same row in English
        if not chain:
            return name
        shared = self._shared(name, chain)
        return key(name, self._indices[:shared] + (1,) * (len(chain) - shared))
