"""How a sample is spread over the strata: by population, by spread or evenly under floors and caps, or as given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from surveys.campaign.plan import SampleDesign
from surveys.language import Message, message
from surveys.problem import Problem


@dataclass(frozen=True, slots=True)
class StratumAllocation:
    """One stratum's numbers: N_h residents, of whom `available` can be drawn; n_h main and r_h reserve places."""

    population: int
    available: int
    main: int
    reserves: tuple[int, ...] = ()

    @property
    def reserve(self) -> int:
        """All reserve places together."""
        return sum(self.reserves)


def bounded(
    size: int, weights: Mapping[str, Fraction], floors: Mapping[str, int], caps: Mapping[str, int]
) -> dict[str, int]:
    """Spread `size` by `weights`, each stratum between its floor and its cap.

    Shares of what is left after the bounds are met follow the largest remainder (Hamilton); ties go by name. Of two
    strata with equal bounds the heavier one gets no less; a larger `size` may take one from a stratum, as Hamilton's
    method does (the Alabama paradox). Strata of no weight get what the others' caps leave over, evenly. Raises
    ValueError where floors or caps cannot be kept: they are never broken silently.
    """
    names = sorted(weights)
    if size > sum(caps[name] for name in names):
        raise ValueError("the sample is larger than what can be drawn")
    if size < sum(floors[name] for name in names):
        raise ValueError("the sample is smaller than the floors of its strata")
    # A stratum whose share lies beyond a bound stands at the bound; the others share what remains, until none does.
    bound: dict[str, int] = {}
    while True:
        free = [name for name in names if name not in bound]
        left = size - sum(bound.values())
        heavy = {name: weights[name] for name in free}
        if not any(heavy.values()):
            heavy = dict.fromkeys(free, Fraction(1))
        weight = sum(heavy.values())
        shares = {name: left * heavy[name] / weight for name in free}
        low = {name: floors[name] for name in free if shares[name] < floors[name]}
        high = {name: caps[name] for name in free if shares[name] > caps[name]}
        if not low and not high:
            break
        # Fix the side that is further out: what it takes or frees moves the others the other way (Stenger & Gabler).
        missing = sum(low[name] - shares[name] for name in low)
        surplus = sum(shares[name] - high[name] for name in high)
        bound |= low if missing >= surplus else high
    result = bound | {name: int(share) for name, share in shares.items()}
    order = sorted(shares, key=lambda name: (-(shares[name] - int(shares[name])), name))
    for name in order[: size - sum(result.values())]:
        result[name] += 1
    return {name: result[name] for name in names}


def allocate(
    design: SampleDesign,
    populations: Mapping[str, int],
    available: Mapping[str, int],
) -> tuple[dict[str, StratumAllocation], tuple[Problem, ...]]:
    """Return the allocation of every stratum, and what is wrong with the design (then the allocation is empty).

    `populations` are N_h, `available` how many of them can be drawn. Reserve places are `design.reserve` of the main
    ones, half rounded up, as far as residents are left, in `design.replicates` parts as equal as can be.
    """
    problems = _problems(design, populations, available)
    if problems:
        return {}, problems
    if design.allocation == "fixed":
        main = {name: design.per_stratum.get(name, 0) for name in sorted(populations)}
    else:
        floors, caps = _bounds(design, populations, available)
        main = bounded(design.size, _weights(design, populations), floors, caps)
    share = Fraction(str(design.reserve))
    allocation = {}
    for name, size in main.items():
        left = available.get(name, 0) - size
        wanted = int(share * size + Fraction(1, 2)) if design.replicates else 0
        allocation[name] = StratumAllocation(
            populations[name],
            available.get(name, 0),
            size,
            _parts(min(left, wanted), design.replicates),
        )
    return allocation, ()


def without_spread(
    design: SampleDesign, populations: Mapping[str, int], available: Mapping[str, int]
) -> tuple[str, ...]:
    """Return the strata whose number no spread has a part in, by name, whatever the design says of it.

    One resident differs from nobody; and where floor and cap meet, or everybody who can be drawn is, the number is
    settled already. Only Neyman allocation asks.
    """
    if design.allocation != "neyman":
        return ()
    floors, caps = _bounds(design, populations, available)
    everybody = design.size >= sum(caps.values())
    return tuple(n for n in sorted(populations) if everybody or populations[n] <= 1 or floors[n] >= caps[n])


