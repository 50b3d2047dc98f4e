"""The draw: a ticket per resident that follows from the seed alone, sorted within the stratum.

ticket = SHA-256(seed | draw | stratum | pseudonym). The first n_h tickets of a stratum are the main sample, the next
ones its reserve replicates. Any prefix of a random order is a simple random sample again, so replicates may be released
one after the other. Neither the order of the frame's rows nor the machine makes a difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from surveys.campaign.plan import Audience, SampleDesign
from surveys.problem import Problem
from surveys.sampling.allocation import StratumAllocation, allocate

#: Why somebody of the audience's strata and areas cannot be drawn.
UNDER_AGE, AGE_UNKNOWN, STOPPED, NO_ADDRESS, SHARED = (
    "under_age",
    "age_unknown",
    "stopped",
    "no_address",
    "shared_number",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One resident of the frame as the draw sees them; `address` is the number they are reached at, if any."""

    pseudonym: str
    resident: int
    stratum: str
    area: str = ""
    birth_year: int | None = None
    address: int | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One drawn resident. `replicate` 0 is the main sample; `order` counts tickets within the replicate.

    `population` is N_h. `probability` is that of being in the main sample: n_h over the residents of the stratum who
    can be drawn, divided by how many share the number, since one of them was chosen by ticket first.
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

    With `problems` nothing was drawn.
    """

    members: tuple[Member, ...]
    exclusions: Mapping[str, int]
    allocation: Mapping[str, StratumAllocation]
    problems: tuple[Problem, ...] = ()


def ticket(seed: str, draw: str, stratum: str, pseudonym: str) -> bytes:
    """Return the ticket of a resident: 32 bytes anyone who knows the four texts can compute again."""
    return sha256(f"{seed}|{draw}|{stratum}|{pseudonym}".encode()).digest()


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
    exclusions: Counter[str] = Counter()
    populations: Counter[str] = Counter()
    reachable: list[tuple[bytes, Candidate]] = []
    for candidate in frame:
        if not included(audience, candidate.stratum, candidate.area):
            continue
        reason = age_reason(audience, candidate.birth_year, year)
        if reason:
            exclusions[reason] += 1
            continue
        populations[candidate.stratum] += 1
        if candidate.stopped:
            exclusions[STOPPED] += 1
        elif candidate.address is None:
            exclusions[NO_ADDRESS] += 1
        else:
            reachable.append((ticket(design.seed, draw, candidate.stratum, candidate.pseudonym), candidate))
    reachable.sort(key=lambda pair: (pair[0], pair[1].pseudonym))
    holders = Counter(candidate.address for _, candidate in reachable)
    taken: set[int | None] = set()
    strata: dict[str, list[tuple[bytes, Candidate]]] = defaultdict(list)
    for number, candidate in reachable:
        if candidate.address in taken:
            exclusions[SHARED] += 1
            continue
        taken.add(candidate.address)
        strata[candidate.stratum].append((number, candidate))
    available = {name: len(found) for name, found in strata.items()}
    allocation, problems = allocate(design, dict(sorted(populations.items())), available)
    counted = dict(sorted(exclusions.items()))
    if problems:
        return Drawn((), counted, {}, problems)
    chosen = [
        (replicate, number, candidate)
        for name, places in allocation.items()
        for replicate, (number, candidate) in zip(_replicates(places), strata[name], strict=False)
    ]
    chosen.sort(key=lambda row: (row[0], row[1], row[2].pseudonym))
    order: Counter[int] = Counter()
    members = []
    for replicate, _, candidate in chosen:
        places = allocation[candidate.stratum]
        members.append(
            Member(
                pseudonym=candidate.pseudonym,
                resident=candidate.resident,
                stratum=candidate.stratum,
                area=candidate.area,
                replicate=replicate,
                population=places.population,
                probability=places.main / places.available / holders[candidate.address],
                order=order[replicate],
            ),
        )
        order[replicate] += 1
    return Drawn(tuple(members), counted, allocation)


def included(audience: Audience, stratum: str, area: str) -> bool:
    """Whether somebody of this stratum and area belongs to the audience."""
    return (not audience.strata or stratum in audience.strata) and (not audience.areas or area in audience.areas)


def age_reason(audience: Audience, birth_year: int | None, year: int) -> str:
    """Return why age keeps somebody out, or ''. Only who has certainly had the birthday this `year` is of age."""
    if audience.minimum_age <= 0:
        return ""
    if birth_year is None:
        return AGE_UNKNOWN
    return "" if year - birth_year > audience.minimum_age else UNDER_AGE


def _replicates(places: StratumAllocation) -> Iterable[int]:
    """Yield the replicate of each ticket of a stratum in turn: n_h times 0, then 1 and so on."""
    for replicate, count in enumerate((places.main, *places.reserves)):
        yield from [replicate] * count
