"""Texts with `{places}` in the description of a gateway: they are filled as data, never pasted into a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

_PLACE = re.compile(r"\{([a-z_]+)\}")
#: What may stand in a message: address, words (with and without the signature), our name of the attempt, template.
MESSAGE_PLACES = frozenset(
    {"to", "text", "content", "attempt", "signature", "template", "variables", "values", "sender"}
)
#: What may stand anywhere: the secret, Unix time in seconds and milliseconds, local time as digits, random letters.
ALWAYS = frozenset({"secret", "timestamp", "timestamp_ms", "time", "nonce"})
#: Headers carry no words of residents and nothing that could end a line.
HEADER_PLACES = ALWAYS | {"attempt", "sender"}


def places(value: Any) -> Iterator[str]:
    """Yield the names of all places in a text, or in the texts of a table or list."""
    if isinstance(value, str):
        yield from _PLACE.findall(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from places(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from places(item)


def fill(value: Any, known: Mapping[str, Any]) -> Any:
    """Return `value` with its places filled, at any depth. A text that is nothing but one place becomes its value.

    What is filled in is not looked at again: a resident's `{secret}` stays what it is.
    """
    if isinstance(value, str):
        whole = _PLACE.fullmatch(value)
        if whole:
            return known[whole[1]]
        return _PLACE.sub(lambda place: as_text(known[place[1]]), value)
    if isinstance(value, Mapping):
        return {name: fill(item, known) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, known) for item in value]
    return value


def fill_url(url: str, known: Mapping[str, Any]) -> str:
    """Return the address with its places filled and escaped."""
    return _PLACE.sub(lambda place: quote(as_text(known[place[1]]), safe=""), url)


def as_text(value: Any) -> str:
    """Return what a form field or a part of a text holds; tables and lists as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def at(value: Any, path: str) -> Any:
    """Return what stands at `path` ("data.0.id") of a JSON value, None if nothing does; '' is the value itself."""
    for step in filter(None, path.split(".")):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def word_at(value: Any, path: str) -> str:
    """Return the text or number at `path` as text; '' if there is none."""
    found = at(value, path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    # Half of a surrogate pair is no character: it could be neither sealed nor shown.
    return str(found).encode("utf-8", "replace").decode()
