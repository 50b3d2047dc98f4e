"""The draw: a ticket per resident that follows from the seed alone, sorted within the stratum.

ticket = SHA-256(seed | draw | stratum | pseudonym). The first n_h tickets of a stratum are the main sample, the next
ones its reserve replicates. Any prefix of a random order is a simple random sample again, so replicates may be released
one after the other. Where a panel is asked again, those of it who stay come before everybody drawn anew. Neither the
order of the frame's rows nor the machine makes a difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from operator import itemgetter

from surveys.campaign.plan import SampleDesign
from surveys.problem import Problem
from surveys.sampling.allocation import StratumAllocation, allocate
from surveys.sampling.frame import (
    CAN_BE_DRAWN,
    OUTSIDE,
    PANEL,
    ROTATED,
    SHARED,
    DrawFrame,
)
from surveys.sampling.rotation import keep
from surveys.sampling.tickets import Places, Tickets

#: Told on every certificate; raised whenever the same frame, plan and seed would draw another sample.
ALGORITHM = "pingyi-ticket-2"


@dataclass(frozen=True, slots=True)
class Member:
    """One drawn resident. `replicate` 0 is the main sample; `order` counts tickets within the replicate.

    `population` is N_h. `probability` is that of being in the main sample: n_h over the residents of the stratum who
    can be drawn, divided by how many share the number, since one of them was chosen by ticket first. With a panel it
    is that over both draws, for whoever could be drawn in both.
    """

    pseudonym: str
    resident: int
    stratum: str
    area: str
    replicate: int
    population: int
    probability: float
    order: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample with how it came about; `exclusions` counts who could not be drawn, by reason.

    `kept` counts those of a panel who are asked again, by stratum. With `problems` nothing was drawn.
    """

    members: tuple[Member, ...]
    exclusions: Mapping[str, int]
    allocation: Mapping[str, StratumAllocation]
    problems: tuple[Problem, ...] = ()
    kept: Mapping[str, int] | None = None


#: What a line of the frame is made of: pseudonym, stratum, status, address, resident and area.
Row = tuple[str, str, str, int | None, int, str]