def _bounds(
    design: SampleDesign, populations: Mapping[str, int], available: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    caps = {name: available.get(name, 0) for name in populations}
    floors = {name: min(design.minimum_per_stratum, cap) for name, cap in caps.items()}
    if design.maximum_per_stratum:
        caps = {name: min(cap, design.maximum_per_stratum) for name, cap in caps.items()}
    return floors, caps


def _weights(design: SampleDesign, populations: Mapping[str, int]) -> dict[str, Fraction]:
    """Return what each stratum's share goes by: N_h, N_h × S_h (Neyman 1934), or 1."""
    match design.allocation:
        case "neyman":
            # Where none is given none is needed: the bounds alone decide.
            return {name: count * Fraction(str(design.spread.get(name, 0))) for name, count in populations.items()}
        case "equal":
            return dict.fromkeys(populations, Fraction(1))
        case _:
            return {name: Fraction(count) for name, count in populations.items()}


def _parts(total: int, count: int) -> tuple[int, ...]:
    return tuple(total // count + (at < total % count) for at in range(count)) if count else ()


def _problems(
    design: SampleDesign,
    populations: Mapping[str, int],
    available: Mapping[str, int],
) -> tuple[Problem, ...]:
    drawable = sum(available.get(name, 0) for name in populations)
    if design.allocation == "fixed":
        found = [
            Problem(
                "stratum_unknown",
                message("The audience has no stratum {stratum}.", stratum=name),
                message("Correct the name, or take it out of the plan."),
                field="sample.per_stratum",
            )
            for name in sorted(design.per_stratum)
            if name not in populations
        ]
        found += [
            Problem(
                "stratum_too_small",
                message(
                    "The stratum {stratum} has {available} residents who can be drawn, the plan wants {wanted}.",
                    stratum=name,
                    available=available.get(name, 0),
                    wanted=wanted,
                ),
                message("Lower the number, or import more residents with a phone number."),
                field="sample.per_stratum",
            )
            for name, wanted in sorted(design.per_stratum.items())
            if name in populations and wanted > available.get(name, 0)
        ]
        if not sum(design.per_stratum.values()):
            fix = message('Under allocation = "fixed" give every stratum its number: per_stratum.')
            found.append(_no_size("sample.per_stratum", fix))
        return tuple(found)
    if design.size <= 0:
        return (_no_size("sample.size", message("Set the size of the sample.")),)
    if design.size > drawable:
        return (
            Problem(
                "sample_too_large",
                message(
                    "The sample of {size} is larger than the {drawable} who can be drawn.",
                    size=design.size,
                    drawable=drawable,
                ),
                message("Lower the size, or widen the audience."),
                field="sample.size",
            ),
        )
    least, caps = _bounds(design, populations, available)
    floors, most = sum(least.values()), sum(caps.values())
    if any(least[name] > caps[name] for name in populations):
        return (
            Problem(
                "bounds_inverted",
                message(
                    "minimum_per_stratum is {minimum}, maximum_per_stratum only {maximum}.",
                    minimum=design.minimum_per_stratum,
                    maximum=design.maximum_per_stratum,
                ),
                message("Correct one of the two."),
                field="sample.maximum_per_stratum",
            ),
        )
    if design.size > most:
        return (
            Problem(
                "sample_above_caps",
                message(
                    "With at most {maximum} of every stratum only {most} can be drawn.",
                    maximum=design.maximum_per_stratum,
                    most=most,
                ),
                message("Lower the size, or raise maximum_per_stratum."),
                field="sample.size",
            ),
        )
    needless = without_spread(design, populations, available)
    unknown = [name for name in sorted(populations) if name not in design.spread and name not in needless]
    if design.allocation == "neyman" and unknown:
        return (
            Problem(
                "no_spread",
                message("Neyman allocation needs the standard deviation of {strata}.", strata=tuple(unknown[:12])),
                message("Write it under [sample.spread], or name results of an earlier campaign as spread_from."),
                field="sample.spread",
            ),
        )
    if design.size < floors:
        return (
            Problem(
                "sample_too_small",
                message(
                    "With {floor} from every stratum at least {floors} must be drawn.",
                    floor=design.minimum_per_stratum,
                    floors=floors,
                ),
                message("Raise the size, or lower minimum_per_stratum."),
                field="sample.size",
            ),
        )
    return ()


def _no_size(field: str, fix: Message) -> Problem:
    return Problem(
        "no_sample_size",
        message("The plan does not say how many residents are drawn."),
        fix,
        field=field,
    )
