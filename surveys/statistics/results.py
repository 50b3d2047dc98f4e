"""What is published of a campaign: response, answers with their uncertainty, cases, reach, and what limits them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any
from zoneinfo import ZoneInfo

from surveys.language import Message, message
from surveys.modes.effect import ModeEffects, mode_effects
from surveys.modes.ways import Ways, ways_of_answering
from surveys.quality.assessment import Looked, Quality, QualityFigures, assess, published
from surveys.questionnaire.form import Form
from surveys.questionnaire.repeats import UNIT
from surveys.statistics.analysis import AnalysisSet, CampaignFacts, ReachFacts, Respondent
from surveys.statistics.answers import Weighted, question_figures
from surveys.statistics.casework import case_figures
from surveys.statistics.chain import Chain, StepFigures, chain_of
from surveys.statistics.design import Margin, Unit
from surveys.statistics.disclosure import SMALLEST_CELL, Withheld
from surveys.statistics.dispositions import Disposition, response_rates
from surveys.statistics.estimates import OVERALL
from surveys.statistics.figures import CaseFigures, DispositionCount, QuestionFigures, ResponseFigures
from surveys.statistics.record import plain
from surveys.statistics.tabulation import NUMBERS
from surveys.statistics.weights import ANSWERED, StratumWeights, effective_size, weigh

#: Changes when a key changes its meaning or goes away.
FORMAT = 1

BEGAN = ANSWERED | {Disposition.BREAK_OFF}


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a report, a table or another program shows; nothing in it leads to a resident.

    `respondents` are the complete and partial interviews that estimates rest on, `n_effective` what they are worth
    after weighting (Kish). `headline` names the question to be shown first, empty if none has a satisfied share.
    `quality` says what makes one doubt some answers, and what the figures are without those.
    """

    campaign: CampaignFacts
    form_titles: dict[str, str]
    response: ResponseFigures
    response_by_stratum: tuple[ResponseFigures, ...]
    weights: tuple[StratumWeights, ...]
    weighting: tuple[StepFigures, ...]
    respondents: int
    n_effective: float
    modes: dict[str, int]
    late_answers: int
    headline: str
    questions: tuple[QuestionFigures, ...]
    cases: CaseFigures
    reach: ReachFacts
    quality: QualityFigures
    ways: Ways
    mode_effects: ModeEffects
    limitations: tuple[Message, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The zone instants are shown in."""
        return ZoneInfo(self.campaign.zone)

    @property
    def surveyed(self) -> bool:
        """Whether people were asked: there is a sample, even where all they were asked is shown as scores."""
        return bool(self.questions) or self.response.drawn > 0

    def question(self, name: str) -> QuestionFigures:
        """Return the figures of a question; KeyError if it was not asked."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    def as_json(self) -> dict[str, Any]:
        """Return plain values with stable keys, floats to six decimals, never NaN."""
        return {"format": FORMAT, **plain(self, self.zone)}


def compute_results(analysis: AnalysisSet, looked: Looked | None = None) -> Results:
    """Work out all figures. Only complete and partial interviews enter estimates, answers given in time alone.

    `looked` are the checks of the answers, if whoever asks has made them already.
    """
    weights = weigh(analysis)
    chain = chain_of(analysis)
    people = weighted(analysis, weights, chain)
    strata = [stratum.name for stratum in analysis.strata]
    questions = question_figures(analysis.form, people, strata, analysis.truth, chain.margins) if analysis.form else ()
    first = headline(analysis, questions)
    late = sum(len(person.late & person.values.keys()) for person in analysis.respondents)
    return Results(
        campaign=analysis.campaign,
        form_titles=dict(analysis.form.titles) if analysis.form else {},
        response=response(analysis, OVERALL),
        response_by_stratum=tuple(response(analysis, name) for name in strata),
        weights=weights,
        weighting=chain.steps,
        respondents=len(people),
        n_effective=effective_size([person.unit.weight for person in people]),
        modes=dict(sorted(Counter(person.respondent.mode for person in people).items())),
        late_answers=late,
        headline=first,
        questions=questions,
        cases=case_figures(analysis.cases),
        reach=analysis.reach,
        ways=ways_of_answering(people, chain.margins),
        mode_effects=mode_effects(
            analysis.form, people, randomised=analysis.campaign.mode_randomised, margins=chain.margins
        ),
        quality=published(quality_of(analysis, first, looked)),
        limitations=(
            *limitations(analysis, weights, questions, late),
            *asked_again(analysis.form),
            *chain.remarks,
        ),
    )


def quality_of(analysis: AnalysisSet, first: str, looked: Looked | None = None) -> Quality:
    """Return how the answers came about and what makes one doubt them; `first` is the question shown first."""

    def weighing(some: AnalysisSet) -> tuple[Sequence[Weighted], tuple[Margin, ...]]:
        chain = chain_of(some)
        return weighted(some, weigh(some), chain), chain.margins

    return assess(analysis, weighing, first, looked)


def weighted(analysis: AnalysisSet, weights: Sequence[StratumWeights], chain: Chain | None = None) -> list[Weighted]:
    """Return the respondents estimates rest on, in an order of their own, each with its final weight."""
    steps = {step.stratum: step for step in weights}
    final = (chain or chain_of(analysis)).final
    return [
        Weighted(person, Unit(person.stratum, final[person.key], steps[person.stratum].eligible_population))
        for person in sorted(analysis.respondents, key=lambda p: (p.stratum, p.key))
        if person.key in final
    ]


def response(analysis: AnalysisSet, stratum: str) -> ResponseFigures:
    """Return what became of the released sample, in one stratum or OVERALL."""
    frames = [frame for frame in analysis.strata if stratum in (OVERALL, frame.name)]
    people = [person for person in analysis.respondents if stratum in (OVERALL, person.stratum)]
    counts = Counter(Disposition.of(person.disposition) for person in people)
    return ResponseFigures(
        stratum=stratum,
        population=sum(frame.population for frame in frames),
        drawn=sum(frame.drawn for frame in frames),
        released=sum(frame.released for frame in frames),
        began=sum(counts[disposition] for disposition in BEGAN),
        complete=counts[Disposition.COMPLETE],
        partial=counts[Disposition.PARTIAL],
        dispositions=tuple(DispositionCount(code.value, code.words, counts[code]) for code in Disposition),
        rates=response_rates({code.value: counts[code] for code in counts}),
        weighted=response_rates(weighted_counts(people)),
    )


def weighted_counts(people: Sequence[Respondent]) -> dict[str, float]:
    """Return base weights summed by disposition."""
    sums: dict[str, list[float]] = {}
    for person in people:
        sums.setdefault(Disposition.of(person.disposition).value, []).append(person.weight)
    return {code: fsum(weights) for code, weights in sums.items()}


def headline(analysis: AnalysisSet, questions: Sequence[QuestionFigures]) -> str:
    """Return the question to show first: the plan's key question, the form's, or the first with a satisfied share."""
    rated = [question.name for question in questions if question.overall.satisfied]
    keys = [question.name for question in analysis.form.asked if question.role == "key"] if analysis.form else []
    wanted = [analysis.campaign.key_question, *keys]
    return next((name for name in wanted if name in rated), next(iter(rated), ""))


def asked_again(form: Form | None) -> tuple[Message, ...]:
    """Say where the answers are that no table of questions shows: those inside repeats."""
    rows = [q for q in form.asked if q.repeats and (q.choices or q.kind in NUMBERS)] if form else []
    rated = [
        question
        for question in rows
        if question.repeats == (UNIT,)
        and (question.dimension or any(choice.points is not None for choice in question.choices))
    ]
    said = [message("Ratings of units stand among the scores, not among the questions.")] if rated else []
    others = ", ".join(question.name for question in rows if question not in rated)
    if others:
        said.append(
            message(
                "Answers to questions that are asked several times over are not in these tables: {names}.",
                names=others,
            )
        )
    return tuple(said)


def limitations(
    analysis: AnalysisSet,
    weights: Sequence[StratumWeights],
    questions: Sequence[QuestionFigures],
    late: int,
) -> tuple[Message, ...]:
    """Return what a reader must know before leaning on the figures."""
    if analysis.form is None:
        return ()
    said = [
        message(
            "Those who did not reply may think differently. Weighting evens out strata only, not opinions; the "
            "intervals express chance in the draw, not this.",
        ),
    ]
    silent = [step for step in weights if not step.respondents and step.eligible_population > 0]
    if silent:
        population = fsum(step.eligible_population for step in weights)
        share = fsum(step.eligible_population for step in silent) / population
        said.append(
            message(
                "Nobody answered in {strata}: the figures do not speak for this {percent} % of the population.",
                strata=", ".join(step.stratum for step in silent),
                percent=f"{100 * share:.1f}",
            ),
        )
    if any(step.respondents == 1 and step.eligible_population > 1 for step in weights):
        said.append(
            message("A stratum with a single respondent is joined with another to estimate the spread."),
        )
    if late:
        said.append(message("{count} answers came after the close and are left out.", count=late))
    if any(cell.withheld in (Withheld.SMALL, Withheld.COMPLEMENT) for q in questions for cell in q.strata):
        said.append(
            message("Groups with fewer than {smallest} answers are not shown.", smallest=SMALLEST_CELL),
        )
    if analysis.campaign.as_of < analysis.campaign.closes_at:
        said.append(message("The campaign is still running: the figures will change."))
    return tuple(said)
