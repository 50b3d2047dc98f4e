"""Tickets: a number for every resident of a frame that follows from the seed alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256

from surveys.sampling.frame import DRAWABLE, DrawFrame

#: Tickets and the lines of the frame they belong to, by stratum.
Places = dict[str, list[tuple[bytes, int]]]


def ticket(seed: str, draw: str, stratum: str, pseudonym: str) -> bytes:
    """Return the ticket of a resident: 32 bytes anyone who knows the four texts can compute again."""
    return sha256(f"{seed}|{draw}|{stratum}|{pseudonym}".encode()).digest()


class Tickets:
    """The tickets of a frame's residents; what stands before the pseudonyms of a stratum is hashed once."""

    def __init__(self, frame: DrawFrame, seed: str, draw: str, strata: Iterable[str]) -> None:
        self.frame = frame
        self._heads = {stratum: sha256(f"{seed}|{draw}|{stratum}|".encode()) for stratum in strata}

    def of(self, at: int) -> bytes:
        """Return the ticket of one line."""
        digest = self._heads[self.frame.strata[at]].copy()
        digest.update(self.frame.pseudonyms[at].encode())
        return digest.digest()

    def plain(self) -> Counter[str]:
        """Count by stratum who can be drawn, is in no panel and has a number of their own: nearly everybody."""
        lines = zip(self.frame.strata, self.frame.statuses, self.frame.numbers, strict=True)
        return Counter(stratum for stratum, status, number in lines if status == DRAWABLE and not number)

    def lowest(self, wanted: Mapping[str, int], among: Mapping[str, int]) -> Places:
        """Return those tickets of `plain` that can be among the `wanted` lowest of a stratum, `among` so many."""
        limits = dict.fromkeys(self._heads, b"") | {name: _limit(count, among[name]) for name, count in wanted.items()}
        found = self._below(limits)
        if any(len(found[name]) < count for name, count in wanted.items()):
            found = self._below(dict.fromkeys(limits, _HIGHEST))
        return found

    def _below(self, limits: Mapping[str, bytes]) -> Places:
        heads, frame = self._heads, self.frame
        found: Places = {stratum: [] for stratum in heads}
        lines = zip(frame.pseudonyms, frame.strata, frame.statuses, frame.numbers, strict=True)
        for at, (pseudonym, stratum, status, number) in enumerate(lines):
            if status == DRAWABLE and not number:
                digest = heads[stratum].copy()
                digest.update(pseudonym.encode())
                drawn = digest.digest()
                if drawn < limits[stratum]:
                    found[stratum].append((drawn, at))
        return found


#: Above every ticket.
_HIGHEST = b"\xff" * 33


def _limit(wanted: int, among: int) -> bytes:
    """Return what some more than `wanted` of `among` random tickets are below, by ten standard deviations.

    Only so many are kept and sorted; should they not be enough, all are.
    """
    share = (wanted + 10 * wanted**0.5 + 50) / max(1, among)
    return int(share * 2**64).to_bytes(8, "big") if share < 1 else _HIGHEST
