"""What the flagged answers change: every satisfied share with them and without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from surveys.language import Message
from surveys.quality.beside import FEW_APART, few_apart, why_not_beside
from surveys.quality.flag import FlagKind
from surveys.questionnaire.form import Form, Kind, Question
from surveys.questionnaire.keys import row_of
from surveys.statistics.analysis import AnalysisSet
from surveys.statistics.answers import Weighted
from surveys.statistics.design import Design, Margin
from surveys.statistics.disclosure import SMALLEST_CELL
from surveys.statistics.dispositions import Disposition
from surveys.statistics.dont_know import dont_know
from surveys.statistics.estimates import NOTHING, OVERALL, Estimate, Survey

#: Gives the respondents that estimates rest on, each with its final weight, and the totals these weights meet.
Weighing = Callable[[AnalysisSet], tuple[Sequence[Weighted], tuple[Margin, ...]]]


@dataclass(frozen=True, slots=True)
class Effect:
    """One satisfied share, of those with an opinion, with everybody and without those flagged (of one kind, or of all).

    Without them the weights of the others are raised within the strata, as if the flagged had not answered. `left_out`
    counts those flagged, whether they answered this question or not. `kind` None stands for all kinds but ALL_BEST: to
    leave people out because they gave the best answer would decide the result by the answer. `difference` is the share
    without the flagged less the share with everybody. It and `without` are None where `why_not` says why: what fewer
    than the smallest cell said must not follow from the shares that stand side by side.
    """

    question: str
    labels: Mapping[str, str]
    kind: FlagKind | None
    left_out: int
    everybody: Estimate
    without: Estimate | None
    difference: float | None
    why_not: Message | None = None


def effects(
    analysis: AnalysisSet, weighing: Weighing, flagged: Mapping[FlagKind | None, frozenset[str]], headline: str
) -> tuple[Effect, ...]:
    """Return every satisfied share without all those flagged, and the headline without those of each kind.

    `flagged` holds running keys by kind, None for all together; kinds that flag nobody are left out. Of several shares
    without some that would tell of a few if all were shown, those that come first are.
    """
    if analysis.form is None:
        return ()
    questions = rated(analysis.form)
    ratings = Ratings(analysis.form, questions, analysis)
    people, margins = weighing(analysis)
    everybody = ratings.shares(questions, people, margins)
    answered = {question.name: ratings.answered(question.name, people) for question in questions}
    beside: dict[str, list[Collection[str]]] = {question.name: [] for question in questions}
    found = []
    for kind, keys in flagged.items():
        asked = tuple(q for q in questions if kind is None or q.name == headline)
        if not asked or (kind is not None and not keys):
            continue
        rest = ratings.shares(asked, *weighing(without(analysis, keys))) if keys else everybody
        for question in asked:
            share = everybody[question.name]
            if share.n < SMALLEST_CELL:
                continue
            who, shown = answered[question.name], beside[question.name]
            why_not = why_not_beside(len(who), len(who & keys)) if keys else None
            if why_not is None and few_apart(who, [*shown, keys]):
                why_not = FEW_APART
            if why_not is not None:
                found.append(Effect(question.name, question.labels, kind, len(keys), share, None, None, why_not))
                continue
            shown.append(keys)
            left = rest[question.name]
            change = None if left.value is None or share.value is None else left.value - share.value
            found.append(Effect(question.name, question.labels, kind, len(keys), share, left, change))
    return tuple(found)


def rated(form: Form) -> tuple[Question, ...]:
    """Return the selections with a satisfied share."""
    return tuple(q for q in form.asked if q.kind is Kind.SELECT_ONE and form.satisfied.get(q.name))


def first_question(form: Form, key_question: str) -> str:
    """Return the satisfied share to show first: of the plan's key question, the form's, or the first there is."""
    names = [question.name for question in rated(form)]
    wanted = [key_question, *(question.name for question in form.asked if question.role == "key")]
    return next((name for name in wanted if name in names), next(iter(names), ""))


def without(analysis: AnalysisSet, keys: Collection[str]) -> AnalysisSet:
    """Return the analysis as if these had begun, and never finished; they stay in the sample."""
    left_out = Disposition.BREAK_OFF.value
    people = tuple(replace(p, disposition=left_out) if p.key in keys else p for p in analysis.respondents)
    return replace(analysis, respondents=people)


class Ratings:
    """The satisfied and the opinions of every respondent, counted once for every estimate."""

    def __init__(self, form: Form, questions: Sequence[Question], analysis: AnalysisSet) -> None:
        repeated = {question.name for question in questions if question.repeats}
        judged = {question.name: _judgements(form, question) for question in questions}
        rows: dict[str, str] = {}
        # Row → respondent → (answers with an opinion, satisfied ones among them).
        self._counts: dict[str, dict[str, tuple[int, int]]] = {name: {} for name in judged}
        self._several = repeated
        for person in analysis.respondents:
            for name, value in person.values.items():
                row = rows.get(name) or rows.setdefault(name, row_of(name))
                satisfied = judged[row].get(value.strip()) if row in judged else None
                if satisfied is not None and name not in person.late and (row in repeated or name == row):
                    opinions, up = self._counts[row].get(person.key, (0, 0))
                    self._counts[row][person.key] = (opinions + 1, up + satisfied)

    def answered(self, name: str, people: Sequence[Weighted]) -> frozenset[str]:
        """Return the running keys of those of `people` whose opinion the share of a question rests on."""
        counts = self._counts[name]
        return frozenset(person.respondent.key for person in people if person.respondent.key in counts)

    def shares(
        self, questions: Sequence[Question], people: Sequence[Weighted], margins: tuple[Margin, ...]
    ) -> dict[str, Estimate]:
        """Return the satisfied share of those with an opinion, for every question.

        Of a question that is asked of several units it is the share of all ratings, by the ratio of each respondent's
        satisfied ratings to all of theirs: the respondent is the unit of the design. Who rates which units is drawn as
        well, so that its error has no finite population correction: that is never too small.
        """
        columns: dict[str, list[float | None]] = {}
        single, several = [], []
        for question in questions:
            name = question.name
            counted = [self._counts[name].get(person.respondent.key) for person in people]
            columns[name] = [None if counts is None else float(counts[1]) for counts in counted]
            if name not in self._several:
                single.append(name)
            elif any(counted):
                columns[f"{name}/opinions"] = [None if counts is None else float(counts[0]) for counts in counted]
                several.append(name)
        design = replace(Design.of([person.unit for person in people]), margins=margins)
        found = {name: groups.get(OVERALL, NOTHING) for name, groups in Survey(design, columns).shares(single).items()}
        drawn_twice = Survey(replace(design, populations=None), columns)
        found |= {name: drawn_twice.ratio(name, f"{name}/opinions") for name in several}
        return {question.name: found.get(question.name, NOTHING) for question in questions}


def _judgements(form: Form, question: Question) -> dict[str, bool]:
    """Return for every answer that is an opinion whether it counts as satisfied."""
    silent = dont_know(question)
    good = form.satisfied.get(question.name, ())
    return {choice.name: choice.name in good for choice in question.choices if choice.name not in silent}
