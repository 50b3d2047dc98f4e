"""The steps from the counts of one unit to its score, and how they are told."""

from __future__ import annotations

from dataclasses import dataclass

from surveys.language import Message, message, translate
from surveys.scoring.bands import Verdict
from surveys.scoring.intervals import HOEFFDING
from surveys.scoring.rule import Combine, Invalid
from surveys.scoring.unitscore import Scores, UnitScore
from surveys.statistics.estimates import STUDENT
from surveys.statistics.intervals import EXACT, LOGIT, WILSON

#: What each rule for an interval is called (docs/decisions/0006, surveys/scoring/intervals.py).
RULES = {
    STUDENT: message("Student's t"),
    LOGIT: message("logit"),
    WILSON: message("Wilson's, few on one side"),
    EXACT: message("exact: all gave the best, or all the worst"),
    HOEFFDING: message("Hoeffding's bound: no spread to be seen"),
}


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One answer: its points (None: no valid vote, not counted), how many gave it, and their summed weights.

    Answers that few gave are one line together: `name` is empty, `label` names them all, `points` is what they are
    worth on average. A few who gave no valid vote have no count: `withheld` says so.
    """

    name: str
    label: Message
    points: float | None
    count: int | None
    weighted: float | None
    withheld: Message | None = None


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
    """The mean, or sum, of the question means of a dimension, and its weight.

    One on which few voted, and another that protects it, is `withheld`: it shows no more than its weight.
    """

    name: str
    label: Message
    weight: float
    questions: tuple[QuestionStep, ...]
    value: float | None
    withheld: Message | None = None


@dataclass(frozen=True, slots=True)
class GroupStep:
    """What one evaluator group gives: its dimensions, its score, and its part (0 to 1) in the unit's score.

    A group whose counts are `withheld` shows no more than its size and part. `hidden` is what withheld dimensions add
    to its value together, before that is divided by the weights; None without such.
    """

    name: str
    label: Message
    weight: float
    n: int
    part: float
    dimensions: tuple[DimensionStep, ...]
    value: float | None
    withheld: Message | None
    hidden: float | None = None


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
            *self.larger(),
            self.words("Rating forms: {forms}, valid: {valid}", forms=unit.ballots.forms, valid=unit.ballots.valid),
        ]
        lines += [
            "  " + self.words("not valid, {why}: {count}", why=Invalid(reason).words, count=count)
            for reason, count in unit.ballots.invalid.items()
        ]
        if unit.ballots.unnamed:
            why, count = unit.ballots.unnamed_words, unit.ballots.unnamed
            lines.append("  " + self.words("not valid, {why}: {count}", why=why, count=count))
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

    def larger(self) -> list[str]:
        """Say that the score is a part only, where the rule has it count in a larger result."""
        if self.rule.counts_for is None:
            return []
        return [
            self.words(
                "This score counts {percent} % in a larger result. The rest comes from elsewhere and is not in it.",
                percent=f"{self.rule.counts_for:g}",
            )
        ]

    def group(self, group: GroupStep) -> list[str]:
        lines, deep = [], ""
        if len(self.shown.groups) > 1:
            deep = "  "
            lines.append(
                self.words("Evaluator group {group}: weight {weight}, valid forms: {n}, part {part} of the score",
                         group=group.label, weight=f"{group.weight:g}", n=group.n, part=f"{group.part:.6f}")
            )  # fmt: skip
        if group.withheld is not None:
            return [*lines, deep + group.withheld.text(self.language)]
        for dimension in group.dimensions:
            lines.append(
                deep + self.words("Dimension {dimension}, weight {weight}", dimension=dimension.label,
                                weight=f"{dimension.weight:g}")
            )  # fmt: skip
            if dimension.withheld is not None:
                lines.append(f"{deep}  {dimension.withheld.text(self.language)}")
                continue
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
        lines += ["  " + self.option(option) for option in question.options]
        if question.mean is None:
            return [*lines, "  " + self.words("no valid vote")]
        return [
            *lines,
            "  " + self.words("mean = Σ points × weighted ÷ {weighted} = {mean}", weighted=f"{question.weighted:.4f}",
                            mean=f"{question.mean:.4f}"),
        ]  # fmt: skip

    def option(self, option: OptionLine) -> str:
        if option.count is None or option.weighted is None:
            why = option.withheld.text(self.language) if option.withheld else ""
            return self.words("{option}: no valid vote, {why}", option=option.label, why=why)
        filled = {"option": option.label, "weighted": f"{option.weighted:.4f}", "count": option.count}
        if option.points is None:
            return self.words("{option}: no valid vote, {weighted} ({count} forms) not counted", **filled)
        points = f"{option.points:g}" if option.name else f"{option.points:.6f}"
        return self.words("{option}: {points} points × {weighted} ({count} forms)", points=points, **filled)

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
        parts = [f"{weight:g} × {value:.4f}" for weight, value in some]
        if group.hidden is not None:
            parts.append(self.words("{value} (withheld dimensions together)", value=f"{group.hidden:.4f}"))
        if self.rule.combine is Combine.SUM:
            return " + ".join(parts)
        whole = sum(one.weight for one in group.dimensions if one.value is not None or one.withheld is not None)
        return f"({' + '.join(parts)}) ÷ {whole:g}"

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
            "SE {se}, 95 % interval {low} to {high} ({rule}), df {df}, n {n}, n effective {effective}",
            se=f"{estimate.se:.4f}", low=f"{estimate.low:.2f}", high=f"{estimate.high:.2f}",
            rule=translate(self.language, RULES[estimate.interval].template), df=estimate.df,
            n=estimate.n, effective=f"{total.effective:.1f}",
        )  # fmt: skip

    def words(self, template: str, /, **fields: object) -> str:
        return translate(self.language, template, **fields)
