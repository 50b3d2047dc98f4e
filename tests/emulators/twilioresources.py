"""Twilio's resources and errors as JSON, with the field names of its published OpenAPI description."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

#: Status and message of each error the emulator answers with.
ERRORS: Mapping[int, tuple[int, str]] = {
    14107: (400, "Message rate limit exceeded"),
    20003: (401, "Authenticate"),
    20005: (403, "Account not active"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    21211: (400, "Invalid 'To' Phone Number"),
    21408: (403, "Permission to send an SMS has not been enabled for the region"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21606: (400, "The 'From' phone number provided is not a valid message-capable Twilio phone number."),
    21609: (400, "The 'StatusCallback' URL is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The message cannot be sent with the current combination of 'To' and 'From' parameters"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21659: (400, "'From' is not a Twilio phone number"),
    21701: (404, "The Messaging Service does not exist"),
    21703: (400, "The Messaging Service does not have a phone number available to send a message"),
    30001: (429, "Queue overflow"),
    63007: (400, "Twilio could not find a Channel with the specified 'From' address"),
    63016: (400, "Failed to send freeform message because you are outside the allowed window"),
}


def error(code: int) -> web.Response:
    """Return Twilio's answer with error `code`; one that is not listed is a refusal of the request."""
    status, text = ERRORS.get(code, (400, "Error"))
    more = f"https://www.twilio.com/docs/errors/{code}"
    return web.json_response({"code": code, "message": text, "more_info": more, "status": status}, status=status)


def instant(wall: float) -> str:
    """Return unix seconds as Twilio writes instants."""
    return formatdate(wall).replace("-0000", "+0000")


def message(account: str, sid: str, form: Mapping[str, str], parts: int) -> dict[str, Any]:
    """Return the resource of a message that was just accepted; `form` is the request."""
    uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
    by_service = form.get("MessagingServiceSid")
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": form["Body"],
        "date_created": instant(time.time()),
        "date_sent": None,
        "date_updated": instant(time.time()),
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": form.get("From"),
        "messaging_service_sid": by_service,
        "num_media": "0",
        "num_segments": "0" if by_service else str(parts),
        "price": None,
        "price_unit": None,
        "sid": sid,
        "status": "accepted" if by_service else "queued",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": form["To"],
        "uri": f"{uri}.json",
    }


def shown(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource as it stands now, for an answer."""
    return dict(resource)


def page(path: str, query: Mapping[str, str], key: str, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the page of `found` that `query` asks for."""
    size, number = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
    start = number * size

    def uri(which: int) -> str:
        return f"{path}?{urlencode({**query, 'PageSize': size, 'Page': which, 'PageToken': f'PA{which:032x}'})}"

    shown_here = found[start : start + size]
    return {
        key: shown_here,
        "start": start,
        "end": start + max(0, len(shown_here) - 1),
        "page": number,
        "page_size": size,
        "uri": uri(number),
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1) if start + size < len(found) else None,
        "previous_page_uri": uri(number - 1) if number else None,
    }
