"""What a sign of poor answers is, what it may mean, and how far its evidence reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from surveys.language import Message, message


class FlagKind(StrEnum):
    """What answers were looked at for."""

    SPEEDING = "speeding"
    STRAIGHT_LINING = "straight_lining"
    NONRESPONSE = "item_nonresponse"
    DUPLICATES = "duplicates"
    BURST = "canvassing_burst"
    ALL_BEST = "all_best"
    ALIKE = "near_identical_text"
    RAISED = "late_praise"

    @property
    def words(self) -> Message:
        """The kind in words."""
        return WORDS[self]

    @property
    def caution(self) -> Message:
        """What else may lie behind it: a flag is a reason to look, not a verdict."""
        return CAUTIONS[self]


WORDS: Mapping[FlagKind, Message] = {
    FlagKind.SPEEDING: message("Answered faster than the questions can be read"),
    FlagKind.STRAIGHT_LINING: message("The same answer all along"),
    FlagKind.NONRESPONSE: message("Many questions without an answer"),
    FlagKind.DUPLICATES: message("Answers that may be one person's twice"),
    FlagKind.BURST: message("Best ratings that came in at once"),
    FlagKind.ALL_BEST: message("More best ratings than chance would give"),
    FlagKind.ALIKE: message("Nearly the same words from several people"),
    FlagKind.RAISED: message("Answers changed to better ones afterwards"),
}

CAUTIONS: Mapping[FlagKind, Message] = {
    FlagKind.SPEEDING: message(
        "Times are the server's: they hold the way of both messages, so a respondent had at most so long. Messages "
        "held up on their way may come in together and look quick.",
    ),
    FlagKind.STRAIGHT_LINING: message("Somebody may well think the same of everything."),
    FlagKind.NONRESPONSE: message("Who was never asked about something did not leave it out."),
    FlagKind.DUPLICATES: message("A household may share one number. Devices are not known to us."),
    FlagKind.BURST: message("An event of that hour, or a meeting where people answered together, looks the same."),
    FlagKind.ALL_BEST: message("What is rated may simply be better than the rest."),
    FlagKind.ALIKE: message("A common phrase looks the same. The words themselves are not shown here."),
    FlagKind.RAISED: message("A slip of the finger is put right in the same way."),
}


@dataclass(frozen=True, slots=True)
class Flag:
    """One sign: the evidence in words and the numbers in it.

    `respondents` are the running keys of an AnalysisSet, sorted; they lead to no resident. `about` is the unit or area
    it is about, empty where it is about the respondents alone.
    """

    kind: FlagKind
    evidence: Message
    numbers: Mapping[str, float | str]
    respondents: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked for, by which rule (`rule` states the thresholds), among how many, and what was found.

    `looked_at` counts respondents, or ratings in cells, as `of` says. Where nothing could be looked at, `untested`
    says why. `entered` interviews were not looked at because staff typed them in: they have the time of their entry.
    """

    kind: FlagKind
    rule: Message
    of: Message
    looked_at: int
    flags: tuple[Flag, ...] = ()
    untested: Message | None = None
    entered: int = 0

    @property
    def passed_over(self) -> Message | None:
        """Say how many interviews were not looked at because they did not come by chat; None if all did."""
        if not self.entered:
            return None
        return message(
            "Not looked at are interviews on paper, by phone or at the door ({count}): the time known of them is that "
            "of typing them in.",
            count=self.entered,
        )

    @property
    def respondents(self) -> tuple[str, ...]:
        """The running keys of all respondents flagged, each once, sorted."""
        return tuple(sorted({key for flag in self.flags for key in flag.respondents}))


RESPONDENTS = message("respondents")
RATERS = message("ratings of a unit by a respondent")
TEXTS = message("texts in residents' own words")
