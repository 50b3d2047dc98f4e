"""A questionnaire: an immutable list of questions in the order they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from surveys.language import LANGUAGES, translate
from surveys.questionnaire.keys import is_more, parted


class Kind(StrEnum):
    """What a question takes as its answer (XLSForm type names)."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    TIME = "time"
    DATETIME = "datetime"
    RANK = "rank"
    GEOPOINT = "geopoint"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    NOTE = "note"
    CALCULATE = "calculate"
    HIDDEN = "hidden"


#: Kinds a resident is asked; notes are shown with the next question, the rest is computed or given.
ASKED = frozenset(Kind) - {Kind.NOTE, Kind.CALCULATE, Kind.HIDDEN}
#: Kinds whose answer is made of names of choices; several names are parted by blanks.
OF_CHOICES = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE, Kind.RANK})
#: Kinds that are answered by sending something.
SENT = frozenset({Kind.IMAGE, Kind.AUDIO, Kind.VIDEO, Kind.FILE})

#: The role of the question whether another instance of a repeat follows, and its choices.
MORE, YES, NO = "more", "yes", "no"
_MORE_SAID = {
    YES: (
        "Yes, there is",
        ("有", "还有", "有的", "要", "是", "是的", "再填", "yes", "yeah", "another", "one more", "more"),
    ),
    NO: (
        "No, that is all",
        ("没有", "没有了", "没了", "没", "无", "不用了", "完了", "不填了", "no", "none", "nothing", "that is all"),
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: the stored `name`, its labels by language, what else residents call it.

    A `hidden` choice is accepted when the resident says so, and never offered. `columns` holds the further columns
    that a choice filter asks for. `points` is what the choice counts in a score; None is no valid vote.
    """

    name: str
    labels: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    hidden: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    points: float | None = None

    def label(self, language: str) -> str:
        """Return the label in `language`, or in any language the form has."""
        return in_language(self.labels, language) or self.name


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the survey sheet; expressions are XLSForm sources, empty when absent.

    `relevant` already joins the relevance of the enclosing groups with `and`. `path` is group names and name
    joined by `/`. or_other adds a choice called `other` and a text question called `{name}_other`. A `choice_filter`
    says for each choice whether it is offered; its bare words are columns of the choice. `default` is the expression of
    the answer that is suggested; `guidance` is a longer explanation, said when a resident asks for help. `parameters`
    holds `start`, `end` and `step` of a range.

    `repeats` names the repeats around it, the outermost first; the question of one instance has the key of the instance
    in place of the name. Questions with the same `page` are put together, if they share their choices. `dimension` is
    what a rating counts towards in a score.
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
    default: str = ""
    guidance: Mapping[str, str] = field(default_factory=dict)
    appearance: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    repeats: tuple[str, ...] = ()
    page: str = ""
    dimension: str = ""

    def label(self, language: str) -> str:
        """Return the wording in `language`, or in any language the form has."""
        return in_language(self.labels, language)

    def choice(self, name: str) -> Choice | None:
        """Return the choice called `name`, or None."""
        return next((choice for choice in self.choices if choice.name == name), None)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Questions that are asked several times over.

    `count` is the expression of how many times; without one the resident says after each whether another follows.
    `relevant` joins the conditions of what is around it with its own. `parents` names the repeats around it, the
    outermost first.
    """

    name: str
    path: str
    labels: Mapping[str, str] = field(default_factory=dict)
    count: str = ""
    relevant: str = ""
    parents: tuple[str, ...] = ()

    @property
    def chain(self) -> tuple[str, ...]:
        """The repeats around it, and itself."""
        return (*self.parents, self.name)

    def more(self, name: str) -> Question:
        """Return the question `name`, whether there is any or another instance."""
        first = parted(name)[1][-1] == 0
        sentence = "Is there any to tell of: {label}?" if first else "Is there another: {label}?"
        bare = "Is there any to tell of?" if first else "Is there another?"
        spoken = {**dict.fromkeys(self.labels), **dict.fromkeys(LANGUAGES)}
        said = {language: in_language(self.labels, language) for language in spoken}
        return Question(
            name=name,
            kind=Kind.SELECT_ONE,
            path=self.path,
            labels={
                language: translate(language, sentence, label=label) if label else translate(language, bare)
                for language, label in said.items()
            },
            choices=tuple(
                Choice(option, {language: translate(language, word) for language in spoken}, synonyms)
                for option, (word, synonyms) in _MORE_SAID.items()
            ),
            relevant=self.relevant,
            role=MORE,
            repeats=self.chain,
        )


@dataclass(frozen=True, slots=True)
class Form:
    """One immutable version of a questionnaire; `digest` (SHA-256 of its source) is its identity.

    `satisfied` names, per question, the choices that count as satisfied (a column of the sheet choices). `tables` are
    the lists beside the workbook that `pulldata` looks things up in, by their names without `.csv`. `repeats` stand in
    the order in which they begin.
    """

    digest: str
    name: str
    titles: Mapping[str, str]
    languages: tuple[str, ...]
    default_language: str
    questions: tuple[Question, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    satisfied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    repeats: tuple[Repeat, ...] = ()

    def question(self, name: str) -> Question:
        """Return the question called `name`, inside a repeat that of the instance; KeyError if the form has none."""
        if is_more(name):
            return self.repeat(parted(name)[0]).more(name)
        row, indices = parted(name)
        for question in self.questions:
            if question.name == row and len(indices) in {0, len(question.repeats)}:
                return replace(question, name=name) if indices else question
        raise KeyError(name)

    def repeat(self, name: str) -> Repeat:
        """Return the repeat called `name`; KeyError if the form has none."""
        for repeat in self.repeats:
            if repeat.name == name:
                return repeat
        raise KeyError(name)

    def path(self, name: str) -> str:
        """Return under which path an answer is published: `household[2]/age`; KeyError if the form has none."""
        indices = parted(name)[1]
        question = self.question(name)
        numbered = {self.repeat(repeat).path: index for repeat, index in zip(question.repeats, indices, strict=False)}
        return _numbered(question.path, numbered)

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


def _numbered(path: str, numbers: Mapping[str, int]) -> str:
    """Return the path with the number of the instance behind each repeat."""
    steps, way = [], ""
    for step in path.split("/"):
        way = f"{way}/{step}" if way else step
        steps.append(f"{step}[{numbers[way]}]" if way in numbers else step)
    return "/".join(steps)
