"""What a decision may look at besides the conversation itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from surveys.campaign.office import Office
from surveys.campaign.plan import CampaignState, Plan
from surveys.cases.case import Case
from surveys.consent.holdings import Holdings
from surveys.questionnaire.form import Form


class Names(Protocol):
    """Derives short keyed names, so that ids need no randomness."""

    def name(self, *parts: object, length: int = 20) -> str:
        """Return letters and digits that follow from `parts`."""

    def digits(self, *parts: object, length: int) -> str:
        """Return decimal digits that follow from `parts`."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A launched campaign as conversations see it."""

    id: str
    plan: Plan
    state: CampaignState


def no_case_yet(_number: str) -> bool:
    """Say that the number is free."""
    return False


def nothing_kept(_resident: int) -> Holdings:
    """Return what a world without a store keeps about anybody."""
    return Holdings()


@dataclass(frozen=True, slots=True)
class World:
    """Facts at one instant; `form` finds a questionnaire by digest, built-in ones by template name."""

    now: datetime
    office: Office
    names: Names
    form: Callable[[str], Form]
    campaigns: Mapping[str, Campaign]
    cases: Mapping[str, Case]
    units: Callable[[str, str], str]  # unit id and language -> name
    numbered: Callable[[str], bool] = no_case_yet  # whether a case has this number
    holdings: Callable[[int], Holdings] = nothing_kept  # resident -> how much is kept; looked up when asked for
    local: datetime = field(init=False)  # the instant in the office's zone

    def __post_init__(self) -> None:
        object.__setattr__(self, "local", self.now.astimezone(ZoneInfo(self.office.zone)))

    @property
    def today(self) -> date:
        """The date in the office's zone."""
        return self.local.date()
