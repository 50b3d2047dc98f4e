"""How the Bot API reads its parameters and words its answers and errors."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

DESCRIPTIONS = {
    400: "Bad Request: can't parse entities",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request",
    429: "Too Many Requests: retry after 1",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class Refusal(Exception):
    """An error as the Bot API answers it."""

    def __init__(self, code: int, description: str = "", **parameters: int) -> None:
        self.code, self.parameters = code, parameters
        self.description = description or DESCRIPTIONS.get(code, "Error")
        super().__init__(self.description)


def read_parameters(body: bytes) -> dict[str, Any]:
    """Return the parameters of a call, which may come as JSON or as a form."""
    try:
        if body.startswith(b"{"):
            return dict(json.loads(body))
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError as error:
        raise Refusal(400, "Bad Request: can't parse JSON object") from error


def inner(data: dict[str, Any], name: str, otherwise: Any) -> Any:
    """Return a parameter that is JSON within a form."""
    value = data.get(name, otherwise)
    return json.loads(value) if isinstance(value, str) else value


def rows(data: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the rows of buttons of a call."""
    markup = inner(data, "reply_markup", None)
    return markup["inline_keyboard"] if markup else []


def chat(address: str) -> dict[str, Any]:
    """Return a private chat."""
    return {"id": int(address), "type": "private", "first_name": "居民"}


def user(address: str) -> dict[str, Any]:
    """Return who is in it."""
    return {"id": int(address), "is_bot": False, "first_name": "居民", "language_code": "zh-hans"}


def ok(result: Any) -> web.Response:
    """Answer with a result."""
    return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type="application/json")


def refused(refusal: Refusal) -> web.Response:
    """Answer with an error."""
    said: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        said["parameters"] = refusal.parameters
    return web.Response(body=json.dumps(said).encode(), content_type="application/json", status=refusal.code)


def drop(request: web.Request) -> web.StreamResponse:
    """Break the connection."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
