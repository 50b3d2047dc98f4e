"""Everybody in the town who may be reached by phone: made when their phone first rings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from bot.demo.calendar import ZONE, Calendar
from bot.demo.cast import ROLES, Role
from bot.demo.conduct import HAS_MATTER, make_conduct
from bot.demo.matter import make_matter
from bot.demo.persona import Persona
from bot.demo.town import Resident


@dataclass(slots=True)
class People:
    """Residents by number with what they think; where a number is shared, whoever is drawn has the phone.

    `cast` are the residents who play a part, by its name; `met` the people whose phone has rung, by number.
    """

    seed: int
    calendar: Calendar
    owners: dict[str, tuple[Resident, Mapping[str, str]]]
    cast: dict[str, Resident]
    met: dict[str, Persona] = field(default_factory=dict)

    def at(self, number: str) -> Persona:
        """Return who answers at `number`; KeyError if nobody has it."""
        persona = self.met.get(number)
        if persona is None:
            persona = self.met[number] = self._meet(*self.owners[number])
        return persona

    def _meet(self, resident: Resident, held: Mapping[str, str]) -> Persona:
        rng = Random(f"{self.seed}|{resident.office_id}")  # noqa: S311 - a simulation that can be repeated
        role = next((ROLES[part] for part, who in self.cast.items() if who.office_id == resident.office_id), None)
        role = role or self._own_ways(rng, resident)
        return Persona(resident, held, role.conduct, role.matter, rng, ZONE)

    def _own_ways(self, rng: Random, resident: Resident) -> Role:
        calendar = self.calendar
        closes_in: timedelta = calendar.closes_at - calendar.starts_at
        conduct = make_conduct(rng, resident, pace=calendar.pace, closes_in=closes_in)
        matter = make_matter(rng, resident.language, calendar.pace) if rng.random() < HAS_MATTER else None
        return Role(conduct, matter)


def gather(
    seed: int,
    calendar: Calendar,
    residents: Sequence[Resident],
    held: Sequence[Mapping[str, str]],
    *,
    main: Collection[str],
    drawn: Collection[str],
) -> People:
    """Return the people of the town; `main` and `drawn` are office ids of the main sample and of the whole one.

    Parts are given to residents of the main sample about whom nothing is out of the ordinary, by office id.
    """
    owners: dict[str, tuple[Resident, Mapping[str, str]]] = {}
    parts = dict(ROLES)
    cast: dict[str, Resident] = {}
    for resident, opinions in zip(residents, held, strict=True):
        if resident.number not in owners or resident.office_id in drawn:
            owners[resident.number] = (resident, opinions)
        if resident.office_id in main and resident.plain:
            part = next((name for name, role in parts.items() if role.fits(opinions)), "")
            if part:
                cast[part] = resident
                del parts[part]
    return People(seed, calendar, owners, cast)
