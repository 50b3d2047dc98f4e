"""Which units each respondent evaluates: every unit about equally often, pairs spread, repeatable from the seed.

Within a class units are dealt like cards: a shuffled deck goes round until it is used up, then a new one is shuffled,
so that the counts of two units of a class never differ by more than one. Of the next cards the one is taken that has
met the others of the hand least often. All shuffles follow from SHA-256 over the seed, as the draw's tickets do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256

from surveys.units.directory import Unit

#: How far ahead in the deck it is looked for the card that has met the hand least often.
AHEAD = 12


def evaluated(units: Iterable[Unit], classes: Iterable[str] = ()) -> list[Unit]:
    """Return the units that are evaluated: none that is exempt, and of `classes` only, if any are named."""
    wanted = frozenset(classes)
    return [unit for unit in units if not unit.exempt and (not wanted or unit.unit_class in wanted)]


def assign(  # noqa: PLR0917 - the plan of an assignment, in the order it is told
    residents: Iterable[str],
    units: Iterable[Unit],
    k: int,
    seed: str,
    packets: Sequence[Sequence[str]] | None = None,
    quotas: Mapping[str, int] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Return, for each resident, the ids of the units to evaluate, in the order they are asked about.

    Each resident gets `k` units, all of them if there are fewer. `quotas` says how many of each class; without it a
    class takes part by its size. Exempt units are never given, nor is one twice to the same resident. With `packets`
    each resident gets one of those, each about equally often. Neither the order of residents nor that of units makes a
    difference. ValueError for quotas that a class or `k` cannot meet, or a packet with a unit that is not evaluated.
    """
    known = {unit.id: unit for unit in evaluated(units)}
    people = sorted(set(residents), key=lambda resident: _ticket(seed, "resident", resident))
    if packets is not None:
        return _packets(people, known, packets, seed)
    classes: dict[str, list[str]] = defaultdict(list)
    for unit in sorted(known):
        classes[known[unit].unit_class].append(unit)
    k = min(k, len(known))
    _meet(quotas, classes, k)
    decks = {name: _Deck(members, f"{seed}|{name}") for name, members in classes.items()}
    shares: Mapping[str, float] = quotas or {name: k * len(members) / len(known) for name, members in classes.items()}
    met: Counter[tuple[str, str]] = Counter()
    dealt: Counter[str] = Counter()
    found: dict[str, tuple[str, ...]] = {}
    for number, resident in enumerate(people, 1):
        hand: list[str] = []
        for name, count in _turn(shares, classes, dealt, number, k).items():
            for _ in range(count):
                hand.append(decks[name].deal(hand, met))
            dealt[name] += count
        for at, one in enumerate(hand):
            for other in hand[:at]:
                met[min(one, other), max(one, other)] += 1
        # Who comes first is answered most carefully: each unit comes first for some.
        found[resident] = tuple(sorted(hand, key=lambda unit: _ticket(seed, resident, unit)))
    return found


def make_packets(units: Iterable[Unit], k: int, count: int, seed: str) -> tuple[tuple[str, ...], ...]:
    """Return `count` packets of `k` units each, for campaigns whose packets are published, together balanced."""
    numbers = [f"packet {number}" for number in range(1, count + 1)]
    made = assign(numbers, units, k, seed)
    return tuple(made[number] for number in numbers)


def _meet(quotas: Mapping[str, int] | None, classes: Mapping[str, Sequence[str]], k: int) -> None:
    if quotas is None:
        return
    for name, quota in quotas.items():
        if not 0 <= quota <= len(classes.get(name, ())):
            raise ValueError(f"{quota} units of class {name!r} are asked for; it has {len(classes.get(name, ()))}")
    if sum(quotas.values()) != k:
        raise ValueError(f"the classes' quotas make {sum(quotas.values())}, not {k}")


def _turn(
    shares: Mapping[str, float], classes: Mapping[str, Sequence[str]], dealt: Counter[str], number: int, k: int
) -> dict[str, int]:
    """Return how many of each class the `number`-th resident gets: wherever most is owed, one after the other."""
    counts = dict.fromkeys(sorted(shares), 0)
    for _ in range(k):
        open_classes = [name for name in counts if counts[name] < len(classes.get(name, ()))]
        owed: Callable[[str], float] = lambda name: shares[name] * number - dealt[name] - counts[name]  # noqa: E731 - named for the line below
        counts[max(open_classes, key=owed)] += 1
    return counts


class _Deck:
    """The units of one class, dealt round after round."""

    def __init__(self, units: Sequence[str], seed: str) -> None:
        self._units, self._seed = units, seed
        self._round = 0
        self._cards: list[str] = []

    def deal(self, hand: Sequence[str], met: Counter[tuple[str, str]]) -> str:
        """Return the next unit that is not in `hand`, of the next few the one that has met the hand least often."""
        ready = [card for card in self._cards if card not in hand][:AHEAD]
        if not ready:
            # What is left of the old round are cards of this hand: they stay, and go out first of all.
            self._round += 1
            shuffled = sorted(self._units, key=lambda unit: _ticket(self._seed, str(self._round), unit))
            self._cards += shuffled
            ready = [card for card in self._cards if card not in hand][:AHEAD]
        card = min(ready, key=lambda unit: sum(met[min(unit, other), max(unit, other)] for other in hand))
        self._cards.remove(card)
        return card


def _packets(
    people: Sequence[str], known: Mapping[str, Unit], packets: Sequence[Sequence[str]], seed: str
) -> dict[str, tuple[str, ...]]:
    strangers = sorted({unit for packet in packets for unit in packet} - set(known))
    if strangers or not packets or not all(packets):
        raise ValueError(f"packets without units, or with units that are not evaluated: {', '.join(strangers)}")
    order: list[int] = []
    found = {}
    for number, resident in enumerate(people):
        if not order:
            turn = str(number // len(packets))
            order = sorted(range(len(packets)), key=lambda packet: _ticket(seed, f"packets {turn}", str(packet)))
        found[resident] = tuple(packets[order.pop()])
    return found


def _ticket(seed: str, of: str, what: str) -> bytes:
    return sha256(f"{seed}|{of}|{what}".encode()).digest()
