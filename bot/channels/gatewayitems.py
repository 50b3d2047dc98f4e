"""What a gateway posts or is asked for, item by item: messages of residents and delivery reports."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from bot.channels import gatewayfile as file
from bot.channels.channel import LARGEST_BODY, RawRequest, Rejected
from bot.channels.gatewaycall import encoded
from bot.channels.gatewaytext import as_text, at, fill, word_at
from storage.failure import Failure
from storage.inbox import Inbound
from storage.receipts import Delivery, Receipt
from surveys.residents.phone import e164

NAME = "gateway"
#: Characters kept of one message and of an id.
LONGEST_TEXT, LONGEST_ID = 4000, 128


class Malformed(Exception):
    """An item lacks what the description says it has; the text names the key, never its value."""


def opened(
    posts: file.Posts | None, part: file.Incoming | None, request: RawRequest, secret: str, now: float
) -> list[Any]:
    """Return the items of a post once size and signature are right; else Rejected."""
    if len(request.body) > LARGEST_BODY:
        raise Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large")
    if posts is None or not _genuine(posts, request, secret, now):
        raise Rejected(HTTPStatus.FORBIDDEN, "the signature is missing, wrong or too old")
    if part is None or part.mode != "post":
        raise Rejected(HTTPStatus.BAD_REQUEST, "the description expects no such posts")
    try:
        return listed(part, decoded(part.format, request.body))
    except Malformed as error:
        raise Rejected(HTTPStatus.BAD_REQUEST, str(error)) from error


def _genuine(posts: file.Posts, request: RawRequest, secret: str, now: float) -> bool:
    """Whether the signature covers this request and its time lies within the window; compared in constant time."""
    given = request.headers.get(posts.header.lower(), "")
    moment = request.headers.get(posts.timestamp.lower(), "")
    if not (secret and given.isascii() and moment.isascii() and moment.isdigit() and len(moment) <= 13):
        return False
    if abs(now - int(moment) / (1000 if len(moment) == 13 else 1)) > posts.window:
        return False
    parts = {
        "timestamp": moment,
        "method": request.method.upper(),
        "path": request.path,
        "target": request.target,
        "secret": secret,
        # Latin-1 carries any byte there and back.
        "body": request.body.decode("latin-1"),
    }
    texts = {name: text if name == "body" else text.encode().decode("latin-1") for name, text in parts.items()}
    content = as_text(fill(posts.content.encode().decode("latin-1"), texts)).encode("latin-1")
    right = encoded(hmac.digest(secret.encode(), content, posts.algorithm), posts.encoding)
    return hmac.compare_digest(given, right)


def decoded(kind: str, body: bytes) -> Any:
    """Return the body as a JSON value; a form is a table of texts. Raises Malformed."""
    try:
        if kind == "form":
            return dict(parse_qsl(body.decode(), strict_parsing=True, keep_blank_values=True))
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"the body is no {kind}") from error


def answered(part: file.Incoming | file.Evidence, said: Any) -> list[Any]:
    """Return the items of an answer: carriers leave the list out, or write null, when there is nothing."""
    return [] if part.items and isinstance(said, Mapping) and at(said, part.items) is None else listed(part, said)


def listed(part: file.Incoming | file.Evidence, said: Any) -> list[Any]:
    """Return the items of a post or answer; one without a list is one item. Raises Malformed."""
    items = at(said, part.items)
    if isinstance(items, Mapping):
        items = [items]
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise Malformed(f"{part.items or 'the body'} is no list of items")
    return items


def inbound(part: file.Inbound, item: Any, region: str, now: datetime) -> Inbound:
    """Return the message of a resident in `item`; raises Malformed."""
    sender, text = _needed(item, part.sender, 32), at(item, part.text)
    if not isinstance(text, str):
        raise Malformed(f"{part.text} is missing or no text")
    text = word_at(item, part.text)
    name = _needed(item, part.id, LONGEST_ID) if part.id else _made_id(sender, _needed(item, part.time, 64), text)
    return Inbound(
        channel=NAME,
        provider_id=name,
        kind="phone",
        # What is no number of a person (a service number of the carrier) stays as it is, for staff to see.
        sender=e164(sender, region) or sender,
        text=text[:LONGEST_TEXT],
        at=now,
    )


def receipt(part: file.Receipts, item: Any, now: datetime) -> tuple[Receipt, str]:
    """Return the report in `item`, and its status if the description does not know it; raises Malformed.

    A status nobody described still proves that the carrier has the message.
    """
    name, attempt = word_at(item, part.id) if part.id else "", word_at(item, part.attempt) if part.attempt else ""
    if not name and not attempt:
        raise Malformed(f"{part.id or part.attempt} is missing")
    status = _needed(item, part.status, LONGEST_ID)
    state = part.states.get(status, file.ACCEPTED)
    failure = state if isinstance(state, Failure) else Failure.REFUSED
    delivery = Delivery.FAILED if isinstance(state, Failure) else Delivery(state)
    made = Receipt(
        channel=NAME,
        attempt=attempt[:LONGEST_ID],
        provider_id=name[:LONGEST_ID],
        delivery=delivery,
        at=now,
        error=f"the carrier reports {status}" if delivery is Delivery.FAILED else "",
        failure=failure,
    )
    return made, "" if status in part.states else status


def _needed(item: Any, path: str, longest: int) -> str:
    value = word_at(item, path).strip()
    if not value or len(value) > longest or not value.isprintable():
        raise Malformed(f"{path} is missing or malformed")
    return value


def _made_id(sender: str, time: str, text: str) -> str:
    """Name a message the carrier does not name: the same number, time and text are the same message."""
    return hashlib.sha256(f"{sender}\n{time}\n{text}".encode()).hexdigest()[:40]
