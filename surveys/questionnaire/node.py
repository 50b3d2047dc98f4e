"""The parts an expression is put together from: each an XPath, and where it is simple a plain evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from surveys.language import Message, message
from surveys.questionnaire.functions import FUNCTIONS, NOT_HERE, checked_pattern, number, selected, truth
from surveys.questionnaire.nodesets import NODE_FUNCTIONS, SPREADING, Scope, extension

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
#: Called like functions, but they depend on the form and the language, which XPath does not know.
CHOICE_NAME = "jr:choice-name"
FORM_FUNCTIONS = (CHOICE_NAME, "jr:itext", "pulldata")

Kind = Literal["text", "number", "boolean", "any"]
#: A plain Python evaluation of (answers, current value); only the commonest shapes have one.
Quick = Callable[[Mapping[str, str], str], str | float | bool]
#: The answers that `${name}` stands for where each counts: several of them, or the one value.
Many = Callable[[Mapping[str, str]], list[str] | str]


class Malformed(Exception):
    """An expression that cannot be evaluated: what is wrong with it and how to put it right."""

    def __init__(self, code: str, what: Message, fix: Message) -> None:
        self.code, self.what, self.fix = code, what, fix
        super().__init__(f"{what} {fix}")


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression: its XPath, the kind of its value, and perhaps a plain evaluation of the same.

    What stands for elements has their XPath in `nodes`; in `spread` that of the elements or of a single value; in
    `everywhere` that of the elements in all instances. `many` is the plain evaluation of `spread`. `ups` counts the
    steps of a path that only goes upwards.
    """

    xpath: str
    kind: Kind
    quick: Quick | None = None
    literal: str | None = None
    nodes: str = ""
    spread: str = ""
    everywhere: str = ""
    many: Many | None = None
    ups: int = 0


def called(name: str, arguments: list[Node]) -> Node:
    """Return the call of a function; raises Malformed for an unknown one or the wrong number of arguments."""
    function = NODE_FUNCTIONS.get(name) or FUNCTIONS.get(name)
    if name in NOT_HERE:
        raise Malformed(
            "unsupported_function", message("The function “{name}” is not answered here.", name=name), NOT_HERE[name]
        )
    if function is None:
        near = get_close_matches(name, [*FUNCTIONS, *NODE_FUNCTIONS, *FORM_FUNCTIONS], 1)
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
    if name == "position" and arguments[0].ups:
        return Node(f"$_p{arguments[0].ups}", "number", _quick_position(arguments[0].ups))
    parts = [(name in SPREADING and node.spread) or node.xpath for node in arguments]
    if name in _OF_ELEMENTS:
        parts = _elements(name, arguments)
    elif name == "concat":
        parts = [node.spread or f"string({node.xpath})" for node in arguments]
    if function.context:
        parts.append("$" + function.context)
    prefix = "" if function.native else "o:"
    kind: Kind = "text"
    if function.kind in {"number", "boolean", "any"}:
        kind = function.kind  # type: ignore[assignment] # one of the three literals just tested
    return Node(f"{prefix}{name}({', '.join(parts)})", kind, _quick_call(name, arguments))


#: Functions that look at elements, not at what they hold.
_OF_ELEMENTS = frozenset({"count", "position", "indexed-repeat"})


def _elements(name: str, arguments: list[Node]) -> list[str]:
    """Return the arguments of a function of elements; raises Malformed where a value stands instead."""
    if name == "indexed-repeat":
        if len(arguments) % 2 == 0:
            raise Malformed(
                "arguments",
                message("“indexed-repeat” needs a number for each repeat."),
                message("Write {example}.", example="indexed-repeat(${age}, ${household}, 1)"),
            )
        parts = [node.everywhere for node in (arguments[0], *arguments[1::2])]
        indices = [numeric(node) for node in arguments[2::2]]
        pairs = [part for pair in zip(parts[1:], indices, strict=True) for part in pair]
        given = [parts[0], *pairs, "$_here"]
    else:
        parts = given = [node.nodes for node in arguments]
    if not all(parts):
        raise Malformed(
            "arguments",
            message("“{name}” needs a question or a repeat, not a value.", name=name),
            message("Write {example}.", example=f"{name}(${{household}})"),
        )
    return given


