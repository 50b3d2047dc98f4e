"""Canvassing: best ratings that come in at once, or that pile up on one unit or area beyond chance.

A rating of a unit is a best one if every opinion in it is the best of its scale. Under the hypothesis that nothing is
arranged, best and other ratings are exchangeable within a stratum; the probability is exact (chance.py), times the
number of cells that were looked at (Bonferroni).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from surveys.language import Message, message
from surveys.quality.chance import Part, chance_of, expected, spread
from surveys.quality.flag import RATERS, Check, Flag, FlagKind
from surveys.quality.interviews import Interview

#: Cells of fewer ratings, or with fewer best ones, are not looked at.
SMALLEST = 5
#: Probability, times the number of cells, below which chance is not believed.
LEVEL = 0.01
#: A unit's share of best ratings must exceed what the strata give by as much.
EXCESS = 0.1
#: Whatever is closer to the average than this many standard deviations is not worth working out.
CLOSE = 1.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """One respondent's whole rating of one unit or area; `hour` is the local hour in which it was finished.

    None where that is not known: ratings `entered` by staff have the time of typing.
    """

    key: str
    stratum: str
    about: str
    best: bool
    hour: datetime | None
    entered: bool = False


#: By what ratings are put together.
Grouping = Callable[[Verdict], Hashable]


@dataclass(frozen=True, slots=True)
class Cell:
    """Ratings that are compared with the others of their strata: how many are best, and how many chance would give."""

    about: str
    hour: datetime | None
    ratings: int
    best: int
    expected: float
    p: float
    respondents: tuple[str, ...]


def canvassing(people: Sequence[Interview], zone: tzinfo) -> tuple[Check, Check]:
    """Return bursts of best ratings by unit and hour, and units with more best ratings than their strata give."""
    said = verdicts(people, zone)
    return bursts(said), excess(said)


def verdicts(people: Sequence[Interview], zone: tzinfo) -> tuple[Verdict, ...]:
    """Return every rating of a unit, outside the repeat of units of the respondent's area, with an opinion in it."""
    found = []
    for person in people:
        opinions: defaultdict[str, list[bool]] = defaultdict(list)
        last: dict[str, datetime] = {}
        for mark in person.marks:
            if mark.step is None:
                continue
            opinions[mark.about].append(mark.best)
            if mark.at is not None and person.respondent.chatted:
                last[mark.about] = max(mark.at, last.get(mark.about, mark.at))
        for about, best in opinions.items():
            at = last.get(about)
            hour = None if at is None else at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
            entered = not person.respondent.chatted
            found.append(Verdict(person.key, person.respondent.stratum, about, all(best), hour, entered))
    return tuple(found)


def bursts(said: Sequence[Verdict]) -> Check:
    """Compare every hour of a unit with its other hours, stratum by stratum."""
    timed = [one for one in said if one.hour is not None]
    cells = _cells(timed, lambda one: (one.about, one.hour), lambda one: (one.about, one.stratum))
    flags = tuple(
        Flag(
            FlagKind.BURST,
            _burst_words(cell),
            {
                "hour": cell.hour.isoformat() if cell.hour else "",
                "ratings": cell.ratings,
                "best": cell.best,
                "expected": cell.expected,
                "p": cell.p,
            },
            cell.respondents,
            cell.about,
        )
        for cell in cells
        if cell.p < LEVEL
    )
    return Check(
        kind=FlagKind.BURST,
        rule=message(
            "An hour in which one unit (or area) got {smallest} best ratings or more, against its other hours in the "
            "same strata: exact permutation test, p × number of hours looked at below {level}. Everybody who rated it "
            "in that hour is flagged, whatever they said.",
            smallest=SMALLEST,
            level=LEVEL,
        ),
        of=RATERS,
        looked_at=len(timed),
        flags=flags,
        untested=None if timed else message("When ratings came is not known, or there are none."),
        entered=len({one.key for one in said if one.entered}),
    )


def _burst_words(cell: Cell) -> Message:
    about = cell.about or message("everything rated")
    day = "" if cell.hour is None else cell.hour.strftime("%Y-%m-%d %H:00")
    return message(
        "{about}, hour of {day}: {best} of {n} ratings are the best possible throughout; the other hours would give "
        "{expected} (p = {p}).",
        about=about,
        day=day,
        best=cell.best,
        n=cell.ratings,
        expected=f"{cell.expected:.1f}",
        p=probability(cell.p),
    )


def excess(said: Sequence[Verdict]) -> Check:
    """Compare every unit with all ratings of the same strata."""
    praised = {(one.key, one.about) for one in said if one.best}
    flags = tuple(
        Flag(
            FlagKind.ALL_BEST,
            message(
                "{about}: {best} of {n} ratings are the best possible throughout; its strata would give {expected} "
                "(p = {p}).",
                about=cell.about or message("everything rated"),
                best=cell.best,
                n=cell.ratings,
                expected=f"{cell.expected:.1f}",
                p=probability(cell.p),
            ),
            {"ratings": cell.ratings, "best": cell.best, "expected": cell.expected, "p": cell.p},
            tuple(key for key in cell.respondents if (key, cell.about) in praised),
            cell.about,
        )
        for cell in _cells(said, lambda one: one.about, lambda one: one.stratum)
        if cell.p < LEVEL and cell.best - cell.expected >= EXCESS * cell.ratings
    )
    several = len({one.about for one in said}) > 1
    return Check(
        kind=FlagKind.ALL_BEST,
        rule=message(
            "A unit (or area) with {smallest} best ratings or more, {percent} percentage points more than all ratings "
            "of its strata would give: exact permutation test, p × number of units below {level}. Who gave the best "
            "rating is flagged.",
            smallest=SMALLEST,
            percent=f"{100 * EXCESS:.0f}",
            level=LEVEL,
        ),
        of=RATERS,
        looked_at=len(said) if several else 0,
        flags=flags,
        untested=None if several else message("There is nothing to compare with: not two units or areas were rated."),
    )


def _pools(said: Iterable[Verdict], pool: Grouping) -> Mapping[Hashable, tuple[int, int]]:
    """Return members and best ones of every pool within which ratings are exchangeable."""
    members: Counter[Hashable] = Counter()
    best: Counter[Hashable] = Counter()
    for one in said:
        members[pool(one)] += 1
        best[pool(one)] += one.best
    return {name: (count, best[name]) for name, count in members.items()}


def _cells(said: Sequence[Verdict], cell: Grouping, pool: Grouping) -> list[Cell]:
    """Return the cells that are large enough, p already times their number, the least likely first."""
    pools = _pools(said, pool)
    grouped: defaultdict[Hashable, list[Verdict]] = defaultdict(list)
    for one in said:
        grouped[cell(one)].append(one)
    large = [ratings for ratings in grouped.values() if len(ratings) >= SMALLEST]
    found = []
    for ratings in large:
        best = sum(one.best for one in ratings)
        parts = [Part(*pools[name], here) for name, here in Counter(map(pool, ratings)).items()]
        middle = expected(parts)
        if best < SMALLEST or best <= middle + CLOSE * spread(parts):
            continue
        p = min(1.0, chance_of(parts, best) * len(large))
        keys = tuple(sorted(one.key for one in ratings))
        found.append(Cell(ratings[0].about, ratings[0].hour, len(ratings), best, middle, p, keys))
    return sorted(found, key=lambda one: (one.p, one.about, str(one.hour)))


def probability(p: float) -> str:
    """Return a probability for reading."""
    return f"{p:.1g}" if p >= 1e-9 else "< 1e-9"
