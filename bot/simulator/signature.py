"""The signature both ends of the phone simulator put on every request: HMAC-SHA256 with a shared secret."""

from __future__ import annotations

import hmac

HEADER = "X-Pingyi-Signature"
#: How far the clocks of both ends may differ (seconds, real time); older requests are replays.
WINDOW = 300


def sign(secret: str, moment: int, method: str, target: str, body: bytes) -> str:
    """Return the header `t=SECONDS,v=HEX` for a request made at `moment` (Unix seconds).

    The digest covers moment, method, target (path and query) and body, so that no part can be exchanged.
    """
    head = f"{moment}\n{method.upper()}\n{target}\n".encode()
    return f"t={moment},v={hmac.digest(secret.encode(), head + body, 'sha256').hex()}"


def genuine(secret: str, header: str | None, method: str, target: str, body: bytes, *, now: float) -> bool:
    """Whether `header` signs this request and is not older than the window; compared in constant time."""
    if not secret or not header or not header.isascii():
        return False
    moment = header.partition(",")[0].removeprefix("t=")
    if not moment.isdigit() or len(moment) > 12 or abs(now - int(moment)) > WINDOW:
        return False
    return hmac.compare_digest(header, sign(secret, int(moment), method, target, body))
