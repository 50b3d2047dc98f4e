"""Twilio as the channel contract sees it, once for SMS and once for WhatsApp."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from multidict import MultiDict
from pydantic import SecretStr
from simulator_provider import NOW
from twilio.request_validator import RequestValidator

from bot.channels.channel import RawRequest
from bot.channels.sms import make_sms
from bot.channels.twilio import Account, Line, TwilioChannel
from bot.channels.whatsapp import make_whatsapp
from bot.settings import Settings
from bot.simulator.faults import Fault
from scheduler.clock import SteppedClock
from storage.receipts import Delivery
from tests.emulators.twilio import ACCOUNT, NUMBER, TOKEN, WHATSAPP, TwilioEmulator

PUBLIC = "https://pingyi.example.org"
STATES = {Delivery.ACCEPTED: "sent", Delivery.DELIVERED: "delivered", Delivery.FAILED: "undelivered"}


def settings(url: str = "") -> Settings:
    """Return the settings of an office with both channels; `url` is where the emulator answers."""
    return Settings(
        public_url=PUBLIC,
        twilio_account=ACCOUNT,
        twilio_token=SecretStr(TOKEN),
        twilio_url=url,
        sms_from=NUMBER,
        whatsapp_from=WHATSAPP,
    )


class SmsProvider:
    """The emulator of Twilio with the channel for SMS."""

    name, prefix = "sms", ""
    address = "+8613900000001"
    malformed: tuple[bytes, ...] = (
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"&" * 400,
        b"From=%2B8613900000001&Body=1",
        b"From=%2B8613900000001&Body=1&MessageSid=",
        b"From=%2B8613900000001&Body=1&MessageSid=SM1",
        b"Body=1&MessageSid=SM" + b"0" * 32,
        b"From=messenger%3A1&Body=1&MessageSid=SM" + b"0" * 32,
    )

    def __init__(self) -> None:
        self.emulator = TwilioEmulator()
        self.url = "http://127.0.0.1:9"  # nobody answers there

    def made(self) -> TwilioChannel:
        """Return the channel of the settings."""
        return make_sms(settings(self.url), SteppedClock(NOW))

    def channel(self) -> TwilioChannel:
        """Return a channel to the emulator that waits no longer than a test does."""
        return self.patient(absent_after=0.0)

    def patient(
        self, *, absent_after: float = 20.0, answer_seconds: float = 0.3, line: Mapping[str, object] | None = None
    ) -> TwilioChannel:
        """Return a channel to the emulator; `line` changes what tells it from others."""
        changed: Line = replace(self.made()._line, **(line or {}))
        return TwilioChannel(
            changed,
            Account(ACCOUNT, TOKEN, self.url),
            service_url=PUBLIC,
            clock=SteppedClock(NOW),
            answer_seconds=answer_seconds,
            absent_after=absent_after,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the emulator on a free port of this machine."""
        async with self.emulator.running():
            self.url = self.emulator.url
            yield

    def fault(self, fault: str) -> None:
        """Let the next request for sending fail so."""
        self.emulator.faults.seconds = 0.5
        self.emulator.faults.set(Fault(fault), 1)

    def count(self, attempt: str) -> int:
        """Count the messages of `attempt` that were accepted."""
        return self.emulator.count(attempt)

    def id(self, name: str) -> str:
        """Return a SID such as Twilio makes."""
        return f"SM{hashlib.sha256(name.encode()).hexdigest()[:32]}"

    def message(self, name: str, text: str, **more: str) -> RawRequest:
        """Return a signed post of one message."""
        fields = self.emulator._inbound(f"{self.prefix}{self.address}", text) | {"MessageSid": self.id(name), **more}
        return self.signed(RawRequest("POST", f"/channels/{self.name}/messages"), urlencode(fields).encode())

    def receipt(self, attempt: str, name: str, delivery: Delivery, **more: str) -> RawRequest:
        """Return a signed post of one report."""
        fields = {"MessageSid": self.id(name), "MessageStatus": STATES[delivery], "AccountSid": ACCOUNT, **more}
        request = RawRequest("POST", f"/channels/{self.name}/receipts", query=urlencode({"attempt": attempt}))
        return self.signed(request, urlencode(fields).encode())

    def signed(self, request: RawRequest, body: bytes) -> RawRequest:
        """Sign `body` as Twilio's library does."""
        fields = MultiDict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        header = RequestValidator(TOKEN).compute_signature(PUBLIC + request.target, fields)
        headers = {"x-twilio-signature": header, "content-type": "application/x-www-form-urlencoded"}
        return replace(request, body=body, headers=headers)


class WhatsAppProvider(SmsProvider):
    """The same with the channel for WhatsApp."""

    name, prefix = "whatsapp", "whatsapp:"
    malformed = (
        *SmsProvider.malformed,
        b"From=%2B8613900000001&Body=1&MessageSid=SM" + b"0" * 32,
        b"From=whatsapp%3A&Body=1&MessageSid=SM" + b"0" * 32,
    )

    def made(self) -> TwilioChannel:
        """Return the channel of the settings."""
        return make_whatsapp(settings(self.url), SteppedClock(NOW))
