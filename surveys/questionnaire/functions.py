"""The functions an XLSForm expression may call: those of XPath 1.0 that take no nodes, and OpenRosa's.

Sources: XPath 1.0 §4 (W3C, 1999) and the ODK XForms specification, section "XPath functions". Those that look at nodes
stand in `nodesets.py`; `NOT_HERE` names those that nothing in a phone conversation answers, with what to do instead.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from surveys.language import Message, message
from surveys.questionnaire.digests import decoded, digest
from surveys.questionnaire.moments import clock_of, days_by_the_wall, days_in_utc, laid_out, moment_of, of_days

#: What XPath knows: text, number, boolean.
Value = str | float | bool

_NUMBER = re.compile(r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Function:
    """What may be called: fewest and most arguments (None = any number), what comes back, how XPath is told.

    `native` functions are XPath's own; others are `run` here. `context` names what is passed in beyond the arguments:
    `_now` (ISO text) or `_self` (the current value).
    """

    least: int
    most: int | None
    kind: str
    run: Callable[..., Value] | None = None
    context: str = ""

    @property
    def native(self) -> bool:
        """Whether XPath 1.0 itself has it."""
        return self.run is None


def text(value: Value) -> str:
    """Return the value as XForms text: 5 not 5.0; nothing for what is not a number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if not math.isfinite(value):
        return ""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def number(value: Value) -> float:
    """Return the value as a number: digits as XPath reads them, an ISO date as days since 1970-01-01, else NaN.

    A date with a time counts by the clock on the wall it names, so that it compares with a date of the same place.
    """
    if not isinstance(value, str):
        return float(value)
    if _NUMBER.fullmatch(value):
        return float(value)
    moment = moment_of(value)
    return days_by_the_wall(moment) if moment else math.nan


def truth(value: Value) -> bool:
    """Return the value as XPath's boolean() does: a text that is not empty, a number that is neither 0 nor NaN."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def selected(value: Value, option: Value) -> bool:
    """Return whether `option` is among the chosen names (separated by blanks)."""
    chosen, name = text(value), text(option).strip()
    return name in chosen.split() or (chosen == name and bool(name))


def checked_pattern(pattern: str) -> re.Pattern[str] | None:
    """Return the compiled pattern, or None if it is not a regular expression."""
    return _compiled(pattern)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return None


def _as_moment(value: Value) -> datetime | None:
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return moment_of(value)
    return of_days(number(value))


def _as_clock(value: Value) -> datetime | None:
    return (clock_of(value) if isinstance(value, str) else None) or _as_moment(value)


def _date(value: Value) -> str:
    moment = _as_moment(value)
    return moment.date().isoformat() if moment else ""


def _date_time(value: Value) -> str:
    moment = _as_moment(value)
    return moment.isoformat(timespec="milliseconds") if moment else ""


def _decimal_date_time(value: Value) -> float:
    """Count in UTC where there is an offset, as the specification's example does."""
    moment = _as_moment(value)
    return days_in_utc(moment) if moment else math.nan


def _decimal_time(value: Value) -> float:
    moment = _as_clock(value)
    return days_by_the_wall(moment) % 1 if moment else math.nan


def _format_date(value: Value, layout: Value) -> str:
    moment = _as_clock(value)
    return laid_out(moment, text(layout)) if moment else ""


def _int(value: Value) -> float:
    amount = number(value)
    return float(math.trunc(amount)) if math.isfinite(amount) else math.nan


def _round(value: Value, places: Value = 0.0) -> float:
    """Round halves away from zero, as a person does; 15 digits are what a binary number is sure of."""
    amount, digits = number(value), number(places)
    if not math.isfinite(amount) or not math.isfinite(digits) or abs(digits) > 20:
        return math.nan
    try:
        return float(Decimal(f"{amount:.15g}").quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))
    except InvalidOperation:
        return amount  # more digits than can be told apart: there is nothing left to round


def _if(condition: Value, then: Value, otherwise: Value) -> Value:
    return then if truth(condition) else otherwise


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if text(value)), "")


def _once(value: Value, current: str) -> Value:
    return current or value


def _regex(value: Value, pattern: Value) -> bool:
    compiled = _compiled(text(pattern))
    return compiled is not None and compiled.fullmatch(text(value)) is not None


def _selected_at(value: Value, index: Value) -> str:
    chosen, at = text(value).split(), number(index)
    return chosen[int(at)] if math.isfinite(at) and 0 <= at < len(chosen) else ""


def _substr(value: Value, start: Value, end: Value = math.inf) -> str:
    """Characters `start` (from 0) up to but not including `end`; negative positions count from the end."""
    content, first, last = text(value), number(start), number(end)
    if math.isnan(first) or math.isnan(last):
        return ""
    length = len(content)
    return content[int(max(-length, min(first, length))) : int(max(-length, min(last, length)))]


def _least(*values: Value) -> float:
    amounts = [number(value) for value in values]
    return math.nan if any(map(math.isnan, amounts)) else min(amounts)


def _greatest(*values: Value) -> float:
    amounts = [number(value) for value in values]
    return math.nan if any(map(math.isnan, amounts)) else max(amounts)


def _calculated(run: Callable[..., float]) -> Callable[..., float]:
    """Make a function of numbers answer NaN where mathematics has no answer."""

    def safe(*values: Value) -> float:
        try:
            result: Any = run(*map(number, values))
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan
        return float(result) if isinstance(result, int | float) else math.nan

    return safe


