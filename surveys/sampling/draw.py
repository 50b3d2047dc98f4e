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
from hashlib import sha256
from heapq import nsmallest
from operator import itemgetter

from surveys.campaign.plan import Audience, SampleDesign
from surveys.problem import Problem
from surveys.sampling.allocation import StratumAllocation, allocate
from surveys.sampling.eligibility import age_reason, status_of
from surveys.sampling.frame import (
    CAN_BE_DRAWN,
    DRAWABLE,
    OUTSIDE,
    PANEL,
    ROTATED,
    SHARED,
    DrawFrame,
)
from surveys.sampling.rotation import keep

#: Told on every certificate; raised whenever the same frame, plan and seed would draw another sample.
ALGORITHM = "pingyi-ticket-2"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One resident of the frame as the draw sees them; `address` is the number they are reached at, if any.

    `capped`: written to as often as is bearable. `rested`: asked in one of the last campaigns. `panel`: asked in the
    campaign whose panel is asked again.
    """

    pseudonym: str
    resident: int
    stratum: str
    area: str = ""
    birth_year: int | None = None
    address: int | None = None
    stopped: bool = False
    capped: bool = False
    rested: bool = False
    panel: bool = False


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


@dataclass(frozen=True, slots=True)
class Assembled:
    """A frame with what never leaves the house: each line's resident and area."""

    frame: DrawFrame
    residents: Sequence[int]
    areas: Sequence[str]


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


def ticket(seed: str, draw: str, stratum: str, pseudonym: str) -> bytes:
    """Return the ticket of a resident: 32 bytes anyone who knows the four texts can compute again."""
    return sha256(f"{seed}|{draw}|{stratum}|{pseudonym}".encode()).digest()


def assemble(candidates: Iterable[Candidate], audience: Audience, year: int) -> Assembled:
    """Return the frame of `candidates`: what each is to the draw, and figures for the numbers that are shared.

    `year` decides who is of age. A number is shared if two who can be drawn are reached at it.
    """
    rows = [
        (
            candidate.pseudonym,
            candidate.stratum,
            status_of(
                audience,
                candidate.stratum,
                candidate.area,
                age_reason(audience, candidate.birth_year, year),
                stopped=candidate.stopped,
                reached=candidate.address is not None,
                capped=candidate.capped,
                panel=candidate.panel,
                rested=candidate.rested,
            ),
            candidate.address,
            candidate.resident,
            candidate.area,
        )
        for candidate in candidates
    ]
    return assemble_rows(rows)


def assemble_rows(rows: list[tuple[str, str, str, int | None, int, str]]) -> Assembled:
    """Do the same for rows of pseudonym, stratum, status, address, resident and area; `rows` is sorted in place."""
    rows.sort(key=itemgetter(0))  # no pseudonym stands there twice
    # A million rows are turned into columns one by one: `zip(*rows)` would hold as many iterators.
    strata, statuses, addresses = [row[1] for row in rows], [row[2] for row in rows], [row[3] for row in rows]
    seen: set[int | None] = set()
    figures: dict[int | None, int] = {}
    for address, status in zip(addresses, statuses, strict=True):
        if status in CAN_BE_DRAWN:
            if address in seen:
                figures[address] = 0
            seen.add(address)
    numbers = [0] * len(rows)
    if figures:
        count = 0
        for at, address in enumerate(addresses):
            if address in figures and statuses[at] in CAN_BE_DRAWN:
                if not figures[address]:
                    count += 1
                    figures[address] = count
                numbers[at] = figures[address]
    frame = DrawFrame([row[0] for row in rows], strata, statuses, numbers)
    return Assembled(frame, [row[4] for row in rows], [row[5] for row in rows])


