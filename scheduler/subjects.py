"""What a group of wakes is about: looked up set by set before anything is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from storage.cases import cases_by_id
from storage.interviews import addresses_of_interviews
from storage.standing import Reachable, addresses_of, contacts_since, drawn_at
from storage.vault import Vault
from storage.wakes import DueWake
from surveys.cases.case import Case

ABOUT_RESIDENT = frozenset({"invite", "awareness"})
ABOUT_INTERVIEW = frozenset({"remind", "resume", "expire"})
ABOUT_CASE = frozenset({"callback", "case_due"})


@dataclass(frozen=True, slots=True)
class Reach:
    """Where and by which channel a resident is written to."""

    address: int
    channel: str


@dataclass(frozen=True, slots=True)
class Subjects:
    """Residents' addresses and recent contacts, interviews' addresses, cases, and addresses of drawn residents."""

    addresses: Mapping[int, tuple[Reachable, ...]]
    contacts: Mapping[int, frozenset[str]]
    interview_addresses: Mapping[str, int]
    case_rows: Mapping[str, Case]
    drawn: frozenset[int]
    channels: Mapping[str, str]

    def cases(self) -> dict[str, Case]:
        """Return the cases the wakes are about."""
        return dict(self.case_rows)

    def all_addresses(self) -> set[int]:
        """Return every address whose conversation may be changed."""
        found = set(self.interview_addresses.values()) | {case.address for case in self.case_rows.values()}
        return found | {reachable.address for reachables in self.addresses.values() for reachable in reachables}

    def best_address(self, resident: int, channels: Sequence[str], *, prefer: int = 0) -> Reach | None:
        """Return where to reach `resident`: `prefer` if it lives, else by the first of `channels` that fits."""
        reachables = self.addresses.get(resident, ())
        wanted = [name for name in channels if name in self.channels] or list(self.channels)
        for name in wanted:
            fitting = [r for r in reachables if r.kind == self.channels[name]]
            chosen = next((r for r in fitting if r.address == prefer), fitting[0] if fitting else None)
            if chosen is not None:
                return Reach(chosen.address, name)
        return None

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
    talks = [wake.subject for wake in due if wake.kind in ABOUT_INTERVIEW]
    return Subjects(
        addresses=addresses,
        contacts=contacts_since(connection, told, since) if told else {},
        interview_addresses=addresses_of_interviews(connection, talks) if talks else {},
        case_rows=cases,
        drawn=drawn_at(connection, publicity) if publicity else frozenset(),
        channels=channels,
    )
