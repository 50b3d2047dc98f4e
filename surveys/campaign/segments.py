"""What a text costs as an SMS: GSM-7 holds 160 characters, then 153 a part; other text 70, then 67 UTF-16 units."""

from __future__ import annotations

#: The default alphabet of GSM 03.38, and the characters that take an escape before them (two septets).
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
GSM_7_ESCAPED = frozenset("\f^{}\\[~]|€")
#: Room in a single message and in each part of a longer one.
GSM_7_ROOM, GSM_7_PART = 160, 153
UCS_2_ROOM, UCS_2_PART = 70, 67


def segments(text: str) -> int:
    """Return how many SMS parts `text` takes; nothing takes none."""
    if not text:
        return 0
    if all(letter in GSM_7 or letter in GSM_7_ESCAPED for letter in text):
        return _parts([2 if letter in GSM_7_ESCAPED else 1 for letter in text], GSM_7_ROOM, GSM_7_PART)
    return _parts([2 if ord(letter) > 0xFFFF else 1 for letter in text], UCS_2_ROOM, UCS_2_PART)


def _parts(widths: list[int], room: int, part: int) -> int:
    """Count parts; a character of two units is never torn between two of them."""
    if sum(widths) <= room:
        return 1
    count, used = 1, 0
    for width in widths:
        if used + width > part:
            count, used = count + 1, 0
        used += width
    return count
