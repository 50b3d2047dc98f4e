"""The service's HTTP edge: webhooks of providers, and whether the service is well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.channels.channel import LARGEST_BODY, Channel, RawRequest, Rejected
from bot.inbound import Ears, Reception
from bot.logs import logger
from storage import migrate
from storage.database import Database

#: A service whose clock has not ticked for so long is no longer ready; real time.
TICK_WITHIN = timedelta(seconds=60)


@dataclass(slots=True)
class Edge:
    """What the handlers work on.

    `ticking(within)` says whether this process's clock has ticked, if it has one; `nudge` tells whoever sends that
    there may be replies. Once `closing` is set webhooks are answered 503: the provider repeats them to whoever
    serves next.
    """

    database: Database
    ears: Ears
    channels: Mapping[str, Channel]
    ticking: Callable[[timedelta], bool] = lambda _: True
    nudge: Callable[[], None] = lambda: None
    closing: bool = False
    reception: Reception = field(init=False)

    def __post_init__(self) -> None:
        self.reception = Reception(self.ears, lambda: self.nudge())  # noqa: PLW0108 - `nudge` is set later

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """Take messages of residents."""
        return await self._take(request, lambda channel, raw: self.reception.take(channel, channel.parse(raw), ()))

    async def receipts(self, request: web.Request) -> web.StreamResponse:
        """Take reports of what became of our messages."""
        return await self._take(
            request, lambda channel, raw: self.reception.take(channel, (), channel.parse_receipt(raw))
        )

    async def healthy(self, _request: web.Request) -> web.StreamResponse:
        """Say that the process answers."""
        return web.json_response({"status": "ok"})

    async def ready(self, _request: web.Request) -> web.StreamResponse:
        """Say whether work gets done: the database answers at the newest schema, and the clock ticks."""
        checks = {**await asyncio.to_thread(self._database_checks), "ticks": self.ticking(TICK_WITHIN)}
        well = all(checks.values()) and not self.closing
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response({"status": "ok" if well else "unready", "checks": checks}, status=status)

    def _database_checks(self) -> dict[str, bool]:
        try:
            with self.database.read() as connection:
                return {"database": True, "schema": migrate.current(connection) == migrate.head()}
        except Exception as error:  # noqa: BLE001 - any fault of the database means the same here
            logger("bot.web").warning("the database does not answer", exc_info=error)
            return {"database": False, "schema": False}

    async def _take(
        self,
        request: web.Request,
        act: Callable[[Channel, RawRequest], Awaitable[None]],
    ) -> web.StreamResponse:
        """Answer 200 only once everything in the request is committed."""
        name = request.match_info["name"]
        channel = self.channels.get(name)
        if channel is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if self.closing:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            raw = await _read(request)
            await act(channel, raw)
        except Rejected as rejected:
            logger("bot.web").warning(
                "webhook rejected",
                channel=name,
                status=int(rejected.status),
                reason=rejected.reason,
            )
            return web.Response(status=rejected.status)
        except Exception as error:  # noqa: BLE001 - nothing was kept, whatever it was: the provider must repeat
            logger("bot.web").error("webhook not taken", channel=name, exc_info=error)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        media_type, body = channel.thanks
        return web.Response(text=body, content_type=media_type) if body else web.Response()


def routes(edge: Edge) -> Iterable[web.RouteDef]:
    """Return every route of the service; those under /channels check the provider's signature."""
    return (
        web.post("/channels/{name}/messages", edge.messages),
        web.post("/channels/{name}/receipts", edge.receipts),
        web.get("/healthz", edge.healthy),
        web.get("/readyz", edge.ready),
    )


def make_app(edge: Edge, mounted: Mapping[str, web.Application] | None = None) -> web.Application:
    """Return the application of `edge`, with further applications mounted by path."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(routes(edge))
    for path, inner in (mounted or {}).items():
        app.add_subapp(path, inner)
    app.on_response_prepare.append(_guard)
    return app


async def _read(request: web.Request) -> RawRequest:
    """Return the request as the provider sent it; Rejected as soon as the body is too large."""
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise Rejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large") from error
    return RawRequest(
        method=request.method,
        path=request.rel_url.raw_path,
        query=request.rel_url.raw_query_string,
        headers={key.lower(): value for key, value in request.headers.items()},
        body=body,
    )


async def _guard(_request: web.Request, response: web.StreamResponse) -> None:
    """Say nothing of the programs behind, and let nothing be kept or guessed at."""
    headers: Any = response.headers
    headers["Server"] = "pingyi"
    headers["Cache-Control"] = "no-store"
    headers["X-Content-Type-Options"] = "nosniff"
