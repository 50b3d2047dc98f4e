"""Weights, one named step after the other: base, eligibility, nonresponse."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from surveys.statistics.analysis import AnalysisSet, Respondent
from surveys.statistics.dispositions import Disposition, Group, ratio

#: Only these enter estimates.
ANSWERED = frozenset({Disposition.COMPLETE, Disposition.PARTIAL})


@dataclass(frozen=True, slots=True)
class StratumWeights:
    """The weighting of one stratum.

    `base` is N_h / released_h. `eligible_population` is N_h less the share found not eligible among the released;
    people of unknown eligibility count as eligible. `nonresponse` is the weighting-class factor: base weights of the
    eligible ÷ base weights of the respondents. `final` = base × nonresponse. The last two are None in a stratum
    where nobody answered: no weight can make it speak.
    """

    stratum: str
    population: int
    released: int
    not_eligible: int
    respondents: int
    base: float | None
    eligible_population: float
    nonresponse: float | None
    final: float | None


def weigh(analysis: AnalysisSet) -> tuple[StratumWeights, ...]:
    """Return the weighting of every stratum, in the frame's order."""
    members: dict[str, list[Respondent]] = {stratum.name: [] for stratum in analysis.strata}
    for person in analysis.respondents:
        members[person.stratum].append(person)
    steps = []
    for stratum in analysis.strata:
        people = members[stratum.name]
        eligible = [p for p in people if Disposition.of(p.disposition).group is not Group.NOT_ELIGIBLE]
        answered = [p for p in people if Disposition.of(p.disposition) in ANSWERED]
        population = fsum(person.weight for person in eligible)
        spoken_for = fsum(person.weight for person in answered)
        factor = ratio(population, spoken_for)
        base = ratio(fsum(person.weight for person in people), len(people))
        steps.append(
            StratumWeights(
                stratum=stratum.name,
                population=stratum.population,
                released=stratum.released,
                not_eligible=len(people) - len(eligible),
                respondents=len(answered),
                base=base,
                eligible_population=population,
                nonresponse=factor,
                final=None if base is None or factor is None else base * factor,
            ),
        )
    return tuple(steps)


def effective_size(weights: Sequence[float]) -> float:
    """Return Kish's effective sample size, (Σw)² / Σw²; 0 for no weights at all."""
    squares = fsum(weight * weight for weight in weights)
    return fsum(weights) ** 2 / squares if squares else 0.0


def variance_strata(sizes: Mapping[str, int], certain: Collection[str] = ()) -> Mapping[str, str]:
    """Return for every stratum the one its variance is computed in, never one of a single unit unless it is alone.

    A stratum of one unit shows no spread. Such strata are collapsed with each other, a single one with the smallest
    other stratum (Cochran, Sampling Techniques, 5A.12); every unit keeps its own weight. The result errs towards
    wider intervals. `sizes` counts the units of each stratum. A stratum whose one unit is all it has (`certain`) adds
    nothing to the error and stays by itself.
    """
    lonely = [name for name, size in sizes.items() if size == 1 and name not in certain]
    if len(lonely) == 1:
        others = [name for name, size in sizes.items() if size > 1]
        lonely += [min(others, key=lambda name: sizes[name])] if others else []
    joined = " + ".join(lonely)
    members = frozenset(lonely)
    return {name: joined if name in members else name for name in sizes}
