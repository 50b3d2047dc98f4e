"""What scores are measured by: equal where two campaigns' scores mean the same, and what differs where they do not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from surveys.language import Message, message
from surveys.questionnaire.form import Form
from surveys.scoring.design import ScoringDesign
from surveys.scoring.freezing import rule_of
from surveys.scoring.gathering import rated_questions, subject_of
from surveys.scoring.ratings import RatedQuestion
from surveys.scoring.rule import ScoringRule, rule_record

#: What makes two scores comparable, with what it is called; titles, sources and words do not.
PARTS: Mapping[str, Message] = {
    "combine": message("how questions are put together"),
    "factor": message("the factor of points"),
    "numbers": message("the scale of numbers"),
    "points": message("points"),
    "invalid": message("which forms count"),
    "dimensions": message("dimensions and their weights"),
    "groups": message("evaluator groups and their weights"),
    "questions": message("questions and their options"),
}


#: By what units count in the area above them.
COUNTING: Mapping[str, Message] = {
    "equal": message("every unit alike"),
    "people": message("by the residents its raters stand for"),
    "weights": message("by the weights of the plan"),
}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A campaign that scores are to be compared with; `form` is None where it asks nothing."""

    launched: bool
    form: Form | None
    design: ScoringDesign


def measured_by(rule: ScoringRule, questions: Sequence[RatedQuestion]) -> dict[str, Any]:
    """Return by the names of PARTS what scores of this rule and these questions are made with."""
    record = rule_record(rule)
    return {
        **{key: record[key] for key in ("combine", "factor", "numbers", "points", "invalid")},
        "dimensions": sorted((part.name, part.weight) for part in rule.dimensions),
        "groups": sorted((part.name, part.weight) for part in rule.groups),
        "questions": sorted(
            (
                question.name,
                question.dimension,
                sorted((choice, worth) for choice, worth in rule.scale(question).worths.items() if worth is not None),
            )
            for question in questions
        ),
    }


def measure(rule: ScoringRule, questions: Sequence[RatedQuestion]) -> str:
    """Return the same text for two rules and questionnaires whose scores mean the same."""
    text = json.dumps(measured_by(rule, questions), ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def difference_of(form: Form, design: ScoringDesign, earlier: Earlier) -> tuple[Message, ...] | None:
    """Return what scores of a plan and of an earlier campaign are not alike in, nothing where they compare.

    None where the earlier campaign has no scores. Raises Refused where a rule is at fault.
    """
    ours = _of(form, design)
    theirs = None if earlier.form is None else _of(earlier.form, earlier.design)
    if ours is None or theirs is None:
        return None
    return tuple(words for part, words in PARTS.items() if ours[part] != theirs[part])


def rolled_otherwise(now: ScoringDesign, then: ScoringDesign) -> Message | None:
    """Return how units counted in their areas otherwise then than now, None where areas' scores mean the same.

    Of weights only their proportions count.
    """
    kinds = tuple("weights" if design.unit_weights else design.rollup for design in (then, now))
    if kinds[0] != kinds[1]:
        return message(
            "units count in their area otherwise (then: {then}; now: {now})",
            then=COUNTING[kinds[0]],
            now=COUNTING[kinds[1]],
        )
    if _proportions(now.unit_weights) != _proportions(then.unit_weights):
        return message("the weights of units in their area are others")
    return None


def _proportions(weights: Mapping[str, float]) -> dict[str, float]:
    whole = sum(weights.values())
    return {unit: round(weight / whole, 12) for unit, weight in weights.items() if weight > 0}


def _of(form: Form, design: ScoringDesign) -> dict[str, Any] | None:
    rule = rule_of(form, design)
    return None if rule is None else measured_by(rule, rated_questions(form, rule, subject_of(form, design)))
