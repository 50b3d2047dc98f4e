"""Evaluating XLSForm expressions: XPath 1.0 by lxml with OpenRosa's functions; `${name}` and `.` are XPath variables.

Nothing is kept between two evaluations: answers, the time and the current value are passed in as variables, so one
compiled expression serves any number of conversations at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from lxml import etree

from surveys.language import message
from surveys.questionnaire import functions
from surveys.questionnaire.functions import FUNCTIONS, Value
from surveys.questionnaire.grammar import Parsed, clean, parse
from surveys.questionnaire.node import Malformed, Quick

__all__ = ["Expression", "Labels", "Malformed", "compile_expression"]

#: Returns the label of a choice: (question name, choice name) → text.
Labels = Callable[[str, str], str]

_SPACE = "urn:openrosa"
_NO_COLUMNS: Mapping[str, str] = {}


def _extension(run: Callable[..., Value]) -> Callable[..., Value]:
    """Adapt a function to lxml, which passes its evaluation context first."""

    def called(_context: object, *values: Value) -> Value:
        return run(*values)

    return called


_EXTENSIONS = {(_SPACE, name): _extension(function.run) for name, function in FUNCTIONS.items() if function.run}


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """One compiled expression. `names` are the questions it refers to, `columns` its bare words.

    Values are XForms texts; a question without an answer counts as ''. A bare word is the column of that name of a
    choice (`columns`), or, when there is no such column, the word itself.
    """

    source: str
    names: frozenset[str]
    columns: frozenset[str]
    _parsed: Parsed
    _xpath: Any
    _quick: Quick | None

    def boolean(
        self,
        values: Mapping[str, str],
        now: datetime,
        current: str = "",
        *,
        columns: Mapping[str, str] = _NO_COLUMNS,
        labels: Labels | None = None,
    ) -> bool:
        """Return whether it holds, by XPath's rule for booleans; `now` is the aware local time."""
        if self._quick is not None:
            return functions.truth(self._quick(values, current))
        return functions.truth(self.evaluate(values, now, current, columns=columns, labels=labels))

    def text(
        self,
        values: Mapping[str, str],
        now: datetime,
        current: str = "",
        *,
        columns: Mapping[str, str] = _NO_COLUMNS,
        labels: Labels | None = None,
    ) -> str:
        """Return the value as XForms text: `5` not `5.0`, '' for what is not a number."""
        if self._quick is not None:
            return functions.text(self._quick(values, current))
        return functions.text(self.evaluate(values, now, current, columns=columns, labels=labels))

    def evaluate(
        self,
        values: Mapping[str, str],
        now: datetime,
        current: str = "",
        *,
        columns: Mapping[str, str] = _NO_COLUMNS,
        labels: Labels | None = None,
    ) -> Value:
        """Return what XPath answers: a text, a number or a boolean."""
        parsed = self._parsed
        variables = {variable: clean(values.get(name, "")) for name, variable in parsed.names.items()}
        for name, variable in parsed.columns.items():
            variables[variable] = clean(columns.get(name, name))
        for variable, (source, question) in parsed.labels.items():
            value = compile_expression(source).text(values, now, current, columns=columns, labels=labels)
            variables[variable] = clean(labels(question, value) if labels else value)
        result = self._xpath(_self=clean(current), _now=now.isoformat(timespec="milliseconds"), **variables)
        return result if isinstance(result, bool | float) else str(result)


@lru_cache(maxsize=8192)
def compile_expression(source: str) -> Expression:
    """Compile `source`, once for all; raises Malformed for what could not be evaluated later."""
    parsed = parse(source)
    try:
        # Regular expressions of EXSLT are another extension; smart strings would keep the tree of the result alive.
        xpath = etree.XPath(
            parsed.root.xpath, namespaces={"o": _SPACE}, extensions=_EXTENSIONS, regexp=False, smart_strings=False
        )
    except etree.XPathError as error:
        raise Malformed(
            "syntax",
            message("The expression cannot be evaluated ({reason}).", reason=str(error)),
            message("Correct the expression."),
        ) from None
    place = etree.Element("place")  # an evaluation needs some node to stand on; the expression never looks at it

    def evaluated(**variables: str) -> Any:
        return xpath(place, **variables)

    return Expression(source, frozenset(parsed.names), frozenset(parsed.columns), parsed, evaluated, parsed.root.quick)
