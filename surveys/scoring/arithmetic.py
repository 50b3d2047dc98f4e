"""Why a unit has its score: the arithmetic down to counts, so that anyone can do it again."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.language import Message, translate
from surveys.scoring.bands import Verdict
from surveys.scoring.cells import Cells, cells_of
from surveys.scoring.combining import Combination, Means, combine, means_of
from surveys.scoring.ratings import Ratings
from surveys.scoring.rule import Combine, Invalid, Part, ScoringRule
from surveys.scoring.unitscore import Scores, UnitScore, said
from surveys.statistics.disclosure import SMALLEST_CELL, withheld_cells


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One answer: its points (None: no valid vote, not counted), how many gave it, and their summed weights."""

    name: str
    label: Message
    points: float | None
    count: int
    weighted: float


@dataclass(frozen=True, slots=True)
class QuestionStep:
    """The mean of a question: Σ points × weighted count ÷ Σ weighted count; None without a valid vote."""

    name: str
    label: Message
    options: tuple[OptionLine, ...]
    weighted: float
    mean: float | None


@dataclass(frozen=True, slots=True)
class DimensionStep:
    """The mean, or sum, of the question means of a dimension, and its weight."""

    name: str
    label: Message
    weight: float
    questions: tuple[QuestionStep, ...]
    value: float | None


@dataclass(frozen=True, slots=True)
class GroupStep:
    """What one evaluator group gives: its dimensions, its score, and its part (0 to 1) in the unit's score.

    A group whose counts are `withheld` shows no more than its size and part.
    """

    name: str
    label: Message
    weight: float
    n: int
    part: float
    dimensions: tuple[DimensionStep, ...]
    value: float | None
    withheld: Message | None


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One unit's score step by step; `hidden` is what the withheld groups add to it together, None without such."""

    scores: Scores
    unit: UnitScore
    groups: tuple[GroupStep, ...]
    hidden: float | None

    def lines(self, language: str, verdict: Verdict | None = None) -> list[str]:
        """Return the arithmetic as lines of text, indented by two blanks a step."""
        return _Telling(self, language).lines(verdict)


def arithmetic(ratings: Ratings, scores: Scores, unit_id: str, *, smallest: int = SMALLEST_CELL) -> Arithmetic:
    """Return how a unit of `scores` came by its score; KeyError for a unit that is not there.

    Evaluator groups of fewer than `smallest` valid forms, and as many others as protect them, are told together only.
    """
    unit = scores.unit(unit_id)
    if unit.total.value is None:
        return Arithmetic(scores, unit, (), None)
    number = next(place for place, found in enumerate(scores.units) if found is unit)
    return _Retracing(ratings, scores, number, smallest).arithmetic()


