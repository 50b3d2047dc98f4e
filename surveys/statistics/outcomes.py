"""AAPOR's outcome rates from any table of disposition codes and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import fsum
from typing import Any

from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.statistics.dataset import Dataset
from surveys.statistics.dispositions import Disposition, Group, Rates, response_rates

#: A table may name the letters of the formulas in place of codes.
LETTERS: Mapping[str, Disposition] = {
    "I": Disposition.COMPLETE,
    "P": Disposition.PARTIAL,
    "R": Disposition.REFUSED,
    "NC": Disposition.NO_REPLY,
    "O": Disposition.UNABLE,
    "UH": Disposition.NOTHING_BACK,
    "UO": Disposition.NOTHING_BACK,
    "NE": Disposition.NOT_ELIGIBLE,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The people, or weighted people, counted under each letter, and the rates that follow."""

    counts: Mapping[Group, float]
    rates: Rates

    def as_json(self) -> dict[str, Any]:
        """Return the rates in AAPOR's own names, e, and the counts; a rate without a denominator is null."""
        rates = asdict(self.rates)
        e = rates.pop("e")
        named = {name.upper(): rate for name, rate in rates.items()}
        counts = {group.value: _whole(count) for group, count in self.counts.items()}
        return {**named, "e": e, "n": _whole(fsum(self.counts.values())), "counts": counts}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcome of all and of every stratum, counted and (where the table has weights) weighted."""

    overall: Outcome
    weighted: Outcome | None
    strata: Mapping[str, tuple[Outcome, Outcome | None]]

    def as_json(self) -> dict[str, Any]:
        """Return the overall rates at the top, with `weighted` and `strata` where the table has them."""
        found = _both(self.overall, self.weighted)
        if self.strata:
            found["strata"] = {name: _both(*outcomes) for name, outcomes in self.strata.items()}
        return found


@dataclass(frozen=True, slots=True)
class _Line:
    disposition: Disposition
    count: float
    weight: float
    stratum: str


def outcomes(data: Dataset, e: float | None = None) -> Outcomes:
    """Work out the rates of a table with the columns code and perhaps count, weight, stratum.

    A row without a count is one person; a weight is that of each person in the row. Without `e` the eligible share
    among those of known eligibility is taken, in each stratum its own. Refused, with the row, for what is no code,
    no count or no weight.
    """
    lines = _lines(data)
    if not any(line.count for line in lines):
        what, fix = message("All counts are zero."), message("Rates are of at least one person.")
        raise data.wrong(0, "count", "nobody", what, fix)
    weighs = data.has("weight")
    strata = dict.fromkeys(line.stratum for line in lines) if data.has("stratum") else {}
    members = {name: [line for line in lines if line.stratum == name] for name in strata}
    return Outcomes(
        overall=_outcome(lines, e, weighted=False),
        weighted=_outcome(lines, e, weighted=True) if weighs else None,
        strata={
            name: (_outcome(some, e, weighted=False), _outcome(some, e, weighted=True) if weighs else None)
            for name, some in members.items()
        },
    )


def _lines(data: Dataset) -> list[_Line]:
    size = len(data)
    counts, weights = [1.0] * size, [1.0] * size
    if data.has("count"):
        fix = message("A count is a number of people, zero or more.")
        counts = data.quantities("count", lambda number: number >= 0, fix)
    if data.has("weight"):
        fix = message("A weight is a number above zero.")
        weights = data.quantities("weight", lambda number: number > 0, fix)
    strata = data.full("stratum") if data.has("stratum") else [""] * size
    codes = data.full("code")
    known: dict[str, Disposition] = {}
    for at, code in enumerate(codes):
        if code not in known:
            known[code] = _disposition(data, at, code)
    return [_Line(known[c], n, w, s) for c, n, w, s in zip(codes, counts, weights, strata, strict=True)]


def _disposition(data: Dataset, at: int, code: str) -> Disposition:
    if code.upper() in LETTERS:
        return LETTERS[code.upper()]
    try:
        return Disposition.of(code)
    except ValueError:
        what = message("“{code}” is no AAPOR disposition code.", code=code[:60])
        fix = message("Write a code such as 1.1, 2.11, 3.10 or 4.10, or a letter: I, P, R, NC, O, UH, UO, NE.")
        raise data.wrong(at, "code", "unknown_code", what, fix) from None


def _outcome(lines: Sequence[_Line], e: float | None, *, weighted: bool) -> Outcome:
    sums: dict[Disposition, list[float]] = {}
    for line in lines:
        sums.setdefault(line.disposition, []).append(line.count * (line.weight if weighted else 1.0))
    counts = {disposition: fsum(numbers) for disposition, numbers in sums.items()}
    by_letter = {
        group: fsum(count for disposition, count in counts.items() if disposition.group is group) for group in Group
    }
    return Outcome(by_letter, response_rates({code.value: count for code, count in counts.items()}, e))


def _both(counted: Outcome, weighted: Outcome | None) -> dict[str, Any]:
    found = counted.as_json()
    if weighted is not None:
        found["weighted"] = weighted.as_json()
    return found


def _whole(count: float) -> float | int:
    return int(count) if count == int(count) else count


def check_e(e: float | None) -> None:
    """Refuse an `e` that is no share."""
    if e is not None and not 0 <= e <= 1:
        what = message("{value} does not fit here.", value=f"{e:g}")
        raise Refused([Problem("wrong_e", what, message("e is a share from 0 to 1."), field="--e")])
