"""A campaign's plan, frozen at launch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from surveys.campaign.weighting import WeightsDesign
from surveys.scoring.design import ScoringDesign


class CampaignKind(StrEnum):
    """A survey asks a drawn sample; an awareness campaign tells an audience apart from it."""

    SURVEY = "survey"
    AWARENESS = "awareness"


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Audience:
    """Which residents of the newest frame; empty sets mean all."""

    strata: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    minimum_age: int = 0


@dataclass(frozen=True, slots=True)
class SampleDesign:
    """How many are drawn and how they are spread over the strata.

    `allocation` "proportional" spreads `size` by stratum population, "neyman" by population times `spread` (a stratum's
    standard deviation), "equal" evenly; "fixed" takes `per_stratum` as it stands. No stratum gets fewer than
    `minimum_per_stratum` (all it has, if that is less) or more than `maximum_per_stratum` (0 = no bound).
    `reserve` is the share of the main sample drawn on top, parted into `replicates` reserve replicates.

    `panel` names an earlier campaign whose residents are asked again; the share `rotate` of them gives way to others.
    Who was asked in the last `rest_waves` surveys is not drawn, the panel excepted. Where the completes of a stratum
    lie below `target_completes` after `release_after`, and again after each further such span, the next reserve
    replicate is released.
    """

    size: int = 0
    allocation: str = "proportional"
    per_stratum: Mapping[str, int] = field(default_factory=dict)
    minimum_per_stratum: int = 2
    reserve: float = 0.2
    replicates: int = 2
    seed: str = ""
    maximum_per_stratum: int = 0
    spread: Mapping[str, float] = field(default_factory=dict)
    panel: str = ""
    rotate: float = 0.0
    rest_waves: int = 0
    target_completes: Mapping[str, int] = field(default_factory=dict)
    release_after: timedelta = timedelta(hours=72)
    mode_randomised: bool = False  # who is asked in which way was drawn by lot


@dataclass(frozen=True, slots=True)
class UnitsDesign:
    """Which units each respondent evaluates, where the form asks about units.

    `per_resident` units of `classes` (empty = all). `quotas` says how many of each class; without it a class takes
    part by its size. With `packets` so many packets are made and published, and each respondent gets one of them.
    """

    per_resident: int = 6
    classes: tuple[str, ...] = ()
    quotas: Mapping[str, int] = field(default_factory=dict)
    packets: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is decided before launch. Times of day are in `zone`; instants are aware UTC.

    `messages` (awareness) maps language to text. `send_on` (awareness) are local dates; empty = once at start.
    """

    name: str
    kind: CampaignKind
    organiser: str
    legal_basis: str
    delete_on: date
    starts_at: datetime
    closes_at: datetime
    zone: str
    titles: Mapping[str, str]
    audience: Audience = field(default_factory=Audience)
    sample: SampleDesign = field(default_factory=SampleDesign)
    form: str = ""  # digest of the questionnaire
    messages: Mapping[str, str] = field(default_factory=dict)
    send_on: tuple[date, ...] = ()
    channels: tuple[str, ...] = ("simulator",)
    day_opens: time = time(9, 0)
    day_closes: time = time(20, 0)
    reminders: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=72))
    invite_over: timedelta = timedelta(hours=6)
    ask_complaint: bool = True
    complete_share: float = 0.8
    partial_share: float = 0.5
    key_question: str = ""
    late_days: int = 14
    verify_by: str = ""  # where a resident can check that this is real: a phone number or page
    units: UnitsDesign = field(default_factory=UnitsDesign)
    scoring: ScoringDesign = field(default_factory=ScoringDesign)
    weights: WeightsDesign = field(default_factory=WeightsDesign)
