"""Which channels are on, what their providers say of us, and whether a test message gets through."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.channels.channel import Channel, Examination
from bot.channels.registry import CHANNELS
from bot.settings import Settings
from scheduler.clock import Clock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from surveys.language import Message, message, translate
from surveys.problem import Problem, Refused, Severity
from surveys.residents.phone import e164

#: Seconds a provider has to say who we are to it.
PATIENCE = 60.0
#: What switches a channel on.
SWITCHES: Mapping[str, str] = {
    "simulator": "PINGYI_SIMULATOR=true",
    "telegram": "PINGYI_TELEGRAM_TOKEN, PINGYI_TELEGRAM_NAME",
    "whatsapp": "PINGYI_TWILIO_ACCOUNT, PINGYI_TWILIO_TOKEN, PINGYI_WHATSAPP_FROM",
    "sms": "PINGYI_TWILIO_ACCOUNT, PINGYI_TWILIO_TOKEN, PINGYI_SMS_SERVICE",
    "gateway": "PINGYI_GATEWAY, PINGYI_GATEWAY_SECRET",
}
#: What each failure of a test message means to whoever set the channel up, and what to do.
EXPLAINED: Mapping[Failure, tuple[Message, Message]] = {
    Failure.REFUSED: (
        message("The provider refused this message."),
        message("Its wording or sender may not be registered with the provider; the reason names its code."),
    ),
    Failure.UNREACHABLE: (
        message("The provider cannot reach this address, or must not send it this text."),
        message("Check the address; on Telegram the chat must have been opened; a gateway needs an approved text."),
    ),
    Failure.BLOCKED: (
        message("The address has blocked us."),
        message("Unblock the sender on that phone, or test with another address."),
    ),
    Failure.OPTED_OUT: (
        message("The address has told the provider STOP."),
        message("Let it send START to the sender, or test with another address."),
    ),
    Failure.AWAY: (
        message("The phone is switched off or out of reach."),
        message("Try again later, or test with another address."),
    ),
    Failure.BUSY: (
        message("The provider asks for patience: more is being sent than it allows."),
        message("Lower the channel's per_second setting, or ask the provider for more."),
    ),
    Failure.DOWN: (
        message("The provider cannot be reached from this machine."),
        message("Check the network, the firewall and the provider's address; for the simulator the service must run."),
    ),
    Failure.MISCONFIGURED: (
        message("The provider does not accept our credentials, signature or sender."),
        message("Copy the secret and the sender again from the provider's console into the settings."),
    ),
}


class CheckChannels(BaseModel):
    """Which channel to check (all that are on if empty), and where to send a test message, if anywhere."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    to: str = ""
    text: str = ""


def list_channels(settings: Settings) -> dict[str, Any]:
    """Return every channel there is, whether it is on, and what switches it on."""
    return {"channels": [_entry(settings, name) for name in CHANNELS]}


def check_channels(settings: Settings, clock: Clock, order: CheckChannels) -> dict[str, Any]:
    """Return what the providers say; `ok` is False if a problem is an error. Refused if the order makes no sense.

    Nothing of it goes through the outbox: a test message is sent at once, to the address given and no other.
    """
    if order.name and order.name not in CHANNELS:
        raise Refused([_no_such(order.name)])
    if order.to and not order.name:
        raise Refused([_which()])
    names = [order.name] if order.name else list(CHANNELS)
    address = _address(settings, order.name, order.to) if order.to else ""
    found = [_checked(settings, clock, name, order, address) for name in names]
    if not order.name and not any(entry["on"] for entry in found):
        raise Refused([_none_on()])
    return {"ok": all(entry["ok"] for entry in found), "channels": found}


def _entry(settings: Settings, name: str) -> dict[str, Any]:
    kind = CHANNELS[name]
    return {"name": name, "address": kind.address, "on": kind.enabled(settings), "setting": SWITCHES[name]}


