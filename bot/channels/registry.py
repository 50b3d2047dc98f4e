"""The one list of channels: what each is called, whether the settings switch it on, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.channels.channel import Channel
    from bot.settings import Settings
    from scheduler.clock import Clock


@dataclass(frozen=True, slots=True)
class Kind:
    """One channel: `address` is the kind of its addresses, "phone" or "telegram".

    `make` imports the channel's library, so that a service without it starts without it.
    """

    address: str
    enabled: Callable[[Settings], bool]
    make: Callable[[Settings, Clock], Channel]


def _simulator(settings: Settings, clock: Clock) -> Channel:
    from bot.channels.simulator import SimulatorChannel
    from bot.simulator.secret import simulator_secret

    return SimulatorChannel(carrier=settings.carrier_url, secret=simulator_secret(settings), clock=clock)


def _telegram(settings: Settings, clock: Clock) -> Channel:
    from bot.channels.telegram import make_telegram

    return make_telegram(settings, clock)


def _sms(settings: Settings, clock: Clock) -> Channel:
    from bot.channels.sms import make_sms

    return make_sms(settings, clock)


def _whatsapp(settings: Settings, clock: Clock) -> Channel:
    from bot.channels.whatsapp import make_whatsapp

    return make_whatsapp(settings, clock)


def _gateway(settings: Settings, clock: Clock) -> Channel:
    from bot.channels.gateway import make_gateway

    return make_gateway(settings, clock)


#: In the order in which they are preferred where neither a plan nor a resident says otherwise.
CHANNELS: Mapping[str, Kind] = {
    "simulator": Kind("phone", lambda settings: settings.simulator, _simulator),
    "telegram": Kind("telegram", lambda settings: bool(settings.telegram_token.get_secret_value()), _telegram),
    "whatsapp": Kind("phone", lambda settings: bool(settings.twilio_account and settings.whatsapp_from), _whatsapp),
    "sms": Kind(
        "phone", lambda settings: bool(settings.twilio_account and (settings.sms_service or settings.sms_from)), _sms
    ),
    "gateway": Kind("phone", lambda settings: settings.gateway is not None, _gateway),
}


def enabled(settings: Settings) -> Iterator[str]:
    """Yield the names of the channels the settings switch on, the preferred first."""
    return (name for name, kind in CHANNELS.items() if kind.enabled(settings))
