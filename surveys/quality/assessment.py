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
class CheckFigures:
    """One check as it is published: how many were flagged, never who. `evidence` is given where it is about many."""

    kind: FlagKind
    name: Message
    rule: Message
    caution: Message
    of: Message
    looked_at: int
    flags: int
    people: int
    untested: Message | None
    evidence: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class QualityFigures:
    """The quality of answers as it is published."""

    respondents: int
    flagged: int
    checks: tuple[CheckFigures, ...]
    nonresponse: tuple[ItemNonresponse, ...]
    effects: tuple[Effect, ...]


def assess(analysis: AnalysisSet, weighing: Weighing, headline: str) -> Quality:
    """Look at all complete and partial interviews; `headline` is the question whose share is shown kind by kind."""
    if analysis.form is None:
        return Quality(0, 0, (), (), ())
    people = interviews(analysis)
    table, unanswered = item_nonresponse(analysis.form, people)
    burst, best = canvassing(people, ZoneInfo(analysis.campaign.zone))
    checks = (
        speeding(analysis.form, people),
        straight_lining(people),
        unanswered,
        duplicates(analysis.form, people),
        burst,
        best,
        near_identical(analysis.form, people),
        late_praise(people),
    )
    flagged = {key for check in checks if check.kind is not FlagKind.ALL_BEST for key in check.respondents}
    left_out: Mapping[FlagKind | None, frozenset[str]] = {
        None: frozenset(flagged),
        **{check.kind: frozenset(check.respondents) for check in checks},
    }
    return Quality(
        respondents=len(people),
        flagged=len(flagged),
        checks=checks,
        nonresponse=table,
        effects=effects(analysis, weighing, left_out, headline),
    )


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
