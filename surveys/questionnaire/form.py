"""A questionnaire: an immutable list of questions in the order they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a question takes as its answer (XLSForm type names)."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    NOTE = "note"
    CALCULATE = "calculate"
    HIDDEN = "hidden"


#: Kinds a resident is asked; notes are shown with the next question, the rest is computed or given.
ASKED = frozenset(
    {Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.SELECT_ONE, Kind.SELECT_MULTIPLE},
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: the stored `name`, its labels by language, what else residents call it.

    A `hidden` choice is accepted when the resident says so, and never offered. `columns` holds the further columns
    that a choice filter asks for.
    """

    name: str
    labels: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    hidden: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """Return the label in `language`, or in any language the form has."""
        return in_language(self.labels, language) or self.name


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the survey sheet; expressions are XLSForm sources, empty when absent.

    `relevant` already joins the relevance of the enclosing groups with `and`. `path` is group names and name
    joined by `/`. or_other adds a choice called `other` and a text question called `{name}_other`. A `choice_filter`
    says for each choice whether it is offered; its bare words are columns of the choice.
    """

    name: str
    kind: Kind
    path: str
    labels: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    relevant: str = ""
    constraint: str = ""
    constraint_messages: Mapping[str, str] = field(default_factory=dict)
    required: str = ""
    required_messages: Mapping[str, str] = field(default_factory=dict)
    calculation: str = ""
    role: str = ""
    row: int = 0
    choice_filter: str = ""

    def label(self, language: str) -> str:
        """Return the wording in `language`, or in any language the form has."""
        return in_language(self.labels, language)

    def choice(self, name: str) -> Choice | None:
        """Return the choice called `name`, or None."""
        return next((choice for choice in self.choices if choice.name == name), None)


@dataclass(frozen=True, slots=True)
class Form:
    """One immutable version of a questionnaire; `digest` (SHA-256 of its source) is its identity.

    `top_two` names, per question, the choices that count as satisfied (setting column on choices `satisfied`).
    """

    digest: str
    name: str
    titles: Mapping[str, str]
    languages: tuple[str, ...]
    default_language: str
    questions: tuple[Question, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    satisfied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def question(self, name: str) -> Question:
        """Return the question called `name`; KeyError if the form has none."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    def title(self, language: str) -> str:
        """Return the title in `language`, or in any language the form has."""
        return in_language(self.titles, language) or self.name

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions a resident may be asked, in order."""
        return tuple(question for question in self.questions if question.kind in ASKED)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return the text in `language`, else the one without a language, else any, else ''."""
    return texts.get(language) or texts.get("") or next(iter(texts.values()), "")