class _Retracing:
    """One unit's answers on their way to its score."""

    def __init__(self, ratings: Ratings, scores: Scores, number: int, smallest: int) -> None:
        self.ratings, self.scores, self.number, self.smallest = ratings, scores, number, smallest
        self.rule: ScoringRule = scores.rule
        self.dimensions = tuple(question.dimension or question.name for question in ratings.questions)
        self.cells: Cells = cells_of(ratings, self.rule)
        self.means: Means = means_of(self.cells, self.cells.points, len(ratings.units), len(ratings.questions))
        self.whole: Combination = combine(self.means, self.rule, self.dimensions, self.cells.group_weights)
        self.said = self._tally()

    def _tally(self) -> dict[tuple[int, int], dict[str, tuple[int, float]]]:
        """Return by group and question how often, and with which weight, each answer stands on valid forms."""
        mine = self.cells.valid & (self.cells.unit == self.number)
        group_of = {int(who): int(self.cells.group[who]) for who in self.cells.who[mine]}
        found: dict[tuple[int, int], dict[str, tuple[int, float]]] = {}
        ratings = self.ratings
        for who, unit, question, value in zip(ratings.who, ratings.unit, ratings.question, ratings.value, strict=True):
            if unit == self.number and value and who in group_of:
                tally = found.setdefault((group_of[who], question), {})
                count, weighted = tally.get(value, (0, 0.0))
                tally[value] = count + 1, weighted + ratings.raters[who].weight
        return found

    def arithmetic(self) -> Arithmetic:
        """Return every step."""
        named = [part for part in self.rule.groups if part.weight > 0]
        many = len(self.cells.groups) > 1
        parts = named if many else [Part("")]
        sizes = [
            int(
                (
                    self.cells.valid & (self.cells.unit == self.number) & (self.cells.group[self.cells.who] == place)
                ).sum()
            )
            for place in range(len(parts))
        ]
        hidden = withheld_cells(dict(zip((part.name for part in parts), sizes, strict=True)), self.smallest)
        groups = [self._group(place, part, sizes[place], hidden[part.name].words if part.name in hidden else None)
                  for place, part in enumerate(parts)]  # fmt: skip
        left = [place for place, group in enumerate(groups) if group.withheld and group.part > 0]
        together = sum(groups[place].part * self._value(place) for place in left) if left else None
        return Arithmetic(self.scores, self.scores.units[self.number], tuple(groups), together)

    def _value(self, group: int) -> float:
        return float((self.whole.inside[self.number, group] * self.means.means[self.number, group]).sum())

    def _group(self, place: int, part: Part, n: int, withheld: Message | None) -> GroupStep:
        share = float(self.whole.shares[self.number, place])
        label = said(part.labels, part.name)
        if withheld is not None:
            return GroupStep(part.name, label, part.weight, n, share, (), None, withheld)
        dimensions = tuple(self._dimension(place, name) for name in dict.fromkeys(self.dimensions))
        value = self._value(place) if share > 0 else None
        return GroupStep(part.name, label, part.weight, n, share, dimensions, value, None)

    def _dimension(self, group: int, name: str) -> DimensionStep:
        part = self.rule.dimension(name)
        own = [place for place, dimension in enumerate(self.dimensions) if dimension == name]
        questions = tuple(self._question(group, place) for place in own)
        means = [question.mean for question in questions if question.mean is not None]
        value = None
        if self.rule.combine is Combine.SUM:
            value = sum(means) if len(means) == len(questions) else None
        elif means:
            value = sum(means) / len(means)
        return DimensionStep(name, said(part.labels, name), part.weight, questions, value)

    def _question(self, group: int, place: int) -> QuestionStep:
        question, scale = self.ratings.questions[place], self.cells.scales[place]
        said_here = self.said.get((group, place), {})
        values = dict.fromkeys(
            [*question.labels_of, *sorted(said_here, key=lambda value: -(scale.worth(value) or 0.0))]
        )
        options = tuple(
            OptionLine(
                value,
                said(question.labels_of.get(value, {}), value),
                scale.worth(value),
                *said_here.get(value, (0, 0.0)),
            )
            for value in values
        )
        there = bool(self.means.there[self.number, group, place])
        return QuestionStep(
            name=question.name,
            label=said(question.labels, question.name),
            options=options,
            weighted=float(self.means.totals[self.number, group, place]),
            mean=float(self.means.means[self.number, group, place]) if there else None,
        )


