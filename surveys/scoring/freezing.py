"""By which rule a campaign is scored: the plan's own, a preset the plan or the questionnaire names, or plain points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.questionnaire.form import Form
from surveys.scoring.design import ScoringDesign
from surveys.scoring.gathering import rated_questions, rates_units, subject_of
from surveys.scoring.presets import names, preset
from surveys.scoring.rule import Band, Part, ScoringRule, rule_record
from surveys.scoring.rulefile import read_rule

#: What a questionnaire that carries points and names no preset is scored by: the mean of its points.
PLAIN = ScoringRule("points", {"zh": "问卷自带分值", "en": "Points of the questionnaire"})
_WEIGHT = re.compile(r"\s*([^;；\s]+)\s+(\d+(?:\.\d+)?)\s*(?:[;；]|$)")


def rule_of(form: Form, design: ScoringDesign) -> ScoringRule | None:
    """Return the rule, options and evaluator groups of the plan applied; None if nothing of the form can be scored.

    Raises Refused for an unknown preset or option, or a rule of one's own that cannot be read.
    """
    rule = _named(form, design)
    questions = rated_questions(form, rule, subject_of(form, design)) if rule else ()
    if rule is None or not questions:
        if design.asked:
            raise Refused([_nothing_rated()])
        return None
    known = {part.name for part in rule.dimensions}
    # A question that is a dimension of its own is called by its wording.
    alone = tuple(Part(q.name, labels=q.labels) for q in questions if q.dimension == q.name and q.name not in known)
    rule = replace(rule, dimensions=(*rule.dimensions, *alone))
    if design.options:
        rule = rule.switched_on(design.options)
    if design.group_weights:
        rule = rule.weighing_groups(design.group_weights)
    return rule


def frozen(form: Form, design: ScoringDesign) -> ScoringDesign:
    """Return the design with its rule as data, so that nothing changed later can change a score; Refused as above."""
    rule = rule_of(form, design)
    return design if rule is None else replace(design, preset="", rule=rule_record(rule))


def _named(form: Form, design: ScoringDesign) -> ScoringRule | None:
    if design.rule:
        return read_rule(design.rule, "[scoring.rule]")
    name = design.preset or form.settings.get("preset", "").strip()
    if name in names():
        rule = preset(name)
        return rule if design.preset else _as_the_form_says(rule, form)
    if name:
        raise Refused([_unknown_preset(name)])
    points = any(choice.points is not None for question in form.asked for choice in question.choices)
    return PLAIN if points and (design.subject or rates_units(form)) else None


def _as_the_form_says(rule: ScoringRule, form: Form) -> ScoringRule:
    """Return the preset with the points, weights and bands that the questionnaire gives in place of its own."""
    weights = dict(_pairs(form.settings.get("preset_weights", "")))
    least = dict(_pairs(form.settings.get("preset_bands", "")))
    points = {
        question.name: {choice.name: choice.points for choice in question.choices}
        for question in form.asked
        if any(choice.points is not None for choice in question.choices)
    }

    def weighed(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(replace(part, weight=weights.get(part.name, part.weight)) for part in parts)

    return replace(
        rule,
        points={**rule.points, **points},
        dimensions=weighed(rule.dimensions),
        groups=weighed(rule.groups),
        bands=_banded(rule.bands, least),
    )


def _banded(bands: tuple[Band, ...], least: Mapping[str, float]) -> tuple[Band, ...]:
    moved = (replace(band, least=least.get(band.name, band.least)) for band in bands)
    return tuple(sorted(moved, key=lambda band: -band.least))


def _pairs(cell: str) -> Iterator[tuple[str, float]]:
    """Yield name and number of a cell such as `user 50; supervisor 25`."""
    for found in _WEIGHT.finditer(cell):
        yield found[1], float(found[2])


def _unknown_preset(name: str) -> Problem:
    return Problem(
        "unknown_preset",
        message("There is no scoring preset {name}.", name=name),
        message("`pingyi scores presets` lists them."),
        field="scoring.preset",
    )


def _nothing_rated() -> Problem:
    return Problem(
        "nothing_rated",
        message("The questionnaire has nothing that the rule could score."),
        message("Fill in the columns dimension and points, or take [scoring] out of the plan."),
        field="scoring",
    )