def _checklist(least: Value, most: Value, *answers: Value) -> bool:
    """Return whether the count of true answers is at least `least` and at most `most` (-1 = no bound)."""
    count, low, high = sum(map(truth, answers)), number(least), number(most)
    return (low < 0 or count >= low) and (high < 0 or count <= high)


def _weighted_checklist(least: Value, most: Value, *pairs: Value) -> bool:
    """Return whether the weights of the true answers add up to something within the bounds (-1 = no bound)."""
    low, high = number(least), number(most)
    total = math.fsum(number(weight) for answer, weight in zip(pairs[::2], pairs[1::2], strict=False) if truth(answer))
    return (low < 0 or total >= low) and (high < 0 or total <= high)


_CHANCE = message("Draw by chance outside the form, and hand the result in as a column of the people.")
_PLACES = message("Keep the place as it is sent, and reckon with it afterwards.")
#: Functions of the specification that are refused, and what to do instead. A walk must repeat exactly, hence no chance.
NOT_HERE: Mapping[str, Message] = {
    **dict.fromkeys(("random", "uuid", "randomize"), _CHANCE),
    **dict.fromkeys(("area", "distance", "geofence", "intersects"), _PLACES),
    "instance": message("Use pulldata, or a choice_filter."),
    "property": message("Leave it out: there is no device to ask."),
    "extract-signed": message("Leave it out."),
}

#: Every function by the name it has in a workbook.
FUNCTIONS: Mapping[str, Function] = {
    # XPath 1.0
    "true": Function(0, 0, "boolean"),
    "false": Function(0, 0, "boolean"),
    "not": Function(1, 1, "boolean"),
    "boolean": Function(1, 1, "boolean"),
    "string": Function(1, 1, "text"),
    "concat": Function(1, None, "text"),
    "contains": Function(2, 2, "boolean"),
    "starts-with": Function(2, 2, "boolean"),
    "substring": Function(2, 3, "text"),
    "substring-before": Function(2, 2, "text"),
    "substring-after": Function(2, 2, "text"),
    "string-length": Function(1, 1, "number"),
    "normalize-space": Function(1, 1, "text"),
    "translate": Function(3, 3, "text"),
    # XPath 1.0, extended by OpenRosa to dates and decimals
    "number": Function(1, 1, "number", number),
    "round": Function(1, 2, "number", _round),
    "floor": Function(1, 1, "number", _calculated(math.floor)),
    "ceiling": Function(1, 1, "number", _calculated(math.ceil)),
    # OpenRosa, for choices
    "selected": Function(2, 2, "boolean", selected),
    "selected-at": Function(2, 2, "text", _selected_at),
    "count-selected": Function(1, 1, "number", lambda value: float(len(text(value).split()))),
    # OpenRosa, for control
    "if": Function(3, 3, "any", _if),
    "coalesce": Function(1, None, "any", _coalesce),
    "once": Function(1, 1, "any", _once, "_self"),
    "boolean-from-string": Function(1, 1, "boolean", lambda value: text(value) in {"1", "true"}),
    "checklist": Function(3, None, "boolean", _checklist),
    "weighted-checklist": Function(4, None, "boolean", _weighted_checklist),
    # OpenRosa, for text
    "regex": Function(2, 2, "boolean", _regex),
    "ends-with": Function(2, 2, "boolean", lambda value, end: text(value).endswith(text(end))),
    "substr": Function(2, 3, "text", _substr),
    "join": Function(2, None, "text", lambda mark, *values: text(mark).join(map(text, values))),
    "digest": Function(2, 3, "text", lambda value, *how: digest(text(value), *map(text, how))),
    "base64-decode": Function(1, 1, "text", lambda value: decoded(text(value))),
    # OpenRosa, for numbers
    "int": Function(1, 1, "number", _int),
    "abs": Function(1, 1, "number", _calculated(abs)),
    "min": Function(1, None, "number", _least),
    "max": Function(1, None, "number", _greatest),
    "pow": Function(2, 2, "number", _calculated(pow)),
    "sqrt": Function(1, 1, "number", _calculated(math.sqrt)),
    "exp": Function(1, 1, "number", _calculated(math.exp)),
    "log": Function(1, 1, "number", _calculated(math.log)),
    "log10": Function(1, 1, "number", _calculated(math.log10)),
    "exp10": Function(1, 1, "number", _calculated(lambda power: math.pow(10, power))),
    **{
        name: Function(1, 1, "number", _calculated(getattr(math, name)))
        for name in ("sin", "cos", "tan", "asin", "acos", "atan")
    },
    "atan2": Function(2, 2, "number", _calculated(math.atan2)),
    "pi": Function(0, 0, "number", lambda: math.pi),
    # OpenRosa, for dates
    "now": Function(0, 0, "text", lambda now: now, "_now"),
    "today": Function(0, 0, "text", lambda now: now[:10], "_now"),
    "date": Function(1, 1, "text", _date),
    "date-time": Function(1, 1, "text", _date_time),
    "format-date": Function(2, 2, "text", _format_date),
    "format-date-time": Function(2, 2, "text", _format_date),
    "decimal-date-time": Function(1, 1, "number", _decimal_date_time),
    "decimal-time": Function(1, 1, "number", _decimal_time),
}
