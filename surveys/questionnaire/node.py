"""The parts an expression is put together from: each an XPath, and where it is simple a plain evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from surveys.language import Message, message
from surveys.questionnaire.functions import FUNCTIONS, checked_pattern, number, selected, truth

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
#: Called like a function, but it depends on the form and the language, which XPath does not know.
CHOICE_NAME = "jr:choice-name"

Kind = Literal["text", "number", "boolean", "any"]
#: A plain Python evaluation of (answers, current value); only the commonest shapes have one.
Quick = Callable[[Mapping[str, str], str], str | float | bool]


class Malformed(Exception):
    """An expression that cannot be evaluated: what is wrong with it and how to put it right."""

    def __init__(self, code: str, what: Message, fix: Message) -> None:
        self.code, self.what, self.fix = code, what, fix
        super().__init__(f"{what} {fix}")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression: its XPath, the kind of its value, and perhaps a plain evaluation of the same."""

    xpath: str
    kind: Kind
    quick: Quick | None = None
    literal: str | None = None


def called(name: str, arguments: list[Node]) -> Node:
    """Return the call of a function; raises Malformed for an unknown one or the wrong number of arguments."""
    function = FUNCTIONS.get(name)
    if function is None:
        near = get_close_matches(name, [*FUNCTIONS, CHOICE_NAME], 1)
        what = message("The function “{name}” is not known here.", name=name)
        if near:
            raise Malformed("unknown_function", what, message("Did you mean {name}?", name=near[0]))
        raise Malformed("unknown_function", what, message("Use another function, or leave it out."))
    if len(arguments) < function.least or (function.most is not None and len(arguments) > function.most):
        most = function.most
        wanted = str(function.least) if most == function.least else f"{function.least}–{'…' if most is None else most}"
        raise Malformed(
            "arguments",
            message(
                "“{name}” has {given} arguments; it takes {wanted}.", name=name, given=len(arguments), wanted=wanted
            ),
            message("Correct the expression."),
        )
    if name == "regex" and arguments[1].literal is not None and checked_pattern(arguments[1].literal) is None:
        raise Malformed(
            "syntax",
            message("“{pattern}” is not a regular expression.", pattern=short(arguments[1].literal)),
            message("Correct the expression."),
        )
    parts = [node.xpath for node in arguments]
    if function.context:
        parts.append("$" + function.context)
    if name == "concat" and len(parts) == 1:
        parts.append("''")
    prefix = "" if function.native else "o:"
    kind: Kind = "text"
    if function.kind in {"number", "boolean", "any"}:
        kind = function.kind  # type: ignore[assignment] # one of the three literals just tested
    return Node(f"{prefix}{name}({', '.join(parts)})", kind, _quick_call(name, arguments))


def _quick_call(name: str, arguments: list[Node]) -> Quick | None:
    runs = [node.quick for node in arguments if node.quick is not None]
    if len(runs) < len(arguments):
        return None
    match name:
        case "true":
            return lambda _values, _current: True
        case "false":
            return lambda _values, _current: False
        case "not":
            only = runs[0]
            return lambda values, current: not truth(only(values, current))
        case "selected":
            value, option = runs
            return lambda values, current: selected(value(values, current), option(values, current))
        case _:
            return None


def combined(operator: str, left: Node, right: Node) -> Node:
    """Join two parts; whatever is compared by size or reckoned with becomes a number, dates as days."""
    if operator in {"=", "!="}:
        if "boolean" in (left.kind, right.kind):
            return Node(f"({left.xpath} {operator} {right.xpath})", "boolean")
        if "number" in (left.kind, right.kind):
            return _compared(operator, left, right)
        xpath = f"({left.xpath} {operator} {right.xpath})"
        if left.kind == right.kind == "text" and left.quick and right.quick:
            return Node(xpath, "boolean", _equal(operator, left.quick, right.quick))
        return Node(xpath, "boolean")
    if operator in _COMPARISONS:
        return _compared(operator, left, right)
    return Node(f"({numeric(left)} {operator} {numeric(right)})", "number")


def _compared(operator: str, left: Node, right: Node) -> Node:
    xpath = f"({numeric(left)} {operator} {numeric(right)})"
    if left.quick and right.quick:
        return Node(xpath, "boolean", _ordered(operator, left.quick, right.quick))
    return Node(xpath, "boolean")


def _equal(operator: str, left: Quick, right: Quick) -> Quick:
    if operator == "=":
        return lambda values, current: left(values, current) == right(values, current)
    return lambda values, current: left(values, current) != right(values, current)


def _ordered(operator: str, left: Quick, right: Quick) -> Quick:
    tests: Mapping[str, Callable[[float, float], bool]] = {
        "=": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    test = tests[operator]
    return lambda values, current: test(number(left(values, current)), number(right(values, current)))


def numeric(node: Node) -> str:
    """Return the XPath of the part as a number, dates as days."""
    return node.xpath if node.kind in {"number", "boolean"} else f"o:number({node.xpath})"


def short(source: str) -> str:
    """Return the beginning of a text that is quoted in a message."""
    return source if len(source) <= 80 else source[:79] + "…"
