"""AAPOR's outcome rates from any table of disposition codes and counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from math import fsum
from typing import Any

from surveys.columns import Names, find_columns
from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.statistics.dataset import Dataset
from surveys.statistics.dispositions import Disposition, Group, Rates, response_rates

#: What the columns may be called.
NAMES: Names = {
    "code": ("code", "代码", "处置代码"),
    "count": ("count", "数量", "人数", "件数"),
    "weight": ("weight", "权重", "权数"),
    "stratum": ("stratum", "层", "分层", "层面", "层别"),
}
#: Those whose eligibility is known and who are eligible; e is their share of all whose eligibility is known.
ELIGIBLE = (Group.INTERVIEW, Group.PARTIAL, Group.REFUSAL, Group.NO_CONTACT, Group.OTHER)
#: How e is estimated: the proportional allocation of AAPOR's Standard Definitions, which is CASRO's.
E_FORMULA = "(I + P + R + NC + O) / (I + P + R + NC + O + NE)"

_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
#: A table may name the letters of the formulas in place of codes.
LETTERS: Mapping[str, Disposition] = {
    "I": Disposition.COMPLETE,
    "P": Disposition.PARTIAL,
    "R": Disposition.REFUSED,
    "NC": Disposition.NO_REPLY,
    "O": Disposition.UNABLE,
    "UH": Disposition.NOTHING_BACK,
    "UO": Disposition.UNDELIVERED,
    "NE": Disposition.NOT_ELIGIBLE,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The people, or weighted people, counted under each letter, and the rates that follow."""

    counts: Mapping[Group, float]
    rates: Rates
    e_given: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the rates in AAPOR's own names, e and where it is from, and the counts.

        A rate without a denominator is null.
        """
        rates = asdict(self.rates)
        e = rates.pop("e")
        named = {name.upper(): rate for name, rate in rates.items()}
        counts = {group.value: _whole(count) for group, count in self.counts.items()}
        eligible = fsum(self.counts[group] for group in ELIGIBLE)
        known = eligible + self.counts[Group.NOT_ELIGIBLE]
        source: dict[str, Any] = {"given": True}
        if not self.e_given:
            source = {"given": False, "formula": E_FORMULA, "eligible": _whole(eligible), "known": _whole(known)}
        return {**named, "e": e, "e_from": source, "n": _whole(fsum(self.counts.values())), "counts": counts}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcome of all and of every stratum, counted and (where the table has weights) weighted."""

    overall: Outcome
    weighted: Outcome | None
    strata: Mapping[str, tuple[Outcome, Outcome | None]]
    unread: tuple[str, ...] = ()  # columns that mean nothing here

    def as_json(self) -> dict[str, Any]:
        """Return the overall rates at the top, with `weighted` and `strata` where the table has them."""
        found = _both(self.overall, self.weighted)
        if self.strata:
            found["strata"] = {name: _both(*outcomes) for name, outcomes in self.strata.items()}
        if self.unread:
            found["unread"] = list(self.unread)
        return found


@dataclass(frozen=True, slots=True)
class _Line:
    disposition: Disposition
    count: float
    weight: float
    stratum: str


def outcomes(data: Dataset, e: float | None = None) -> Outcomes:
    """Work out the rates of a table with the columns code and perhaps count, weight, stratum (see NAMES).

    A row without a count is one person; a weight is that of each person in the row. Without `e` the eligible share
    among those of known eligibility is taken, in each stratum its own. Refused, with the row, for what is no code,
    no count or no weight.
    """
    headers = _headers(data)
    _refuse_unread_counts(data, headers)
    lines = _lines(data, headers)
    if not any(line.count for line in lines):
        what, fix = message("All counts are zero."), message("Rates are of at least one person.")
        raise data.wrong(0, headers["count"], "nobody", what, fix)
    weighs = "weight" in headers
    strata = dict.fromkeys(line.stratum for line in lines) if "stratum" in headers else {}
    members = {name: [line for line in lines if line.stratum == name] for name in strata}
    return Outcomes(
        overall=_outcome(lines, e, weighted=False),
        weighted=_outcome(lines, e, weighted=True) if weighs else None,
        strata={
            name: (_outcome(some, e, weighted=False), _outcome(some, e, weighted=True) if weighs else None)
            for name, some in members.items()
        },
        unread=tuple(header for header in data.columns if header not in headers.values()),
    )


