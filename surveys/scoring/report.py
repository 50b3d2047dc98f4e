"""Everything that is published about the scores of a campaign: units, classes, areas, changes, self-scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from surveys.language import Message, message
from surveys.modes.effect import ModeEffects
from surveys.quality.assessment import look
from surveys.scoring.bands import Verdict, judge
from surveys.scoring.bymode import score_effects
from surveys.scoring.design import ScoringDesign
from surveys.scoring.facts import ScoringFacts
from surveys.scoring.flagged import NOBODY_DOUBTED, Doubted, doubted
from surveys.scoring.freezing import rule_of
from surveys.scoring.gathering import Gathered, gather, group_question_of, rated_questions, subject_of
from surveys.scoring.measure import measure
from surveys.scoring.overlap import Moved, covariances
from surveys.scoring.ratings import RatedUnit
from surveys.scoring.rollup import Level, roll_up
from surveys.scoring.scores import score
from surveys.scoring.selfscore import Gap, gap
from surveys.scoring.trend import Change, Wave, changes
from surveys.scoring.unitscore import Scores, scores_record
from surveys.statistics.analysis import CampaignFacts
from surveys.statistics.record import plain
from surveys.statistics.results import weighted
from surveys.statistics.weights import weigh


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """The scores of one campaign with all that is said about them.

    `verdicts` (by unit) judge against the pass mark, empty without one. `gaps` (by unit) are public − self; `without`
    names the units that gave themselves no score, if any did. `changes` are since earlier campaigns; `not_compared`
    says which of those could not be. `levels` are the areas above the units. `measure` is equal where scores are
    comparable. `mode_effects` compares units rated in several modes. `doubted` is what raters under a flag change;
    nobody's answers are left out of anything else.
    """

    campaign: CampaignFacts
    design: ScoringDesign
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
    mode_effects: ModeEffects
    doubted: Doubted = NOBODY_DOUBTED

    def of_class(self, unit_class: str) -> ScoreReport:
        """Return the report of one class; what is about several classes is left out: areas and ways of answering."""
        units = tuple(one for one in self.scores.units if one.unit.unit_class == unit_class)
        kept = {one.unit.id for one in units}
        classes = tuple(found for found in self.scores.classes if found.unit_class == unit_class)
        return replace(
            self,
            scores=replace(self.scores, units=units, classes=classes),
            without=tuple(unit for unit in self.without if unit in kept),
            changes=tuple(change for change in self.changes if change.unit in kept and not change.area),
            levels=(),
            mode_effects=replace(self.mode_effects, differences=()),
            doubted=replace(
                self.doubted, units={unit: one for unit, one in self.doubted.units.items() if unit in kept}
            ),
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
            unit["without_flagged"] = plain(self.doubted.units.get(name), zone)
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
            "mode_effects": plain(self.mode_effects, zone),
            "flagged_raters": self.doubted.raters,
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
        shown = {name: getattr(level, name) for name in ("name", "depth", "areas", "ranks", "weighting")}
        record = {**plain(shown, self.zone), "words": plain(level.ranks.words, self.zone)}
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


def report(
    facts: ScoringFacts,
    earlier: Mapping[str, ScoringFacts | None] | None = None,
    flagged: Collection[str] | None = None,
) -> ScoreReport | None:
    """Return the report of a campaign; None if its answers make no score.

    `earlier` are the campaigns the plan compares with, by name, None for one that is not there. `flagged` are the
    running keys of those under a flag, if the answers have been looked at already. Raises Refused where the rule is at
    fault.
    """
    found = _scored(facts)
    if found is None:
        return None
    waves, not_compared = _waves(earlier or {})
    again = {name: wave.again for name, wave in (earlier or {}).items() if wave is not None}
    not_compared += _supposed(waves, again)
    since = changes(_wave(found), [_wave(wave, found, again.get(wave.campaign.name)) for wave in waves])
    above = [_area_wave(wave, found, again.get(wave.campaign.name)) for wave in waves]
    areas = changes(_area_wave(found), above, areas=True) if found.levels else ()
    return replace(
        found,
        changes=(*since, *areas),
        not_compared=tuple(not_compared),
        doubted=doubted(
            facts, found.gathered, found.scores, look(facts.analysis).flagged if flagged is None else flagged
        ),
    )


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
        design=design,
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
        mode_effects=score_effects(gathered.ratings, rule, randomised=facts.analysis.campaign.mode_randomised),
    )


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


def _supposed(waves: Sequence[ScoreReport], again: Mapping[str, Mapping[str, str] | None]) -> list[Message]:
    """Say of which earlier campaigns it is not known who answered both times."""
    return [
        message(
            "Who answered in {campaign} as well is not known: the intervals of changes since then suppose that nobody "
            "did. If many did, they are too wide.",
            campaign=wave.campaign.name,
        )
        for wave in waves
        if again.get(wave.campaign.name) is None
    ]


def _wave(found: ScoreReport, later: ScoreReport | None = None, again: Mapping[str, str] | None = None) -> Wave:
    """Return the scores of units, with their covariances with those `later`, who answered both times being known."""
    units = found.scores.units
    shared = covariances(_moved(later), _moved(found), again) if later and again else {}
    scores = {one.unit.id: one.total.estimate for one in units}
    ranks = {one.unit.id: one.rank for one in units if one.rank}
    return Wave(found.campaign.name, found.year, found.measure, scores, ranks, shared)


def _moved(found: ScoreReport) -> Moved:
    """Return what raters move the scores of units by."""
    places = {one.unit.id: place for place, one in enumerate(found.scores.units)}
    return Moved(tuple(rater.key for rater in found.gathered.ratings.raters), found.scores.linearised, places)


def _area_wave(found: ScoreReport, later: ScoreReport | None = None, again: Mapping[str, str] | None = None) -> Wave:
    """Return the scores of areas; they are comparable where units also count in them alike."""
    areas = [area for level in found.levels for area in level.areas]
    scores = {area.unit.id: area.score.estimate for area in areas}
    ranks = {area.unit.id: area.rank for area in areas if area.rank}
    shared: dict[str, float] = {}
    if later and again:
        for now, then in product(later.levels, found.levels):
            shared |= covariances(now.moved, then.moved, again)
    return Wave(found.campaign.name, found.year, found.measure, scores, ranks, shared, found.design)


def _notes(facts: ScoringFacts, gathered: Gathered) -> list[Message]:
    notes = (
        [] if facts.frozen else [message("The rule was not frozen at launch: it is what the questionnaire says now.")]
    )
    if not facts.units_frozen and gathered.subject != "campaign":
        notes.append(
            message(
                "The units were not kept at launch: names, classes and what they belong to are as they stand today."
            )
        )
    if gathered.late:
        notes.append(message("Left out are ratings that came after the close: {count}.", count=gathered.late))
    if gathered.unknown:
        notes.append(message("Left out are ratings about no unit that is known: {count}.", count=gathered.unknown))
    if gathered.unusable:
        notes.append(message("Left out are ratings that fit no option: {count}.", count=gathered.unusable))
    if facts.analysis.campaign.as_of < facts.analysis.campaign.closes_at:
        notes.append(message("The campaign is still running: the scores will change."))
    return notes
