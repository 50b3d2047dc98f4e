"""What only the form can tell an expression: texts of rows, and values looked up in tables beside it."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.kept import Kept
from surveys.questionnaire.form import Form, in_language

_Index = dict[tuple[str, str], dict[str, Mapping[str, str]]]


def _no_index_yet(_form: Form) -> _Index:
    return {}


_INDEXES = Kept(_no_index_yet)


def told(form: Form, subject: str, value: str, language: str) -> str:
    """Return what `subject` means (see `Parsed.labels`); '' for what is not there.

    `name⇥label` and `name⇥hint` are texts of a row, `⇥table⇥column⇥key column` is a cell of the first row of the table
    whose key is `value`.
    """
    name, *rest = subject.split("\t")
    if name:
        texts = ((q.labels, q.hints) for q in form.questions if q.name == name)
        labels, hints = next(texts, ({}, {}))
        return in_language(hints if rest == ["hint"] else labels, language)
    table, column, key = rest
    index = _INDEXES.of(form)
    if (table, key) not in index:
        rows = form.tables.get(_stem(table), ())
        index[table, key] = {row.get(key, ""): row for row in reversed(rows)}
    return index[table, key].get(value.strip(), {}).get(column, "")


def _stem(name: str) -> str:
    """Return the name of a table without `.csv`, case aside."""
    return name.strip().casefold().removesuffix(".csv")
