"""The answers of a campaign as ratings: which respondent gave which unit which choice, late answers left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from surveys.questionnaire.form import ASKED, Form, Kind, Question
from surveys.questionnaire.keys import is_count, is_more, parted
from surveys.questionnaire.prefill import static_default
from surveys.questionnaire.repeats import UNIT
from surveys.scoring.design import ScoringDesign
from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.rule import ScoringRule
from surveys.statistics.analysis import AnalysisSet, Respondent
from surveys.statistics.answers import Weighted
from surveys.statistics.tabulation import NUMBERS, read_answer
from surveys.units.directory import Unit

#: Rows of a form without the repeat `unit` that say which unit its one rating is about.
ONE_UNIT = ("unit", "unit_id")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The ratings, what was rated (`unit`, `area` or `campaign`), and what was left out.

    `late` ratings came after the close; `unknown` ones are about no unit that is known; `not_usable` ones fit no
    choice and are no number.
    """

    ratings: Ratings
    subject: str
    late: int = 0
    unknown: int = 0
    unusable: int = 0


def rates_units(form: Form) -> bool:
    """Whether a form asks about units: in the repeat, or about one that a hidden row names."""
    return any(repeat.name == UNIT for repeat in form.repeats) or any(
        question.name in ONE_UNIT and question.kind is Kind.HIDDEN for question in form.questions
    )


def subject_of(form: Form, design: ScoringDesign) -> str:
    """Return what is rated: as the plan says, else units where the form asks about them, else the whole campaign."""
    return design.subject or ("unit" if rates_units(form) else "campaign")


def rated_questions(form: Form, rule: ScoringRule, subject: str) -> tuple[RatedQuestion, ...]:
    """Return what the rule scores of a form: choices that are worth points, numbers and choices with a dimension.

    About units these are the questions of the repeat, if there is one; about anything else those outside of it. A
    question without a dimension is one of its own.
    """
    inside = (UNIT,) if subject == "unit" and any(repeat.name == UNIT for repeat in form.repeats) else ()
    known = {*rule.points, *(part.name for part in rule.dimensions)}
    return tuple(
        RatedQuestion(
            name=question.name,
            dimension=question.dimension or question.name,
            labels=question.labels,
            points={choice.name: choice.points for choice in question.choices},
            labels_of={choice.name: choice.labels for choice in question.choices},
        )
        for question in form.asked
        if question.repeats == inside and (question.kind is Kind.SELECT_ONE or question.kind in NUMBERS)
        if question.dimension or question.name in known or any(choice.points is not None for choice in question.choices)
    )


def gather(
    analysis: AnalysisSet,
    people: Sequence[Weighted],
    directory: Sequence[Unit],
    questions: Sequence[RatedQuestion],
    design: ScoringDesign,
    *,
    group_question: str = "",
) -> Gathered:
    """Return the ratings of the respondents that estimates rest on.

    `questions` are what the rule scores. Every unit that somebody was to rate is there, rated or not. An area that is
    no unit of the directory stands for itself. `group_question` is the question whose answer is the evaluator group.
    """
    form = analysis.form
    if form is None:
        return Gathered(Ratings((), (), (), [], [], [], []), "campaign")
    subject = subject_of(form, design)
    rows = {question.name: question for question in form.questions}
    numbered = {question.name: at for at, question in enumerate(questions)}
    units, where = _subjects(analysis, form, subject, people, directory)
    raters: list[Rater] = []
    who: list[int] = []
    of_unit: list[int] = []
    of_question: list[int] = []
    values: list[str] = []
    late = unknown = unusable = 0
    for weighted in people:
        person = weighted.respondent
        found: list[tuple[int, int, str]] = []
        for name, said in person.values.items():
            if is_more(name) or is_count(name):
                continue
            row, indices = parted(name)
            if row not in numbered or not said.strip():
                continue
            if name in person.late:
                late += 1
                continue
            place = where(person, indices)
            if place is None:
                unknown += 1
                continue
            answer = usable(rows[row], said.strip())
            if answer is None:
                unusable += 1
                continue
            found.append((place, numbered[row], answer))
        if not found:
            continue
        for place, question, answer in sorted(found):
            who.append(len(raters))
            of_unit.append(place)
            of_question.append(question)
            values.append(answer)
        raters.append(
            Rater(
                key=person.key,
                stratum=weighted.unit.stratum,
                group=group_of(person, design, group_question),
                weight=weighted.unit.weight,
                population=weighted.unit.population,
                mode=person.mode,
            )
        )
    ratings = Ratings(
        raters=tuple(raters),
        units=units,
        questions=tuple(questions),
        who=who,
        unit=of_unit,
        question=of_question,
        value=values,
    )
    return Gathered(ratings, subject, late, unknown, unusable)


