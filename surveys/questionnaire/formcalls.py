"""Reading calls of what only the form can tell: labels of choices, texts of rows, cells of tables beside it."""

from __future__ import annotations

import re

from surveys.language import message
from surveys.questionnaire.node import CHOICE_NAME, Malformed, Node


class FormCalls:
    """The part of the parser that reads such calls; each becomes a variable that is told when it is evaluated."""

    names: dict[str, str]
    labels: dict[str, tuple[str, str]]

    def choice_name(self, arguments: list[Node], sources: list[str]) -> Node:
        """Make a variable of the label: it depends on the form and the language, which XPath does not know."""
        question = (
            re.fullmatch(r"\s*\$\{\s*([^{}]+?)\s*\}\s*", (arguments[1].literal or "")) if len(arguments) == 2 else None
        )
        if question is None:
            raise Malformed(
                "arguments",
                message("“{name}” needs a value and the question it belongs to.", name=CHOICE_NAME),
                message("Write {example}.", example="jr:choice-name(${q}, '${q}')"),
            )
        self.names.setdefault(question[1], f"v{len(self.names)}")
        return self.told(sources[0], question[1])

    def told(self, source: str, subject: str) -> Node:
        """Make a variable of what only the form can tell of `subject`, given the value of `source`."""
        variable = f"l{len(self.labels)}"
        self.labels[variable] = (source, subject)
        return Node("$" + variable, "text")

    def text_of_row(self, arguments: list[Node]) -> Node:
        """Read jr:itext('/data/group/name:label'): the label or hint of a row in the language that is spoken."""
        written = (arguments[0].literal or "") if len(arguments) == 1 else ""
        row = re.fullmatch(r"(?:/[^/:]+)*/([^/:]+):(label|hint)", written)
        if row is None:
            raise Malformed(
                "arguments",
                message("“{name}” needs the path of a row and whether its label or hint is meant.", name="jr:itext"),
                message("Write {example}.", example="jr:itext('/data/q:label')"),
            )
        self.names.setdefault(row[1], f"v{len(self.names)}")
        return self.told("''", "\t".join(row.groups()))

    def looked_up(self, arguments: list[Node], sources: list[str]) -> Node:
        """Read pulldata('table', 'column', 'key column', key)."""
        names = [node.literal for node in arguments[:3]]
        given = [name for name in names if name]
        if len(arguments) != 4 or len(given) != 3 or any("\t" in name for name in given):
            raise Malformed(
                "arguments",
                message("“{name}” needs a table, two of its columns as texts, and what to look for.", name="pulldata"),
                message("Write {example}.", example="pulldata('prices', 'price', 'item', ${item})"),
            )
        return self.told(sources[3], "\t".join(("", *given)))
