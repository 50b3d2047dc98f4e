"""Measure how fast the house is beside others, in one run: `python -m tests.bench [--json FILE] [--only NAME]`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import (
    channels,
    coverage,
    dispatching,
    durable,
    edge,
    engine,
    forms,
    frame,
    latency,
    postgres,
    quality,
    scoring,
    starting,
    tabulating,
)
from tests.bench.figures import Section, machine, record, table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sections asked for and print them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="run this section (repeatable)")
    parser.add_argument("--rounds", type=int, default=7, help="measured rounds of each contender")
    parser.add_argument("--batch", type=int, default=256, help="residents in a round")
    chosen = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="pingyi-bench-") as name:
        folder = Path(name)
        rounds, batch = chosen.rounds, chosen.batch
        known: dict[str, Callable[[Path], Section]] = {
            "sqlite": lambda place: durable.measure(place, rounds, batch),
            "postgresql": lambda place: postgres.measure(place, rounds, batch),
            "edge": lambda place: edge.measure(place, rounds),
            "engine": lambda _: engine.measure(rounds, batch),
            "forms": lambda _: forms.measure(rounds),
            "dispatch": lambda place: dispatching.measure(place, rounds),
            "telegram": lambda place: channels.measure_telegram(place, rounds),
            "twilio": lambda place: channels.measure_twilio(place, rounds),
            "latency": latency.measure,
            "quality": lambda place: quality.measure(place, rounds),
            "frame": lambda place: frame.measure(place, rounds),
            "start": lambda _: starting.measure(rounds),
            "scores": lambda _: scoring.measure(rounds),
            "ranks": lambda _: scoring.measure_ranks(),
            "coverage": lambda _: coverage.measure(),
            "tabulate": lambda _: tabulating.measure(rounds),
        }
        unknown = set(chosen.only) - set(known)
        if unknown:
            parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        sections = []
        for section, run in known.items():
            if chosen.only and section not in chosen.only:
                continue
            place = folder / section
            place.mkdir()
            begun = time.perf_counter()
            sections.append(run(place))
            print(f"{section}: {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    about = machine()
    print(json.dumps(record(sections, about), ensure_ascii=False, indent=2) if chosen.json else table(sections, about))
    return 0


if __name__ == "__main__":
    sys.exit(main())
