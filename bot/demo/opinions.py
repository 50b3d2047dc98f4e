"""What residents of the made-up town truly think: the answers a perfect survey of everybody would find."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from struct import unpack

from bot.demo.town import Resident

FORM = "five_waters_2018"

#: Each question's options with their shares among the least (lean 0) and the most content (lean 1).
SPREAD: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "q1": {
        "good": (0.08, 0.36), "fairly_good": (0.18, 0.36), "fair": (0.26, 0.14), "rather_poor": (0.24, 0.06),
        "poor": (0.14, 0.02), "unclear": (0.10, 0.06),
    },
    "q2": {
        "much_better": (0.08, 0.34), "better": (0.28, 0.40), "same": (0.36, 0.16), "worse": (0.12, 0.03),
        "much_worse": (0.06, 0.01), "unclear": (0.10, 0.06),
    },
    "q3": {"yes": (0.42, 0.82), "no": (0.58, 0.18)},
    "q4": {"yes": (0.34, 0.70), "no": (0.58, 0.26), "unclear": (0.08, 0.04)},
    "q6": {
        "support": (0.34, 0.62), "fairly": (0.28, 0.24), "fair": (0.20, 0.07), "rather_not": (0.06, 0.02),
        "not": (0.04, 0.01), "unclear": (0.08, 0.04),
    },
    "q7": {
        "satisfied": (0.16, 0.46), "fairly": (0.28, 0.34), "fair": (0.26, 0.11), "rather_not": (0.16, 0.04),
        "not": (0.10, 0.02), "unknown": (0.04, 0.03),
    },
}  # fmt: skip
#: How many of those who took part name each activity.
ACTIVITIES = {
    "saving": 0.62, "sorting": 0.71, "patrol": 0.13, "cleaning": 0.22, "publicity": 0.17, "reporting": 0.09,
    "donating": 0.07, "other": 0.03,
}  # fmt: skip
#: Steps of lean for which shares are kept ready.
STEPS = 100


def opinions(seed: int, resident: Resident) -> dict[str, str]:
    """Return a resident's true answer to each question that applies, as XForms text."""
    lean = _lean(seed, resident)
    numbers = _uniforms(f"{seed}|{resident.office_id}|opinions")
    held = {}
    for question, ladder in LADDERS[lean].items():
        number = next(numbers)
        held[question] = next(name for name, top in ladder if number < top)
    if held["q4"] == "yes":
        del held["q6"]
        done = [name for name, share in ACTIVITIES.items() if next(numbers) < share]
        held["q5"] = " ".join(done or ["sorting"])
    return held


def truth(held: Iterable[Mapping[str, str]]) -> dict[str, dict[str, float]]:
    """Return for each question the share of each option among everybody it applies to."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    asked: Counter[str] = Counter()
    for answers in held:
        for question, value in answers.items():
            asked[question] += 1
            counts[question].update(value.split(" "))
    return {
        question: {name: found[name] / asked[question] for name in sorted(found)}
        for question, found in sorted(counts.items())
    }


def _lean(seed: int, resident: Resident) -> int:
    """Return how content the resident's stratum and area are, 0 to STEPS."""
    of_area = blake2b(f"{seed}|{resident.area}".encode(), digest_size=1).digest()[0] / 255 - 0.5
    return max(0, min(STEPS, round(STEPS * (resident.stratum.lean + 0.2 * of_area))))


def _uniforms(name: str) -> Iterator[float]:
    """Yield sixteen numbers from 0 to below 1 that follow from `name`."""
    for number in unpack("<16I", blake2b(name.encode()).digest()):
        yield number / 2**32


def _ladder(options: Mapping[str, tuple[float, float]], lean: float) -> Sequence[tuple[str, float]]:
    """Return each option with the upper end of its stretch between 0 and 1."""
    shares = [least + lean * (most - least) for least, most in options.values()]
    tops = [top / sum(shares) for top in accumulate(shares)]
    return [*zip(list(options)[:-1], tops[:-1], strict=True), (list(options)[-1], 1.0)]


LADDERS = [
    {question: _ladder(options, step / STEPS) for question, options in SPREAD.items()} for step in range(STEPS + 1)
]
