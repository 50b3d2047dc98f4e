"""What statistics are computed from: the facts of one campaign, without any key that leads to a resident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite

from surveys.campaign.plan import CampaignKind
from surveys.campaign.weighting import WeightsDesign
from surveys.dialogue.interview import Mode
from surveys.questionnaire.form import Form

#: Modes in which answers come by chat, as they are given.
CHATTED = frozenset({Mode.SELF.value, Mode.ASSISTED.value})


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """Who asked, by what right, when and how. Instants are aware; `zone` is the IANA name they are shown in.

    `as_of` is the instant up to which facts were counted. `complete_share` and `partial_share` are the shares of
    asked items that make an interview complete (1.1) or partial (1.2), declared before launch.
    """

    name: str
    titles: Mapping[str, str]
    organiser: str
    legal_basis: str
    kind: CampaignKind
    starts_at: datetime
    closes_at: datetime
    as_of: datetime
    zone: str
    simulated: bool = False
    seed: str = ""
    channels: tuple[str, ...] = ()
    minimum_age: int = 0
    complete_share: float = 0.8
    partial_share: float = 0.5
    key_question: str = ""
    mode_randomised: bool = False


@dataclass(frozen=True, slots=True)
class StratumFrame:
    """One stratum of the frame: its residents (N_h), those drawn, reserves included, and those released (n_h)."""

    name: str
    population: int
    drawn: int
    released: int

    def __post_init__(self) -> None:
        if not 0 <= self.released <= self.drawn <= self.population:
            raise ValueError(f"stratum {self.name}: released ≤ drawn ≤ population does not hold")


@dataclass(frozen=True, slots=True)
class Respondent:
    """One released member of the sample, answered or not; a nonrespondent has no `values`.

    `key` is a running label, not a pseudonym. `disposition` is an AAPOR code such as `1.1`. `mode` is a
    surveys.dialogue.interview.Mode value, empty for a nonrespondent. `weight` is the base weight N_h / released_h.
    `values` holds answers as XForms text (several choices: names separated by blanks). `late` names the questions
    answered after the campaign closed. `assisted` says that on paper, by phone or at the door somebody else read or
    wrote.
    """

    key: str
    stratum: str
    area: str
    disposition: str
    mode: str
    weight: float
    values: Mapping[str, str] = field(default_factory=dict)
    late: frozenset[str] = frozenset()
    assisted: bool = False

    @property
    def chatted(self) -> bool:
        """Whether the answers came by chat, each at its own time; what staff type in has the time of its entry."""
        return self.mode in CHATTED

    @property
    def helped(self) -> bool:
        """Whether somebody else read or wrote: a relative in the chat, or anybody in another way."""
        return self.assisted or self.mode == Mode.ASSISTED.value


@dataclass(frozen=True, slots=True)
class Paradata:
    """How the answers of one respondent came about; known in named campaigns only, and holds no answer.

    `at` says when the server took each answer (question key → aware instant). A question is put the moment the answer
    before it is taken, so what lies between two instants holds the way of both messages, reading and writing: the
    respondent had at most so long, unless messages were held up on their way and came in together. `language` is the
    one spoken. `address` is a running label of the chat or number, equal for whoever answers from the same one.
    `units` are the ids of the units evaluated, in the order of the instances. `skipped` questions were left out at the
    respondent's wish, `unread` ones because the reply could not be read. `changes` are corrections of rated answers.
    """

    at: Mapping[str, datetime] = field(default_factory=dict)
    language: str = "zh"
    address: str = ""
    units: tuple[str, ...] = ()
    skipped: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    changes: tuple[AnswerChange, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """That a rated answer was replaced by a better or a worse one, `after` so long a silence; never which answers."""

    question: str
    raised: bool
    after: timedelta


@dataclass(frozen=True, slots=True)
class UnitCases:
    """What became of the cases of one unit; all four count cases, each case once."""

    unit: str
    cases: int
    reported_done: int
    confirmed: int
    reopened: int


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What became of the campaign's cases.

    These count cases, each once: `total`; `by_state` (a surveys.cases.case.CaseState value → cases); `overdue`;
    `ever_staff_resolved`, reported done by a unit at least once; `callbacks_completed`, cases whose resident said
    "solved", "partly" or "not" in at least one callback; `reopened`, cases reopened at least once.
    These count callbacks that have ended, in all rounds, by what they brought: `confirmed`, `partly`,
    `not_resolved`, `unreachable`, `declined`. A confirmed callback closes its case, so that `confirmed` counts
    cases as well.
    """

    total: int = 0
    by_state: Mapping[str, int] = field(default_factory=dict)
    ever_staff_resolved: int = 0
    callbacks_completed: int = 0
    confirmed: int = 0
    partly: int = 0
    not_resolved: int = 0
    reopened: int = 0
    unreachable: int = 0
    declined: int = 0
    overdue: int = 0
    by_unit: tuple[UnitCases, ...] = ()

    @property
    def callbacks_ended(self) -> int:
        """Callbacks that came due and have ended in one of the five outcomes."""
        return self.confirmed + self.partly + self.not_resolved + self.unreachable + self.declined


@dataclass(frozen=True, slots=True)
class ChannelReach:
    """Messages of the campaign by one channel."""

    channel: str
    sent: int
    delivered: int
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ReachFacts:
    """Whom messages reached: `audience` people were meant, at least one message reached `people_reached` of them.

    In a survey the audience is the released sample. `skipped` maps why nobody was written to (`stopped`,
    `no_address`, `drawn`, `capped`) to people. `moved` maps "failed channel > channel that took over" to people.
    """

    audience: int = 0
    people_reached: int = 0
    sent: int = 0
    delivered: int = 0
    by_channel: tuple[ChannelReach, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    moved: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnalysisSet:
    """Everything results are made of. `form` is None where nothing was asked (awareness).

    `respondents` holds every released member of the sample. `truth` (simulation only) maps a question to its
    options' shares in the whole population, don't-know options included. `paradata` is by the respondents' keys.
    ValueError if the parts contradict each other.
    """

    campaign: CampaignFacts
    form: Form | None = None
    strata: tuple[StratumFrame, ...] = ()
    respondents: tuple[Respondent, ...] = ()
    cases: CaseFacts = field(default_factory=CaseFacts)
    reach: ReachFacts = field(default_factory=ReachFacts)
    truth: Mapping[str, Mapping[str, float]] | None = None
    paradata: Mapping[str, Paradata] = field(default_factory=dict)
    weighting: WeightsDesign = field(default_factory=WeightsDesign)

    def __post_init__(self) -> None:
        names = [stratum.name for stratum in self.strata]
        if len(set(names)) != len(names):
            raise ValueError("a stratum is listed twice")
        if len({person.key for person in self.respondents}) != len(self.respondents):
            raise ValueError("a respondent is listed twice")
        members = Counter(person.stratum for person in self.respondents)
        if unknown := sorted(members.keys() - set(names)):
            raise ValueError(f"stratum {unknown[0]} has respondents and no frame")
        for person in self.respondents:
            if not (isfinite(person.weight) and person.weight > 1 - 1e-9):
                raise ValueError(f"respondent {person.key}: a base weight is at least one person")
        for stratum in self.strata:
            if members[stratum.name] != stratum.released:
                raise ValueError(
                    f"stratum {stratum.name}: {stratum.released} released, {members[stratum.name]} listed",
                )
