"""The certificate of a draw: everything that decided it, in one record anyone can run again on the published frame."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from surveys.campaign.plan import Plan, SampleDesign, UnitsDesign
from surveys.campaign.record import plan_record
from surveys.sampling.assignment import assign, evaluated, make_packets
from surveys.sampling.draw import ALGORITHM, Selection
from surveys.sampling.frame import DrawFrame
from surveys.sampling.randomness import Source, canonical, seed_of
from surveys.units.directory import Unit

FORMAT, VERSION = "pingyi-draw-certificate", 1
#: Who chose the randomness; OPEN while it is still to come.
WITNESSES, PLANNED, MACHINE, OPEN = "witnesses", "plan", "machine", "open"


@dataclass(frozen=True, slots=True)
class Randomness:
    """What the seed follows from; with `by` other than WITNESSES the seed itself was chosen, and is all there is."""

    by: str
    seed: str
    sources: tuple[Source, ...] = ()
    witnesses: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GivenUp:
    """An earlier frame of a campaign that was given up after its randomness was known: its digest, when it was fixed.

    What the witnesses saw is kept: whoever draws until the sample suits is to be seen by it.
    """

    digest: str
    at: datetime
    randomness: Randomness


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frame as it was fixed for a draw: its digest, when, which import it is of, and the cap on contacts.

    `discarded` counts earlier frames of this campaign that were given up after their randomness was known; `given_up`
    are those of them whose numbers were kept, the oldest first.
    """

    digest: str
    size: int
    at: datetime
    source_digest: str
    contact_cap: int
    cap_days: int
    discarded: int = 0
    given_up: tuple[GivenUp, ...] = ()


def given_units(
    members: Iterable[tuple[str, int]], units: Sequence[Unit], design: UnitsDesign, *, seed: str, draw: str
) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, ...], ...]]:
    """Return each drawn resident's units, balanced within every replicate, and the packets if there are any.

    `members` are pseudonym and replicate, `units` those that are evaluated.
    """
    packets = make_packets(units, design.per_resident, design.packets, seed) if design.packets else ()
    people: dict[int, list[str]] = {}
    for pseudonym, replicate in members:
        people.setdefault(replicate, []).append(pseudonym)
    found: dict[str, tuple[str, ...]] = {}
    for replicate, names in sorted(people.items()):
        of_replicate = f"{seed}|{draw}|{replicate}"
        found |= assign(names, units, design.per_resident, of_replicate, packets or None, design.quotas or None)
    return found, packets


def certificate(
    plan: Plan,
    frame: DrawFrame,
    frozen: Frozen,
    randomness: Randomness,
    selection: Selection,
    *,
    units: Sequence[Unit] | None,
    at: datetime,
) -> dict[str, Any]:
    """Return the certificate as JSON values; `units` are those evaluated, None where the form asks about none.

    With randomness still OPEN it is a preview: the frame, the plan and the numbers of the strata, no sample.
    """
    record = plan_record(plan)
    drawn = randomness.by != OPEN
    written = {
        "format": FORMAT,
        "version": VERSION,
        "algorithm": ALGORITHM,
        "preview": not drawn,
        "campaign": {
            "name": plan.name,
            "organiser": plan.organiser,
            "titles": dict(plan.titles),
            "closes_at": record["closes_at"],
            "zone": plan.zone,
        },
        "frame": {
            "sha256": frozen.digest,
            "size": frozen.size,
            "frozen_at": frozen.at.isoformat(),
            "import_sha256": frozen.source_digest,
            "contact_cap": frozen.contact_cap,
            "cap_days": frozen.cap_days,
        },
        "plan": {"audience": record["audience"], "sample": {**record["sample"], "seed": ""}},
        "randomness": _randomness(randomness, frozen),
        "strata": strata_of(selection),
        "exclusions": dict(selection.exclusions),
        "sample": sample_of(frame, selection) if drawn else None,
        "units": _units(plan, frame, selection, units, randomness.seed) if drawn and units is not None else None,
        "drawn_at": at.isoformat() if drawn else None,
    }
    return written | {"fingerprint": fingerprint(written)}


def strata_of(selection: Selection) -> list[dict[str, Any]]:
    """Return N_h, who can be drawn, n_h and the reserve replicates of each stratum."""
    return [
        {
            "name": name,
            "population": places.population,
            "available": places.available,
            "main": places.main,
            "reserves": list(places.reserves),
            "asked_again": selection.kept.get(name, 0),
        }
        for name, places in selection.allocation.items()
    ]


def sample_of(frame: DrawFrame, selection: Selection) -> dict[str, Any]:
    """Return size and SHA-256 of the whole sample and of each replicate: the pseudonyms in the order of the tickets."""
    replicates: dict[int, list[str]] = {}
    for place in selection.places:
        replicates.setdefault(place.replicate, []).append(frame.pseudonyms[place.line])
    return {
        "size": len(selection.places),
        "sha256": hashed(f"{number}\t{name}" for number, names in replicates.items() for name in names),
        "replicates": [
            {"number": number, "size": len(names), "sha256": hashed(names)} for number, names in replicates.items()
        ],
    }


def hashed(lines: Iterable[str]) -> str:
    """Return the SHA-256 of lines joined by line feeds."""
    return sha256("\n".join(lines).encode()).hexdigest()


def assignment_hash(given: Mapping[str, Sequence[str]]) -> str:
    """Return the SHA-256 over who evaluates which units: pseudonym, then the ids in order, separated by tabs."""
    return hashed("\t".join((name, *ids)) for name, ids in sorted(given.items()))


def fingerprint(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 over the certificate without its fingerprint: JSON with sorted keys and no blanks."""
    plain = {name: value for name, value in record.items() if name != "fingerprint"}
    return sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def design_of(record: Mapping[str, Any], seed: str) -> SampleDesign:
    """Return the design a certificate names, drawn by `seed`."""
    from surveys.campaign.record import read_design

    return read_design({**record, "seed": seed})


def _randomness(randomness: Randomness, frozen: Frozen) -> dict[str, Any]:
    return {
        "by": randomness.by,
        **_entered(randomness),
        "discarded": frozen.discarded,
        "given_up": [
            {"frame_sha256": one.digest, "frozen_at": one.at.isoformat(), **_entered(one.randomness)}
            for one in frozen.given_up
        ],
    }


def _entered(randomness: Randomness) -> dict[str, Any]:
    key = canonical(randomness.sources) if randomness.sources else ""
    return {
        "sources": [{"name": source.name, "numbers": list(source.numbers)} for source in randomness.sources],
        "witnesses": list(randomness.witnesses),
        "entered_at": randomness.at.isoformat() if randomness.at else None,
        "canonical": key,
        "seed": seed_of(key) if key else randomness.seed,
    }


def _units(plan: Plan, frame: DrawFrame, selection: Selection, units: Sequence[Unit], seed: str) -> dict[str, Any]:
    able = evaluated(units, plan.units.classes)
    people = [(frame.pseudonyms[place.line], place.replicate) for place in selection.places]
    given, packets = given_units(people, able, plan.units, seed=seed, draw=plan.name)
    return {
        "per_resident": plan.units.per_resident,
        "quotas": dict(plan.units.quotas),
        "evaluated": [{"id": unit.id, "class": unit.unit_class, "name": unit.name} for unit in able],
        "packets": [list(packet) for packet in packets],
        "sha256": assignment_hash(given),
    }
