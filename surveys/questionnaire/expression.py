"""Evaluating XLSForm expressions: XPath 1.0 by lxml with OpenRosa's functions; `${name}` and `.` are XPath variables.

Nothing is kept between two evaluations: answers, the time and the current value are passed in as variables, so one
compiled expression serves any number of conversations at once.
"""

from __future__ import annotations

import re
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
from surveys.questionnaire.nodesets import NODE_FUNCTIONS, Alone, Scope, extension, near

__all__ = ["Expression", "Labels", "Malformed", "compile_expression"]

#: Returns the label of a choice: (question name, choice name) → text.
Labels = Callable[[str, str], str]

_SPACE = "urn:openrosa"
_NO_COLUMNS: Mapping[str, str] = {}


_EXTENSIONS = {
    (_SPACE, name): extension(name, function.run)
    for name, function in {**FUNCTIONS, **NODE_FUNCTIONS}.items()
    if function.run
} | {(_SPACE, "_near"): near}
#: Variables that stand for elements: those of a name (e; n where one answer may do; a in all instances), and places.
_ELEMENTS = re.compile(r"\$(v\d+)([ena])\b|\$(_here|_root)\b|\$_p(\d+)\b")


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """One compiled expression. `names` are the questions it refers to, `columns` its bare words.

    `looked` are those of the names whose answer counts, where others only stand for elements; `around` says that it
    looks at what is around the question, or at several answers: then `values` should be the Scope of the question.
    Values are XForms texts; a question without an answer counts as ''. A bare word is the column of that name of a
    choice (`columns`), or, when there is no such column, the word itself.
    """

    source: str
    names: frozenset[str]
    columns: frozenset[str]
    looked: frozenset[str]
    around: bool
    _parsed: Parsed
    _xpath: Any
    _quick: Quick | None
    _place: Any  # an evaluation needs some element to stand on

    @property
    def lookups(self) -> tuple[tuple[str, str, str], ...]:
        """What it looks up in tables beside the form: (table, column, key column)."""
        found = [subject.split("\t") for _, subject in self._parsed.labels.values() if subject.startswith("\t")]
        return tuple((table, column, key) for _, table, column, key in found)

    @property
    def of_labels(self) -> bool:
        """Whether it asks for what only the form can tell: `labels` are needed."""
        return bool(self._parsed.labels)

    @property
    def steps(self) -> frozenset[str]:
        """The names of elements that paths go through."""
        return self._parsed.steps

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
            found = self._quick(values, current)
            return found if isinstance(found, bool) else functions.truth(found)
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
        variables: dict[str, Any] = {variable: clean(values.get(name, "")) for name, variable in parsed.names.items()}
        for name, variable in parsed.columns.items():
            variables[variable] = clean(columns.get(name, name))
        for variable, (source, question) in parsed.labels.items():
            value = compile_expression(source).text(values, now, current, columns=columns, labels=labels)
            variables[variable] = clean(labels(question, value) if labels else value)
        scope = None
        if self.around:
            scope = values if isinstance(values, Scope) else Alone(values)
            self._bind(variables, scope)
        # Elements of another document than that of the context would be copied, and lose what is around them.
        result = self._xpath(
            self._place if scope is None else scope.root,
            _self=clean(current),
            _now=now.isoformat(timespec="milliseconds"),
            **variables,
        )
        return result if isinstance(result, bool | float) else str(result)

    def _bind(self, variables: dict[str, Any], scope: Scope) -> None:
        """Give the variables that stand for elements what they stand for."""
        names = {variable: name for name, variable in self._parsed.names.items()}
        for variable, way, place, up in set(_ELEMENTS.findall(self._parsed.root.xpath)):
            if up:
                variables[f"_p{up}"] = float(scope.position(int(up)))
            elif place:
                variables[place] = [scope.here if place == "_here" else scope.root]
            elif way == "a":
                variables[variable + way] = scope.everywhere(names[variable])
            elif way == "e" or scope.several(names[variable]):
                variables[variable + way] = scope.elements(names[variable])
            else:
                variables[variable + way] = variables[variable]


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
    written = parsed.root.xpath
    looked = {name for name, variable in parsed.names.items() if re.search(rf"\${variable}\b", written)}
    around = _ELEMENTS.search(written) is not None
    for value, subject in parsed.labels.values():
        asked = compile_expression(value)
        looked |= {subject.partition("\t")[0]} & parsed.names.keys() | asked.looked
        around = around or asked.around
    return Expression(
        source,
        frozenset(parsed.names),
        frozenset(parsed.columns),
        frozenset(looked),
        around,
        parsed,
        xpath,
        parsed.root.quick,
        etree.Element("place"),
    )