class _Telling:
    """The arithmetic in one language. Weights are printed with four decimals, means and scores with four as well."""

    def __init__(self, shown: Arithmetic, language: str) -> None:
        self.shown, self.language, self.rule = shown, language, shown.scores.rule

    def lines(self, verdict: Verdict | None) -> list[str]:
        unit, total = self.shown.unit, self.shown.unit.total
        name = unit.unit.name_en or unit.unit.name if self.language == "en" else unit.unit.name
        lines = [
            self.words("Why does {unit} have this score?", unit=name),
            self.words("Rule: {rule} ({source})", rule=self.rule.title(self.language), source=self.rule.source or "-"),
            self.words("Rating forms: {forms}, valid: {valid}", forms=unit.ballots.forms, valid=unit.ballots.valid),
        ]
        lines += [
            "  " + self.words("not valid, {why}: {count}", why=Invalid(reason).words, count=count)
            for reason, count in unit.ballots.invalid.items()
        ]
        lines += [found.text(self.language) for found in self.shown.scores.denominators[:1]]
        if total.value is None:
            return [*lines, total.why_not.text(self.language) if total.why_not else ""]
        for group in self.shown.groups:
            lines += self.group(group)
        lines.append(self.words("Score = {sum} = {score}", sum=self.whole_sum(), score=f"{total.value:.4f}"))
        lines.append(self.error())
        lines += [note.text(self.language) for note in unit.notes]
        if verdict is not None:
            lines.append(self.words("Pass mark: {verdict}", verdict=verdict.words))
        if unit.rank is not None:
            lines.append(unit.rank.words.text(self.language))
        return lines

    def group(self, group: GroupStep) -> list[str]:
        lines, deep = [], ""
        if len(self.shown.groups) > 1:
            deep = "  "
            lines.append(
                self.words("Evaluator group {group}: weight {weight}, {n} valid forms, part {part} of the score",
                         group=group.label, weight=f"{group.weight:g}", n=group.n, part=f"{group.part:.6f}")
            )  # fmt: skip
        if group.withheld is not None:
            return [*lines, deep + group.withheld.text(self.language)]
        for dimension in group.dimensions:
            lines.append(
                deep + self.words("Dimension {dimension}, weight {weight}", dimension=dimension.label,
                                weight=f"{dimension.weight:g}")
            )  # fmt: skip
            for question in dimension.questions:
                lines += [f"{deep}  {line}" for line in self.question(question)]
            lines.append(f"{deep}  {self.dimension_sum(dimension)}")
        if group.value is not None and len(self.shown.groups) > 1:
            lines.append(
                deep + self.words("Score of the group = {sum} = {score}", sum=self.group_sum(group),
                                score=f"{group.value:.4f}")
            )  # fmt: skip
        return lines

    def question(self, question: QuestionStep) -> list[str]:
        lines = [question.label.text(self.language)]
        for option in question.options:
            filled = {"option": option.label, "weighted": f"{option.weighted:.4f}", "count": option.count}
            if option.points is None:
                lines.append(
                    "  " + self.words("{option}: no valid vote, {weighted} ({count} forms) not counted", **filled)
                )
            else:
                points = f"{option.points:g}"
                lines.append(
                    "  " + self.words("{option}: {points} points × {weighted} ({count} forms)", points=points, **filled)
                )
        if question.mean is None:
            return [*lines, "  " + self.words("no valid vote")]
        return [
            *lines,
            "  " + self.words("mean = Σ points × weighted ÷ {weighted} = {mean}", weighted=f"{question.weighted:.4f}",
                            mean=f"{question.mean:.4f}"),
        ]  # fmt: skip

    def dimension_sum(self, dimension: DimensionStep) -> str:
        means = [f"{question.mean:.4f}" for question in dimension.questions if question.mean is not None]
        if dimension.value is None:
            return self.words("no score on this dimension")
        together = " + ".join(means)
        if self.rule.combine is Combine.MEAN:
            together = f"({together}) ÷ {len(means)}"
        return self.words("{dimension} = {sum} = {value}", dimension=dimension.label, sum=together,
                        value=f"{dimension.value:.4f}")  # fmt: skip

    def group_sum(self, group: GroupStep) -> str:
        """Return weight × dimension, added up, over the weights where dimensions are averaged."""
        some = [(dimension.weight, dimension.value) for dimension in group.dimensions if dimension.value is not None]
        together = " + ".join(f"{weight:g} × {value:.4f}" for weight, value in some)
        if self.rule.combine is Combine.SUM:
            return together
        return f"({together}) ÷ {sum(weight for weight, _ in some):g}"

    def whole_sum(self) -> str:
        groups = self.shown.groups
        if len(groups) == 1:
            return self.group_sum(groups[0]) if groups[0].value is not None else self.hidden()
        parts = [f"{group.part:.6f} × {group.value:.4f}" for group in groups if group.value is not None]
        if self.shown.hidden is not None:
            parts.append(self.hidden())
        return " + ".join(parts)

    def hidden(self) -> str:
        return self.words("{value} (withheld groups together)", value=f"{self.shown.hidden or 0:.4f}")

    def error(self) -> str:
        estimate, total = self.shown.unit.total.estimate, self.shown.unit.total
        if estimate.low is None or estimate.high is None or estimate.se is None:
            return total.why_not.text(self.language) if total.why_not else ""
        return self.words(
            "SE {se}, 95 % interval {low} to {high}, df {df}, n {n}, n effective {effective}",
            se=f"{estimate.se:.4f}", low=f"{estimate.low:.2f}", high=f"{estimate.high:.2f}", df=estimate.df,
            n=estimate.n, effective=f"{total.effective:.1f}",
        )  # fmt: skip

    def words(self, template: str, /, **fields: object) -> str:
        return translate(self.language, template, **fields)
