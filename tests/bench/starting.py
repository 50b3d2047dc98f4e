"""Cold start: how long a new process takes until it answers, and how much memory it asks for."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from tests.bench.figures import Section, Series

#: Seconds, and megabytes.
AIMS = (0.6, 90)
PROGRAMS = {
    "pingyi --help": "import sys; from bot.cli import main; sys.exit(main(['--help']))",
    "import of the whole service": "import bot.service",
}
#: Not by getrusage: there a child begins with what its parent had.
MEMORY = """
import sys
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def measure(rounds: int) -> Section:
    """Return the section; a rate is starts per second, the seconds stand below."""
    section = Section("Cold start", "starts/s")
    taken: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, program in PROGRAMS.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
            taken[name].append(time.perf_counter() - begun)
    for name, seconds in taken.items():
        section.series[name] = Series(name, [1 / second for second in seconds])
        used = _memory(PROGRAMS[name])
        section.extra[name] = {"seconds": seconds, "megabytes": used}
        section.lines.append(
            f"{name}: {median(seconds):.2f} s ({min(seconds):.2f}–{max(seconds):.2f}), {used} MB; "
            f"aim {AIMS[0]} s, {AIMS[1]} MB"
        )
    return section


def _memory(program: str) -> int:
    wrapped = f"try:\n    exec({program!r})\nexcept SystemExit:\n    pass\n" + MEMORY
    said = subprocess.run([sys.executable, "-c", wrapped], check=True, capture_output=True, text=True)
    return int(said.stderr.strip().splitlines()[-1]) // 1024
