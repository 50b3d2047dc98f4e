"""The table `[weights]` of a plan: which known totals weights are brought to, and where extreme ones are cut.

[weights]
totals = "totals.csv"     # columns variable, level, total; read once, then kept in the plan
trim = 5                  # no weight above five times the median

A variable is `stratum`, `area`, or a question with one choice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.campaign.fields import Fields
from surveys.language import message
from surveys.problem import Problem
from surveys.questionnaire.form import Form, Kind, Question

#: What is known of everybody drawn, beside their answers.
KNOWN = ("stratum", "area")


@dataclass(frozen=True, slots=True)
class WeightsDesign:
    """What the plan says about weights.

    `totals` maps variable → level → people in the population, empty for none. `trim` is the greatest weight as a
    multiple of the median one, 0 for no bound.
    """

    totals: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    trim: float = 0.0

    @property
    def asked(self) -> bool:
        """Whether weights are more than base weights spread over those who answered."""
        return bool(self.totals or self.trim)


def read_weights(fields: Fields) -> WeightsDesign:
    """Return the design of a table whose file of totals has been read into it, with every finding."""
    variables = fields.sub("totals")
    totals: dict[str, dict[str, float]] = {}
    for variable in sorted(variables.table):
        levels = variables.sub(variable)
        found = {level: levels.quantity(level, least=0) for level in sorted(levels.table)}
        totals[variable] = {level: total for level, total in found.items() if total}
    trim = fields.quantity("trim", least=0) or 0.0
    if 0 < trim <= 1:
        fields.wrong("trim", message("a number above 1, e.g. 5: times the median weight"))
    fields.finish()
    return WeightsDesign(totals, trim)


def read_weights_record(record: Mapping[str, Any]) -> WeightsDesign:
    """Return the design of a record; plans from before there were any have none."""
    return WeightsDesign(record.get("totals", {}), record.get("trim", 0.0))


def check_weights(design: WeightsDesign, form: Form | None, strata: Collection[str]) -> Iterator[Problem]:
    """Yield a finding for every variable nobody is asked about and every level that cannot be.

    `strata` are the frame's; empty if they are not known yet.
    """
    for variable, totals in design.totals.items():
        place = f"weights.totals.{variable}"
        question = question_named(form, variable) if variable not in KNOWN else None
        if variable not in KNOWN and (question is None or question.kind is not Kind.SELECT_ONE):
            what = message("There is no question {name} with one choice.", name=variable)
            yield Problem("unknown_variable", what, message("Use stratum, area, or such a question."), field=place)
            continue
        known = {choice.name for choice in question.choices} if question else set(strata)
        for level in sorted(set(totals) - known) if question or (variable == "stratum" and strata) else ():
            what = message("Nobody can be {level} of {variable}.", level=level, variable=variable)
            fix = message("The levels are: {names}.", names=", ".join(sorted(known)[:30]))
            yield Problem("unknown_level", what, fix, field=place)


def question_named(form: Form | None, name: str) -> Question | None:
    """Return the question of that name outside repeats, or None."""
    asked = form.asked if form else ()
    return next((question for question in asked if question.name == name and not question.repeats), None)
