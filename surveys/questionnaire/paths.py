"""Reading paths in expressions: `..`, `../age`, `current()/../age`, `${household}[2]/age`, `/data/household/age`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

from surveys.questionnaire.node import Malformed, Node

#: Wraps the condition of a group: what it says of its surroundings is said so many steps above the question.
ABOVE = "pingyi:above"

_WORDS = frozenset({"and", "or", "div", "mod"})


class Paths(ABC):
    """The part of the parser that reads steps from one element to another."""

    tokens: list[tuple[str, str, int]]
    at: int
    depth: int
    steps: set[str]  # names of elements that paths go through
    inside = 0  # how many predicates are open: there a bare word is an element, and `.` is what is looked at
    above = 0  # how many steps above the question the expression stands

    @abstractmethod
    def peek(self) -> str:
        """Return the operator or word that comes next."""

    @abstractmethod
    def take(self, word: str) -> None:
        """Step over `word`, which must come next."""

    @abstractmethod
    def deeper(self) -> None:
        """Bound the nesting."""

    @abstractmethod
    def disjunction(self) -> Node:
        """Read an expression."""

    @abstractmethod
    def unexpected(self, word: str, position: int, wanted: str = "") -> Malformed:
        """Return the finding about a word that does not belong where it stands."""

    def path(self) -> Node | None:
        """Read a path if one begins here."""
        kind, word, _ = self.tokens[self.at]
        behind = self.tokens[self.at + 1][1] if kind != "end" else ""
        if kind == "op" and word == "..":
            self.at += 1
            return self.onward(self._here() + "/..", ups=1 + self.above)
        if kind == "op" and word == "." and (self.inside or behind in {"/", "//", "["}):
            self.at += 1
            return self.onward(self._here())
        if kind == "op" and word == "/":
            self.at += 1
            self._name()  # the root, whatever it is called
            node = self.onward("$_root")
            if "[" in node.nodes:
                return node
            way = f"o:_near({node.nodes}, $_here)"
            return replace(node, xpath=f"string({way})", nodes=way, spread=way)
        if kind == "name" and behind == "(":
            return self._called(word)
        if kind == "name" and self.inside and word not in _WORDS:
            self.at += 1
            self.steps.add(word)
            return self.onward(word)
        return None

    def onward(self, start: str, ups: int = 0) -> Node:
        """Read the steps behind `start`; `ups`, how many steps above the question that is, if nothing else."""
        way = start
        while (sign := self.peek()) in {"/", "//", "["}:
            self.at += 1
            if sign == "[":
                way, ups = f"{way}[{self._predicate()}]", 0
                continue
            word = self.tokens[self.at][1]
            if word in {"..", ".", "*"}:
                self.at += 1
            else:
                word = self._name()
                self.steps.add(word)
            way += sign + word
            ups = ups + 1 if ups and (sign, word) == ("/", "..") else 0
        return Node(f"string({way})", "text", nodes=way, spread=way, ups=0 if self.inside else ups)

    def _here(self) -> str:
        return "." if self.inside else "$_here" + "/.." * self.above

    def _predicate(self) -> str:
        self.deeper()
        self.inside += 1
        node = self.disjunction()
        self.inside -= 1
        self.depth -= 1
        self.take("]")
        return f"position() = {node.xpath}" if node.kind == "number" else node.xpath

    def _called(self, word: str) -> Node | None:
        closed = self.tokens[self.at + 2][1] == ")" if self.at + 2 < len(self.tokens) else False
        if word == "current" and closed:
            self.at += 3
            return self.onward("$_here" + "/.." * self.above)
        if word in {"position", "last"} and closed and self.inside:
            self.at += 3
            return Node(f"{word}()", "number")
        if word == ABOVE:
            return self._from_above()
        return None

    def _from_above(self) -> Node:
        self.at += 2
        kind, steps, position = self.tokens[self.at]
        if kind != "number" or not steps.isdigit():
            raise self.unexpected(steps, position)
        self.at += 1
        self.take(",")
        before, self.above = self.above, int(steps)
        node = self.disjunction()
        self.above = before
        self.take(")")
        return Node(f"({node.xpath})", node.kind, node.quick, node.literal)

    def _name(self) -> str:
        kind, word, position = self.tokens[self.at]
        if kind != "name" or word in _WORDS or ":" in word:
            raise self.unexpected(word, position)
        self.at += 1
        return word
