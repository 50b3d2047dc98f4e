"""What a group of wakes is about: looked up set by set before anything is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from storage.cases import cases_by_id
from storage.failing import OF_MESSAGE, FailedWay, failed_ways
from storage.interviews import interviews_held
from storage.standing import Reachable, addresses_of, contacts_since, drawn_at
from storage.vault import Vault
from storage.wakes import DueWake
from surveys.cases.case import Case

ABOUT_RESIDENT = frozenset({"invite", "awareness"})
ABOUT_INTERVIEW = frozenset({"remind", "resume", "expire", "failover"})
ABOUT_CASE = frozenset({"callback", "case_due"})
#: Their subject is an address and the channel it failed by.
ABOUT_ADDRESS = frozenset({"left", "opted_out"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Where and by which channel a resident is written to."""

    address: int
    channel: str


@dataclass(frozen=True, slots=True)
class Subjects:
    """What wakes need to know: residents' addresses and recent contacts, cases, addresses of drawn residents.

    `held`: where each interview is held. `failed`: by interview (or message) the ways that failed it, and why.
    `messages`: messages of no interview that failed. `told`: addresses wakes name.
    """

    addresses: Mapping[int, tuple[Reachable, ...]]
    contacts: Mapping[int, frozenset[str]]
    held: Mapping[str, Reach]
    failed: Mapping[str, Mapping[Reach, str]]
    messages: Mapping[str, Reach]
    told: frozenset[int]
    case_rows: Mapping[str, Case]
    drawn: frozenset[int]
    channels: Mapping[str, str]

    def cases(self) -> dict[str, Case]:
        """Return the cases the wakes are about."""
        return dict(self.case_rows)

    def all_addresses(self) -> set[int]:
        """Return every address whose conversation may be changed."""
        found = {held.address for held in self.held.values()} | {case.address for case in self.case_rows.values()}
        found |= self.told
        return found | {reachable.address for reachables in self.addresses.values() for reachable in reachables}

    def ways(self, resident: int, channels: Sequence[str]) -> tuple[Reach, ...]:
        """Return every way to reach `resident` by `channels` (any if none), the best first.

        The resident's own order of addresses comes first, the order of `channels` decides between those of one kind.
        """
        wanted = [name for name in channels if name in self.channels] or list(self.channels)
        return tuple(
            Reach(reachable.address, name)
            for reachable in self.addresses.get(resident, ())
            for name in wanted
            if self.channels[name] == reachable.kind
        )

    def best_address(self, resident: int, channels: Sequence[str], *, prefer: int = 0) -> Reach | None:
        """Return where to reach `resident`: `prefer` if it lives, else the best way."""
        ways = self.ways(resident, channels)
        return next((way for way in ways if way.address == prefer), ways[0] if ways else None)

    def channel_of(self, address: int) -> str:
        """Return the channel for an address that somebody is already being talked to at."""
        kinds = {r.address: r.kind for reachables in self.addresses.values() for r in reachables}
        kind = kinds.get(address)
        return next((name for name, of in self.channels.items() if of == kind), next(iter(self.channels), ""))


def find_subjects(
    connection: Connection, vault: Vault, due: Collection[DueWake], channels: Mapping[str, str], *, since: datetime
) -> Subjects:
    """Look up what `due` is about."""
    about_cases = [wake.subject for wake in due if wake.kind in ABOUT_CASE]
    cases = cases_by_id(connection, vault, about_cases) if about_cases else {}
    residents = {wake.resident for wake in due if wake.kind in ABOUT_RESIDENT | ABOUT_INTERVIEW}
    residents |= {case.resident for case in cases.values()}
    addresses = addresses_of(connection, residents) if residents else {}
    told = [wake.resident for wake in due if wake.kind in ABOUT_RESIDENT]
    publicity = [
        reachable.address for wake in due if wake.kind == "awareness" for reachable in addresses.get(wake.resident, ())
    ]
    talks = [wake.subject for wake in due if wake.kind in ABOUT_INTERVIEW and not wake.subject.startswith(OF_MESSAGE)]
    held = {name: Reach(*at) for name, at in interviews_held(connection, talks).items()} if talks else {}
    fleeing = {wake.resident for wake in due if wake.kind == "failover"}
    lost = failed_ways(connection, fleeing) if fleeing else []
    return Subjects(
        addresses=addresses,
        contacts=contacts_since(connection, told, since) if told else {},
        held=held,
        failed=_by_subject(lost),
        messages={f"{OF_MESSAGE}{way.message}": Reach(way.address, way.channel) for way in lost},
        told=frozenset(int(wake.subject.partition("|")[0]) for wake in due if wake.kind in ABOUT_ADDRESS),
        case_rows=cases,
        drawn=drawn_at(connection, publicity) if publicity else frozenset(),
        channels=channels,
    )


def _by_subject(lost: Collection[FailedWay]) -> dict[str, dict[Reach, str]]:
    found: dict[str, dict[Reach, str]] = {}
    for way in lost:
        for subject in filter(None, (way.interview, f"{OF_MESSAGE}{way.message}")):
            found.setdefault(subject, {})[Reach(way.address, way.channel)] = way.reason
    return found
