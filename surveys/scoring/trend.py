"""How a unit's score changed from an earlier campaign to this one, gap years allowed and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import sqrt

from surveys.language import Message, message
from surveys.scoring.design import ScoringDesign
from surveys.scoring.measure import rolled_otherwise
from surveys.scoring.ranking import RankSet
from surveys.statistics.estimates import Estimate

#: The name of an interval made of two others.
RECOVERED = "mover"


@dataclass(frozen=True, slots=True)
class Wave:
    """One campaign of a series: its name, the year it closed in, what its scores are measured by, scores and ranks.

    Both are by unit or area; one that is not ranked has no rank set. `covariances`, of an earlier wave, are those of
    its scores and the scores now, the same people answering both times. `design`, of areas, tells by what units count
    in them; None where units themselves are compared.
    """

    campaign: str
    year: int
    rule: str
    scores: Mapping[str, Estimate]
    ranks: Mapping[str, RankSet] = field(default_factory=dict)
    covariances: Mapping[str, float] = field(default_factory=dict)
    design: ScoringDesign | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The score of this campaign − that of an earlier one, with its 95 % interval.

    The two closed `years` apart; `missing` are the years between them without a campaign. `why_not` says why there is
    no change to show: then `change` is None. `risen` is None where the interval holds zero: nothing is claimed.
    `rank_before` is the rank set then, among as many as were ranked then. `area` tells an area from a rated unit, since
    one may be both.
    """

    unit: str
    since: str
    years: int
    missing: tuple[int, ...]
    before: Estimate | None
    change: Estimate | None
    risen: bool | None
    why_not: Message | None = None
    rank_before: RankSet | None = None
    area: bool = False


def changes(now: Wave, earlier: Sequence[Wave], *, areas: bool = False) -> tuple[Change, ...]:
    """Return the change of every unit of `now` since each earlier wave, the newest first.

    A unit that an earlier wave has no covariance of is compared as if the samples had been drawn apart.
    """
    known = {wave.year for wave in earlier} | {now.year}
    return tuple(
        replace(_change(unit, estimate, now, wave, known), area=areas)
        for wave in sorted(earlier, key=lambda wave: (-wave.year, wave.campaign))
        for unit, estimate in now.scores.items()
    )


def _change(unit: str, estimate: Estimate, now: Wave, wave: Wave, known: set[int]) -> Change:
    before = wave.scores.get(unit)
    missing = tuple(year for year in range(wave.year + 1, now.year) if year not in known)
    why_not: Message | None = None
    if before is None or before.value is None:
        why_not = message("{campaign} shows no score of it", campaign=wave.campaign)
    elif estimate.value is None:
        why_not = message("no score is shown now")
    elif wave.rule != now.rule:
        why_not = message("{campaign} was scored by another rule", campaign=wave.campaign)
    elif now.design is not None and wave.design is not None:
        why_not = rolled_otherwise(now.design, wave.design)
    found = None if why_not or before is None else difference(estimate, before, wave.covariances.get(unit, 0.0))
    risen: bool | None = None
    if found is not None and found.low is not None and found.high is not None:
        risen = True if found.low > 0 else False if found.high < 0 else None
    return Change(
        unit=unit,
        since=wave.campaign,
        years=now.year - wave.year,
        missing=missing,
        before=before,
        change=found,
        risen=risen,
        why_not=why_not,
        rank_before=wave.ranks.get(unit),
    )


def difference(one: Estimate, other: Estimate, covariance: float = 0.0) -> Estimate | None:
    """Return `one` − `other`; None without two values, no interval without two intervals.

    The interval is recovered from those of the two scores and their correlation (Zou and Donner 2008, Construction of
    confidence limits about effect measures), so that it keeps what they know of the ends of the scale, where a
    standard error says nothing. Scores without spread have no correlation.
    """
    if one.value is None or other.value is None:
        return None
    n, value, df = one.n + other.n, one.value - other.value, min(one.df, other.df)
    se, alike = None, 0.0
    if one.se is not None and other.se is not None:
        if one.se * other.se > 0:
            alike = min(max(covariance / (one.se * other.se), -1.0), 1.0)
        se = _less(one.se, other.se, alike)
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Estimate(n=n, value=value, se=se, df=df)
    down = _less(one.value - one.low, other.high - other.value, alike)
    up = _less(one.high - one.value, other.value - other.low, alike)
    return Estimate(n, value, se, value - down, value + up, df, interval=RECOVERED)


def _less(one: float, other: float, alike: float) -> float:
    """Return the reach of a difference of two figures with these reaches and this correlation."""
    return sqrt(max((one - other) ** 2 + 2 * (1 - alike) * one * other, 0.0))
