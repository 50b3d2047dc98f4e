"""What an expression may ask of several answers at once: all instances of a repeat, and how they are told apart.

Sources: XPath 1.0 §4.1 and §4.4 (W3C, 1999); the ODK XForms specification, sections "XPath functions" and "Repeats".
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from surveys.questionnaire.functions import Function, Value, number, text

#: An element of the document of answers, or a text.
Item = Any


class Scope(Mapping[str, str]):
    """The answers as they look from one question: a name means the answer of the same instance.

    The document of answers is made when an expression asks for more than that.
    """

    @property
    @abstractmethod
    def here(self) -> Item:
        """The element of the question itself."""

    @property
    @abstractmethod
    def root(self) -> Item:
        """The element that holds all answers."""

    @abstractmethod
    def elements(self, name: str) -> list[Item]:
        """Return the elements that `${name}` means from here: within the innermost repeat around both."""

    def answers(self, name: str) -> list[str] | str:
        """Return what `elements` hold where there may be several, else the one answer."""
        if not self.several(name):
            return self.get(name, "")
        return [str(content(element)) for element in self.elements(name)]

    @abstractmethod
    def everywhere(self, name: str) -> list[Item]:
        """Return the elements of `name` in all instances."""

    @abstractmethod
    def several(self, name: str) -> bool:
        """Whether `${name}` may mean several elements from here."""

    @abstractmethod
    def position(self, up: int) -> int:
        """Return which instance the element `up` steps above here is; 1 where nothing is repeated."""


class Alone(Scope):
    """Answers that no form is known of: each name has one answer, and there is nothing around it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        from lxml import etree

        self._values = values
        self._root = etree.Element("data")

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def here(self) -> Item:
        """An element that stands for the question."""
        return self._element("here", "")

    @property
    def root(self) -> Item:
        """The element that holds all answers."""
        return self._root

    def elements(self, name: str) -> list[Item]:
        """Return one element with the answer."""
        return [self._element("answer", self._values.get(name, ""))]

    def everywhere(self, name: str) -> list[Item]:
        """Return one element with the answer."""
        return self.elements(name)

    def several(self, name: str) -> bool:  # noqa: ARG002 - the same for every name
        """Return False."""
        return False

    def position(self, up: int) -> int:  # noqa: ARG002 - the same for every step
        """Return 1."""
        return 1

    def _element(self, tag: str, text: str) -> Item:
        from lxml import etree

        element = etree.SubElement(self._root, tag)
        element.text = text
        return element


def content(item: Item) -> Value:
    """Return what XPath's string() gives of an element; numbers, booleans and texts are themselves."""
    return item if isinstance(item, str | float | bool) else "".join(item.itertext())


def first(value: Any) -> Value:
    """Return one value: of several elements the first, of none the empty text."""
    if isinstance(value, list):
        return content(value[0]) if value else ""
    return content(value)


def flattened(values: tuple[Any, ...]) -> list[Value]:
    """Return all values, several elements one by one."""
    found: list[Value] = []
    for value in values:
        found += map(content, value) if isinstance(value, list) else [content(value)]
    return found


def _answered(values: tuple[Any, ...]) -> list[Value]:
    """Return all values, of several elements those that hold something: who has left one out still has a greatest."""
    full = ([item for item in value if content(item)] if isinstance(value, list) else value for value in values)
    return flattened(tuple(full))


def order(element: Item) -> int:
    """Return which of its siblings of the same name an element is, from 1."""
    return 1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))


def _count(*values: Any) -> float:
    return float(sum(len(value) if isinstance(value, list) else 1 for value in values))


def _count_non_empty(*values: Any) -> float:
    return float(sum(bool(text(value)) for value in flattened(values)))


def _sum(*values: Any) -> float:
    """Add up the answers; one that is left out adds nothing, where XPath would lose the sum."""
    amounts = [number(value) for value in flattened(values) if text(value) != ""]
    return math.fsum(amounts) if all(map(math.isfinite, amounts)) else math.nan


def _position(nodes: Any) -> float:
    return float(order(nodes[0])) if isinstance(nodes, list) and nodes else math.nan


def _indexed_repeat(candidates: list[Item], *rest: Any) -> str:
    """Return the answer in the instances named by pairs of (repeat, number); others are those around `here`."""
    *pairs, here = rest
    for repeat, index in zip(pairs[::2], pairs[1::2], strict=True):
        wanted = number(first(index))
        chosen = {id(element): element for element in repeat if order(element) == wanted}
        candidates = [c for c in candidates if any(id(above) in chosen for above in c.iterancestors())]
    if not candidates:
        return ""
    around = {id(above): above for element in here for above in element.iterancestors()}
    nearest = max(candidates, key=lambda c: sum(id(above) in around for above in c.iterancestors()))
    return text(content(nearest))


def near(_context: object, candidates: list[Item], here: list[Item]) -> list[Item]:
    """Return the candidates of the instances around `here`, as an absolute path inside a repeat is meant.

    This is the deviation from XForms that the ODK specification describes under "Repeats".
    """
    around = {_way(above): above for element in here for above in element.iterancestors()}
    return [c for c in candidates if all(around.get(_way(above), above) is above for above in c.iterancestors())]


def _way(element: Item) -> str:
    """Return the names on the way from the root to an element."""
    return "/".join([*(above.tag for above in reversed(list(element.iterancestors()))), element.tag])


#: Functions whose arguments are elements, by the name they have in a workbook.
NODE_FUNCTIONS: Mapping[str, Function] = {
    "count": Function(1, 1, "number", _count),
    "count-non-empty": Function(1, 1, "number", _count_non_empty),
    "sum": Function(1, 1, "number", _sum),
    "position": Function(1, 1, "number", _position),
    "indexed-repeat": Function(3, 7, "text", _indexed_repeat),
    "concat": Function(1, None, "text", lambda *values: "".join(map(text, flattened(values)))),
}
#: Functions of any number of values that take each of several elements as a value.
SPREADING = frozenset(
    {"count", "count-non-empty", "sum", "concat", "join", "min", "max", "checklist", "weighted-checklist"}
)


def extension(name: str, run: Callable[..., Value]) -> Callable[..., Value]:
    """Adapt a function to lxml, which passes its evaluation context first, and elements as lists."""
    if name in NODE_FUNCTIONS:
        return lambda _context, *values: run(*values)
    if name in {"min", "max"}:
        return lambda _context, *values: run(*(_answered(values) or [math.nan]))
    if name in SPREADING:
        return lambda _context, *values: run(*flattened(values))
    return lambda _context, *values: run(*map(first, values))
