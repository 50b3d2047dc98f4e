"""What a gateway's answer to a message means: by the codes of its description, then by the HTTP status."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from bot.channels.gatewaycall import Answer
from bot.channels.gatewayfile import Send
from bot.channels.gatewayitems import LONGEST_ID
from bot.channels.gatewaytext import word_at
from scheduler.sender import Accepted, NotSent, Unknown
from storage.failure import Failure

#: What an HTTP status means where the description's own table of codes says nothing.
STATUSES: Mapping[int, Failure] = {
    HTTPStatus.UNAUTHORIZED: Failure.MISCONFIGURED,  # account or password
    HTTPStatus.FORBIDDEN: Failure.MISCONFIGURED,  # signature, or an address that is not on the carrier's list
    HTTPStatus.NOT_FOUND: Failure.MISCONFIGURED,  # the address of the gateway
    HTTPStatus.METHOD_NOT_ALLOWED: Failure.MISCONFIGURED,
    HTTPStatus.TOO_MANY_REQUESTS: Failure.BUSY,
}


def outcome(send: Send, answer: Answer, attempt: str) -> Accepted | NotSent | Unknown:
    """Read the answer to a message. Only what the description calls success is acceptance.

    The carrier's own code decides before the HTTP status; an error behind its door without a code we know proves
    nothing.
    """
    code = word_at(answer.said, send.code_path) if send.code_path else ""
    right = word_at(answer.said, send.ok.path) in send.ok.equals if send.ok else True
    if answer.fine and right:
        name = word_at(answer.said, send.id)[:LONGEST_ID] if send.id else attempt
        return Accepted(name) if name else Unknown("an answer without an id")
    if code in send.errors:
        return NotSent(f"the gateway refused with {code}", send.errors[code], answer.retry_after)
    if answer.status in STATUSES:
        return NotSent(f"the gateway answered {answer.status}", STATUSES[answer.status], answer.retry_after)
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return NotSent("the gateway's address leads elsewhere", Failure.MISCONFIGURED)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or (answer.fine and not code):
        return Unknown(f"the gateway answered {answer.status} and no code that is described")
    return NotSent(f"the gateway refused with {code[:32] or answer.status}", Failure.REFUSED)
