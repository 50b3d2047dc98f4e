"""Twilio's signature on what it posts: HMAC-SHA1 over the public URL and the sorted fields of the form."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

HEADER = "X-Twilio-Signature"

Fields = Sequence[tuple[str, str]]


def genuine(token: str, signed: str | None, url: str, fields: Fields) -> bool:
    """Whether `signed` is Twilio's signature; it names the port of the URL or leaves it out, so both are tried."""
    if not signed:
        return False
    given, tail, secret = signed.encode(), _joined(fields), token.encode()
    return any(hmac.compare_digest(given, _signature(secret, each, tail).encode()) for each in _both(url))


def _both(url: str) -> Iterable[str]:
    parts = urlsplit(url)
    if parts.port:
        return url, parts._replace(netloc=parts.netloc.rpartition(":")[0]).geturl()
    port = 443 if parts.scheme == "https" else 80
    return url, parts._replace(netloc=f"{parts.netloc}:{port}").geturl()


def _joined(fields: Fields) -> str:
    # A field that comes twice with the same value counts once.
    return "".join(name + value for name, value in sorted(set(fields)))


def _signature(token: bytes, url: str, tail: str) -> str:
    return base64.b64encode(hmac.digest(token, (url + tail).encode(), hashlib.sha1)).decode()
