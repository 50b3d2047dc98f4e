"""The channel to a carrier's HTTP gateway for SMS, as a TOML file describes it (docs/gateway.md)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from bot.channels import gatewayfile as file
from bot.channels import gatewayitems as items
from bot.channels.approved import Approved, unsigned
from bot.channels.channel import Capabilities, Examination, RawRequest, Rejected, Take, Unfetchable
from bot.channels.gatewayanswer import outcome
from bot.channels.gatewaycall import ANSWER_SECONDS, Caller, Unanswered, Unreached
from bot.channels.gatewaypoll import Poller, together
from bot.channels.gatewayreading import read_gateway
from bot.channels.gatewaytext import word_at
from bot.logs import logger
from bot.settings import Settings
from scheduler.clock import Clock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from storage.gates import Limits
from storage.inbox import Inbound
from storage.receipts import Receipt
from surveys.language import message
from surveys.problem import Problem, Refused

NAME = items.NAME
NOT_APPROVED = "no approved template"


class GatewayChannel:
    """Sends by the carrier's HTTP interface and reads, or fetches, what residents write and what became of messages."""

    name = NAME
    kind = "phone"

    def __init__(
        self,
        described: file.GatewayFile,
        *,
        secret: str,
        clock: Clock,
        region: str = "CN",
        zone: str = "Asia/Shanghai",
        public_url: str = "",
        per_second: float = 0.0,
        answer_seconds: float = ANSWER_SECONDS,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        self._file, self._secret, self._clock, self._region = described, secret, clock, region
        self._public_url, self._real_time = public_url, real_time
        self._caller = Caller(
            secret=secret, sign=described.sign, zone=zone, answer_seconds=answer_seconds, real_time=real_time
        )
        self.approved: Approved | None = described.approved()
        self.capabilities = Capabilities(
            buttons=False, longest=described.send.longest, receipts=described.receipts is not None
        )
        self.limits = Limits(per_second=per_second, segmented=True, evidence=described.evidence is not None)
        posts = described.posts
        self.thanks = (posts.answer_type, posts.answer) if posts and posts.answer else ("", "")
        self._log = logger("bot.channels.gateway")

    async def open(self) -> None:
        """Get ready to send."""
        await self._caller.open()

    async def close(self) -> None:
        """Let go of connections."""
        await self._caller.close()

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        """Hand the message to the carrier once; what fits no approved text is not handed over."""
        send = self._file.send
        number = _number(message.address, send)
        if not number:
            return NotSent(f"the gateway reaches numbers of +{send.country} only", Failure.UNREACHABLE)
        if len(message.text) > send.longest:
            return NotSent("the text is longer than the gateway takes", Failure.REFUSED)
        known = self._known(message, number)
        if known is None:
            return NotSent(NOT_APPROVED, Failure.UNREACHABLE)
        try:
            answer = await self._caller.ask(send, known)
        except Unreached as error:
            return NotSent(str(error), Failure.DOWN)
        except Unanswered as error:
            return Unknown(str(error))
        return outcome(send, answer, message.attempt)

    def _known(self, message: Outgoing, number: str) -> dict[str, Any] | None:
        """Return what fills the places of the request; None if the text must not be sent."""
        signature = self.approved.signature if self.approved else ""
        known: dict[str, Any] = {
            "to": number,
            "attempt": message.attempt,
            "sender": self._file.send.sender,
            "signature": signature,
            "content": unsigned(message.text, signature),
        }
        if self.approved is not None:
            fitting = self.approved.match(message.text)
            if fitting is None:
                return None
            variables = dict(fitting.variables)
            known |= {"template": fitting.template, "variables": variables, "values": list(variables.values())}
            known["content"] = fitting.content
        known["text"] = f"【{signature}】{known['content']}" if signature else message.text
        return known

    async def evidence(
        self,
        message: Outgoing,
        since: datetime,
        known: frozenset[str],  # noqa: ARG002 - the attempt alone names the message
    ) -> Accepted | NotSent | Unknown:
        """Ask the carrier for the message of the attempt, where the description says how."""
        asked = self._file.evidence
        if asked is None:
            return Unknown("the gateway cannot be asked")
        number = _number(message.address, self._file.send)
        fields = {"attempt": message.attempt, "to": number, "sender": self._file.send.sender}
        try:
            answer = await self._caller.ask(asked, fields)
            if answer.status == HTTPStatus.NOT_FOUND:
                found = []
            elif not answer.fine or (asked.ok and word_at(answer.said, asked.ok.path) not in asked.ok.equals):
                return Unknown(f"the gateway answered {answer.status}")
            else:
                found = items.answered(asked, answer.said)
        except (Unreached, Unanswered, items.Malformed) as error:
            return Unknown(str(error))
        for item in found:
            if word_at(item, asked.attempt) == message.attempt:
                return Accepted((word_at(item, asked.id) if asked.id else "") or message.attempt)
        if self._real_time() - since.timestamp() < asked.absent_after:
            return Unknown("the gateway does not list it yet")
        return NotSent("the gateway does not have it")

    def parse(self, request: RawRequest) -> tuple[Inbound, ...]:
        """Return the messages of a post; Rejected unless its signature is right."""
        part = self._file.inbound
        opened = items.opened(self._file.posts, part, request, self._secret, self._real_time())
        return tuple(self._read(opened, self._inbound))

    def parse_receipt(self, request: RawRequest) -> tuple[Receipt, ...]:
        """Return the reports of a post; Rejected unless its signature is right."""
        part = self._file.receipts
        opened = items.opened(self._file.posts, part, request, self._secret, self._real_time())
        return tuple(self._read(opened, self._receipt))

    async def listen(self, take: Take) -> None:
        """Poll what the description says is polled, until cancelled."""
        pollers = [
            Poller(self._caller, part, read, partial(_give, take, position), name=name)
            for position, (name, part, read) in enumerate(
                (
                    ("inbound", self._file.inbound, self._inbound),
                    ("receipts", self._file.receipts, self._receipt),
                )
            )
            if part is not None and part.poll is not None
        ]
        await together([poller.run() for poller in pollers])

    async def heard(self, inbound: Inbound, *, stale: bool) -> None:
        """Do nothing: an SMS has no buttons."""

    async def fetch(self, reference: str) -> tuple[str, bytes]:  # noqa: ARG002 - there are none
        """Refuse: an SMS has no attachments."""
        raise Unfetchable("an SMS carries no attachments", final=True)

    async def examine(self) -> Examination:
        """Say what the description amounts to, and whether the gateway and our own address can be reached."""
        described = self._file
        modes = {
            name: part.mode if part else "-"
            for name, part in (("inbound", described.inbound), ("receipts", described.receipts))
        }
        facts = {
            "url": described.send.url.partition("?")[0],
            **modes,
            "evidence": "yes" if described.evidence else "no",
            "templates": str(len(self.approved)) if self.approved is not None else "-",
            "signature": self.approved.signature if self.approved is not None else "",
        }
        problems = []
        if "post" in modes.values() and not self._public_url.startswith("https://"):
            problems.append(_not_public(self._public_url))
        problems += await self._greet()
        return Examination(facts, tuple(problems))

    async def _greet(self) -> list[Problem]:
        """Reach the gateway; where it can be asked for evidence, its answer tells whether it knows us."""
        asked = self._file.evidence
        try:
            if asked is None:
                await self._caller.knock(self._file.send.url)
                return []
            fields = {"attempt": "check", "to": "", "sender": self._file.send.sender}
            status = (await self._caller.ask(asked, fields)).status
        except (Unreached, Unanswered) as error:
            return [_unreachable(str(error))]
        return [_not_known(status)] if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} else []

    def _inbound(self, item: Any) -> Inbound:
        part = self._file.inbound
        if part is None:
            raise items.Malformed("no messages are described")
        return items.inbound(part, item, self._region, self._clock.now())

    def _receipt(self, item: Any) -> Receipt:
        part = self._file.receipts
        if part is None:
            raise items.Malformed("no reports are described")
        receipt, strange = items.receipt(part, item, self._clock.now())
        if strange:
            self._log.warning("a status the gateway's description does not know", status=strange)
        return receipt

    @staticmethod
    def _read(found: list[Any], read: Callable[[Any], Any]) -> list[Any]:
        try:
            return [read(item) for item in found]
        except items.Malformed as error:
            raise Rejected(HTTPStatus.BAD_REQUEST, str(error)) from error