def _checked(settings: Settings, clock: Clock, name: str, order: CheckChannels, address: str) -> dict[str, Any]:
    entry = {**_entry(settings, name), "per_second": 0.0, "facts": {}, "test": None}
    problems: tuple[Problem, ...] = ()
    if not entry["on"]:
        problems = (_off(name),) if order.name else ()
    else:
        try:
            channel = CHANNELS[name].make(settings, clock)
        except Refused as refused:
            problems = refused.problems
        else:
            text = order.text or _test_text(settings)
            examination, outcome = asyncio.run(_ask(channel, address, text))
            problems = examination.problems
            entry |= {"per_second": channel.limits.per_second, "facts": dict(examination.facts)}
            if outcome is not None:
                entry["test"] = _told(settings.staff_language, outcome)
                problems = (*problems, *_test_problems(outcome))
    language = settings.staff_language
    entry["ok"] = all(problem.severity is not Severity.ERROR for problem in problems)
    entry["problems"] = [problem.as_json(language) for problem in problems]
    return entry


async def _ask(channel: Channel, address: str, text: str) -> tuple[Examination, Accepted | NotSent | Unknown | None]:
    """Open the channel, examine it, send the test message if there is an address."""
    outcome: Accepted | NotSent | Unknown | None = None
    try:
        async with asyncio.timeout(PATIENCE):
            await channel.open()
            examination = await channel.examine()
    except TimeoutError:
        examination = Examination({}, (_silent(),))
    try:
        if address:
            async with asyncio.timeout(PATIENCE):
                outcome = await channel.send(Outgoing(f"check{token_hex(8)}", address, text))
    except TimeoutError:
        outcome = Unknown("no answer in time")
    finally:
        await channel.close()
    return examination, outcome


def _told(language: str, outcome: Accepted | NotSent | Unknown) -> dict[str, Any]:
    if isinstance(outcome, Accepted):
        words = message("The provider took the test message; see whether it arrives.")
        return {"outcome": "accepted", "id": outcome.provider_id, "reason": "", "words": words.text(language)}
    if isinstance(outcome, NotSent):
        words = EXPLAINED[outcome.failure][0]
        return {"outcome": "not_sent", "id": "", "reason": outcome.reason, "words": words.text(language)}
    words = message("Nobody knows whether the provider took the test message.")
    return {"outcome": "unknown", "id": "", "reason": outcome.reason, "words": words.text(language)}


def _test_problems(outcome: Accepted | NotSent | Unknown) -> tuple[Problem, ...]:
    if isinstance(outcome, Accepted):
        return ()
    if isinstance(outcome, NotSent):
        what, fix = EXPLAINED[outcome.failure]
        said = message("{what} ({reason})", what=what, reason=outcome.reason)
        return (Problem(f"test_{outcome.failure.value}", said, fix),)
    return (
        Problem(
            "test_unknown",
            message("The provider gave no clear answer to the test message: {reason}.", reason=outcome.reason),
            message("Look at that phone; if nothing arrives, try again in a while."),
        ),
    )


def _test_text(settings: Settings) -> str:
    language = settings.staff_language
    name = settings.office().name(language)
    return translate(language, "[{office}] This is a test message. You need not reply.", office=name)


def _address(settings: Settings, name: str, to: str) -> str:
    """Return the address as channels want it; Refused if it cannot be one."""
    if CHANNELS[name].address == "phone":
        address = e164(to, settings.region)
    else:
        address = to if to.isascii() and to.isdecimal() and len(to) <= 20 else None
    if address is None:
        raise Refused([_no_address(name, to)])
    return address


def _off(name: str) -> Problem:
    return Problem(
        "channel_off",
        message("The channel {name} is switched off.", name=name),
        message("These settings switch it on: {settings}.", settings=SWITCHES[name]),
    )


def _none_on() -> Problem:
    return Problem(
        "no_channel",
        message("No channel is switched on: nothing can be sent."),
        message("`pingyi channel list` shows what switches each of them on."),
    )


def _no_such(name: str) -> Problem:
    return Problem(
        "no_such_channel",
        message("There is no channel {name}.", name=name),
        message("Choose one of: {known}.", known=", ".join(CHANNELS)),
    )


def _which() -> Problem:
    return Problem(
        "which_channel",
        message("A test message goes by one channel."),
        message("Name it: pingyi channel check NAME --to ADDRESS"),
    )


def _no_address(name: str, to: str) -> Problem:
    return Problem(
        "no_such_address",
        message("{address} is no address for the channel {name}.", address=to, name=name),
        message("Give a phone number with its country code, for Telegram the number of the chat."),
    )


def _silent() -> Problem:
    return Problem(
        "silent",
        message("The provider does not answer."),
        message("Check the network, the firewall and the provider's address; for the simulator the service must run."),
    )
