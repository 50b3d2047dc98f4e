"""How precise a sample will be, or is by now: half-widths of 95 % intervals from counts alone, and the size needed.

Half-width = z · √(deff · p(1 − p) · Σ (N_h/N)² (1/n_h − 1/N_h)), the normal interval of a stratified share with the
finite population correction (Cochran, Sampling Techniques, 5.14); of one stratum the same with that stratum alone.
`deff` stands for what strata do not explain: clusters, weights. No answer is looked at: `share` is assumed. Fewer than
two completes give no estimate of anything, unless they are everybody there is; no half-width is beyond 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, fsum, sqrt

#: Two-sided 95 % of the normal distribution; planning knows no degrees of freedom.
Z = 1.959963984540054
#: Design effect supposed where nobody says otherwise, before the launch and during the field period alike, so that what
#: is reached can be held against what was planned: room for the weights that nonresponse will need.
DEFF = 1.2
#: Fewest completes that something can be estimated from.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: N_h residents and the completes counted or expected of them, which need not be whole."""

    name: str
    population: int
    completes: float


@dataclass(frozen=True, slots=True)
class Precision:
    """The half-width of one group; None where too few answer. `completes` are n, `effective` n over the losses.

    `effective` is Kish's size under the weights N_h / n_h, over the design effect. `silent` names the strata without
    any complete: the half-width does not speak for them, `speaks_for` is the share of the population it speaks for.
    """

    name: str
    population: int
    completes: float
    effective: float
    half_width: float | None
    silent: tuple[str, ...] = ()
    speaks_for: float = 1.0


def overall(strata: Sequence[Stratum], *, share: float = 0.5, deff: float = 1.0) -> Precision:
    """Return the precision of a share of the whole population; strata without completes are left out and named."""
    spoken = [stratum for stratum in strata if stratum.completes > 0]
    everybody = sum(stratum.population for stratum in strata)
    population = sum(stratum.population for stratum in spoken)
    completes = fsum(stratum.completes for stratum in spoken)
    silent = tuple(stratum.name for stratum in strata if stratum.completes <= 0 and stratum.population)
    if not population:
        return Precision("", everybody, completes, 0.0, None, silent, 0.0)
    if completes < min(FEWEST, population):
        speaks_for = population / everybody
        return Precision("", everybody, completes, completes / deff, None, silent, speaks_for)
    variance = fsum(
        (stratum.population / population) ** 2 * (1 / stratum.completes - 1 / stratum.population) for stratum in spoken
    )
    kish = population**2 / fsum(stratum.population**2 / stratum.completes for stratum in spoken)
    return Precision(
        name="",
        population=everybody,
        completes=completes,
        effective=kish / deff,
        half_width=_half_width(share, deff, variance),
        silent=silent,
        speaks_for=population / everybody,
    )


def of_stratum(stratum: Stratum, *, share: float = 0.5, deff: float = 1.0) -> Precision:
    """Return the precision of a share of one stratum."""
    found = overall([stratum], share=share, deff=deff)
    speaks_for = 1.0 if stratum.completes > 0 else 0.0
    return Precision(
        stratum.name, stratum.population, found.completes, found.effective, found.half_width, (), speaks_for
    )


def per_unit(
    strata: Sequence[Stratum], *, rated: int, units: int, share: float = 0.5, deff: float = 1.0
) -> Precision | None:
    """Return the precision of one unit's share where each respondent rates `rated` of `units` in turn.

    Its raters are completes · rated / units; every stratum rates a unit alike. None where no units are rated.
    """
    if units < 1 or rated < 1:
        return None
    part = min(rated, units) / units
    raters = [Stratum(s.name, s.population, s.completes * part) for s in strata]
    return overall(raters, share=share, deff=deff)


def needed(
    half_width: float, *, population: int, share: float = 0.5, deff: float = 1.0, response: float = 1.0
) -> tuple[int, int] | None:
    """Return the completes needed for `half_width`, and how many to draw for them when `response` of them answer.

    That of one stratum, or of many with the same share under proportional allocation. None where even drawing
    everybody does not do.
    """
    spread = Z**2 * deff * share * (1 - share)
    completes = max(min(FEWEST, population), ceil(spread / (half_width**2 + spread / population) - 1e-9))
    drawn = ceil(completes / response - 1e-9)
    return (completes, drawn) if drawn <= population else None


def expected(populations: Mapping[str, int], drawn: Mapping[str, float], response: float) -> tuple[Stratum, ...]:
    """Return the strata with the completes to expect when `response` of the drawn answer."""
    return tuple(
        Stratum(name, population, min(float(population), drawn.get(name, 0) * response))
        for name, population in populations.items()
    )


def _half_width(share: float, deff: float, variance: float) -> float:
    return min(1.0, Z * sqrt(max(0.0, deff * share * (1 - share) * variance)))
