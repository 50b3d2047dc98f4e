"""One simulated phone, seen from outside: it looks for messages and sends some."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession
from yarl import URL

from bot.simulator.signature import HEADER, sign


@dataclass(slots=True)
class Phone:
    """The phone `number` (E.164) at the simulator `carrier` (its URL); `seen` is the number of its last message."""

    session: ClientSession
    carrier: str
    secret: str
    number: str
    seen: int = field(default=0)

    async def look(self, wait: float = 0.0) -> list[dict[str, Any]]:
        """Return messages not yet seen, waiting up to `wait` seconds for one; ClientError when nobody answers."""
        said = await self._ask("GET", self._messages().with_query(after=self.seen, wait=wait))
        letters: list[dict[str, Any]] = said["messages"]
        if letters:
            self.seen = letters[-1]["number"]
        return letters

    async def send(self, text: str) -> None:
        """Send `text`; ClientError when the simulator does not take it."""
        await self._ask("POST", self._messages(), json.dumps({"text": text}).encode())

    def _messages(self) -> URL:
        return URL(f"{self.carrier}/phones/{self.number}/messages")

    async def _ask(self, method: str, url: URL, body: bytes = b"") -> dict[str, Any]:
        headers = {HEADER: sign(self.secret, int(time.time()), method, url.raw_path_qs, body)}
        async with self.session.request(method, url, data=body or None, headers=headers) as answer:
            answer.raise_for_status()
            said: dict[str, Any] = await answer.json()
            return said
