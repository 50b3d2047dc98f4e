"""The channel by Twilio that SMS and WhatsApp share: sending, webhooks, reports, its list of messages as evidence."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote_plus

from aiohttp import ClientError, ConnectionTimeoutError
from aiohttp.client_exceptions import ClientConnectorError
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.base.values import unset
from twilio.rest import Client

from bot.channels.channel import LARGEST_BODY, Capabilities, Examination, RawRequest, Rejected, Take, Unfetchable
from bot.channels.twilioaccount import examine
from bot.channels.twiliocodes import ALARMING, failed, refused
from bot.channels.twiliomedia import attachments, fetch
from bot.channels.twiliosignature import HEADER, genuine
from bot.channels.twiliotransport import ANSWER_SECONDS, Transport, make_client
from bot.logs import logger
from scheduler.clock import Clock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from storage.gates import Limits
from storage.inbox import Inbound
from storage.receipts import Delivery, Receipt

#: Characters of one message.
LONGEST = 1600
#: Fields of one post; Twilio sends about forty.
MOST_FIELDS = 300
#: Seconds a message may stay in Twilio's queue.
SHORTEST_VALIDITY, LONGEST_VALIDITY = 1, 36_000
#: Asks Twilio to repeat a report up to five times, whatever went wrong. A fragment is not sent, nor signed.
REPEAT = "#rc=5&rp=all"
#: Seconds after which a message Twilio does not list was never there.
ABSENT_AFTER = 20.0
#: How far the clocks of Twilio and of this machine may differ; `known` keeps former messages apart anyway.
SKEW = timedelta(seconds=60)
#: Messages of one list request, and how many are looked through at most.
PAGE, MOST_LISTED = 100, 1000

_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"\+[1-9]\d{5,14}", re.ASCII)
_ATTEMPT = re.compile(r"[\x21-\x7e]{1,128}")

#: What Twilio reports of a message. States it may add one day are passed over: a final one follows them.
_DELIVERIES: Mapping[str, Delivery] = {
    "queued": Delivery.ACCEPTED,
    "accepted": Delivery.ACCEPTED,
    "scheduled": Delivery.ACCEPTED,
    "sending": Delivery.ACCEPTED,
    "sent": Delivery.ACCEPTED,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
}


@dataclass(frozen=True, slots=True)
class Account:
    """Whose messages they are; `url` is where Twilio's API answers, empty for Twilio's own."""

    sid: str
    token: str = field(repr=False)
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What tells one channel by Twilio from another.

    `sender` is the number that sends, or `service` the Messaging Service; `prefix` stands before numbers; a message
    of a line with `validity` is not delivered after its `valid_until`; `region` is the country of the residents.
    """

    name: str
    limits: Limits
    sender: str = ""
    service: str = ""
    prefix: str = ""
    validity: bool = True
    region: str = ""