def select(frame: DrawFrame, design: SampleDesign, draw: str) -> Selection:
    """Draw by `design` from `frame`; `draw` names it. This alone decides who is asked, and can be run by anyone."""
    exclusions = Counter(frame.statuses)
    for status in (*CAN_BE_DRAWN, OUTSIDE):
        del exclusions[status]
    populations = frame.populations()
    heads = {stratum: f"{design.seed}|{draw}|{stratum}|".encode() for stratum in populations}
    # Of those who share a number the lowest ticket stands for all; who is in the panel goes first.
    best: dict[int, tuple[bool, bytes, int]] = {}
    holders: Counter[int] = Counter()
    strata: dict[str, list[tuple[bytes, int]]] = {stratum: [] for stratum in populations}
    panels: dict[str, list[tuple[bytes, int]]] = defaultdict(list)
    lines = zip(frame.pseudonyms, frame.strata, frame.statuses, frame.numbers, strict=True)
    for at, (pseudonym, stratum, status, number) in enumerate(lines):
        if status == DRAWABLE and not number:
            strata[stratum].append((sha256(heads[stratum] + pseudonym.encode()).digest(), at))
        elif status in CAN_BE_DRAWN:
            drawn = sha256(heads[stratum] + pseudonym.encode()).digest()
            if number:
                holders[number] += 1
                claim = (status != PANEL, drawn, at)
                best[number] = min(best.get(number, claim), claim)
            else:
                panels[stratum].append((drawn, at))
    for newcomer, drawn, at in best.values():
        (strata if newcomer else panels)[frame.strata[at]].append((drawn, at))
    shared = sum(holders.values()) - len(best)
    if shared:
        exclusions[SHARED] = shared
    staying: dict[str, Sequence[tuple[bytes, int]]] = {}
    for stratum, panel in panels.items():
        staying[stratum], leaving = keep(sorted(panel), design.rotate)
        if leaving:
            exclusions[ROTATED] += len(leaving)
    available = {name: len(found) + len(staying.get(name, ())) for name, found in strata.items()}
    counted = {reason: exclusions[reason] for reason in sorted(exclusions)}
    allocation, problems = allocate(design, populations, {name: count for name, count in available.items() if count})
    if problems:
        return Selection((), counted, {}, {}, problems)
    chosen: list[tuple[int, bytes, int]] = []
    kept = {}
    for name, places in allocation.items():
        asked_again = staying.get(name, ())
        anew = nsmallest(max(0, places.main + places.reserve - len(asked_again)), strata[name])
        kept[name] = min(len(asked_again), places.main)
        in_turn = (*asked_again, *anew)
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


def members_of(assembled: Assembled, selection: Selection) -> tuple[Member, ...]:
    """Return the drawn residents."""
    frame = assembled.frame
    return tuple(
        Member(
            pseudonym=frame.pseudonyms[place.line],
            resident=assembled.residents[place.line],
            stratum=frame.strata[place.line],
            area=assembled.areas[place.line],
            replicate=place.replicate,
            population=selection.allocation[frame.strata[place.line]].population,
            probability=place.probability,
            order=place.order,
        )
        for place in selection.places
    )


def drawn_of(assembled: Assembled, design: SampleDesign, draw: str) -> Drawn:
    """Draw from an assembled frame."""
    found = select(assembled.frame, design, draw)
    return Drawn(members_of(assembled, found), found.exclusions, found.allocation, found.problems, found.kept)


def draw_sample(
    frame: Iterable[Candidate],
    *,
    design: SampleDesign,
    audience: Audience,
    draw: str,
    year: int,
) -> Drawn:
    """Draw by `design` from the residents of `frame` in `audience`; `draw` names it, `year` decides who is of age.

    N_h counts the audience's residents of age, also those who cannot be reached: the survey speaks about them.
    """
    return drawn_of(assemble(frame, audience, year), design, draw)


def _replicates(places: StratumAllocation) -> Iterable[int]:
    """Yield the replicate of each ticket of a stratum in turn: n_h times 0, then 1 and so on."""
    for replicate, count in enumerate((places.main, *places.reserves)):
        yield from [replicate] * count
