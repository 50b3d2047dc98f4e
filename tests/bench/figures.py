"""Rates of contenders measured in turn, and what one run may say of them: ratios with their spread."""

from __future__ import annotations

import platform
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any


def _nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Contender:
    """`prepare` runs unmeasured before each round; `once` does the work and returns how many were done.

    A program that measures itself returns the seconds as well.
    """

    once: Callable[[], int | tuple[int, float]]
    prepare: Callable[[], None] = _nothing


@dataclass
class Series:
    """One contender: how many a second, round by round."""

    name: str
    rates: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The median over the rounds."""
        return median(self.rates)


@dataclass(frozen=True)
class Ratio:
    """`ours` against `other`, taken round by round: neighbours in time share the machine's moods."""

    ours: str
    other: str
    middle: float
    low: float
    high: float
    floor: float | None = None
    aim: float | None = None

    @property
    def verdict(self) -> str:
        """What the middle means beside floor and aim."""
        if self.aim is not None and self.middle >= self.aim:
            return f"aim {self.aim:g} reached"
        if self.floor is not None:
            return f"floor {self.floor:g} {'held' if self.middle >= self.floor else 'MISSED'}"
        return f"aim {self.aim:g} not reached" if self.aim is not None else ""


@dataclass
class Section:
    """One question of the bench: its contenders, its ratios, what was checked, what a reader must know."""

    title: str
    unit: str
    series: dict[str, Series] = field(default_factory=dict)
    ratios: list[Ratio] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def against(self, ours: str, other: str, *, floor: float | None = None, aim: float | None = None) -> None:
        """Add the ratio of two contenders measured here."""
        pairs = zip(self.series[ours].rates, self.series[other].rates, strict=True)
        found = sorted(mine / theirs for mine, theirs in pairs)
        self.ratios.append(Ratio(ours, other, median(found), found[0], found[-1], floor, aim))


def interleave(section: Section, contenders: Mapping[str, Contender], rounds: int) -> None:
    """Run the contenders A B C A B C …, the first round unmeasured, and keep their rates."""
    for name in contenders:
        section.series[name] = Series(name)
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            contender.prepare()
            begun = time.perf_counter()
            done = contender.once()
            seconds = time.perf_counter() - begun
            if isinstance(done, tuple):
                done, seconds = done
            if number:
                section.series[name].rates.append(done / seconds)


def machine() -> dict[str, str]:
    """Name what the figures were measured on."""
    return {
        "processor": _processor(),
        "system": platform.platform(terse=True),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": sqlite3.sqlite_version,
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def _processor() -> str:
    import os

    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {name}"


def table(sections: Sequence[Section], about: Mapping[str, str]) -> str:
    """Return everything as text."""
    lines = [", ".join(about.values())]
    for section in sections:
        lines += ["", section.title, "-" * len(section.title)]
        for series in section.series.values():
            places = 0 if series.rate >= 100 else 1
            spread = f"({min(series.rates):,.{places}f}–{max(series.rates):,.{places}f})"
            lines.append(f"  {series.name:<58} {series.rate:>10,.{places}f} {section.unit}  {spread}")
        for ratio in section.ratios:
            shown = f"{ratio.middle:.2f}× ({ratio.low:.2f}–{ratio.high:.2f})"
            lines.append(f"    {ratio.ours} / {ratio.other}: {shown}  {ratio.verdict}".rstrip())
        lines += [f"  {line}" for line in section.lines]
    return "\n".join(lines)


def record(sections: Sequence[Section], about: Mapping[str, str]) -> dict[str, Any]:
    """Return everything as JSON values."""
    return {
        "machine": dict(about),
        "sections": [
            {
                "title": section.title,
                "unit": section.unit,
                "rates": {name: series.rates for name, series in section.series.items()},
                "ratios": [
                    {
                        "ours": ratio.ours,
                        "other": ratio.other,
                        "median": ratio.middle,
                        "low": ratio.low,
                        "high": ratio.high,
                        "floor": ratio.floor,
                        "aim": ratio.aim,
                    }
                    for ratio in section.ratios
                ],
                "notes": section.lines,
                **section.extra,
            }
            for section in sections
        ],
    }
