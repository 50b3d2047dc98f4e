"""WhatsApp by Twilio."""

from __future__ import annotations

from datetime import timedelta

from bot.channels.sms import twilio_account
from bot.channels.twilio import Line, TwilioChannel
from bot.settings import Settings
from scheduler.clock import Clock
from storage.gates import Limits

NAME = "whatsapp"
#: What stands before a number that is written to by WhatsApp.
PREFIX = "whatsapp:"
#: Free text is allowed so long after the resident's last message.
WINDOW = timedelta(hours=24)


def make_whatsapp(settings: Settings, clock: Clock) -> TwilioChannel:
    """Return the channel the settings describe; WhatsApp knows no validity."""
    limits = Limits(per_second=settings.whatsapp_per_second, window=WINDOW)
    sender = settings.whatsapp_from.removeprefix(PREFIX)
    line = Line(NAME, limits, sender=sender, prefix=PREFIX, validity=False)
    return TwilioChannel(line, twilio_account(settings), service_url=settings.outside_url, clock=clock)
