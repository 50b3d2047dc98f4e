"""Whether a plan's answers can be scored as it says, and the rule they are scored by, frozen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import reduce

from surveys.campaign.plan import Plan
from surveys.language import Message, message
from surveys.problem import Problem, Refused, Severity
from surveys.questionnaire.form import Form
from surveys.scoring.design import ScoringDesign
from surveys.scoring.freezing import frozen, rule_of
from surveys.scoring.gathering import group_question_of, rates_units, subject_of
from surveys.scoring.measure import Earlier, difference_of, rolled_otherwise
from surveys.scoring.rule import ScoringRule


def with_rule(plan: Plan, form: Form | None) -> Plan:
    """Return the plan with its scoring rule as data; unchanged where nothing is scored or the rule is at fault."""
    if form is None:
        return plan
    try:
        return replace(plan, scoring=frozen(form, plan.scoring))
    except Refused:
        return plan  # check_scoring says what is wrong


def check_scoring(
    plan: Plan, form: Form, strata: Collection[str], earlier: Mapping[str, Earlier], *, areas: bool = True
) -> Iterator[Problem]:
    """Yield what is wrong with the table `[scoring]`.

    `strata` are those of the frame, none if there is no frame; `earlier` are the campaigns that are there of those the
    plan compares with; `areas` says whether any unit has another above it.
    """
    design = plan.scoring
    try:
        rule = rule_of(form, design)
    except Refused as refused:
        yield from (_placed(problem) for problem in refused.problems)
        return
    if rule is None:
        if design != ScoringDesign():
            yield _error(
                "nothing_rated",
                message("The questionnaire has nothing that the rule could score."),
                message("Fill in the columns dimension and points, or take [scoring] out of the plan."),
                "scoring",
            )
        return
    if design.subject == "unit" and not rates_units(form):
        yield _error(
            "no_unit_asked",
            message("The questionnaire does not ask about units."),
            message("Put the questions into a repeat called unit, add a hidden row unit, or choose another subject."),
            "scoring.subject",
        )
    yield from _groups(design, rule, form, strata)
    for name in design.compare_with:
        problem = _compared(plan, form, name, earlier.get(name))
        if problem is None and areas:
            problem = _areas_compared(plan, form, name, earlier[name])
        if problem is not None:
            yield problem


def _compared(plan: Plan, form: Form, name: str, earlier: Earlier | None) -> Problem | None:
    """Return why the scores cannot be compared with those of the campaign called `name`, None if they can."""
    where = "scoring.compare_with"
    if name == plan.name:
        what = message("The campaign is compared with itself.")
        return _error("compared_with_itself", what, message("Name earlier campaigns."), where)
    if earlier is None:
        what = message("There is no campaign {name} to compare with.", name=name)
        fix = message("Correct the name, or take it out: pingyi campaign list")
        return _error("compared_unknown", what, fix, where)
    if not earlier.launched:
        what = message("The campaign {name} has not been launched: it has no scores to compare with.", name=name)
        return _error("compared_not_launched", what, message("Name one that runs or is closed."), where)
    try:
        differ = difference_of(form, plan.scoring, earlier)
    except Refused:
        differ = None  # our own rule has been read by now: that of the other is at fault
    if differ is None:
        what = message("The campaign {name} has no scores to compare with.", name=name)
        return _error("compared_without_scores", what, message("Name one whose questionnaire rates something."), where)
    if not differ:
        return None
    parts = reduce(lambda one, other: message("{one}; {other}", one=one, other=other), differ)
    what = message("The scores of {name} differ from these in what they are made of: {parts}.", name=name, parts=parts)
    fix = message("Score by the same rule and questions, or take the campaign out of compare_with.")
    return _error("compared_otherwise", what, fix, where)


def _areas_compared(plan: Plan, form: Form, name: str, earlier: Earlier) -> Problem | None:
    """Return why areas cannot be compared with those of a campaign whose units can, None if they can."""
    differ = rolled_otherwise(plan.scoring, earlier.design)
    if differ is None or subject_of(form, plan.scoring) == "campaign":
        return None
    what = message("Units will be compared with those of {name}, areas will not: {why}.", name=name, why=differ)
    fix = message("Set rollup and unit_weights as they were, if areas are to be compared as well.")
    return Problem("areas_compared_otherwise", what, fix, field="scoring.rollup", severity=Severity.WARNING)


def _groups(design: ScoringDesign, rule: ScoringRule, form: Form, strata: Collection[str]) -> Iterator[Problem]:
    names = tuple(group.name for group in rule.groups)
    for stratum in design.groups:
        if strata and stratum not in strata:
            yield _error(
                "unknown_stratum",
                message("The frame has no stratum {name}.", name=stratum),
                message("The frame has: {names}.", names=", ".join(sorted(strata))),
                "scoring.groups",
            )
    question = group_question_of(form, design, names)
    if question and question not in {row.name for row in form.asked if not row.repeats}:
        yield _error(
            "unknown_question",
            message("The questionnaire has no question {name} outside of its repeats.", name=question),
            message("Name the question that tells the evaluator group."),
            "scoring.group_question",
        )
    elif names and not question:
        found = {design.groups.get(stratum, stratum) for stratum in strata}
        lacking = [name for name in names if strata and name not in found]
        if lacking:
            yield _error(
                "empty_group",
                message("No stratum belongs to the evaluator group {name}, which the rule weighs.", name=lacking[0]),
                message("Name its strata under [scoring.groups], or the question that tells the group."),
                "scoring.groups",
            )


def _placed(problem: Problem) -> Problem:
    """Return a finding about a rule with its place in the plan."""
    if problem.field.startswith("scoring"):
        return problem
    return replace(problem, field=f"scoring.{problem.field}" if problem.field else "scoring", severity=Severity.ERROR)


def _error(code: str, what: Message, fix: Message, name: str) -> Problem:
    return Problem(code, what, fix, field=name)
