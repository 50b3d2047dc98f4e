"""What became of every sampled person, in AAPOR's codes, and the rates that follow from the counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from surveys.language import Message, message


class Group(StrEnum):
    """The letters of AAPOR's formulas."""

    INTERVIEW = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    NO_CONTACT = "NC"
    OTHER = "O"
    UNKNOWN_HOUSEHOLD = "UH"  # 3.1x: unknown whether there is a household, or whose number it is
    UNKNOWN_OTHER = "UO"  # 3.2-3.9: unknown for another reason; both enter every formula as one sum
    NOT_ELIGIBLE = "NE"


class Disposition(StrEnum):
    """Final disposition codes (AAPOR Standard Definitions, 10th edition) as they arise in messaging."""

    COMPLETE = "1.1"
    PARTIAL = "1.2"
    REFUSED = "2.11"
    BREAK_OFF = "2.12"
    NO_REPLY = "2.20"
    UNABLE = "2.30"
    NOTHING_BACK = "3.10"
    UNDELIVERED = "3.30"
    NOT_ELIGIBLE = "4.10"

    @classmethod
    def of(cls, code: str) -> Disposition:
        """Return the disposition a code belongs to, its finer subcodes included (3.19 → 3.10).

        ValueError for anything that is no AAPOR code.
        """
        for start, disposition in STARTS:
            if code.strip().startswith(start):
                return disposition
        raise ValueError(f"{code!r} is not an AAPOR disposition code")

    @property
    def group(self) -> Group:
        """The letter this disposition is counted under."""
        return GROUPS[self]

    @property
    def words(self) -> Message:
        """What the code means here."""
        return WORDS[self]


#: The first start that fits wins, so the finer ones stand first.
STARTS: tuple[tuple[str, Disposition], ...] = (
    ("1.1", Disposition.COMPLETE),
    ("1.2", Disposition.PARTIAL),
    ("2.12", Disposition.BREAK_OFF),
    ("2.1", Disposition.REFUSED),
    ("2.2", Disposition.NO_REPLY),
    ("2.3", Disposition.UNABLE),
    ("3.1", Disposition.NOTHING_BACK),
    ("3.", Disposition.UNDELIVERED),
    ("4", Disposition.NOT_ELIGIBLE),
)

GROUPS: Mapping[Disposition, Group] = {
    Disposition.COMPLETE: Group.INTERVIEW,
    Disposition.PARTIAL: Group.PARTIAL,
    Disposition.REFUSED: Group.REFUSAL,
    Disposition.BREAK_OFF: Group.REFUSAL,
    Disposition.NO_REPLY: Group.NO_CONTACT,
    Disposition.UNABLE: Group.OTHER,
    Disposition.NOTHING_BACK: Group.UNKNOWN_HOUSEHOLD,
    Disposition.UNDELIVERED: Group.UNKNOWN_OTHER,
    Disposition.NOT_ELIGIBLE: Group.NOT_ELIGIBLE,
}

WORDS: Mapping[Disposition, Message] = {
    Disposition.COMPLETE: message("complete"),
    Disposition.PARTIAL: message("partly complete"),
    Disposition.REFUSED: message("declined or opted out"),
    Disposition.BREAK_OFF: message("began, then fell silent"),
    Disposition.NO_REPLY: message("delivered, no reply"),
    Disposition.UNABLE: message("unable to take part (illness, language, death)"),
    Disposition.NOTHING_BACK: message("nothing came back, unknown whose number it is"),
    Disposition.UNDELIVERED: message("could not be delivered"),
    Disposition.NOT_ELIGIBLE: message("not eligible (moved away, under age, listed twice)"),
}


@dataclass(frozen=True, slots=True)
class Rates:
    """AAPOR's outcome rates, each from 0 to 1, None where its denominator is zero.

    `e` is the share of eligible people assumed among those of unknown eligibility.
    """

    e: float | None
    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    coop2: float | None
    coop3: float | None
    coop4: float | None
    ref1: float | None
    ref2: float | None
    ref3: float | None
    con1: float | None
    con2: float | None
    con3: float | None


def response_rates(counts: Mapping[str, float], e: float | None = None) -> Rates:
    """Return the rates for `counts` (disposition code → people, or weighted people).

    Without `e` it is estimated as the eligible share of those whose eligibility is known. Formulas: AAPOR Standard
    Definitions, response rates 1-6, cooperation 1-4, refusal 1-3, contact 1-3. ValueError for an unknown code, a
    negative or infinite count, or `e` outside 0 to 1.
    """
    if e is not None and not 0 <= e <= 1:
        raise ValueError("e is a share from 0 to 1")
    totals = dict.fromkeys(Group, 0.0)
    for code, count in counts.items():
        if not (isfinite(count) and count >= 0):
            raise ValueError(f"the count of {code} is not a number of people")
        totals[Disposition.of(code).group] += count
    i, p, r = totals[Group.INTERVIEW], totals[Group.PARTIAL], totals[Group.REFUSAL]
    contacted = i + p + r + totals[Group.OTHER]
    known = contacted + totals[Group.NO_CONTACT]
    unknown = totals[Group.UNKNOWN_HOUSEHOLD] + totals[Group.UNKNOWN_OTHER]
    if e is None:
        e = ratio(known, known + totals[Group.NOT_ELIGIBLE])
    everyone = known + unknown
    # Where nobody's eligibility is unknown, e does not matter and the second and third kind agree.
    likely = known if unknown == 0 else None if e is None else known + e * unknown
    return Rates(
        e=e,
        rr1=ratio(i, everyone),
        rr2=ratio(i + p, everyone),
        rr3=ratio(i, likely),
        rr4=ratio(i + p, likely),
        rr5=ratio(i, known),
        rr6=ratio(i + p, known),
        coop1=ratio(i, contacted),
        coop2=ratio(i + p, contacted),
        coop3=ratio(i, i + p + r),
        coop4=ratio(i + p, i + p + r),
        ref1=ratio(r, everyone),
        ref2=ratio(r, likely),
        ref3=ratio(r, known),
        con1=ratio(contacted, everyone),
        con2=ratio(contacted, likely),
        con3=ratio(contacted, known),
    )


def ratio(part: float, whole: float | None) -> float | None:
    """Return part ÷ whole, None where the whole is nothing."""
    return part / whole if whole else None
