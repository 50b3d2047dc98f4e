"""What dispatch needs of a channel: to send one message, and to say what became of an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.failure import Failure
from storage.gates import Limits


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a channel gets it. `attempt` travels along, so that receipts and evidence name it.

    `text` lists the numbered options already; `options` are their labels for channels with buttons, and `guard`
    names the question they belong to. A `discreet` message's choice must not be shown after the tap.
    `valid_until`: delivering it later is of no use.
    """

    attempt: str
    address: str
    text: str
    options: tuple[str, ...] = ()
    guard: str = ""
    discreet: bool = False
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the message."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """The provider certainly does not have the message.

    `retry_after`: seconds for which the provider asks for patience (with `Failure.BUSY`), 0 if it did not say.
    """

    reason: str
    failure: Failure = Failure.DOWN
    retry_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Unknown:
    """The provider may or may not have the message: it must not simply be sent again."""

    reason: str


class Sender(Protocol):
    """A channel as dispatch sees it. Neither method raises for anything a provider does."""

    @property
    def name(self) -> str:
        """The channel's name, as in plans and tables."""

    @property
    def limits(self) -> Limits:
        """How fast and under which conditions it may be used."""

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        """Call the provider once."""

    async def evidence(self, message: Outgoing, since: datetime, known: frozenset[str]) -> Accepted | NotSent | Unknown:
        """Ask the provider whether it has the message of `message.attempt`; Unknown if it cannot be told.

        `since`: the machine's time just before the call; `known`: provider ids of other messages to the address.
        """
