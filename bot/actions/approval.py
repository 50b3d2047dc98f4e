"""Texts of a campaign that the gateway's carrier has not approved, found before launch."""

from __future__ import annotations

from collections.abc import Iterator

from bot.channels.approved import Approved
from bot.settings import Settings
from surveys.campaign.facts import Facts
from surveys.campaign.office import Office
from surveys.campaign.plan import Plan
from surveys.campaign.splitting import split
from surveys.campaign.texts import Told, texts
from surveys.language import message
from surveys.problem import Problem, Severity

CHANNEL = "gateway"


def unapproved(plan: Plan, facts: Facts, office: Office, approved: Approved, longest: int) -> Iterator[Problem]:
    """Yield a finding per text no approved template fits; what is longer than `longest` goes in parts.

    It is an error if the campaign cannot do without the text, else a warning: the resident just gets no such reply.
    """
    languages = tuple(sorted(name for name, count in facts.frame.languages.items() if count)) if facts.frame else ()
    for told in texts(plan, facts.form, office, languages):
        if any(approved.match(part) is None for part in split(told.text, longest)):
            yield _finding(told)


def gateway_findings(plan: Plan, facts: Facts, office: Office, settings: Settings) -> tuple[Problem, ...]:
    """Return the findings for a plan that may go by a gateway with approved texts; none for any other plan."""
    if CHANNEL not in plan.channels or settings.gateway is None:
        return ()
    from bot.channels.gatewayreading import read_gateway

    described = read_gateway(settings.gateway.expanduser())
    approved = described.approved()
    return () if approved is None else tuple(unapproved(plan, facts, office, approved, described.send.longest))


def _finding(told: Told) -> Problem:
    return Problem(
        "text_not_approved",
        message("The carrier has approved no template for “{text}”.", text=told.text.replace("\n", " ⏎ ")),
        message("Have it approved and add it to the gateway's description, or word it like one that is.")
        if told.opens
        else message("Residents would not get this reply by the gateway. Have it approved, or accept that."),
        field=told.field,
        severity=Severity.ERROR if told.opens else Severity.WARNING,
    )
