"""What staff ask of a wording before it is sent by SMS: how carriers will count it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from surveys.campaign.segments import costly, count


class CountSms(BaseModel):
    """Count `text`."""

    model_config = ConfigDict(frozen=True)

    text: str


class CountedSms(BaseModel):
    """What carriers make of a text: `characters` as people count, `left` units still free in the last segment.

    `forcing`: the characters that turn it to UCS-2, each once.
    """

    model_config = ConfigDict(frozen=True)

    encoding: str
    units: int
    segments: int
    left: int
    characters: int
    forcing: tuple[str, ...]


def count_sms(order: CountSms) -> CountedSms:
    """Return how carriers count the text; needs neither settings nor database."""
    counted = count(order.text)
    return CountedSms(
        encoding=counted.encoding.value,
        units=counted.units,
        segments=counted.segments,
        left=counted.left,
        characters=len(order.text),
        forcing=costly(order.text),
    )
