"""A scoring rule as data: what an option is worth, what weighs how much, which rating forms count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import fsum, isfinite
from typing import Any

from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.form import in_language
from surveys.scoring.ratings import RatedQuestion

#: How a choice is written in a rule that is answered but no valid vote.
NO_VOTE = "none"
#: How a rule file calls any question.
ANY_QUESTION = "*"


class Combine(StrEnum):
    """How questions make a score: weighted means of their points, or the sum of their mean points."""

    MEAN = "mean"
    SUM = "sum"


class Banded(StrEnum):
    """What bands are read of: a unit's score, or every single answer (then each band has a share of answers)."""

    SCORE = "score"
    ANSWERS = "answers"


class Invalid(StrEnum):
    """Why a rating form does not count."""

    NO_GROUP = "no_group"
    NO_VALID_VOTE = "no_valid_vote"
    DONT_KNOW = "dont_know"
    INCOMPLETE = "incomplete"
    ALL_BEST = "all_best"

    @property
    def words(self) -> Message:
        """The reason in words."""
        return _WHY_INVALID[self]


_WHY_INVALID: Mapping[Invalid, Message] = {
    Invalid.NO_GROUP: message("the evaluator is of no group that the rule weighs"),
    Invalid.NO_VALID_VOTE: message("no valid vote on any question"),
    Invalid.DONT_KNOW: message("at least one “don't know”"),
    Invalid.INCOMPLETE: message("at least one question without an answer"),
    Invalid.ALL_BEST: message("the best answer on every question"),
}
#: What a rule may switch on; the other two reasons follow from what a score is.
CHOOSABLE = (Invalid.DONT_KNOW, Invalid.INCOMPLETE, Invalid.ALL_BEST)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that weighs in a score, a dimension or an evaluator group; weights count against their sum."""

    name: str
    weight: float = 1.0
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """Return what it is called in `language`."""
        return in_language(self.labels, language) or self.name


@dataclass(frozen=True, slots=True)
class Band:
    """A grade: points from `least` on, up to where the next one begins."""

    name: str
    least: float
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """Return what it is called in `language`."""
        return in_language(self.labels, language) or self.name


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """How answers become scores.

    `points` maps a question's name, a dimension's name or "" (any question) to choice → points, looked up in this
    order and then in the questionnaire; None is no valid vote. `numbers` are the lowest and highest number where the
    answer is a number. All points are multiplied by `factor`. Dimensions the rule does not name weigh 1. `bands` stand
    from best to worst. `invalid` are the reasons that are on, `optional` those an office may switch on. `denominators`
    and `notes` are words by language; `counts_for` is the percentage this score has in a larger one.
    """

    name: str
    titles: Mapping[str, str]
    source: str = ""
    combine: Combine = Combine.MEAN
    factor: float = 1.0
    numbers: tuple[float, float] | None = None
    dimensions: tuple[Part, ...] = ()
    points: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    groups: tuple[Part, ...] = ()
    bands: tuple[Band, ...] = ()
    banded: Banded = Banded.SCORE
    invalid: tuple[Invalid, ...] = ()
    optional: tuple[Invalid, ...] = ()
    denominators: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    counts_for: float | None = None

    def title(self, language: str) -> str:
        """Return what the rule is called in `language`."""
        return in_language(self.titles, language) or self.name

    def dimension(self, name: str) -> Part:
        """Return the dimension called `name`; one the rule does not know weighs 1 and is called by its name."""
        return next((part for part in self.dimensions if part.name == name), Part(name))

    def scale(self, question: RatedQuestion) -> Scale:
        """Return what each answer to a question is worth."""
        points = dict(question.points)
        for key in ("", question.dimension, question.name):
            points.update(
                {choice: worth for choice, worth in self.points.get(key, {}).items() if self._fits(choice, question)}
            )
        worths = {choice: None if worth is None else worth * self.factor for choice, worth in points.items()}
        numeric = not question.labels_of and not question.points
        low, high = self.numbers or (None, None)
        found = [worth for worth in worths.values() if worth is not None]
        if numeric and low is not None and high is not None:
            found += [low * self.factor, high * self.factor]
        return Scale(worths, numeric, self.factor, self.numbers, min(found, default=None), max(found, default=None))

    @staticmethod
    def _fits(choice: str, question: RatedQuestion) -> bool:
        """Whether the question has the choice; points of choices it never offers must not widen its range."""
        return choice in question.labels_of or choice in question.points

    def switched_on(self, options: Iterable[str]) -> ScoringRule:
        """Return the rule with optional reasons on; raises Refused for one it does not offer."""
        wanted = list(options)
        offered = {reason.value: reason for reason in (*self.optional, *self.invalid)}
        unknown = [name for name in wanted if name not in offered]
        if unknown:
            raise Refused([
                Problem(
                    "unknown_option",
                    message("The rule {rule} has no option {name}.", rule=self.name, name=unknown[0]),
                    message("It has: {names}.", names=", ".join(offered) or "-"),
                    field="options",
                )
            ])  # fmt: skip
        on = {*self.invalid, *(offered[name] for name in wanted)}
        return replace(
            self,
            invalid=tuple(reason for reason in CHOOSABLE if reason in on),
            optional=tuple(reason for reason in self.optional if reason not in on),
        )

    def weighing_groups(self, weights: Mapping[str, float]) -> ScoringRule:
        """Return the rule with these evaluator groups in place of its own; raises Refused if none weighs anything."""
        bad = [name for name, weight in weights.items() if not isfinite(weight) or weight < 0]
        if bad or not fsum(weights.values()) > 0:
            raise Refused([
                Problem(
                    "bad_weight",
                    message("The weights of the evaluator groups must be 0 or more, and one of them above 0."),
                    message("Correct them."),
                    field=".".join(["groups", *bad[:1]]),
                )
            ])  # fmt: skip
        known = {group.name: group.labels for group in self.groups}
        return replace(self, groups=tuple(Part(name, weight, known.get(name, {})) for name, weight in weights.items()))


@dataclass(frozen=True, slots=True)
class Scale:
    """What answers to one question are worth, and the lowest and highest they can be worth."""

    worths: Mapping[str, float | None]
    numeric: bool
    factor: float
    numbers: tuple[float, float] | None
    low: float | None
    high: float | None

    def worth(self, value: str) -> float | None:
        """Return the points of an answer, None if it is no valid vote."""
        if value in self.worths:
            return self.worths[value]
        if not self.numeric:
            return None
        try:
            number = float(value)
        except ValueError:
            return None
        low, high = self.numbers or (number, number)
        return number * self.factor if isfinite(number) and low <= number <= high else None


def rule_record(rule: ScoringRule) -> dict[str, Any]:
    """Return the rule as JSON values, in the very layout of a rule file; `read_rule` reads it back without loss."""

    def parts(found: tuple[Part, ...]) -> list[dict[str, Any]]:
        return [{"name": part.name, "weight": part.weight, "labels": dict(part.labels)} for part in found]

    return {
        "name": rule.name,
        "titles": dict(rule.titles),
        "source": rule.source,
        "combine": rule.combine.value,
        "factor": rule.factor,
        "numbers": list(rule.numbers or ()),
        "dimensions": parts(rule.dimensions),
        "points": {
            key or ANY_QUESTION: {choice: NO_VOTE if worth is None else worth for choice, worth in points.items()}
            for key, points in rule.points.items()
        },
        "groups": parts(rule.groups),
        "bands": [{"name": band.name, "least": band.least, "labels": dict(band.labels)} for band in rule.bands],
        "banded": rule.banded.value,
        "invalid": [reason.value for reason in rule.invalid],
        "optional": [reason.value for reason in rule.optional],
        "denominators": dict(rule.denominators),
        "notes": dict(rule.notes),
        **({} if rule.counts_for is None else {"counts_for": rule.counts_for}),
    }
