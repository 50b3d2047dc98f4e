"""Reading one XLSForm expression: what it names, whether it is well formed, and the XPath it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from surveys.language import message
from surveys.questionnaire.formcalls import FormCalls
from surveys.questionnaire.node import Malformed, Node, called, combined, numeric, quick_joined, short
from surveys.questionnaire.nodesets import Scope
from surveys.questionnaire.paths import Paths

MAX_LENGTH = 8_000
MAX_DEPTH = 60

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<ref>\$\{[^{}]*\})
    |(?P<literal>"[^"]*"|'[^']*')
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?)
    |(?P<op><=|>=|!=|//|\.\.|::|&&|\|\||==|<>|[=<>+\-*|(),./@\[\]])""",
    re.VERBOSE,
)
#: What people type for an operator that is written otherwise.
_MISTAKES = {
    "==": "=", "<>": "!=", "&&": "and", "||": "or", "≠": "!=", "≤": "<=", "≥": ">=", "＝": "=", "＞": ">", "＜": "<",
    "（": "(", "）": ")", "，": ",", "。": ".", "＋": "+", "－": "-", "×": "*", "÷": "div", "％": "mod", "%": "mod",
    "｛": "{", "｝": "}", "＄": "$",
}  # fmt: skip
_SMART_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WORDS = frozenset({"and", "or", "div", "mod"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole expression. `names` maps `${name}` to its XPath variable, `columns` maps bare words likewise.

    `labels` is what only the form can tell: variable → (expression of a value, subject). The subject is a question, the
    label of whose choice is meant (jr:choice-name); `name⇥label` or `name⇥hint` (jr:itext); or `⇥table⇥column⇥key
    column` (pulldata). `steps` are the names of elements that paths go through.
    """

    root: Node
    names: Mapping[str, str]
    columns: Mapping[str, str]
    labels: Mapping[str, tuple[str, str]]
    steps: frozenset[str] = frozenset()


def parse(source: str) -> Parsed:
    """Read `source`; raises Malformed."""
    if len(source) > MAX_LENGTH:
        raise Malformed(
            "syntax",
            message("The expression is longer than {limit} characters.", limit=MAX_LENGTH),
            message("Put parts of it into calculate rows."),
        )
    return _Parser(source.translate(_SMART_QUOTES)).whole()


def clean(value: str) -> str:
    """Return the text without characters that XML, and so XPath, cannot carry."""
    return _UNSAFE.sub("", value) if _UNSAFE.search(value) else value


class _Parser(Paths, FormCalls):
    """Recursive descent in the order of XPath's precedence: or, and, = !=, < >, + -, * div mod, unary minus."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: dict[str, str] = {}
        self.columns: dict[str, str] = {}
        self.labels: dict[str, tuple[str, str]] = {}
        self.steps: set[str] = set()
        self.depth = 0
        self.at = 0
        self.tokens = self.scanned()

    def scanned(self) -> list[tuple[str, str, int]]:
        """Cut the source into (kind, text, position)."""
        words, position = [], 0
        while position < len(self.source):
            found = _TOKEN.match(self.source, position)
            if not found:
                raise self.unexpected(self.source[position], position)
            if found.lastgroup != "blank":
                words.append((str(found.lastgroup), found[0], position))
            position = found.end()
        return [*words, ("end", "", position)]

    def whole(self) -> Parsed:
        """Read everything up to the end."""
        root = self.disjunction()
        kind, word, position = self.tokens[self.at]
        if kind != "end":
            raise self.unexpected(word, position)
        return Parsed(root, self.names, self.columns, self.labels, frozenset(self.steps))

    def peek(self) -> str:
        """Return the operator or word that comes next."""
        kind, word, _ = self.tokens[self.at]
        return word if kind in {"op", "name"} else ""

    def take(self, word: str) -> None:
        """Step over `word`, which must come next."""
        kind, found, position = self.tokens[self.at]
        if kind not in {"op", "name"} or found != word:
            raise self.unexpected(found, position, word)
        self.at += 1

    def disjunction(self) -> Node:
        """Read terms joined by `or`."""
        return self.joined("or", lambda: self.joined("and", self.equality))

    def joined(self, word: str, part: Callable[[], Node]) -> Node:
        """Read one or more parts joined by `and` or by `or`."""
        parts = [part()]
        while self.peek() == word:
            self.at += 1
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        xpath = f" {word} ".join(f"({node.xpath})" for node in parts)
        return Node(xpath, "boolean", quick_joined(word, parts))

    def equality(self) -> Node:
        """Read `=` and `!=`."""
        return self.chain(("=", "!="), lambda: self.chain(("<", "<=", ">", ">="), self.sum))

    def sum(self) -> Node:
        """Read `+` and `-`."""
        return self.chain(("+", "-"), lambda: self.chain(("*", "div", "mod"), self.unary))

    def chain(self, operators: tuple[str, ...], part: Callable[[], Node]) -> Node:
        """Read parts joined from left to right."""
        left = part()
        while (operator := self.peek()) in operators:
            self.at += 1
            left = combined(operator, left, part())
        return left

    def unary(self) -> Node:
        """Read a minus sign, or a primary expression."""
        if self.peek() != "-":
            return self.primary()
        self.at += 1
        self.deeper()
        node = self.unary()
        self.depth -= 1
        return Node(f"-({numeric(node)})", "number")

    def deeper(self) -> None:
        """Bound the nesting, so that no text can exhaust the stack."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Malformed(
                "syntax",
                message("The expression is nested deeper than {limit} levels.", limit=MAX_DEPTH),
                message("Put parts of it into calculate rows."),
            )

    def primary(self) -> Node:
        """Read `${name}`, a text, a number, `.`, a call, a bare word, or something in parentheses."""
        path = self.path()
        if path is not None:
            return path
        kind, word, position = self.tokens[self.at]
        if kind == "op" and word == "(":
            self.at += 1
            self.deeper()
            node = self.disjunction()
            self.depth -= 1
            self.take(")")
            return replace(node, xpath=f"({node.xpath})")
        if kind == "name" and word not in _WORDS and self.tokens[self.at + 1][1] == "(":
            return self.call(word)
        self.at += 1
        match kind:
            case "ref":
                return self.reference(word)
            case "literal":
                content = word[1:-1]
                if _UNSAFE.search(content):
                    raise self.unexpected("\ufffd", position)
                return Node(word, "text", lambda _values, _current: content, content)
            case "number":
                amount = float(word)
                # libxml2 reads decimals a little off (2.345 as 2.3449999999999998): only short integers are left to it.
                exact = word if word.isdigit() and len(word) < 16 else f"o:number('{word}')"
                return Node(exact, "number", lambda _values, _current: amount)
            case "op" if word == ".":
                return Node("$_self", "text", lambda _values, current: current)
            case "name" if word not in _WORDS and self.peek() not in {"/", "//", "::", "["}:
                return Node("$" + self.columns.setdefault(word, f"c{len(self.columns)}"), "text")
            case _:
                raise self.unexpected(word, position)

    def reference(self, word: str) -> Node:
        """Read `${name}`."""
        name = word[2:-1].strip()
        if not name or "#" in name:
            raise Malformed(
                "syntax",
                message("“{word}” names no question.", word=word),
                message("Write the name of a question between the braces."),
            )
        variable = self.names.setdefault(name, f"v{len(self.names)}")
        if self.peek() in {"/", "//", "["}:
            return self.onward(f"${variable}e")
        return Node(
            "$" + variable,
            "text",
            lambda values, _current: values.get(name, ""),
            nodes=f"${variable}e",
            spread=f"${variable}n",
            everywhere=f"${variable}a",
            many=lambda values: values.answers(name) if isinstance(values, Scope) else values.get(name, ""),
        )

    def call(self, name: str) -> Node:
        """Read a function with its arguments."""
        self.at += 2
        self.deeper()
        arguments: list[Node] = []
        begins: list[int] = []
        if self.peek() != ")":
            while True:
                begins.append(self.tokens[self.at][2])
                arguments.append(self.disjunction())
                if self.peek() != ",":
                    break
                self.at += 1
        self.depth -= 1
        end = self.tokens[self.at][2]
        self.take(")")
        sources = [self.source[a:b].strip() for a, b in pairwise((*begins, end))]
        sources = [*(source.rstrip(",").rstrip() for source in sources[:-1]), *sources[-1:]]
        match name:
            case "jr:choice-name":
                return self.choice_name(arguments, sources)
            case "jr:itext":
                return self.text_of_row(arguments)
            case "pulldata":
                return self.looked_up(arguments, sources)
            case _:
                return called(name, arguments)

    def unexpected(self, word: str, position: int, wanted: str = "") -> Malformed:
        """Return the finding about a word that does not belong where it stands."""
        place = position + 1
        if not word:
            what = message("The expression “{source}” ends too early.", source=short(self.source))
        else:
            what = message(
                "In “{source}”, “{word}” (character {place}) does not belong there.",
                place=place,
                word=word,
                source=short(self.source),
            )
        better = _MISTAKES.get(word) or (word.lower() if word.lower() in _WORDS else "")
        if word in "'\"" and word:
            fix = message("Close the quotation mark.")
        elif better and better != word:
            fix = message("Write {better} instead.", better=better)
        elif word in {"/", "//", "..", "::", "@", "["}:
            fix = message("Name the question as {example}.", example="${name}")
        elif wanted:
            fix = message("Expected here: {wanted}", wanted=wanted)
        else:
            fix = message("Correct the expression.")
        return Malformed("syntax", what, fix)