class TwilioChannel:
    """Sends by `account` and reads what Twilio posts to `service_url`, the service as seen from outside."""

    kind = "phone"
    capabilities = Capabilities(buttons=False, longest=LONGEST, media=True)
    thanks = ("text/xml", "<Response/>")

    def __init__(
        self,
        line: Line,
        account: Account,
        *,
        service_url: str,
        clock: Clock,
        answer_seconds: float = ANSWER_SECONDS,
        absent_after: float = ABSENT_AFTER,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        self.name, self.limits = line.name, line.limits
        self._line, self._account, self._service_url = line, account, service_url
        self._clock, self._real_time = clock, real_time
        self._answer_seconds, self._absent_after = answer_seconds, absent_after
        self._receipts_url = f"{service_url}/channels/{line.name}/receipts"
        self._transport: Transport | None = None
        self._client: Client | None = None

    async def open(self) -> None:
        """Open the one session all requests share."""
        self._transport = Transport(self._answer_seconds)
        self._client = make_client(self._transport, self._account.sid, self._account.token, self._account.url)

    async def close(self) -> None:
        """Close it."""
        transport, self._transport, self._client = self._transport, None, None
        if transport is not None:
            await transport.close()

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        """Create the message at Twilio once."""
        if self._client is None:
            return NotSent("the channel is closed", Failure.DOWN)
        try:
            taken = await self._client.messages.create_async(
                to=f"{self._line.prefix}{message.address}",
                body=message.text,
                messaging_service_sid=self._line.service or unset,
                from_=unset if self._line.service else f"{self._line.prefix}{self._line.sender}",
                status_callback=f"{self._receipts_url}?attempt={quote_plus(message.attempt)}{REPEAT}",
                validity_period=self._validity(message.valid_until),
            )
        except (TwilioRestException, TwilioServiceException) as error:
            self._alarm(error.code)
            return refused(error.status, error.code)
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            # No connection was made, so nothing can have been sent over it.
            return NotSent(f"Twilio cannot be reached: {type(error).__name__}", Failure.DOWN)
        except (ClientError, OSError) as error:
            return Unknown(f"no answer: {type(error).__name__}")
        except Exception as error:  # noqa: BLE001 - a yes the library cannot read may still be one
            return Unknown(f"an answer nobody can read: {type(error).__name__}")
        return Accepted(taken.sid) if _is(_SID, taken.sid) else Unknown("an answer without an id")

    async def evidence(self, message: Outgoing, since: datetime, known: frozenset[str]) -> Accepted | NotSent | Unknown:
        """Look for the message in Twilio's list.

        What is neither `known` nor the same text leaves it open: Twilio may have changed the wording on its way.
        """
        if self._client is None:
            return Unknown("the channel is closed")
        try:
            listed = await self._listed(self._client, message.address, since - SKEW)
        except Exception as error:  # noqa: BLE001 - whatever kept the list from us, nothing is known
            return Unknown(f"the list of messages cannot be had: {type(error).__name__}")
        if listed is None:
            return Unknown("the list of messages is too long")
        strange = [item for item in listed if self._ours(item) and item.sid not in known]
        same = [item for item in strange if (item.body or "").strip() == message.text.strip()]
        if same:
            return Accepted(min(same, key=lambda item: item.date_created or since).sid)
        if strange:
            return Unknown("the provider lists a message with another wording")
        if self._real_time() - since.timestamp() < self._absent_after:
            return Unknown("the provider does not list it yet")
        return NotSent("the provider does not list it", Failure.DOWN)

    async def listen(self, take: Take) -> None:
        """Twilio posts its messages."""

    async def heard(self, inbound: Inbound, *, stale: bool) -> None:
        """There are no buttons to tap."""

    async def fetch(self, reference: str) -> tuple[str, bytes]:
        """Return media type and content of the picture or recording at the address `reference`."""
        if self._transport is None:
            raise Unfetchable("the channel is closed", final=False)
        account = self._account
        return await fetch(self._transport.session, reference, account.url, (account.sid, account.token))

    async def examine(self) -> Examination:
        """Ask Twilio for the account, the sender, and where it posts what residents write."""
        if self._client is None:
            return Examination({"account": self._account.sid})
        return await examine(
            self._client,
            account=self._account.sid,
            whatsapp=bool(self._line.prefix),
            sender=self._line.sender,
            service=self._line.service,
            webhook=f"{self._service_url}/channels/{self.name}/messages",
            region=self._line.region,
        )

    def parse(self, request: RawRequest) -> tuple[Inbound, ...]:
        """Return the message of a post; a replayed one has the same `MessageSid`, and is heard once."""
        said = self._fields(request)
        sender = said.get("From", "")
        number = sender.removeprefix(self._line.prefix)
        right = sender.startswith(self._line.prefix) and number and ":" not in number
        if not right or (self._line.prefix and not _is(_NUMBER, number)):
            raise Rejected(HTTPStatus.BAD_REQUEST, f"the sender is none of {self.name}")
        provider_id = _field(said, "MessageSid")
        if not _is(_NUMBER, number):
            return ()  # a short code or a name: no resident writes from there, and nobody could be answered
        return (
            Inbound(
                channel=self.name,
                provider_id=provider_id,
                kind=self.kind,
                sender=number,
                text=said.get("Body", "")[: 4 * LONGEST],
                at=self._clock.now(),
                attachments=attachments(said),
            ),
        )

    def parse_receipt(self, request: RawRequest) -> tuple[Receipt, ...]:
        """Return the state of a message of ours; the attempt is in the query, which is signed too."""
        said = self._fields(request)
        provider_id, state = _field(said, "MessageSid"), said.get("MessageStatus", "")
        attempt = parse_qs(request.query).get("attempt", [""])[0]
        if not state or (attempt and not _is(_ATTEMPT, attempt)):
            raise Rejected(HTTPStatus.BAD_REQUEST, "a report without a state, or of no attempt of ours")
        delivery = _DELIVERIES.get(state)
        if delivery is None:
            return ()
        code = said.get("ErrorCode", "")[:12] if delivery is Delivery.FAILED else ""
        failure = Failure.REFUSED
        if delivery is Delivery.FAILED:
            self._alarm(int(code) if code.isascii() and code.isdecimal() else None)
            failure = failed(code)
        return (
            Receipt(
                channel=self.name,
                attempt=attempt,
                provider_id=provider_id,
                delivery=delivery,
                at=self._clock.now(),
                error=f"{state} {code}".strip() if delivery is Delivery.FAILED else "",
                failure=failure,
            ),
        )

    def _fields(self, request: RawRequest) -> dict[str, str]:
        """Check size and signature, then return the fields of the form."""
        if len(request.body) > LARGEST_BODY:
            raise Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
        try:
            text = request.body.decode("utf-8", "replace")
            fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise Rejected(HTTPStatus.BAD_REQUEST, "a form of too many fields") from error
        signed, url = request.headers.get(HEADER.lower()), self._service_url + request.target
        if not genuine(self._account.token, signed, url, fields):
            raise Rejected(HTTPStatus.FORBIDDEN, "the signature is missing or wrong")
        return dict(fields)

    async def _listed(self, client: Client, address: str, since: datetime) -> list[Any] | None:
        """Return what was sent to `address` from `since` on; None if there is more than anybody looks through.

        The list is not narrowed by date: it knows the date of sending only, which a queued message has not.
        """
        found: list[Any] = []
        seen = 0
        page = await client.messages.page_async(to=f"{self._line.prefix}{address}", page_size=PAGE)
        while page is not None:
            items = list(page)
            recent = [item for item in items if item.date_created is None or item.date_created >= since]
            found += recent
            seen += len(items)
            if not recent:
                return found  # the newest come first
            if seen >= MOST_LISTED:
                return None
            page = await page.next_page_async()
        return found

    def _ours(self, item: Any) -> bool:
        """Whether a listed message went out from our sender: others may use the account too."""
        if not str(item.direction).startswith("outbound"):
            return False
        if self._line.service:
            return bool(item.messaging_service_sid == self._line.service)
        return bool(item.from_ == f"{self._line.prefix}{self._line.sender}")

    def _validity(self, until: datetime | None) -> Any:
        if until is None or not self._line.validity:
            return unset
        seconds = math.floor((until - self._clock.now()).total_seconds())
        return max(SHORTEST_VALIDITY, min(LONGEST_VALIDITY, seconds))

    def _alarm(self, code: int | None) -> None:
        if code in ALARMING:
            logger("bot.channels").error("a message was refused for a cause staff should look at", code=code)


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _field(said: Mapping[str, str], name: str) -> str:
    value = said.get(name, "")
    if not _is(_SID, value):
        raise Rejected(HTTPStatus.BAD_REQUEST, f"{name} is missing or malformed")
    return value
