"""The fields of a plan file, each with what it means: docs/plan.md is made of this."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanField:
    """One field: `name` as findings write it (`sample.size`), an example in TOML, the default, the meaning."""

    name: str
    example: str
    default: str
    meaning: str


REQUIRED = "required"
FIELDS: tuple[PlanField, ...] = (
    PlanField("name", '"water-2026"', REQUIRED, "1 to 48 lower-case letters, digits and hyphens; typed in commands."),
    PlanField(
        "kind", '"survey"', "survey", "`survey` asks a drawn sample, `awareness` tells an audience apart from it."
    ),
    PlanField("organiser", '"清江市测评办"', REQUIRED, "Who asks; never an evaluated unit."),
    PlanField("legal_basis", '"…办法"', REQUIRED, "The decree, law or consent the campaign rests on."),
    PlanField("starts", "2027-03-01T09:00:00", REQUIRED, "Local time; a mere date begins when the day opens."),
    PlanField("closes", "2027-03-22", REQUIRED, "Local time; a mere date counts to its end."),
    PlanField("delete_on", "2028-03-31", REQUIRED, "The date on which the answers are deleted, after the close."),
    PlanField("zone", '"Asia/Shanghai"', "the office's", "Time zone of the dates and hours of this plan."),
    PlanField("title.zh", '"五水共治群众评议"', "", "Title in Chinese; a plain `title` counts as Chinese."),
    PlanField("title.en", '"Five Waters survey"', "", "Title in English."),
    PlanField("form", '"five_waters_2018"', "required of surveys", "A template, a file beside the plan, or a digest."),
    PlanField("channels", '["telegram", "sms"]', '["simulator"]', "Channels in order of preference."),
    PlanField("verify_by", '"0838-12345"', "", "Number or page where residents can check that this is real."),
    PlanField("reminders", '["24h", "72h"]', '["24h", "72h"]', "After how much silence reminders go; at most two."),
    PlanField("invite_over", '"6h"', "6h", "Over how long the invitations are spread."),
    PlanField("ask_complaint", "true", "true", "Whether residents are asked at the end for something to be handled."),
    PlanField("complete_share", "0.8", "0.8", "From which share of the questions on an interview counts as complete."),
    PlanField("partial_share", "0.5", "0.5", "From which share on it counts as partial."),
    PlanField("key_question", '"q7"', "the form's", "The question that stands for the whole."),
    PlanField("late_days", "14", "14", "For how many days after the close replies are kept, marked late."),
    PlanField("quiet.opens", "09:00:00", "09:00", "When messages may begin; replies go at any hour."),
    PlanField("quiet.closes", "20:00:00", "20:00", "When they must end."),
    PlanField("audience.strata", '["城区"]', "all", "Only residents of these strata."),
    PlanField("audience.areas", '["东街"]', "all", "Only residents of these areas."),
    PlanField("audience.minimum_age", "18", "0", "Nobody younger, nor whose age is unknown."),
    PlanField(
        "sample.size", "1000", "sum of per_stratum", "How many are drawn; with per_stratum nothing but their sum."
    ),
    PlanField("sample.seed", '"7 23 41"', "a random one", "What the draw follows from; let a witness read out dice."),
    PlanField(
        "sample.allocation",
        '"neyman"',
        "proportional",
        "`proportional` by population, `neyman` by population × spread, `equal`, or `fixed`: per_stratum as it stands.",
    ),
    PlanField(
        "sample.per_stratum.NAME",
        "120",
        "",
        "How many of the stratum NAME; goes with `fixed` alone. Nobody is drawn from a stratum that is not named, and "
        "no estimate speaks for it: the dry run names it.",
    ),
    PlanField(
        "sample.minimum_per_stratum",
        "2",
        "2; with fixed 0",
        "The fewest of each stratum, or all it has. Fixed numbers below a minimum that is written are refused.",
    ),
    PlanField(
        "sample.maximum_per_stratum", "200", "no bound", "The most of each stratum; fixed numbers above are refused."
    ),
    PlanField(
        "sample.spread.NAME",
        "0.4",
        "",
        "Standard deviation of the stratum NAME, for `neyman`; a stratum of one resident, or that is drawn whole, "
        "needs none.",
    ),
    PlanField(
        "sample.spread_from",
        '"results.json"',
        "",
        "Results of an earlier campaign that the spread is taken from: of a survey, not of ratings of units.",
    ),
    PlanField("sample.panel", '"water-2025"', "", "An earlier campaign whose drawn residents are asked again."),
    PlanField("sample.rotate", "0.25", "0", "Share of the panel that gives way to residents drawn anew."),
    PlanField("sample.rest_waves", "2", "0", "Who was asked in so many last surveys is not drawn, the panel excepted."),
    PlanField("sample.target_completes.NAME", "100", "", "Complete interviews wanted of the stratum NAME."),
    PlanField(
        "sample.release_after",
        '"72h"',
        "72h",
        "After this span, and each further one, a reserve replicate goes out if a stratum lies below its target.",
    ),
    PlanField("sample.reserve", "0.2", "0.2", "Share of the sample drawn on top as reserve."),
    PlanField("sample.replicates", "2", "2", "Into how many reserve replicates; at most 20."),
    PlanField(
        "sample.mode_randomised",
        "true",
        "false",
        "Whether it was drawn by lot who is asked on paper, by phone or on the doorstep: only then are differences "
        "between these ways called effects of the way.",
    ),
    PlanField("units.per_resident", "6", "6, or sum of quotas", "How many units each respondent rates."),
    PlanField("units.classes", '["A", "B"]', "all", "Classes of units that are rated; exempt units never are."),
    PlanField("units.quotas.NAME", "2", "by size", "How many units of the class NAME each respondent rates."),
    PlanField("units.packets", "20", "0", "So many packets of units are made, and each respondent gets one of them."),
    PlanField(
        "weights.totals",
        '"totals.csv"',
        "",
        "Known totals that weights are brought to: a file beside the plan with the columns variable, level, total. "
        "A variable is `stratum`, `area`, or a question with one choice.",
    ),
    PlanField(
        "weights.trim", "5", "no bound", "No weight above so many times the median; the excess is spread over the rest."
    ),
    PlanField(
        "scoring.preset", '"conduct_a"', "the form's", "The rule of scoring; `pingyi scores presets` lists them."
    ),
    PlanField("scoring.rule", '"our-rule.toml"', "", "A rule of one's own in its place: a file beside the plan."),
    PlanField("scoring.options", '["all_best"]', "[]", "Optional parts of the rule that are switched on."),
    PlanField("scoring.pass_mark", "60", "the rule's", "Scores are judged against it, with their uncertainty."),
    PlanField("scoring.compare_with", '["offices-2025"]', "[]", "Earlier campaigns that the change is shown since."),
    PlanField("scoring.subject", '"area"', "the form's", "What is rated: `unit`, `area` (one's own) or `campaign`."),
    PlanField("scoring.rollup", '"people"', "equal", "How areas are averaged: each counts alike, or by residents."),
    PlanField("scoring.group_question", '"evaluator"', "the form's", "The question that tells the evaluator group."),
    PlanField("scoring.groups.NAME", '"user"', "the stratum", "The evaluator group of the stratum NAME."),
    PlanField("scoring.group_weights.NAME", "50", "the rule's", "How much the evaluator group NAME counts."),
    PlanField("scoring.unit_weights.NAME", "1200", "", "How much the unit NAME counts in the area above it."),
    PlanField("message.zh", '"…"', "", "Awareness: the message in Chinese."),
    PlanField("message.en", '"…"', "", "Awareness: the message in English."),
    PlanField("send_on", "[2027-03-01]", "once at the start", "Awareness: the dates on which it goes out."),
)

_HEAD = """# The plan of a campaign

`pingyi campaign create PLAN.toml` reads these fields; `--set FIELD=VALUE` gives any of them on the command line and
wins over the file. A dot is a table: `sample.size` stands as `size` under `[sample]`. A field that is misspelled is
named with the one that was probably meant, and `pingyi campaign launch NAME --dry-run` lists all else that is wrong.

| field | example | default | meaning |
|---|---|---|---|
"""


def page() -> str:
    """Return docs/plan.md."""
    return _HEAD + "".join(
        f"| `{field.name}` | `{field.example}` | {field.default or '—'} | {field.meaning} |\n" for field in FIELDS
    )
