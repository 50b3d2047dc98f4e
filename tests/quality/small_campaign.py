"""A campaign of a few questions whose answers and times a test writes down itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from surveys.campaign.plan import CampaignKind
from surveys.questionnaire.form import Choice, Form, Kind, Question, Repeat
from surveys.statistics.analysis import AnalysisSet, CampaignFacts, Paradata, Respondent, StratumFrame

START = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)  # nine in the morning in Shanghai
LEVELS = (("very", "满意"), ("fairly", "比较满意"), ("fair", "一般"), ("not", "不满意"), ("dk", "不了解"))
CHOICES = tuple(Choice(name, {"zh": label}) for name, label in LEVELS)
RATINGS = ("q1", "q2", "q3", "q4", "q5", "q6")


def rating(name: str, *, repeats: tuple[str, ...] = ()) -> Question:
    """Return a rating of five options, don't-know among them."""
    path = "/".join((*repeats, name))
    return Question(name, Kind.SELECT_ONE, path, {"zh": f"您对{name}满意吗?"}, choices=CHOICES, repeats=repeats)


def form(*, of_units: bool = False) -> Form:
    """Return six ratings and an open question, asked once, or of each unit."""
    repeats = ("unit",) if of_units else ()
    questions = [rating(name, repeats=repeats) for name in RATINGS]
    questions.append(
        Question("words", Kind.TEXT, "/".join((*repeats, "words")), {"zh": "还有什么想说的?"}, repeats=repeats)
    )
    return Form(
        "d", "f", {"zh": "评议"}, ("zh",), "zh", tuple(questions),
        satisfied=dict.fromkeys(RATINGS, ("very", "fairly")),
        repeats=(Repeat("unit", "unit"),) if of_units else (),
    )  # fmt: skip


def answers(*values: str, words: str = "") -> dict[str, str]:
    """Return answers to the ratings in order, and the open one where there are words."""
    said = dict(zip(RATINGS, values, strict=False))
    return said | ({"words": words} if words else {})


def times(names: Sequence[str], seconds: float, start: datetime = START) -> dict[str, datetime]:
    """Return an instant for every answer, equally far apart."""
    return {name: start + timedelta(seconds=seconds * number) for number, name in enumerate(names)}


def campaign(
    people: Sequence[Mapping[str, str]],
    paradata: Mapping[int, Paradata] | None = None,
    *,
    of_units: bool = False,
    strata: Sequence[str] = ("s",),
    areas: Sequence[str] = ("",),
) -> AnalysisSet:
    """Return a campaign in which everybody answered; strata and areas go round in turn, `paradata` is by place."""
    facts = CampaignFacts(
        "c", {}, "", "", CampaignKind.SURVEY, START, START + timedelta(days=21), START + timedelta(days=30),
        "Asia/Shanghai",
    )  # fmt: skip
    respondents = [
        Respondent(
            f"r{number:04d}", strata[number % len(strata)], areas[number % len(areas)], "1.1", "self", 10.0, values
        )
        for number, values in enumerate(people)
    ]
    sizes = {name: sum(person.stratum == name for person in respondents) for name in dict.fromkeys(strata)}
    return AnalysisSet(
        campaign=facts,
        form=form(of_units=of_units),
        strata=tuple(StratumFrame(name, 10 * size, size, size) for name, size in sizes.items()),
        respondents=tuple(respondents),
        paradata={f"r{number:04d}": found for number, found in (paradata or {}).items()},
    )


def without(analysis: AnalysisSet, *keys: str) -> AnalysisSet:
    """Return the campaign as if some had never answered."""
    people = tuple(replace(p, disposition="2.12") if p.key in keys else p for p in analysis.respondents)
    return replace(analysis, respondents=people)
