"""The table `[scoring]` of a plan: by which rule answers become scores, who counts how much, what is compared.

[scoring]
preset = "conduct_a"          # default: the form's own; `pingyi scores presets` lists them
rule = "our-rule.toml"        # or a rule of one's own: a file beside the plan
options = ["all_best"]        # optional rules of the preset, off otherwise
pass_mark = 60
compare_with = ["offices-2025", "offices-2023"]
subject = "unit"              # or "area": residents rate the area they live in; "campaign": one thing for all
rollup = "equal"              # "people": an area counts by the residents its raters stand for
group_question = "evaluator"  # whose answer is the evaluator group; or by stratum:
[scoring.groups]
"…" = "user"
[scoring.group_weights]
user = 50
[scoring.unit_weights]        # for the roll-up; a unit that is not named counts 0
"village-1" = 1200
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from surveys.campaign.fields import Fields
from surveys.language import message

#: What is rated. "" leaves it to the form: its units where it has any, else the campaign as a whole.
SUBJECTS = ("", "unit", "area", "campaign")
#: How the scores below an area are averaged; with `unit_weights` these weigh.
ROLLUPS = ("equal", "people")


@dataclass(frozen=True, slots=True)
class ScoringDesign:
    """What the plan says about scoring. `rule` is a whole rule as JSON values: from a file, and from launch on always.

    `groups` maps stratum → evaluator group; `group_weights` replace those of the rule. Empty values leave things to
    the form and its preset.
    """

    preset: str = ""
    rule: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    pass_mark: float | None = None
    compare_with: tuple[str, ...] = ()
    subject: str = ""
    rollup: str = ROLLUPS[0]
    group_question: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)
    group_weights: Mapping[str, float] = field(default_factory=dict)
    unit_weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def asked(self) -> bool:
        """Whether the plan itself asks for scores."""
        return bool(self.preset or self.rule)


def read_scoring(fields: Fields) -> ScoringDesign:
    """Return the design of a plan's table; what does not fit is noted in `fields`."""
    defaults = ScoringDesign()
    groups = fields.sub("groups")
    rule = fields.sub("rule")
    for name in rule.table:
        rule.asked.add(name)  # a rule is judged by whoever reads it, when it is frozen
    design = ScoringDesign(
        preset=fields.text("preset"),
        rule=dict(rule.table),
        options=fields.texts("options") or (),
        pass_mark=fields.quantity("pass_mark"),
        compare_with=fields.texts("compare_with") or (),
        subject=fields.choice("subject", SUBJECTS, defaults.subject),
        rollup=fields.choice("rollup", ROLLUPS, defaults.rollup),
        group_question=fields.text("group_question"),
        groups={name: groups.text(name) for name in sorted(groups.table)},
        group_weights=_weights(fields.sub("group_weights")),
        unit_weights=_weights(fields.sub("unit_weights")),
    )
    if design.preset and design.rule:
        fields.tell(
            "rule",
            "two_rules",
            message("The plan names a preset and a rule of its own."),
            message("Keep one of them."),
        )
    fields.finish()
    return design


def read_scoring_record(record: Mapping[str, Any]) -> ScoringDesign:
    """Return the design of a stored plan; plans from before scores have none."""
    tuples = {name: tuple(record[name]) for name in ("options", "compare_with") if name in record}
    return ScoringDesign(**{**record, **tuples})


def _weights(fields: Fields) -> dict[str, float]:
    """Return weights by name, each from 0 on and one of them above it."""
    said = {name: fields.quantity(name, least=0) for name in sorted(fields.table)}
    found = {name: weight for name, weight in said.items() if weight is not None}
    if found and not any(found.values()):
        fields.wrong(next(iter(found)), message("at least one weight above 0"))
    return found
