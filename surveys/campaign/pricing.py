"""What a campaign's messages cost in SMS parts, told before launch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from surveys.campaign.plan import CampaignKind, Plan
from surveys.campaign.segments import segments
from surveys.dialogue.samples import UNITS
from surveys.dialogue.wandering import lengths
from surveys.language import LANGUAGES, message
from surveys.problem import Problem, Severity
from surveys.questionnaire.form import Form, Kind, Question, in_language
from surveys.questionnaire.keys import count_key, key
from surveys.questionnaire.repeats import UNIT
from surveys.sampling.draw import Drawn

#: What the made-up residents follow from whose talks are counted: two checks of one form say the same.
SEED = 7


def priced(
    plan: Plan,
    form: Form | None,
    drawn: Drawn | None,
    recipients: Mapping[str, int],
) -> Iterator[Problem]:
    """Yield warnings that count the SMS parts: per message and over the campaign."""
    if plan.kind is CampaignKind.SURVEY:
        if form is not None and drawn is not None and drawn.members:
            yield _survey_price(form, sum(member.replicate == 0 for member in drawn.members), plan)
        return
    sendings = max(1, len(plan.send_on))
    total = 0
    for language, count in sorted(recipients.items()):
        total += segments(in_language(plan.messages, language)) * count * sendings
    if total:
        longest = max(segments(text) for text in plan.messages.values())
        yield Problem(
            "sms_parts",
            message(
                "The message takes {parts} SMS parts; {people} residents times {sendings} make {total} in all.",
                parts=longest,
                people=sum(recipients.values()),
                sendings=sendings,
                total=total,
            ),
            message("Shorten it if that costs too much."),
            field="message",
            severity=Severity.WARNING,
        )


def _survey_price(form: Form, people: int, plan: Plan) -> Problem:
    """Count as `pingyi form check` does: whole talks of made-up residents, greeting and thanks included."""
    language = form.default_language if form.default_language in LANGUAGES else LANGUAGES[0]
    given = _units(form, language, plan)
    random = Random(SEED)  # noqa: S311 - no secret
    taken = lengths(form, language=language, now=plan.starts_at, random=random, given=given)
    return Problem(
        "sms_parts",
        message(
            "By SMS one resident is asked about {questions} questions and sent about {parts} parts, at most {most};"
            " that makes about {total} for all {people} drawn.",
            questions=taken.expected.questions,
            parts=taken.expected.segments,
            most=int(taken.longest.segments),
            total=round(taken.expected.segments * people),
            people=people,
        ),
        message("Shorten questions if that costs too much."),
        field="form",
        severity=Severity.WARNING,
    )


def _units(form: Form, language: str, plan: Plan) -> dict[str, str]:
    """Return what fills the repeat `unit` as often as each resident goes through it: units of the sample office."""
    if all(repeat.name != UNIT for repeat in form.repeats):
        return {}
    count = sum(plan.units.quotas.values()) or plan.units.per_resident
    given = {count_key(UNIT, ()): str(count)}
    for question in form.questions:
        if question.kind is Kind.HIDDEN and question.repeats == (UNIT,):
            for number in range(count):
                unit = UNITS[number % len(UNITS)].get(question.name, {})
                given[key(question.name, (number + 1,))] = unit.get(language, f"[{question.name}]")
    return given


def shown(question: Question, language: str) -> str:
    """Return about what an SMS with this question holds: its wording and the numbered options."""
    offered = [choice for choice in question.choices if not choice.hidden]
    lines = [f"{number} {choice.label(language)}" for number, choice in enumerate(offered, start=1)]
    return "\n".join([question.label(language), *lines])
