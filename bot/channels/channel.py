"""What the house asks of every channel: to send, to read what a provider posts, and to say what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from scheduler.sender import Sender
from storage.inbox import Inbound
from storage.receipts import Receipt

#: No provider posts more at once; what is longer is refused unread.
LARGEST_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do.

    `buttons`: options may be shown as buttons; `longest`: characters one message may have; `evidence`: the
    provider can be asked what became of an attempt.
    """

    buttons: bool
    longest: int
    evidence: bool


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A provider's request as it came: `path` and `query` undecoded, header names in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query as they stood in the request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Rejected(Exception):
    """A provider's request is not taken: `status` is the HTTP answer, `reason` goes into the log."""

    def __init__(self, status: int, reason: str) -> None:
        self.status, self.reason = status, reason
        super().__init__(reason)


class Channel(Sender, Protocol):
    """One way to residents. `kind` is the kind of its addresses: "phone" or "telegram"."""

    @property
    def kind(self) -> str:
        """The kind of address, as in tables."""

    @property
    def capabilities(self) -> Capabilities:
        """What the channel can do."""

    def parse(self, request: RawRequest) -> tuple[Inbound, ...]:
        """Return the messages residents sent; Rejected unless the provider's signature is right."""

    def parse_receipt(self, request: RawRequest) -> tuple[Receipt, ...]:
        """Return the delivery states reported; Rejected unless the provider's signature is right."""

    async def open(self) -> None:
        """Get ready to send, within the running event loop."""

    async def close(self) -> None:
        """Let go of connections."""
