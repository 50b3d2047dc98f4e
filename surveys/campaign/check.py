"""Everything that is wrong with a plan, found before the first message goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from surveys.campaign.facts import Facts
from surveys.campaign.plan import CampaignKind, Plan
from surveys.campaign.pricing import priced
from surveys.campaign.samplecheck import check_allocation, contradictions
from surveys.campaign.schedule import spread
from surveys.campaign.scoringcheck import check_scoring
from surveys.campaign.unitcheck import units_assignable
from surveys.campaign.weighting import check_weights
from surveys.campaign.wording import check_wording
from surveys.dialogue.words import collisions
from surveys.language import Message, message
from surveys.problem import Problem, Severity
from surveys.questionnaire.form import Form
from surveys.questionnaire.repeats import UNIT
from surveys.sampling.assignment import evaluated

#: Reminders after an invitation; more is a nuisance, not a method.
MOST_REMINDERS = 2


def check_plan(plan: Plan, facts: Facts) -> tuple[Problem, ...]:
    """Return every finding, errors first; a plan with errors is not launched."""
    found = [
        *_who(plan, facts),
        *_when(plan, facts),
        *_audience(plan, facts),
        *_channels(plan, facts),
        *_titles(plan, facts),
        *(_survey(plan, facts) if plan.kind is CampaignKind.SURVEY else _awareness(plan, facts)),
    ]
    found += priced(plan, facts.form, facts.drawn, facts.recipients)
    return tuple(sorted(found, key=lambda problem: problem.severity is not Severity.ERROR))


def _error(code: str, what: Message, fix: Message, name: str) -> Problem:
    return Problem(code, what, fix, field=name)


def _warning(code: str, what: Message, fix: Message, name: str) -> Problem:
    return Problem(code, what, fix, field=name, severity=Severity.WARNING)


def _who(plan: Plan, facts: Facts) -> Iterator[Problem]:
    if not plan.organiser:
        yield _error(
            "no_organiser",
            message("The plan does not say who asks."),
            message("Name the organiser: the office that answers for the campaign."),
            "organiser",
        )
    if any(unit.called(plan.organiser) and not unit.exempt for unit in facts.units):
        yield _error(
            "organiser_evaluated",
            message("{name} is an evaluated unit and must not ask about itself.", name=plan.organiser),
            message("Name an organiser that is not evaluated."),
            "organiser",
        )
    if not plan.legal_basis:
        yield _error(
            "no_legal_basis",
            message("The plan names no legal basis."),
            message("Name the decree, law or consent the campaign rests on."),
            "legal_basis",
        )
    if not plan.verify_by:
        yield _warning(
            "no_verification",
            message("Residents are not told where they can check that this is real."),
            message("Give a phone number or page of the office."),
            "verify_by",
        )


def _when(plan: Plan, facts: Facts) -> Iterator[Problem]:
    if plan.closes_at <= plan.starts_at:
        yield _error(
            "closes_before_start",
            message("The campaign closes before it starts."),
            message("Correct one of the two dates."),
            "closes",
        )
    if plan.closes_at <= facts.now:
        yield _error(
            "window_past",
            message("The campaign would be over already."),
            message("Choose a window in the future."),
            "closes",
        )
    elif plan.starts_at < facts.now:
        yield _warning(
            "start_past",
            message("The start has passed: messages go out from now on."),
            message("Choose a later start if that is not meant."),
            "starts",
        )
    if plan.delete_on <= plan.closes_at.astimezone(ZoneInfo(plan.zone)).date():
        yield _error(
            "deleted_before_close",
            message("The answers would be deleted before the campaign closes."),
            message("Choose a deletion date after the close."),
            "delete_on",
        )
    if plan.day_opens >= plan.day_closes:
        yield _error(
            "quiet_inverted",
            message("The day closes before it opens: no message could ever go out."),
            message("Write when messages may begin (opens) and must end (closes), e.g. 09:00 and 20:00."),
            "quiet",
        )
    elif plan.starts_at < plan.closes_at and plan.closes_at > facts.now:
        last = spread(
            60,
            max(plan.starts_at, facts.now),
            plan.invite_over,
            opens=plan.day_opens,
            closes=plan.day_closes,
            zone=plan.zone,
        )[-1]
        if last >= plan.closes_at:
            yield _error(
                "window_too_short",
                message("The last messages would go out after the close."),
                message("Close later, or set invite_over to fewer hours."),
                "closes",
            )


def _audience(plan: Plan, facts: Facts) -> Iterator[Problem]:
    frame = facts.frame
    if frame is None:
        yield _error(
            "no_frame",
            message("There is no sampling frame."),
            message("Import the residents first: pingyi residents import FILE"),
            "audience",
        )
        return
    for name, asked, known in (
        ("audience.strata", plan.audience.strata, frame.strata),
        ("audience.areas", plan.audience.areas, frame.areas),
    ):
        for missing in sorted(asked - known):
            yield _error(
                "audience_unknown",
                message("The sampling frame has no {name}.", name=missing),
                message("Correct the name; the frame has {known}.", known=", ".join(sorted(known)[:12])),
                name,
            )
    if not frame.audience:
        yield _error(
            "audience_empty",
            message("Nobody belongs to the audience."),
            message("Widen strata, areas or the minimum age."),
            "audience",
        )


def _channels(plan: Plan, facts: Facts) -> Iterator[Problem]:
    for channel in plan.channels:
        if channel not in facts.channels:
            yield _error(
                "unknown_channel",
                message("The channel {name} is not set up here.", name=channel),
                message("Set it up, or choose one of: {known}.", known=", ".join(sorted(facts.channels)))
                if facts.channels
                else message(
                    "None is set up yet: the README says how under “Connecting phones”; PINGYI_SIMULATOR=true serves "
                    "for trials on this machine."
                ),
                "channels",
            )


def _titles(plan: Plan, facts: Facts) -> Iterator[Problem]:
    if not plan.titles:
        yield _error(
            "no_title",
            message("The campaign has no title."),
            message("Write one for each language residents have, under [title]."),
            "title",
        )
    for language, title in sorted(plan.titles.items()):
        yield from check_wording(title, field=f"title.{language}")
    yield from _missing_languages(plan.titles, facts, "title") if plan.titles else ()


def _missing_languages(texts: Mapping[str, str], facts: Facts, name: str) -> Iterator[Problem]:
    for language, count in sorted(facts.frame.languages.items() if facts.frame else ()):
        if count and language not in texts and "" not in texts:
            yield _warning(
                "language_missing",
                message(
                    "{count} residents of the audience read {language}; there is no text for them.",
                    count=count,
                    language=language,
                ),
                message("Add it; else they get the text in another language."),
                f"{name}.{language}",
            )


def _survey(plan: Plan, facts: Facts) -> Iterator[Problem]:
    if facts.drawn is not None and facts.frame is not None and facts.frame.audience:
        yield from facts.drawn.problems
        yield from check_allocation(plan.sample, facts.drawn.allocation)
    yield from contradictions(plan.sample)
    if len(plan.reminders) > MOST_REMINDERS:
        yield _error(
            "too_many_reminders",
            message("{count} reminders are too many.", count=len(plan.reminders)),
            message("Send at most {most}.", most=MOST_REMINDERS),
            "reminders",
        )
    if any(span.total_seconds() <= 0 for span in plan.reminders):
        yield _error(
            "reminder_at_once",
            message("A reminder would go out together with the question."),
            message("Write after how many hours of silence it goes, e.g. 24h."),
            "reminders",
        )
    if plan.partial_share > plan.complete_share:
        yield _error(
            "shares_inverted",
            message("A partial interview would need more answers than a complete one."),
            message("Set partial_share below complete_share."),
            "partial_share",
        )
    if facts.form is None:
        yield _error(
            "no_form",
            message("The plan has no questionnaire."),
            message("Name one under form: a template (pingyi form templates), a file, or a stored digest."),
            "form",
        )
    else:
        yield from _form(plan, facts, facts.form)


def _form(plan: Plan, facts: Facts, form: Form) -> Iterator[Problem]:
    if not form.asked:
        yield _error(
            "nothing_asked",
            message("The questionnaire asks nothing."),
            message("Add a question."),
            "form",
        )
    if plan.key_question and all(question.name != plan.key_question for question in form.questions):
        yield _error(
            "unknown_key_question",
            message("The questionnaire has no question {name}.", name=plan.key_question),
            message("Correct key_question."),
            "key_question",
        )
    for language, count in sorted(facts.frame.languages.items() if facts.frame else ()):
        lacking = [q for q in form.asked if count and language not in q.labels and "" not in q.labels]
        if lacking:
            yield _warning(
                "form_language_missing",
                message(
                    "{count} residents of the audience read {language}; {questions} questions are not in it.",
                    count=count,
                    language=language,
                    questions=len(lacking),
                ),
                message("Translate them; else they are asked in another language."),
                "form",
            )
    for question in form.questions:
        for texts in (question.labels, question.hints, question.constraint_messages, question.required_messages):
            for text in dict.fromkeys(texts.values()):
                yield from check_wording(text, file=form.name, field=question.name)
    yield from collisions(form)
    if any(repeat.name == UNIT for repeat in form.repeats):
        yield from units_assignable(plan.units, evaluated(facts.units, plan.units.classes))
    strata = facts.frame.strata if facts.frame else ()
    above = any(unit.parent for unit in facts.units)
    yield from check_scoring(plan, form, strata, facts.earlier, areas=above)
    yield from check_weights(plan.weights, form, strata)


def _awareness(plan: Plan, facts: Facts) -> Iterator[Problem]:
    if not plan.messages:
        yield _error(
            "no_message",
            message("The campaign has no message."),
            message("Write one for each language residents have, under [message]."),
            "message",
        )
        return
    yield from _missing_languages(plan.messages, facts, "message")
    for language, text in sorted(plan.messages.items()):
        yield from check_wording(text, field=f"message.{language}")
        if plan.organiser and plan.organiser not in text:
            yield _warning(
                "message_without_sender",
                message("The message does not say that it comes from {name}.", name=plan.organiser),
                message("Name the organiser in the text."),
                f"message.{language}",
            )
    zone = ZoneInfo(plan.zone)
    first = max(plan.starts_at, facts.now).astimezone(zone).date()
    last = plan.closes_at.astimezone(zone).date()
    for day in plan.send_on:
        if not first <= day <= last:
            yield _error(
                "send_outside_window",
                message("{day} lies outside the campaign.", day=day.isoformat()),
                message("Send between {first} and {last}.", first=first.isoformat(), last=last.isoformat()),
                "send_on",
            )
