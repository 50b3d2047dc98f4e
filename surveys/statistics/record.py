"""Results as JSON: stable keys, six decimals, local instants, sentences in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, tzinfo
from enum import Enum
from typing import Any

from surveys.language import LANGUAGES, Message

#: Floats are rounded so that two databases, adding up in different order, print the same text.
DECIMALS = 6


def plain(value: object, zone: tzinfo) -> Any:
    """Return `value` made of dict, list, str, int, float, bool and None only; instants are shown in `zone`.

    A dataclass becomes an object with its field names as keys. TypeError for anything else.
    """
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case float():
            return round(value, DECIMALS) + 0.0  # adding zero turns -0.0 into 0.0
        case datetime():
            return value.astimezone(zone).isoformat(timespec="seconds")
        case Message():
            return {language: value.text(language) for language in LANGUAGES}
        case Mapping():
            return {str(plain(key, zone)): plain(item, zone) for key, item in value.items()}
        case tuple() | list():
            return [plain(item, zone) for item in value]
        case frozenset() | set():
            return sorted(plain(item, zone) for item in value)
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name), zone) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no place in published results")
