"""Every respondent's weight, step by step: base, eligibility, nonresponse, calibration to known totals, trimming.

Weights that were calibrated stay so when they are cut: see docs/decisions/0007-cut-weights-meet-the-totals.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import median

from surveys.campaign.weighting import question_named
from surveys.language import Message, message
from surveys.questionnaire.form import Form
from surveys.statistics.analysis import AnalysisSet, Respondent
from surveys.statistics.design import Margin
from surveys.statistics.dispositions import Disposition, Group
from surveys.statistics.tabulation import read_answer
from surveys.statistics.weights import ANSWERED, effective_size, weigh

BASE = "base"
ELIGIBILITY = "eligibility"
NONRESPONSE = "nonresponse"
CALIBRATION = "calibration"
TRIMMING = "trimming"

#: Where an answer is missing there is no level to calibrate by.
NO_LEVEL = ""
#: Raking stops when every total is met so closely, and gives up after so many rounds.
CLOSE = 1e-10
MOST_ROUNDS = 2_000
#: Where a bound is to be kept as well, totals that can be met are met sooner.
MOST_ROUNDS_BELOW = 500


@dataclass(frozen=True, slots=True)
class StepFigures:
    """What the weights after one step are worth.

    `n` people carry a weight, together `total`; `n_effective` is (Σw)² / Σw² (Kish), `deff` n / n_effective;
    `largest_share` is the greatest weight's share of the total. None where nobody carries a weight.
    """

    step: str
    n: int
    total: float
    n_effective: float
    deff: float | None
    least: float | None
    most: float | None
    largest_share: float | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The columns of weights (step → respondent's key → weight) in the order of the steps, and what they are worth.

    `margins` describe the final weights, for the respondents in the order of `order`: set where these meet known
    totals, so that errors are those of calibrated weights. `remarks` say what could not be done as planned.
    """

    columns: Mapping[str, Mapping[str, float]]
    steps: tuple[StepFigures, ...]
    order: tuple[str, ...] = ()
    margins: tuple[Margin, ...] = ()
    remarks: tuple[Message, ...] = ()

    @property
    def final(self) -> Mapping[str, float]:
        """The weights estimates are made with."""
        return self.columns[list(self.columns)[-1]]


def chain_of(analysis: AnalysisSet) -> Chain:
    """Return the weights of a campaign's released sample, step by step, by the plan's design."""
    factors = {step.stratum: step.nonresponse for step in weigh(analysis)}
    people = sorted(analysis.respondents, key=lambda person: (person.stratum, person.key))
    codes = {person.key: Disposition.of(person.disposition) for person in people}
    columns: dict[str, Mapping[str, float]] = {
        BASE: {person.key: person.weight for person in people},
        ELIGIBILITY: {p.key: p.weight for p in people if codes[p.key].group is not Group.NOT_ELIGIBLE},
        NONRESPONSE: {
            p.key: p.weight * factor
            for p in people
            if codes[p.key] in ANSWERED and (factor := factors[p.stratum]) is not None
        },
    }
    answered = [person for person in people if person.key in columns[NONRESPONSE]]
    order = tuple(person.key for person in answered)
    design, remarks = analysis.weighting, []
    margins: tuple[Margin, ...] = ()
    weights = [columns[NONRESPONSE][key] for key in order]
    wanted: Sequence[Margin] = ()
    if design.totals and answered:
        wanted = [margin(analysis.form, answered, weights, name, known) for name, known in design.totals.items()]
        wanted = to_one_population(wanted)
        remarks += [
            message("Nobody who answered is {level} of {variable}: its total is left out.", level=level, variable=name)
            for name, known in design.totals.items()
            for level in sorted(set(known) - set(next(m for m in wanted if m.name == name).levels))
        ]
        weights, met = rake(weights, wanted)
        if not met:
            remarks.append(message("No weights meet all known totals at once; they come as close as they can."))
        columns[CALIBRATION] = dict(zip(order, weights, strict=True))
        margins = met_margins(weights, wanted) if met else ()
    if design.trim and answered:
        cut, margins, told = cut_of(weights, margins, design.trim)
        remarks += told
        columns[TRIMMING] = dict(zip(order, cut, strict=True))
    steps = tuple(worth(step, list(column.values())) for step, column in columns.items())
    return Chain(columns, steps, order, margins, tuple(remarks))


def met_margins(weights: Sequence[float], wanted: Sequence[Margin]) -> tuple[Margin, ...]:
    """Return the margins with the totals that weights meet to the last digit."""
    return tuple(Margin(one.name, one.levels, sums(weights, one.levels)) for one in wanted)


def cut_of(
    weights: Sequence[float], margins: tuple[Margin, ...], times: float
) -> tuple[list[float], tuple[Margin, ...], list[Message]]:
    """Return weights of which none exceeds `times` the median, the margins they meet, and what is to be said of it.

    Calibrated weights go on meeting their totals where both can be had, and errors are made of residuals as before.
    Else the bound is kept, the totals are not, and errors take the weights as given.
    """
    bound = times * median(weights)
    if max(weights) <= bound:
        return list(weights), margins, []
    cut, met = rake_below(weights, margins, bound) if margins else (list(weights), False)
    if not met:
        cut = trim(weights, times)
    count = sum(old > bound for old in weights)
    said = [message("{count} weights were cut to {times} times the median.", count=count, times=f"{times:g}")]
    if margins:
        said.append(
            message("The cut weights meet the known totals: the rest was shared out anew until both held.")
            if met
            else message(
                "The cut weights do not meet the known totals, no weights below this bound do: figures lean towards "
                "those who answered more readily, and their intervals do not show it. A higher bound avoids this."
            )
        )
    return cut, met_margins(cut, margins) if met else (), said


