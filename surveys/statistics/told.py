"""Dispositions that no conversation shows: what staff were told of a sampled person, by AAPOR code.

Codes follow AAPOR Standard Definitions for named persons; 4.70 and 4.81 are those of its telephone and mail surveys.
"""

from __future__ import annotations

from collections.abc import Mapping

from surveys.language import Message, message
from surveys.statistics.dispositions import Disposition, Group

#: Takes back what was told before: what the conversation shows holds again.
NONE = "none"

TOLD: Mapping[str, Message] = {
    "2.11": message("declined, told to staff"),
    "2.31": message("has died"),
    "2.32": message("unable to take part: illness, disability, away all the time"),
    "2.33": message("speaks none of the languages of the questionnaire"),
    "3.30": message("cannot be reached at any number or address"),
    "4.10": message("moved away: no longer one of the population"),
    "4.70": message("under age"),
    "4.81": message("listed twice"),
    "4.90": message("not eligible for another reason"),
}


def told_code(text: str) -> str | None:
    """Return the code that staff wrote, '' for NONE, or None if it is no code of TOLD; 4.1 is read as 4.10."""
    code = text.strip()
    if code.lower() == NONE:
        return ""
    if code in TOLD:
        return code
    return f"{code}0" if f"{code}0" in TOLD else None


def words_of(code: str) -> Message:
    """Return what a code means: one that staff tell, or one that a conversation leads to."""
    return TOLD.get(code) or Disposition.of(code).words


def with_told(shown: Disposition, told: str) -> str:
    """Return the code that holds when a conversation shows one thing and staff were told another ('' for nothing).

    Whoever is not eligible is not, whatever they answered. Else an interview is an interview: who has answered enough
    is neither unable nor unreachable.
    """
    if not told:
        return shown.value
    if Disposition.of(told).group is Group.NOT_ELIGIBLE:
        return told
    return shown.value if shown.group in {Group.INTERVIEW, Group.PARTIAL} else told
