"""Everything that is published about the scores of a campaign: units, classes, areas, changes, self-scores."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from surveys.language import Message, message
from surveys.scoring.bands import Verdict, judge
from surveys.scoring.facts import ScoringFacts
from surveys.scoring.freezing import rule_of
from surveys.scoring.gathering import Gathered, gather, group_question_of, rated_questions, subject_of
from surveys.scoring.ratings import RatedQuestion, RatedUnit
from surveys.scoring.rollup import Level, roll_up
from surveys.scoring.rule import ScoringRule, rule_record
from surveys.scoring.scores import score
from surveys.scoring.selfscore import Gap, gap
from surveys.scoring.trend import Change, Wave, changes
from surveys.scoring.unitscore import Scores, scores_record
from surveys.statistics.analysis import CampaignFacts
from surveys.statistics.record import plain
from surveys.statistics.results import weighted
from surveys.statistics.weights import weigh

#: What makes two scores comparable; titles, sources and words do not.
MEASURE = ("combine", "factor", "numbers", "points", "invalid")


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """The scores of one campaign with all that is said about them.

    `verdicts` (by unit) judge against the pass mark, empty without one. `gaps` (by unit) are public − self; `without`
    names the units that gave themselves no score, if any did. `changes` are since earlier campaigns; `not_compared`
    says which of those could not be. `levels` are the areas above the units. `measure` is equal where scores are
    comparable.
    """

    campaign: CampaignFacts
    year: int
    frozen: bool
    gathered: Gathered
    scores: Scores
    verdicts: Mapping[str, Verdict]
    gaps: Mapping[str, Gap]
    without: tuple[str, ...]
    changes: tuple[Change, ...]
    not_compared: tuple[Message, ...]
    levels: tuple[Level, ...]
    notes: tuple[Message, ...]
    measure: str

    def of_class(self, unit_class: str) -> ScoreReport:
        """Return the report of one class; areas, which several classes may be below, are left out."""
        units = tuple(one for one in self.scores.units if one.unit.unit_class == unit_class)
        kept = {one.unit.id for one in units}
        classes = tuple(found for found in self.scores.classes if found.unit_class == unit_class)
        return replace(
            self,
            scores=replace(self.scores, units=units, classes=classes),
            without=tuple(unit for unit in self.without if unit in kept),
            changes=tuple(change for change in self.changes if change.unit in kept and not change.area),
            levels=(),
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values with stable keys; the scores as `scores_record` has them, with what belongs to each."""
        zone = self.zone
        record = scores_record(self.scores)
        for unit in record["units"]:
            name = unit["unit"]["id"]
            verdict, own = self.verdicts.get(name), self.gaps.get(name)
            unit["pass_mark"] = verdict and {**plain(verdict, zone), "words": plain(verdict.words, zone)}
            unit["rank"] = unit["rank"] and {**unit["rank"], "words": plain(self._rank_words(name), zone)}
            unit["self_score"] = own and plain(own, zone)
            unit["changes"] = [
                plain(change, zone) for change in self.changes if (change.unit, change.area) == (name, False)
            ]
        for found, ranks in zip(record["classes"], self.scores.classes, strict=True):
            found["words"] = plain(ranks.words, zone)
        return {
            "format": record["format"],
            "campaign": self.campaign.name,
            "titles": dict(self.campaign.titles),
            "organiser": self.campaign.organiser,
            "simulated": self.campaign.simulated,
            "as_of": plain(self.campaign.as_of, zone),
            "year": self.year,
            "subject": self.gathered.subject,
            "rule_frozen": self.frozen,
            **record,
            "without_self_score": list(self.without),
            "not_compared": plain(self.not_compared, zone),
            "areas": [self._level(level) for level in self.levels],
            "left_out": {
                "late": self.gathered.late,
                "unknown_unit": self.gathered.unknown,
                "unusable": self.gathered.unusable,
            },
            "notes": [*record["notes"], *plain(self.notes, zone)],
        }

    def _level(self, level: Level) -> dict[str, Any]:
        """Return the areas of one level, each with its changes."""
        record = {**plain(level, self.zone), "words": plain(level.ranks.words, self.zone)}
        for area in record["areas"]:
            mine = [change for change in self.changes if (change.unit, change.area) == (area["unit"]["id"], True)]
            area["changes"] = [plain(change, self.zone) for change in mine]
        return record

    @property
    def names(self) -> Mapping[str, RatedUnit]:
        """Every unit and area with a score, by id."""
        areas = {area.unit.id: area.unit for level in self.levels for area in level.areas}
        return {one.unit.id: one.unit for one in self.scores.units} | areas

    @property
    def zone(self) -> ZoneInfo:
        """The zone instants are shown in."""
        return ZoneInfo(self.campaign.zone)

    def _rank_words(self, unit: str) -> Message | None:
        rank = self.scores.unit(unit).rank
        return rank.words if rank else None


