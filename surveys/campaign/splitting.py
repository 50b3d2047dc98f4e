"""Where a text that is too long for one message is cut: between paragraphs, lines, sentences, then words."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

#: A part must be filled to this share before a cut of better sense is preferred to a later one of less.
SHARE = 4

_CLOSING = "”’\"')）】》」』"
#: Best sense first; each match ends where a part may end (the spaces behind it belong to neither part).
_BOUNDARIES = (
    re.compile(r"(?=\s*\n[^\S\n]*\n)"),  # a paragraph
    re.compile(r"(?=[^\S\n]*\n)"),  # a line, an option among them
    re.compile(rf"[。！？；…]+[{_CLOSING}]*|[.!?;]+[{_CLOSING}]*(?=\s)"),  # a sentence
    re.compile(r"[，、：]+|[,:]+(?=\s)"),  # a clause
    re.compile(r"(?=\s)"),  # a word
)
#: An amount, a date, a phone number, with its sign or unit.
_NUMBER = re.compile(r"[+\-−#¥$€]?\d+(?:[.,:/\-–−·' \u00a0]?\d+)*[%‰℃°]?")
#: One group of digits: it stays whole even where the number it belongs to is too long for any part.
_GROUP = re.compile(r"\d+(?:[.,:/-]\d+)*%?")
#: One numbered option, as questions list them: `1 satisfied`, `2. fair`, `A、...`.
_OPTION = re.compile(r"^[^\S\n]*(?:\d{1,2}|[A-Z])[ .、．)）:：][^\n]*\S", re.MULTILINE)


def split(text: str, longest: int) -> tuple[str, ...]:
    """Return `text` in parts of at most `longest` characters; one that fits is returned as it is.

    Only spaces at the cuts are left out. No cut falls into a number or an option line unless that alone is longer
    than `longest`; a word is cut only if it is. A long text of nothing but spaces has no parts.
    """
    if longest < 1:
        raise ValueError("a part has room for one character at least")
    if len(text) <= longest:
        return (text,)
    held = _held(text, longest)
    boundaries = [_free(pattern, text, held) for pattern in _BOUNDARIES]
    parts, start = [], _skip(text, 0)
    while len(text.rstrip()) - start > longest:
        end = _cut(text, start, longest, boundaries, held)
        parts.append(text[start:end].rstrip())
        start = _skip(text, end)
    last = text[start:].rstrip()
    return (*parts, last) if last else tuple(parts)


def _cut(text: str, start: int, longest: int, boundaries: Sequence[Sequence[int]], held: frozenset[int]) -> int:
    """Return where the part that begins at `start` ends."""
    earliest, latest = start + max(1, longest // SHARE), start + longest
    for places in boundaries:
        found = bisect_right(places, latest) - 1
        if found >= bisect_left(places, earliest):
            return places[found]
    # Chinese has no spaces: between two characters, but not within a foreign word or behind a figure.
    steps = range(latest, start, -1)
    for apart in (_apart, _whole):
        for place in steps if apart is _whole else range(latest, earliest - 1, -1):
            if place not in held and apart(text[place - 1], text[place]):
                return place
    return next((place for place in steps if place not in held), latest)


def _apart(before: str, after: str) -> bool:
    """Whether two characters may be parted: they are of no spelled word, and no figure stands before its unit."""
    spelled = before.isascii() and after.isascii()
    return not spelled and not before.isdigit() and _whole(before, after) and after not in f"，。！？；：、…{_CLOSING}"


def _whole(before: str, after: str) -> bool:
    """Whether `after` begins a character of its own: no accent, joiner, selector or skin tone."""
    joined = before == "\u200d" or after == "\u200d" or "\U0001f3fb" <= after <= "\U0001f3ff"
    return not joined and unicodedata.category(after)[0] != "M"


def _held(text: str, longest: int) -> frozenset[int]:
    """Return the places within numbers and option lines, those that fit into one part."""
    spans = (match.span() for pattern in (_NUMBER, _GROUP, _OPTION) for match in pattern.finditer(text))
    return frozenset(place for begin, end in spans if end - begin <= longest for place in range(begin + 1, end))


def _free(pattern: re.Pattern[str], text: str, held: frozenset[int]) -> list[int]:
    return [match.end() for match in pattern.finditer(text) if match.end() not in held]


def _skip(text: str, place: int) -> int:
    """Return the first place from `place` on that holds no space."""
    while place < len(text) and text[place].isspace():
        place += 1
    return place