def _quick_call(name: str, arguments: list[Node]) -> Quick | None:
    if name in _OF_MANY:
        return _quick_of_many(name, arguments)
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
        case _ if name in _PLAIN and (run := FUNCTIONS[name].run):
            return lambda values, current: run(*[argument(values, current) for argument in runs])
        case _:
            return None


#: Functions whose value follows from those of their arguments alone: run here as XPath runs them.
_PLAIN = frozenset({
    "if", "coalesce", "number", "int", "round", "floor", "ceiling", "abs", "regex", "count-selected", "selected-at",
    "boolean-from-string",
})  # fmt: skip


#: Functions of several answers that need nothing of them but what they hold.
_OF_MANY = frozenset({"count", "count-non-empty", "sum", "min", "max", "join"})


def _quick_of_many(name: str, arguments: list[Node]) -> Quick | None:
    function = NODE_FUNCTIONS.get(name) or FUNCTIONS[name]
    if function.run is None:
        return None
    run = extension(name, function.run)
    runs: list[Callable[[Mapping[str, str], str], Any]] = []
    for node in arguments:
        if node.many is not None:
            runs.append(_all_of(node.many))
        elif node.quick is not None and not node.spread and name != "count":
            runs.append(node.quick)
        else:
            return None
    return lambda values, current: run(None, *[argument(values, current) for argument in runs])


def _all_of(many: Many) -> Callable[[Mapping[str, str], str], Any]:
    return lambda values, _current: many(values)


def _quick_position(ups: int) -> Quick:
    return lambda values, _current: float(values.position(ups)) if isinstance(values, Scope) else 1.0


def combined(operator: str, left: Node, right: Node) -> Node:
    """Join two parts; whatever is compared by size or reckoned with becomes a number, dates as days."""
    if operator in {"=", "!="}:
        if "boolean" in (left.kind, right.kind):
            return Node(f"({left.xpath} {operator} {right.xpath})", "boolean")
        if "number" in (left.kind, right.kind):
            return _compared(operator, left, right)
        xpath = f"({left.xpath} {operator} {right.xpath})"
        if left.kind == right.kind == "text" and left.quick and right.quick:
            if right.literal is not None:
                return Node(xpath, "boolean", _equal_to(operator, left.quick, right.literal))
            return Node(xpath, "boolean", _equal(operator, left.quick, right.quick))
        return Node(xpath, "boolean")
    if operator in _COMPARISONS:
        return _compared(operator, left, right)
    return Node(f"({numeric(left)} {operator} {numeric(right)})", "number", _reckoned(operator, left, right))


def _reckoned(operator: str, left: Node, right: Node) -> Quick | None:
    first, second = left.quick, right.quick
    if first is None or second is None:
        return None
    match operator:
        case "+":
            return lambda values, current: number(first(values, current)) + number(second(values, current))
        case "-":
            return lambda values, current: number(first(values, current)) - number(second(values, current))
        case "*":
            return lambda values, current: number(first(values, current)) * number(second(values, current))
        case _:
            return None  # what XPath answers to a division by nothing is left to it


def _compared(operator: str, left: Node, right: Node) -> Node:
    xpath = f"({numeric(left)} {operator} {numeric(right)})"
    if left.quick and right.quick:
        return Node(xpath, "boolean", _ordered(operator, left.quick, right.quick))
    return Node(xpath, "boolean")


def quick_joined(word: str, parts: list[Node]) -> Quick | None:
    """Return the plain evaluation of parts joined by `and` or by `or`: a long form does little else every turn."""
    ready = [_quick_truth(node) for node in parts]
    runs = [run for run in ready if run is not None]
    if len(runs) < len(parts):
        return None
    if len(runs) == 2:
        first, second = runs
        if word == "and":
            return lambda values, current: first(values, current) and second(values, current)
        return lambda values, current: first(values, current) or second(values, current)
    many = all if word == "and" else any
    return lambda values, current: many(run(values, current) for run in runs)


def _quick_truth(node: Node) -> Quick | None:
    run = node.quick
    if run is None or node.kind == "boolean":
        return run
    return lambda values, current: truth(run(values, current))


def _equal_to(operator: str, left: Quick, literal: str) -> Quick:
    if operator == "=":
        return lambda values, current: left(values, current) == literal
    return lambda values, current: left(values, current) != literal


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
