"""The quality of a campaign's answers: every check, what was left unanswered, and what the flagged change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from surveys.language import Message
from surveys.quality.canvassing import canvassing
from surveys.quality.changes import late_praise
from surveys.quality.duplicates import duplicates
from surveys.quality.effect import Effect, Weighing, effects
from surveys.quality.flag import Check, FlagKind
from surveys.quality.interviews import interviews
from surveys.quality.nonresponse import ItemNonresponse, item_nonresponse
from surveys.quality.speeding import speeding
from surveys.quality.straightlining import straight_lining
from surveys.quality.texts import near_identical
from surveys.statistics.analysis import AnalysisSet
from surveys.statistics.disclosure import SMALLEST_CELL

#: Flags of these kinds are about a unit, and their evidence is about many.
ABOUT_UNITS = frozenset({FlagKind.BURST, FlagKind.ALL_BEST})


@dataclass(frozen=True, slots=True)
class Quality:
    """What was looked at and found. `respondents` are the complete and partial interviews; nobody's are deleted.

    `flagged` counts the respondents under any flag but ALL_BEST, which are those left out of `effects` of kind None.
    """

    respondents: int
    flagged: int
    checks: tuple[Check, ...]
    nonresponse: tuple[ItemNonresponse, ...]
    effects: tuple[Effect, ...]

    def check(self, kind: FlagKind) -> Check:
        """Return the check of a kind."""
        return next(check for check in self.checks if check.kind is kind)


@dataclass(frozen=True, slots=True)
class Looked:
    """Every check of a campaign's interviews, and what was left unanswered question by question."""

    respondents: int
    checks: tuple[Check, ...]
    nonresponse: tuple[ItemNonresponse, ...]

    @property
    def flagged(self) -> frozenset[str]:
        """The running keys of the respondents under any flag but ALL_BEST."""
        return frozenset(
            key for check in self.checks if check.kind is not FlagKind.ALL_BEST for key in check.respondents
        )


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """One check as it is published: how many were flagged, never who. `evidence` is given where it is about many.

    `entered` interviews were not looked at because they did not come by chat; `passed_over` says so.
    """

    kind: FlagKind
    name: Message
    rule: Message
    caution: Message
    of: Message
    looked_at: int
    flags: int
    people: int
    untested: Message | None
    entered: int
    passed_over: Message | None
    evidence: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class QualityFigures:
    """The quality of answers as it is published."""

    respondents: int
    flagged: int
    checks: tuple[CheckFigures, ...]
    nonresponse: tuple[ItemNonresponse, ...]
    effects: tuple[Effect, ...]


def assess(analysis: AnalysisSet, weighing: Weighing, headline: str, looked: Looked | None = None) -> Quality:
    """Say what the checks found; `headline` is the question whose share is shown without those of each kind of flag.

    `looked` are the checks, if they have been made already.
    """
    looked = looked or look(analysis)
    left_out: Mapping[FlagKind | None, frozenset[str]] = {
        None: looked.flagged,
        **{check.kind: frozenset(check.respondents) for check in looked.checks},
    }
    return Quality(
        respondents=looked.respondents,
        flagged=len(looked.flagged),
        checks=looked.checks,
        nonresponse=looked.nonresponse,
        effects=effects(analysis, weighing, left_out, headline),
    )


def look(analysis: AnalysisSet) -> Looked:
    """Look at all complete and partial interviews of a campaign."""
    form = analysis.form
    if form is None:
        return Looked(0, (), ())
    people, zone = interviews(analysis), ZoneInfo(analysis.campaign.zone)
    table, unanswered = item_nonresponse(form, people)
    burst, best = canvassing(people, zone)
    checks = (
        speeding(form, people),
        straight_lining(people),
        unanswered,
        duplicates(form, people),
        burst,
        best,
        near_identical(form, people),
        late_praise(people),
    )
    return Looked(len(people), checks, table)


def published(quality: Quality) -> QualityFigures:
    """Return what may be shown to everybody: counts, rules, and the evidence that is about many."""
    return QualityFigures(
        respondents=quality.respondents,
        flagged=quality.flagged,
        checks=tuple(
            CheckFigures(
                kind=check.kind,
                name=check.kind.words,
                rule=check.rule,
                caution=check.kind.caution,
                of=check.of,
                looked_at=check.looked_at,
                flags=len(check.flags),
                people=len(check.respondents),
                untested=check.untested,
                entered=check.entered,
                passed_over=check.passed_over,
                evidence=tuple(
                    flag.evidence
                    for flag in check.flags
                    if check.kind in ABOUT_UNITS and float(flag.numbers["ratings"]) >= SMALLEST_CELL
                ),
            )
            for check in quality.checks
        ),
        nonresponse=quality.nonresponse,
        effects=quality.effects,
    )
