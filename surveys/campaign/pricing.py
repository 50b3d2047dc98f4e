"""What a campaign's messages cost in SMS parts, told before launch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from surveys.campaign.plan import CampaignKind, Plan
from surveys.campaign.segments import segments
from surveys.language import message
from surveys.problem import Problem, Severity
from surveys.questionnaire.form import Form, Question, in_language
from surveys.sampling.draw import Drawn


def priced(
    plan: Plan,
    form: Form | None,
    drawn: Drawn | None,
    recipients: Mapping[str, int],
) -> Iterator[Problem]:
    """Yield warnings that count the SMS parts: per message and over the campaign."""
    if plan.kind is CampaignKind.SURVEY:
        if form is not None and drawn is not None and drawn.members:
            yield _survey_price(form, sum(member.replicate == 0 for member in drawn.members))
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


def _survey_price(form: Form, people: int) -> Problem:
    parts = sum(segments(shown(question, form.default_language)) for question in form.asked)
    return Problem(
        "sms_parts",
        message(
            "By SMS {questions} questions take about {parts} parts for one resident, {total} for all {people} drawn.",
            questions=len(form.asked),
            parts=parts,
            total=parts * people,
            people=people,
        ),
        message("Shorten questions if that costs too much."),
        field="form",
        severity=Severity.WARNING,
    )


def shown(question: Question, language: str) -> str:
    """Return about what an SMS with this question holds: its wording and the numbered options."""
    offered = [choice for choice in question.choices if not choice.hidden]
    lines = [f"{number} {choice.label(language)}" for number, choice in enumerate(offered, start=1)]
    return "\n".join([question.label(language), *lines])