def usable(question: Question, said: str) -> str | None:
    """Return an answer as it is scored: the name of one choice, or a number in its shortest form."""
    answer = read_answer(question, said)
    if answer is None or len(answer) != 1:
        return None
    return f"{float(answer[0]):.15g}" if question.kind in NUMBERS else answer[0]


def group_of(person: Respondent, design: ScoringDesign, group_question: str) -> str:
    """Return the evaluator group: what the group question was answered, else what the plan makes of the stratum."""
    if group_question:
        said = person.values.get(group_question, "")
        return "" if group_question in person.late else said
    return design.groups.get(person.stratum, person.stratum)


def group_question_of(form: Form, design: ScoringDesign, groups: Sequence[str]) -> str:
    """Return the question whose answer is the evaluator group: the plan's, else one whose choices are the groups."""
    if design.group_question or design.groups or not groups:
        return design.group_question
    for question in form.questions:
        if question.kind is Kind.SELECT_ONE and not question.repeats and question.kind in ASKED:
            names = {choice.name for choice in question.choices}
            if names >= set(groups):
                return question.name
    return ""


Where = Callable[[Respondent, tuple[int, ...]], int | None]


def _subjects(
    analysis: AnalysisSet, form: Form, subject: str, people: Sequence[Weighted], directory: Sequence[Unit]
) -> tuple[tuple[RatedUnit, ...], Where]:
    """Return what is rated, and how the place of a rating among it is found."""
    known = {unit.id: unit for unit in directory}
    if subject == "campaign":
        titles = analysis.campaign.titles
        whole = RatedUnit(
            analysis.campaign.name, titles.get("zh") or analysis.campaign.name, name_en=titles.get("en", "")
        )
        return (whole,), lambda _person, _indices: 0
    if subject == "area":
        meant = {area: _area(area, directory) for person in people if (area := person.respondent.area)}
        rated = {unit.id: unit for unit in meant.values()}
        order = {unit: place for place, unit in enumerate(sorted(rated))}
        of_area = {area: order[unit.id] for area, unit in meant.items()}
        return tuple(rated[unit] for unit in order), lambda who, indices: None if indices else of_area.get(who.area)
    if any(repeat.name == UNIT for repeat in form.repeats):
        given = {person.respondent.key: assigned(analysis, person.respondent) for person in people}
        ids = sorted({unit for units in given.values() for unit in units if unit in known})
        at = {unit: place for place, unit in enumerate(ids)}

        def of_instance(person: Respondent, indices: tuple[int, ...]) -> int | None:
            mine = given[person.key]
            return at.get(mine[indices[0] - 1]) if indices and indices[0] <= len(mine) else None

        return tuple(_rated(known[unit]) for unit in ids), of_instance
    return _one_unit(form, people, directory)


def _one_unit(form: Form, people: Sequence[Weighted], directory: Sequence[Unit]) -> tuple[tuple[RatedUnit, ...], Where]:
    """Return the units that a hidden row names: the same for all, or another for each respondent."""
    row = next((q for q in form.questions if q.name in ONE_UNIT and q.kind is Kind.HIDDEN), None)
    fixed = (static_default(row.calculation) or "") if row else ""
    named: dict[str, Unit | None] = {}

    def meant(person: Respondent) -> Unit | None:
        text = next((person.values[name] for name in ONE_UNIT if person.values.get(name)), fixed)
        if text not in named:
            exact = next((unit for unit in directory if unit.id == text), None)
            named[text] = exact or next((unit for unit in directory if unit.called(text)), None)
        return named[text]

    found = sorted({unit.id for person in people if (unit := meant(person.respondent))})
    at = {unit: place for place, unit in enumerate(found)}
    known = {unit.id: unit for unit in directory}

    def place(person: Respondent, indices: tuple[int, ...]) -> int | None:
        unit = meant(person)
        return None if unit is None or indices else at.get(unit.id)

    return tuple(_rated(known[unit]) for unit in found), place


def assigned(analysis: AnalysisSet, person: Respondent) -> tuple[str, ...]:
    """Return the ids of the units a respondent was given, in the order of the instances."""
    paradata = analysis.paradata.get(person.key)
    return paradata.units if paradata else ()


def _rated(unit: Unit) -> RatedUnit:
    return RatedUnit(unit.id, unit.name, unit.unit_class, unit.parent, unit.name_en)


def _area(area: str, directory: Sequence[Unit]) -> RatedUnit:
    """Return the unit an area is, by id or name; an area that is none stands for itself."""
    exact = next((unit for unit in directory if unit.id == area), None)
    unit = exact or next((unit for unit in directory if unit.called(area)), None)
    return _rated(unit) if unit else RatedUnit(area, area)
