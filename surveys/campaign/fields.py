"""One value of a plan file at a time: taken if it is what the field wants, else a finding and a default."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from surveys.language import Message, message
from surveys.problem import Problem

#: Years a plan may speak of.
FIRST_YEAR, LAST_YEAR = 2000, 2200
_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(h|hours?|小时|m|min|minutes?|分钟|d|days?|天)?",
    re.IGNORECASE,
)
_UNITS = {"h": "hours", "小": "hours", "m": "minutes", "分": "minutes", "d": "days", "天": "days"}


class Fields:
    """The keys of one table of the file; `path` is what stands before them in findings, e.g. `sample.`."""

    def __init__(self, table: Mapping[str, Any], problems: list[Problem], *, file: str = "", path: str = "") -> None:
        self.table, self.problems, self.file, self.path = table, problems, file, path
        self.asked: set[str] = set()

    def tell(self, name: str, code: str, what: Message, fix: Message) -> None:
        """Note a finding about the field `name`."""
        self.problems.append(Problem(code, what, fix, self.file, field=f"{self.path}{name}"))

    def sub(self, name: str) -> Fields:
        """Return the table under `name`, empty if there is none."""
        value = self._get(name)
        if value is not None and not isinstance(value, Mapping):
            self.wrong(name, message("a table, e.g. [{name}]", name=f"{self.path}{name}"))
            value = None
        return Fields(value or {}, self.problems, file=self.file, path=f"{self.path}{name}.")

    def text(self, name: str, default: str = "") -> str:
        """Return a text without blanks around it; a number is taken as its digits."""
        value = self._get(name)
        if value is None:
            return default
        if isinstance(value, bool | list | Mapping):
            self.wrong(name, message("a text"))
            return default
        return str(value).strip()

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of texts (one text is a list of one), None if the field is not there."""
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str | int) for item in value):
            self.wrong(name, message("a list of texts"))
            return None
        return tuple(dict.fromkeys(str(item).strip() for item in value if str(item).strip()))

    def by_language(self, name: str) -> dict[str, str]:
        """Return texts by language from a table (`zh`, `en`); a plain text counts as Chinese."""
        value = self._get(name)
        if value is None:
            return {}
        if isinstance(value, str):
            return {"zh": value.strip()} if value.strip() else {}
        if not isinstance(value, Mapping):
            self.wrong(name, message("a text for each of zh and en"))
            return {}
        inner = Fields(value, self.problems, file=self.file, path=f"{self.path}{name}.")
        texts = {language: inner.text(language) for language in ("zh", "en")}
        inner.finish()
        return {language: text for language, text in texts.items() if text}

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        """Return a whole number of at least `least`."""
        value = self._get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.wrong(name, message("a whole number from {least} on", least=least))
            return default
        return value

    def share(self, name: str, default: float) -> float:
        """Return a number between 0 and 1."""
        value = self._get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.wrong(name, message("a number between 0 and 1, e.g. 0.2"))
            return default
        return float(value)

    def quantity(self, name: str, *, least: float = -math.inf) -> float | None:
        """Return a finite number of at least `least`, None if the field is not there."""
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < least:
            wanted = (
                message("a number, e.g. 60")
                if least == -math.inf
                else message("a number from {least} on", least=f"{least:g}")
            )
            self.wrong(name, wanted)
            return None
        return float(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(name, message("true or false"))
            return default
        return value

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        """Return one of `choices`."""
        value = self.text(name, default)
        if value not in choices:
            self.wrong(name, message("one of {choices}", choices=", ".join(sorted(choices))))
            return default
        return value

    def day(self, name: str) -> date | None:
        """Return a date (TOML date or ISO text), None if it is missing or none."""
        value = self._get(name)
        found = None if value is None else _day(value)
        if value is not None and found is None:
            self.wrong(name, message("a date such as 2026-11-02"))
        return found

    def days(self, name: str) -> tuple[date, ...]:
        """Return a list of dates in order, each once."""
        value = self._get(name)
        if value is None:
            return ()
        found = [_day(item) for item in (value if isinstance(value, list) else [value])]
        days = sorted({day for day in found if day is not None})
        if len(days) < len(set(map(str, found))):
            self.wrong(name, message("a list of dates such as 2026-11-02"))
        return tuple(days)

    def moment(self, name: str, zone: ZoneInfo, at: time | None) -> datetime | None:
        """Return an instant in UTC from a local date-time; a mere date means `at`, or its end if that is None."""
        value = self._get(name)
        if value is None:
            return None
        value = _moment(value)
        if value is None or not FIRST_YEAR <= value.year <= LAST_YEAR:
            self.wrong(name, message("a local date and time such as 2026-11-02T09:00"))
            return None
        if not isinstance(value, datetime):
            day = value + timedelta(days=0 if at else 1)
            value = datetime.combine(day, at or time(0), zone)
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)

    def clock(self, name: str, default: time) -> time:
        """Return a time of day."""
        value = self._get(name)
        if value is None:
            return default
        if isinstance(value, str):
            try:
                value = time.fromisoformat(value.strip().zfill(5))
            except ValueError:
                value = None
        if not isinstance(value, time) or value.tzinfo is not None:
            self.wrong(name, message("a time of day such as 09:00"))
            return default
        return value

    def span(self, name: str, default: timedelta) -> timedelta:
        """Return a span of time: hours as a number, or `6h`, `90m`, `2d`."""
        value = self._get(name)
        if value is None:
            return default
        found = _span(value)
        if found is None:
            self.wrong(name, message("a span such as 6h, 90m or 2d"))
        return default if found is None else found

    def spans(self, name: str, default: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        """Return a list of spans, the shortest first."""
        value = self._get(name)
        if value is None:
            return default
        found = [_span(item) for item in (value if isinstance(value, list) else [value])]
        if any(span is None for span in found):
            self.wrong(name, message("a list of spans such as 24h, 72h"))
            return default
        return tuple(sorted(span for span in found if span is not None))

    def wrong(self, name: str, wanted: Message) -> None:
        """Note that the field's value is not what is wanted."""
        self.tell(
            name,
            "wrong_value",
            message("{value} does not fit here.", value=str(self.table.get(name))[:60]),
            message("Write {wanted}.", wanted=wanted),
        )

    def finish(self) -> None:
        """Note every key nobody asked for, with the one that was probably meant."""
        for name in self.table:
            if name in self.asked:
                continue
            near = get_close_matches(name, sorted(self.asked), n=1, cutoff=0.6)
            fix = message("Did you mean {name}?", name=near[0]) if near else message("Take it out.")
            self.tell(name, "unknown_field", message("A plan has no field {name}.", name=f"{self.path}{name}"), fix)

    def _get(self, name: str) -> Any:
        self.asked.add(name)
        return self.table.get(name)


def _moment(value: Any) -> datetime | date | None:
    """Return a date-time, or a date where no time of day is written."""
    if isinstance(value, str):
        text = value.strip()
        try:
            return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def _day(value: Any) -> date | None:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime) or not isinstance(value, date):
        return None
    return value


def _span(value: Any) -> timedelta | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return timedelta(hours=value) if 0 <= value < 100_000 else None
    found = _SPAN.fullmatch(str(value).strip())
    if found is None:
        return None
    unit = _UNITS[(found[2] or "h")[0].lower()]
    return timedelta(**{unit: float(found[1])}) if float(found[1]) < 100_000 else None