def report(facts: ScoringFacts, earlier: Mapping[str, ScoringFacts | None] | None = None) -> ScoreReport | None:
    """Return the report of a campaign; None if its answers make no score.

    `earlier` are the campaigns the plan compares with, by name, None for one that is not there. Raises Refused where
    the rule is at fault.
    """
    found = _scored(facts)
    if found is None:
        return None
    waves, not_compared = _waves(earlier or {})
    since = changes(_wave(found), [_wave(wave) for wave in waves])
    areas = changes(_area_wave(found), [_area_wave(wave) for wave in waves], areas=True) if found.levels else ()
    return replace(found, changes=(*since, *areas), not_compared=tuple(not_compared))


def _scored(facts: ScoringFacts) -> ScoreReport | None:
    form, design = facts.analysis.form, facts.design
    rule = rule_of(form, design) if form else None
    if form is None or rule is None:
        return None
    subject = subject_of(form, design)
    questions = rated_questions(form, rule, subject)
    people = weighted(facts.analysis, weigh(facts.analysis))
    groups = tuple(group.name for group in rule.groups)
    asked = group_question_of(form, design, groups)
    gathered = gather(facts.analysis, people, facts.directory, questions, design, group_question=asked)
    scores = score(gathered.ratings, rule)
    own = {one.unit: one.score for one in facts.own}
    gaps = {
        one.unit.id: found
        for one in scores.units
        if one.unit.id in own and (found := gap(one.total.estimate, own[one.unit.id])) is not None
    }
    return ScoreReport(
        campaign=facts.analysis.campaign,
        year=facts.year,
        frozen=facts.frozen,
        gathered=gathered,
        scores=scores,
        verdicts={}
        if design.pass_mark is None
        else {one.unit.id: judge(one.total.estimate, design.pass_mark) for one in scores.units},
        gaps=gaps,
        without=tuple(one.unit.id for one in scores.units if one.unit.id not in own) if own else (),
        changes=(),
        not_compared=(),
        levels=roll_up(scores, gathered.ratings, facts.directory, design),
        notes=tuple(_notes(facts, gathered)),
        measure=measure(rule, questions),
    )


def measure(rule: ScoringRule, questions: Sequence[RatedQuestion]) -> str:
    """Return the same text for two rules and questionnaires whose scores mean the same."""
    record = rule_record(rule)
    meant = {
        **{key: record[key] for key in MEASURE},
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
    return sha256(json.dumps(meant, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _waves(earlier: Mapping[str, ScoringFacts | None]) -> tuple[list[ScoreReport], list[Message]]:
    """Return the reports of earlier campaigns, and what is to be said of those that have none."""
    waves, missing = [], []
    for name, facts in earlier.items():
        found = _scored(facts) if facts else None
        if facts is None:
            missing.append(message("There is no campaign {name} to compare with.", name=name))
        elif found is None:
            missing.append(message("The campaign {name} has no scores to compare with.", name=name))
        else:
            waves.append(found)
    return waves, missing


def _wave(found: ScoreReport) -> Wave:
    units = found.scores.units
    scores = {one.unit.id: one.total.estimate for one in units}
    ranks = {one.unit.id: one.rank for one in units if one.rank}
    return Wave(found.campaign.name, found.year, found.measure, scores, ranks)


def _area_wave(found: ScoreReport) -> Wave:
    """Return the scores of areas; they are comparable where units also count in them by the same."""
    areas = [area for level in found.levels for area in level.areas]
    weighting = found.levels[0].weighting.template if found.levels else ""
    scores = {area.unit.id: area.score.estimate for area in areas}
    ranks = {area.unit.id: area.rank for area in areas if area.rank}
    return Wave(found.campaign.name, found.year, f"{found.measure} {weighting}", scores, ranks)


def _notes(facts: ScoringFacts, gathered: Gathered) -> list[Message]:
    notes = (
        [] if facts.frozen else [message("The rule was not frozen at launch: it is what the questionnaire says now.")]
    )
    if gathered.late:
        notes.append(message("{count} ratings came after the close and are left out.", count=gathered.late))
    if gathered.unknown:
        notes.append(
            message("{count} ratings are about no unit that is known, and are left out.", count=gathered.unknown)
        )
    if gathered.unusable:
        notes.append(message("{count} ratings fit no option and are left out.", count=gathered.unusable))
    if facts.analysis.campaign.as_of < facts.analysis.campaign.closes_at:
        notes.append(message("The campaign is still running: the scores will change."))
    return notes