def _headers(data: Dataset) -> dict[str, str]:
    """Return the header of every column that is there; Refused where two mean the same, or none is the codes."""
    found = find_columns(data.columns, NAMES)
    headers = dict(found.headers)
    for field, header in found.again:
        what = message("Two columns mean the same: {first} and {second}.", first=headers[field], second=header)
        raise _wrong_header(data, header, "duplicate_header", what, message("Delete one of them."))
    if "code" not in headers:
        what = message("There is no column {name}.", name="code")
        near = get_close_matches("code", [header.casefold() for header in data.columns], n=1, cutoff=0.5)
        fix = message("Name the column that holds AAPOR's codes code or 代码.")
        if near:
            meant = next(header for header in data.columns if header.casefold() == near[0])
            fix = message("If {header} holds AAPOR's codes, rename it to code or 代码.", header=meant)
        raise _wrong_header(data, "code", "missing_column", what, fix)
    return headers


def _refuse_unread_counts(data: Dataset, headers: Mapping[str, str]) -> None:
    """Refuse a table that is one of counts, each code once, whose counts stand under another name."""
    keys = [data.columns[headers[field]] for field in ("code", "stratum") if field in headers]
    if "count" in headers or len(set(zip(*keys, strict=True))) < len(data):
        return
    for header, cells in data.columns.items():
        if header not in headers.values() and all(_NUMBER.fullmatch(cell) for cell in cells):
            what = message("There is no column {name}, and {header} holds numbers.", name="count", header=header)
            fix = message(
                "If they say how many people each row stands for, rename it to count or 数量; else delete it."
            )
            raise _wrong_header(data, header, "missing_column", what, fix)


def _wrong_header(data: Dataset, header: str, code: str, what: Message, fix: Message) -> Refused:
    return Refused([Problem(code, what, fix, data.file, row=1, field=header)])


def _lines(data: Dataset, headers: Mapping[str, str]) -> list[_Line]:
    size = len(data)
    counts, weights = [1.0] * size, [1.0] * size
    if "count" in headers:
        fix = message("A count is a number of people, zero or more.")
        counts = data.quantities(headers["count"], lambda number: number >= 0, fix)
    if "weight" in headers:
        fix = message("A weight is a number above zero.")
        weights = data.quantities(headers["weight"], lambda number: number > 0, fix)
    strata = data.full(headers["stratum"]) if "stratum" in headers else [""] * size
    codes = data.full(headers["code"])
    known: dict[str, Disposition] = {}
    for at, code in enumerate(codes):
        if code not in known:
            known[code] = _disposition(data, at, code, headers["code"])
    return [_Line(known[c], n, w, s) for c, n, w, s in zip(codes, counts, weights, strata, strict=True)]


def _disposition(data: Dataset, at: int, code: str, header: str) -> Disposition:
    if code.upper() in LETTERS:
        return LETTERS[code.upper()]
    try:
        return Disposition.of(code)
    except ValueError:
        what = message("“{code}” is no AAPOR disposition code.", code=code[:60])
        fix = message("Write a code such as 1.1, 2.11, 3.10 or 4.10, or a letter: I, P, R, NC, O, UH, UO, NE.")
        raise data.wrong(at, header, "unknown_code", what, fix) from None


def _outcome(lines: Sequence[_Line], e: float | None, *, weighted: bool) -> Outcome:
    sums: dict[Disposition, list[float]] = {}
    for line in lines:
        sums.setdefault(line.disposition, []).append(line.count * (line.weight if weighted else 1.0))
    counts = {disposition: fsum(numbers) for disposition, numbers in sums.items()}
    by_letter = {
        group: fsum(count for disposition, count in counts.items() if disposition.group is group) for group in Group
    }
    rates = response_rates({code.value: count for code, count in counts.items()}, e)
    return Outcome(by_letter, rates, e is not None)


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
