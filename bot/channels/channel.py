"""What the house asks of every channel: to send, to read what a provider posts, and to say what it can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from scheduler.sender import Sender
from storage.inbox import Inbound
from storage.receipts import Receipt
from surveys.problem import Problem

#: No provider posts more at once; what is longer is refused unread.
LARGEST_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do.

    `buttons`: options may be shown as buttons; `longest`: characters one message may have; `media`: voice messages
    and pictures can come in and be fetched; `receipts`: the provider reports what became of a message.
    """

    buttons: bool
    longest: int
    media: bool = False
    receipts: bool = True


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


class Unfetchable(Exception):
    """An attachment cannot be had; `final` if it never will be."""

    def __init__(self, reason: str, *, final: bool) -> None:
        self.reason, self.final = reason, final
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Examination:
    """What a provider said of our account: `facts` are shown as they stand, `problems` say what to mend."""

    facts: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


#: What a channel that looks for messages itself hands them to; it returns once they are committed.
Take = Callable[[Sequence[Inbound], Sequence[Receipt]], Awaitable[None]]


class Channel(Sender, Protocol):
    """One way to residents. `kind` is the kind of its addresses: "phone" or "telegram".

    `thanks` is media type and body of the answer to a provider whose post is committed.
    """

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

    @property
    def thanks(self) -> tuple[str, str]:
        """What a provider is answered; two empty strings for an empty answer."""

    async def listen(self, take: Take) -> None:
        """Look for messages and reports until cancelled; returns at once if the provider posts them.

        At most one process of a service listens to a channel. What was not taken is handed over again.
        """

    async def heard(self, inbound: Inbound, *, stale: bool) -> None:
        """Show the resident that a tap has arrived (`stale`: too late); called after the commit, may be lost."""

    async def fetch(self, reference: str) -> tuple[str, bytes]:
        """Return media type and content of an attachment; raises Unfetchable."""

    async def examine(self) -> Examination:
        """Ask the provider who we are to it and whether it would reach us; for `pingyi channel check`."""

    async def open(self) -> None:
        """Get ready to send, within the running event loop."""

    async def close(self) -> None:
        """Let go of connections."""
