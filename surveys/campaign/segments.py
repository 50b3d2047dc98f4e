"""What a text costs as an SMS: GSM-7 holds 160 characters, then 153 a part; other text 70, then 67 UTF-16 units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The default alphabet of GSM 03.38, and the characters that take an escape before them (two septets).
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
GSM_7_ESCAPED = frozenset("\f^{}\\[~]|€")
#: Room in a single message and in each part of a longer one.
GSM_7_ROOM, GSM_7_PART = 160, 153
UCS_2_ROOM, UCS_2_PART = 70, 67

_KNOWN = GSM_7 | GSM_7_ESCAPED


class Encoding(StrEnum):
    """How carriers write a text."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Sms:
    """A text as carriers count it.

    `units`: septets in GSM-7 (two for an escaped character), UTF-16 units in UCS-2 (two for an emoji);
    `segments`: parts that are sent and paid for; `left`: units that still fit into the last of them.
    """

    encoding: Encoding
    units: int
    segments: int
    left: int


def count(text: str) -> Sms:
    """Return what `text` is as an SMS; an empty one takes no segment."""
    if _KNOWN.issuperset(text):
        widths = [2 if letter in GSM_7_ESCAPED else 1 for letter in text]
        return _counted(Encoding.GSM_7, widths, GSM_7_ROOM, GSM_7_PART)
    widths = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    return _counted(Encoding.UCS_2, widths, UCS_2_ROOM, UCS_2_PART)


def segments(text: str) -> int:
    """Return how many SMS parts `text` takes; nothing takes none."""
    return count(text).segments


def costly(text: str) -> tuple[str, ...]:
    """Return the characters that turn `text` to UCS-2, each once, in the order in which they stand."""
    return tuple(dict.fromkeys(letter for letter in text if letter not in _KNOWN))


def _counted(encoding: Encoding, widths: list[int], room: int, part: int) -> Sms:
    """Count parts; a character of two units is never torn between two of them."""
    units = sum(widths)
    if units <= room:
        return Sms(encoding, units, 1 if units else 0, room - units)
    number, used = 1, 0
    for width in widths:
        if used + width > part:
            number, used = number + 1, 0
        used += width
    return Sms(encoding, units, number, part - used)