def worth(step: str, weights: Sequence[float]) -> StepFigures:
    """Return what weights are worth."""
    total, effective = fsum(weights), effective_size(weights)
    return StepFigures(
        step=step,
        n=len(weights),
        total=total,
        n_effective=effective,
        deff=len(weights) / effective if effective else None,
        least=min(weights, default=None),
        most=max(weights, default=None),
        largest_share=max(weights) / total if total else None,
    )


def margin(
    form: Form | None, people: Sequence[Respondent], weights: Sequence[float], name: str, known: Mapping[str, float]
) -> Margin:
    """Return one variable's levels and the totals to meet.

    People whose level has no total, or who did not say, keep the share of the population their weights speak for.
    """
    levels = [level if (level := level_of(form, person, name)) in known else NO_LEVEL for person in people]
    share = sums(weights, levels).get(NO_LEVEL, 0.0) / fsum(weights)
    whole = fsum(known.values())
    totals = {level: total * (1 - share) for level, total in known.items() if level in levels}
    if share:
        totals[NO_LEVEL] = whole * share
    return Margin(name, levels, totals)


def level_of(form: Form | None, person: Respondent, name: str) -> str:
    """Return a respondent's level of a variable, NO_LEVEL where it is not known."""
    if name in ("stratum", "area"):
        return person.stratum if name == "stratum" else person.area
    question = question_named(form, name)
    value = "" if name in person.late else person.values.get(name, "").strip()
    answer = read_answer(question, value) if question and value else None
    return answer[0] if answer else NO_LEVEL


def to_one_population(margins: Sequence[Margin]) -> list[Margin]:
    """Bring all totals to the sum of the first variable's: raking meets them only if they are of one population."""
    whole = fsum(margins[0].totals.values())
    return [
        Margin(m.name, m.levels, {level: total * whole / fsum(m.totals.values()) for level, total in m.totals.items()})
        for m in margins
    ]


def rake(weights: Sequence[float], margins: Sequence[Margin]) -> tuple[list[float], bool]:
    """Return weights that meet every margin, and whether they do (Deming and Stephan 1940); one margin takes one round.

    Every level of a margin has a unit and every unit a level with a total above zero.
    """
    found = list(weights)
    for _ in range(MOST_ROUNDS):
        furthest = 0.0
        for one in margins:
            now = sums(found, one.levels)
            factors = {level: total / now[level] for level, total in one.totals.items()}
            furthest = max(furthest, *(abs(factor - 1) for factor in factors.values()))
            found = [weight * factors[level] for weight, level in zip(found, one.levels, strict=True)]
        if furthest < CLOSE or len(margins) == 1:
            return found, True
    return found, False


def trim(weights: Sequence[float], times: float) -> list[float]:
    """Return weights of which none exceeds `times` the median, with the same sum: the excess is spread over the rest.

    The rest takes it in proportion. Where even equal weights would lie above the bound, all are equal.
    """
    bound = times * median(weights)
    return list(weights) if max(weights) <= bound else fill(weights, fsum(weights), bound)


def rake_below(weights: Sequence[float], margins: Sequence[Margin], bound: float) -> tuple[list[float], bool]:
    """Return weights that meet every margin, none above `bound`, and whether there are any.

    Raking, each level brought to its total within the bound: iterated projections on what each margin asks for.
    """
    found = list(weights)
    places = [{level: [at for at, of in enumerate(m.levels) if of == level] for level in m.totals} for m in margins]
    pairs = [(one.totals[level], held) for one, by in zip(margins, places, strict=True) for level, held in by.items()]
    if any(total > bound * len(held) for total, held in pairs):
        return found, False
    for _ in range(MOST_ROUNDS_BELOW):
        furthest = 0.0
        for total, held in pairs:
            before = [found[at] for at in held]
            furthest = max(furthest, abs(fsum(before) / total - 1), max(before) / bound - 1)
            for at, weight in zip(held, fill(before, total, bound), strict=True):
                found[at] = weight
        if furthest < CLOSE:
            return found, True
    return found, False


def fill(weights: Sequence[float], whole: float, bound: float) -> list[float]:
    """Return weights in proportion, or at the bound, that add up to `whole`; all equal where the bound is too low."""
    if bound * len(weights) <= whole:
        return [whole / len(weights)] * len(weights)
    factor = whole / fsum(weights)
    found, cut = [weight * factor for weight in weights], set[int]()
    while over := {at for at, weight in enumerate(found) if weight > bound and at not in cut}:
        cut |= over
        rest = fsum(weight for at, weight in enumerate(found) if at not in cut)
        factor = (whole - bound * len(cut)) / rest
        found = [bound if at in cut else weight * factor for at, weight in enumerate(found)]
    return found


def sums(weights: Sequence[float], levels: Sequence[str]) -> dict[str, float]:
    """Return the weights added up by level."""
    found: dict[str, list[float]] = {}
    for weight, level in zip(weights, levels, strict=True):
        found.setdefault(level, []).append(weight)
    return {level: fsum(parts) for level, parts in found.items()}
