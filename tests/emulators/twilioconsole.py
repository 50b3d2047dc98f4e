"""What Twilio's console knows of an account: its state, its numbers, Messaging Service and WhatsApp sender."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from tests.emulators.twilioresources import error, page

SERVICE = "MG" + "0b" * 16
NUMBER, WHATSAPP = "+15005550006", "+14155238886"


class Twilio(Protocol):
    """What the console shows. `webhooks["sms"]` is "number" if the Messaging Service leaves messages to its numbers."""

    account: str
    status: str
    type: str
    webhooks: dict[str, str]

    def admitted(self, request: web.Request) -> bool:
        """Whether a request has the account's credentials."""

    def webhook(self, channel: str) -> str:
        """Return where what residents write by `channel` is posted."""


class Console:
    """Answers what `examine` asks."""

    def __init__(self, twilio: Twilio) -> None:
        self._twilio = twilio

    def routes(self) -> tuple[web.RouteDef, ...]:
        """Return the routes of the resources."""
        return (
            web.get("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json", self._numbers),
            web.get("/2010-04-01/Accounts/{sid}.json", self._account),
            web.get("/v1/Services/{sid}", self._service),
            web.get("/v2/Channels/Senders", self._senders),
        )

    async def _account(self, request: web.Request) -> web.StreamResponse:
        if not self._twilio.admitted(request):
            return error(20003)
        if request.match_info["sid"] != self._twilio.account:
            return error(20404)
        return web.json_response(
            {
                "sid": self._twilio.account,
                "friendly_name": "评议办",
                "status": self._twilio.status,
                "type": self._twilio.type,
                "owner_account_sid": self._twilio.account,
                "uri": request.path,
                "subresource_uris": {},
            }
        )

    async def _numbers(self, request: web.Request) -> web.StreamResponse:
        if not self._twilio.admitted(request):
            return error(20003)
        number = {
            "sid": f"PN{1:032x}",
            "phone_number": NUMBER,
            "friendly_name": "(500) 555-0006",
            "sms_url": self._twilio.webhook("sms"),
            "sms_method": "POST",
            "capabilities": {"sms": True},
        }
        found = [number] if request.query.get("PhoneNumber", NUMBER) == NUMBER else []
        return web.json_response(page(request.path, dict(request.query), "incoming_phone_numbers", found))

    async def _service(self, request: web.Request) -> web.StreamResponse:
        if not self._twilio.admitted(request):
            return error(20003)
        if request.match_info["sid"] != SERVICE:
            return error(20404)
        on_number = self._twilio.webhooks.get("sms") == "number"
        return web.json_response(
            {
                "sid": SERVICE,
                "account_sid": self._twilio.account,
                "friendly_name": "评议短信",
                "inbound_method": "POST",
                "inbound_request_url": self._twilio.webhook("sms"),
                "use_inbound_webhook_on_number": on_number,
            }
        )

    async def _senders(self, request: web.Request) -> web.StreamResponse:
        if not self._twilio.admitted(request):
            return error(20003)
        sender = {
            "sid": f"XE{1:032x}",
            "sender_id": f"whatsapp:{WHATSAPP}",
            "status": "ONLINE",
            "webhook": {"callback_url": self._twilio.webhook("whatsapp"), "callback_method": "POST"},
        }
        return web.json_response({"senders": [sender], "meta": {"key": "senders", "page": 0, "page_size": 50}})
