"""What dispatch needs of a channel: to send one message, and to say what became of an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a channel gets it. `attempt` travels along, so that receipts and evidence name it."""

    attempt: str
    address: str
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """The provider certainly does not have the message; `final` when trying again is of no use."""

    reason: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """The provider may or may not have the message: it must not simply be sent again."""

    reason: str


class Sender(Protocol):
    """A channel as dispatch sees it. Neither method raises for anything a provider does."""

    @property
    def name(self) -> str:
        """The channel's name, as in plans and tables."""

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        """Call the provider once."""

    async def evidence(self, attempt: str, address: str) -> Accepted | NotSent | Unknown:
        """Ask the provider whether it has the message of `attempt`; Unknown if it cannot be told."""
