"""What Twilio's error codes mean for a message: one table for what it answers and what it reports later."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from scheduler.sender import NotSent, Unknown
from storage.failure import Failure

#: Twilio's own list: https://www.twilio.com/docs/api/errors
CODES: Mapping[int, Failure] = {
    # The resident said STOP; Twilio sends them nothing more.
    21610: Failure.OPTED_OUT,
    # The address cannot be had by this channel.
    21211: Failure.UNREACHABLE,  # no valid number
    21214: Failure.UNREACHABLE,  # the number cannot be reached
    21217: Failure.UNREACHABLE,  # seems to be no number
    21408: Failure.UNREACHABLE,  # the account may not write to this country: one odd number must not stop the rest
    21608: Failure.UNREACHABLE,  # a trial account writes to verified numbers only
    21612: Failure.UNREACHABLE,  # no way from our number to this one
    21614: Failure.UNREACHABLE,  # no mobile number
    30004: Failure.UNREACHABLE,  # blocked at the phone or by the carrier
    30005: Failure.UNREACHABLE,  # the number is not in service
    30006: Failure.UNREACHABLE,  # landline, or a carrier that takes no SMS
    63003: Failure.UNREACHABLE,  # no such account at WhatsApp
    63015: Failure.UNREACHABLE,  # the number has not joined the WhatsApp sandbox
    63016: Failure.UNREACHABLE,  # outside the 24-hour window only templates may be sent
    63024: Failure.UNREACHABLE,  # no valid recipient of WhatsApp
    # The phone is off, full or out of reach.
    30003: Failure.AWAY,
    30008: Failure.AWAY,  # Twilio's own "unknown"
    30017: Failure.AWAY,  # the carrier's network is congested
    # Patience.
    20429: Failure.BUSY,  # too many requests
    21611: Failure.BUSY,  # the queue of our number is full
    30001: Failure.BUSY,  # the queue has run over
    30022: Failure.BUSY,  # faster than the carrier lets our number
    63018: Failure.BUSY,  # faster than WhatsApp lets our number
    # This message, whatever one does.
    14107: Failure.REFUSED,  # Twilio broke a loop of replies
    21602: Failure.REFUSED,  # no text
    21617: Failure.REFUSED,  # longer than 1600 characters
    30007: Failure.REFUSED,  # the carrier took it for spam: the wording wants looking at
    30036: Failure.REFUSED,  # its validity ended in the queue
    63013: Failure.REFUSED,  # against WhatsApp's policy
    # Account, sender or settings are wrong: nothing gets through until somebody mends them.
    20003: Failure.MISCONFIGURED,  # wrong token, or not allowed
    20005: Failure.MISCONFIGURED,  # the account is not active
    20404: Failure.MISCONFIGURED,  # no such account
    21603: Failure.MISCONFIGURED,  # no sender named
    21606: Failure.MISCONFIGURED,  # the sender is no number of ours that can send
    21609: Failure.MISCONFIGURED,  # the address for reports is no public one
    21659: Failure.MISCONFIGURED,  # the sender is no number of Twilio's
    21701: Failure.MISCONFIGURED,  # no such Messaging Service
    21703: Failure.MISCONFIGURED,  # the Messaging Service has no number
    30002: Failure.MISCONFIGURED,  # the account is suspended
    30034: Failure.MISCONFIGURED,  # the number is not registered with the carriers
    63007: Failure.MISCONFIGURED,  # no such WhatsApp sender
}
#: Of these staff should hear at once, though each ends one message only.
ALARMING = frozenset({21408, 21608, 30007, 63013})

_STATUSES: Mapping[int, Failure] = {
    HTTPStatus.UNAUTHORIZED: Failure.MISCONFIGURED,
    HTTPStatus.FORBIDDEN: Failure.MISCONFIGURED,
    HTTPStatus.NOT_FOUND: Failure.MISCONFIGURED,
    HTTPStatus.TOO_MANY_REQUESTS: Failure.BUSY,
}


def refused(status: int, code: int | None) -> NotSent | Unknown:
    """Return what an answer other than success says of a message; only a refusal proves that it was not taken."""
    if not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return Unknown(f"Twilio answered {status}")
    named = code is not None and code != status  # an answer that is no JSON repeats the status as its code
    failure = CODES.get(code or 0) or _STATUSES.get(status, Failure.REFUSED)
    return NotSent(f"Twilio refused with {code if named else status}", failure)


def failed(code: str) -> Failure:
    """Return what a report of a message that failed says; a cause that is not listed is one Twilio may not know."""
    return CODES.get(int(code), Failure.AWAY) if code.isascii() and code.isdecimal() else Failure.AWAY
