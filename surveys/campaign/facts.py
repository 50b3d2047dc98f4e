"""What a plan is checked against: the frame, the units, the questionnaire, a trial draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from surveys.questionnaire.form import Form
from surveys.sampling.draw import Drawn
from surveys.scoring.measure import Earlier
from surveys.units.directory import Unit


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """The newest frame as a plan needs it: its strata and areas, and the audience's residents by language."""

    strata: frozenset[str]
    areas: frozenset[str]
    languages: Mapping[str, int]

    @property
    def audience(self) -> int:
        """How many residents the plan speaks of."""
        return sum(self.languages.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan is checked against. `drawn` is a trial draw (survey), `recipients` who gets the message (awareness).

    `channels` are those this installation can send through. `earlier` are the campaigns the plan compares its scores
    with, by name; one that is not there is not among them.
    """

    now: datetime
    channels: frozenset[str]
    units: tuple[Unit, ...] = ()
    frame: FrameFacts | None = None
    form: Form | None = None
    drawn: Drawn | None = None
    recipients: Mapping[str, int] = field(default_factory=dict)  # by language
    earlier: Mapping[str, Earlier] = field(default_factory=dict)