@dataclass(frozen=True, slots=True)
class Assembled:
    """A frame with what never leaves the house: the rows its lines were made of, in the same order."""

    frame: DrawFrame
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a sample: which line of the frame was drawn for it."""

    line: int
    replicate: int
    order: int
    probability: float


@dataclass(frozen=True, slots=True)
class Selection:
    """What a draw gives: places by replicate and ticket, the allocation, and who was left out, by reason."""

    places: tuple[Place, ...]
    exclusions: Mapping[str, int]
    allocation: Mapping[str, StratumAllocation]
    kept: Mapping[str, int]
    problems: tuple[Problem, ...] = ()


def assemble_rows(rows: list[Row]) -> Assembled:
    """Return the frame of `rows`, which are sorted in place, with figures for the numbers that are shared.

    A number is shared if two who can be drawn are reached at it.
    """
    addresses = [row[3] for row in rows if row[2] in CAN_BE_DRAWN]
    # Mostly nobody shares a number, and putting a million addresses into a set is quicker than counting them.
    some_shared = len(set(addresses)) < len(addresses)
    shared = {address for address, people in Counter(addresses).items() if people > 1} if some_shared else set()
    rows.sort(key=itemgetter(0))  # no pseudonym stands there twice
    numbers = [0] * len(rows)
    if shared:
        figures: dict[int | None, int] = {}
        for at, (_, _, status, address, _, _) in enumerate(rows):
            if address in shared and status in CAN_BE_DRAWN:
                numbers[at] = figures.setdefault(address, len(figures) + 1)
    # A million rows are turned into columns one by one: `zip(*rows)` would hold as many iterators.
    frame = DrawFrame([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], numbers)
    return Assembled(frame, rows)


def select(frame: DrawFrame, design: SampleDesign, draw: str) -> Selection:
    """Draw by `design` from `frame`; `draw` names it. This alone decides who is asked, and can be run by anyone."""
    exclusions = Counter(frame.statuses)
    for status in (*CAN_BE_DRAWN, OUTSIDE):
        del exclusions[status]
    populations = frame.populations()
    tickets = Tickets(frame, design.seed, draw, populations)
    anew, panels, holders = _apart(tickets)
    shared = sum(holders.values()) - len(holders)
    if shared:
        exclusions[SHARED] = shared
    staying: dict[str, Sequence[tuple[bytes, int]]] = {}
    for stratum, panel in panels.items():
        staying[stratum], leaving = keep(sorted(panel), design.rotate)
        if leaving:
            exclusions[ROTATED] += len(leaving)
    new = tickets.plain()
    available = {name: new[name] + len(anew[name]) + len(staying.get(name, ())) for name in populations}
    counted = {reason: exclusions[reason] for reason in sorted(exclusions)}
    allocation, problems = allocate(design, populations, {name: count for name, count in available.items() if count})
    if problems:
        return Selection((), counted, {}, {}, problems)
    wanted = {
        name: max(0, places.main + places.reserve - len(staying.get(name, ()))) for name, places in allocation.items()
    }
    lowest = tickets.lowest({name: min(count, new[name]) for name, count in wanted.items()}, new)
    chosen: list[tuple[int, bytes, int]] = []
    kept = {}
    for name, places in allocation.items():
        asked_again = staying.get(name, ())
        kept[name] = min(len(asked_again), places.main)
        in_turn = (*asked_again, *nsmallest(wanted[name], [*lowest[name], *anew[name]]))
        chosen += [(replicate, drawn, at) for replicate, (drawn, at) in zip(_replicates(places), in_turn, strict=False)]
    chosen.sort()
    order: Counter[int] = Counter()
    made = []
    for replicate, _, at in chosen:
        places = allocation[frame.strata[at]]
        chance = places.main / places.available / max(1, holders[frame.numbers[at]])
        made.append(Place(at, replicate, order[replicate], chance))
        order[replicate] += 1
    return Selection(tuple(made), counted, allocation, kept if design.panel else {})


def _apart(tickets: Tickets) -> tuple[Places, Places, Counter[int]]:
    """Return who is drawn for a shared number, who is of the panel, and how many share each number.

    Of those who share a number the lowest ticket stands for all; who is in the panel goes first.
    """
    frame = tickets.frame
    best: dict[int, tuple[bool, bytes, int]] = {}
    holders: Counter[int] = Counter()
    anew: Places = defaultdict(list)
    panels: Places = defaultdict(list)
    for at, (status, number) in enumerate(zip(frame.statuses, frame.numbers, strict=True)):
        if number and status in CAN_BE_DRAWN:
            holders[number] += 1
            claim = (status != PANEL, tickets.of(at), at)
            best[number] = min(best.get(number, claim), claim)
        elif status == PANEL:
            panels[frame.strata[at]].append((tickets.of(at), at))
    for newcomer, drawn, at in best.values():
        (anew if newcomer else panels)[frame.strata[at]].append((drawn, at))
    return anew, panels, holders


def members_of(assembled: Assembled, selection: Selection) -> tuple[Member, ...]:
    """Return the drawn residents."""
    members = []
    for place in selection.places:
        pseudonym, stratum, _, _, resident, area = assembled.rows[place.line]
        members.append(
            Member(
                pseudonym=pseudonym,
                resident=resident,
                stratum=stratum,
                area=area,
                replicate=place.replicate,
                population=selection.allocation[stratum].population,
                probability=place.probability,
                order=place.order,
            )
        )
    return tuple(members)


def _replicates(places: StratumAllocation) -> Iterable[int]:
    """Yield the replicate of each ticket of a stratum in turn: n_h times 0, then 1 and so on."""
    for replicate, count in enumerate((places.main, *places.reserves)):
        yield from [replicate] * count
