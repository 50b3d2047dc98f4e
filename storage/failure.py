"""Why a message did not get through, as far as it decides what happens next."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """One closed list for all channels; what a provider says of it goes into the log of the message.

    Channels map their provider's codes onto it in one commented table each.
    """

    REFUSED = "refused"  # this message, whatever one does: not tried again
    UNREACHABLE = "unreachable"  # this address by this channel (bad number, landline, no window): another is tried
    BLOCKED = "blocked"  # the resident has shut this channel: it is not used for them again, another is tried
    OPTED_OUT = "opted_out"  # the resident told the carrier STOP: an opt-out like any other, on all channels
    AWAY = "away"  # the phone is off or full: a few tries, hours apart
    BUSY = "busy"  # the provider asks for patience: later, and the try does not count
    DOWN = "down"  # the provider cannot be reached or is broken: later and later
    MISCONFIGURED = "misconfigured"  # credentials or sender are wrong: the channel rests, staff are told

    @property
    def final(self) -> bool:
        """Whether this message must not be tried by this channel again."""
        return self in _FINAL


_FINAL = frozenset({Failure.REFUSED, Failure.UNREACHABLE, Failure.BLOCKED, Failure.OPTED_OUT})
