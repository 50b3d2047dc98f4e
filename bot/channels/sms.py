"""SMS by Twilio."""

from __future__ import annotations

from bot.channels.twilio import Account, Line, TwilioChannel
from bot.settings import Settings
from scheduler.clock import Clock
from storage.gates import Limits

NAME = "sms"


def make_sms(settings: Settings, clock: Clock) -> TwilioChannel:
    """Return the channel the settings describe; carriers count segments, not messages."""
    limits = Limits(per_second=settings.sms_per_second, segmented=True)
    line = Line(NAME, limits, sender=settings.sms_from, service=settings.sms_service, region=settings.region)
    return TwilioChannel(line, twilio_account(settings), service_url=settings.outside_url, clock=clock)


def twilio_account(settings: Settings) -> Account:
    """Return the account of the settings."""
    return Account(settings.twilio_account, settings.twilio_token.get_secret_value(), settings.twilio_url)