def make_gateway(settings: Settings, clock: Clock) -> GatewayChannel:
    """Return the channel of the described gateway; Refused names everything that is wrong with the description."""
    if settings.gateway is None:
        raise Refused([_no_file()])
    described = read_gateway(settings.gateway.expanduser())
    secret = settings.gateway_secret.get_secret_value()
    if described.needs_secret and not secret:
        raise Refused([_no_secret(str(settings.gateway))])
    return GatewayChannel(
        described,
        secret=secret,
        clock=clock,
        region=settings.region,
        zone=settings.zone,
        public_url=settings.outside_url,
        per_second=settings.gateway_per_second,
    )


async def _give(take: Take, position: int, found: list[Any]) -> None:
    """Hand over messages (position 0) or reports (1)."""
    await (take(found, ()) if position == 0 else take((), found))


def _number(address: str, send: file.Send) -> str:
    """Return an E.164 number as the gateway wants it, '' if it cannot be written so."""
    if send.number == "e164":
        return address
    digits = address.removeprefix("+")
    if send.number == "digits":
        return digits
    return digits[len(send.country) :] if digits.startswith(send.country) else ""


def _no_file() -> Problem:
    return Problem(
        "gateway_off",
        message("No gateway is described."),
        message("Set PINGYI_GATEWAY to the file that describes it; see docs/gateway.md."),
    )


def _no_secret(path: str) -> Problem:
    return Problem(
        "gateway_secret",
        message("The gateway's description needs a secret, and none is set."),
        message("Set PINGYI_GATEWAY_SECRET to the key the carrier gave you."),
        file=path,
    )


def _not_public(url: str) -> Problem:
    return Problem(
        "public_url",
        message("The carrier cannot post to {url}: it is no public https:// address.", url=url),
        message("Set PINGYI_PUBLIC_URL, or have messages and reports polled (docs/gateway.md)."),
    )


def _unreachable(reason: str) -> Problem:
    return Problem(
        "unreachable",
        message("The gateway cannot be reached: {reason}.", reason=reason),
        message("Check send.url in its description, and that the firewall lets this machine out."),
    )


def _not_known(status: int) -> Problem:
    return Problem(
        "credentials",
        message("The gateway does not accept our account or signature (it answered {status}).", status=status),
        message("Check PINGYI_GATEWAY_SECRET, [sign] in the description, and whether the carrier lists this address."),
    )
