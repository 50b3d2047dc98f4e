"""What the flagged answers change: every satisfied share with them and without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

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

    Without them the weights of the others are raised within the strata, as if the flagged had not answered. `without`
    is None where fewer than the smallest cell are left. `kind` None stands for all kinds but ALL_BEST: to leave people
    out because they gave the best answer would decide the result by the answer. `difference` is the share without the
    flagged less the share with everybody.
    """

    question: str
    labels: Mapping[str, str]
    kind: FlagKind | None
    left_out: int
    everybody: Estimate
    without: Estimate | None
    difference: float | None


def effects(
    analysis: AnalysisSet, weighing: Weighing, flagged: Mapping[FlagKind | None, Collection[str]], headline: str
) -> tuple[Effect, ...]:
    """Return every satisfied share without all those flagged, and the headline without those of each kind.

    `flagged` holds running keys by kind, None for all together; kinds that flag nobody are left out.
    """
    if analysis.form is None:
        return ()
    questions = rated(analysis.form)
    ratings = Ratings(analysis.form, questions, analysis)
    everybody = ratings.shares(questions, *weighing(analysis))
    found = []
    for kind, keys in flagged.items():
        asked = tuple(q for q in questions if kind is None or q.name == headline)
        if not asked or (kind is not None and not keys):
            continue
        rest = ratings.shares(asked, *weighing(without(analysis, keys))) if keys else everybody
        for question in asked:
            share = everybody[question.name]
            left = rest[question.name]
            if share.n >= SMALLEST_CELL:
                shown = left if left.n >= SMALLEST_CELL else None
                change = None
                if shown is not None and shown.value is not None and share.value is not None:
                    change = shown.value - share.value
                found.append(Effect(question.name, question.labels, kind, len(keys), share, shown, change))
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

    def shares(
        self, questions: Sequence[Question], people: Sequence[Weighted], margins: tuple[Margin, ...]
    ) -> dict[str, Estimate]:
        """Return the satisfied share of those with an opinion, for every question.

        Of a question that is asked of several units it is the share of all ratings, by the ratio of each respondent's
        satisfied ratings to all of theirs: the respondent is the unit of the design.
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
        survey = Survey(replace(Design.of([person.unit for person in people]), margins=margins), columns)
        found = {name: groups.get(OVERALL, NOTHING) for name, groups in survey.shares(single).items()}
        found |= {name: survey.ratio(name, f"{name}/opinions") for name in several}
        return {question.name: found.get(question.name, NOTHING) for question in questions}


def _judgements(form: Form, question: Question) -> dict[str, bool]:
    """Return for every answer that is an opinion whether it counts as satisfied."""
    silent = dont_know(question)
    good = form.satisfied.get(question.name, ())
    return {choice.name: choice.name in good for choice in question.choices if choice.name not in silent}
