"""What Twilio says of our account and sender, and whether what residents write would reach us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

from aiohttp import ClientError
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client
from yarl import URL

from bot.channels.channel import Examination
from surveys.language import message
from surveys.problem import Problem, Severity

#: WhatsApp senders of an account that are looked through.
MOST_SENDERS = 200
#: The country with whose numbers Twilio offers no two-way SMS.
MAINLAND = "CN"


async def examine(
    client: Client, *, account: str, whatsapp: bool, sender: str, service: str, webhook: str, region: str = ""
) -> Examination:
    """Return what there is to know of the account and its `sender` or Messaging `service`; asks, and changes nothing.

    `webhook` is where Twilio should post what residents write, `region` the country in which they live.
    """
    facts: dict[str, str] = {"account": account, "webhook": webhook}
    problems: list[Problem] = []
    try:
        async for problem in _account(client, account, facts):
            problems.append(problem)  # noqa: PERF401 - what was found before an error is kept
        if not any(problem.severity is Severity.ERROR for problem in problems):
            findings = _whatsapp(client, sender, webhook, facts)
            if not whatsapp:
                findings = _sms(client, sender, service, webhook, facts)
            async for problem in findings:
                problems.append(problem)  # noqa: PERF401 - see above
    except (TwilioRestException, TwilioServiceException) as error:
        problems.append(_refused(error))
    except (TwilioException, ClientError, OSError, ValueError) as error:
        problems.append(_unreachable(type(error).__name__))
    if region == MAINLAND and not whatsapp:
        problems.append(_mainland())
    if not webhook.startswith("https://"):
        problems.append(_not_https(webhook))
    return Examination(facts, tuple(problems))


async def _account(client: Client, sid: str, facts: dict[str, str]) -> AsyncIterator[Problem]:
    found = await client.api.accounts(sid).fetch_async()
    facts |= {"name": str(found.friendly_name), "status": str(found.status), "type": str(found.type)}
    if found.status != "active":
        yield Problem(
            "twilio_account_inactive",
            message("Twilio has switched the account off: {status}.", status=found.status),
            message("Look into the Twilio console; Twilio says there why, and what to do."),
        )
    elif found.type == "Trial":
        yield Problem(
            "twilio_trial",
            message("The account is on trial: it writes to verified numbers only, and adds a sentence of its own."),
            message("Upgrade the account in the Twilio console before residents are written to."),
            severity=Severity.WARNING,
        )


async def _sms(
    client: Client, sender: str, service: str, webhook: str, facts: dict[str, str]
) -> AsyncIterator[Problem]:
    if service:
        try:
            found = await client.messaging.v1.services(service).fetch_async()
        except TwilioRestException as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            yield _no_sender("PINGYI_SMS_SERVICE", service)
            return
        facts |= {"service": str(found.friendly_name)}
        if found.use_inbound_webhook_on_number:
            yield Problem(
                "twilio_webhook_on_number",
                message("The Messaging Service leaves what residents write to the settings of each number."),
                message('Choose "Send a webhook" under Integration in the Messaging Service, with {url}.', url=webhook),
            )
        elif found.inbound_request_url != webhook:
            yield _elsewhere(found.inbound_request_url, webhook)
    else:
        numbers = await client.incoming_phone_numbers.list_async(phone_number=sender, limit=20)
        number = next((number for number in numbers if number.phone_number == sender), None)
        if number is None:
            yield _no_sender("PINGYI_SMS_FROM", sender)
            return
        facts |= {"sender": str(number.friendly_name)}
        if number.sms_url != webhook:
            yield _elsewhere(number.sms_url, webhook)


async def _whatsapp(client: Client, sender: str, webhook: str, facts: dict[str, str]) -> AsyncIterator[Problem]:
    senders = await client.messaging.v2.channels_senders.list_async(channel="whatsapp", limit=MOST_SENDERS)
    found = next((each for each in senders if each.sender_id == f"whatsapp:{sender}"), None)
    if found is None:
        yield _no_sender("PINGYI_WHATSAPP_FROM", sender)
        return
    facts |= {"sender": str(found.sender_id), "sender_status": str(found.status)}
    if not str(found.status).startswith("ONLINE"):
        yield Problem(
            "twilio_sender_offline",
            message("The WhatsApp sender is not online: {status}.", status=found.status),
            message("Finish its registration in the Twilio console, under WhatsApp senders."),
        )
    hook: Any = found.webhook or {}
    posted = hook.get("callback_url", "") if isinstance(hook, dict) else ""
    if posted != webhook:
        yield _elsewhere(posted, webhook)


def _mainland() -> Problem:
    return Problem(
        "twilio_mainland",
        message("Twilio offers no two-way SMS with +86 numbers: what residents answer does not arrive."),
        message("For residents of mainland China use the gateway of a carrier there: docs/gateway.md."),
        severity=Severity.WARNING,
    )


def _refused(error: TwilioRestException | TwilioServiceException) -> Problem:
    if error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        return Problem(
            "twilio_credentials",
            message("Twilio does not know this account, or not with this token (code {code}).", code=error.code),
            message(
                "Copy Account SID and Auth Token anew from the Twilio console to PINGYI_TWILIO_ACCOUNT and _TOKEN."
            ),
        )
    return Problem(
        "twilio_refused",
        message("Twilio refused the question with {status} (code {code}).", status=error.status, code=error.code),
        message("Try again in a while; the Twilio console explains the code."),
    )


def _unreachable(reason: str) -> Problem:
    return Problem(
        "twilio_unreachable",
        message("Twilio cannot be reached: {reason}.", reason=reason),
        message("Check this machine's way to the internet, and PINGYI_TWILIO_URL if it is set."),
    )


def _no_sender(setting: str, value: str) -> Problem:
    return Problem(
        "twilio_no_sender",
        message("The account has no sender {sender}.", sender=value or "''"),
        message("Set {setting} to a sender of this account.", setting=setting),
        field=setting,
    )


def _elsewhere(found: str | None, webhook: str) -> Problem:
    return Problem(
        "twilio_webhook",
        message("Twilio posts what residents write to {found}.", found=found or message("nowhere")),
        message("Set the address for incoming messages to {url} (POST) in the Twilio console.", url=webhook),
    )


def _not_https(webhook: str) -> Problem:
    return Problem(
        "public_url_not_https",
        message("Twilio cannot post to {url} safely: it is no https address.", url=webhook),
        message("Set PINGYI_PUBLIC_URL to the https address under which the service is reached from outside."),
        field="public_url",
        # On one machine, with an emulator, nothing travels that others could read.
        severity=Severity.WARNING if URL(webhook).host in {"127.0.0.1", "localhost", "::1"} else Severity.ERROR,
    )
