"""What may go wrong at the simulated carrier, switched on one occurrence at a time."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum


class Fault(StrEnum):
    """A trouble real providers make."""

    DROP_BEFORE = "drop_before"  # the connection breaks before the message is accepted
    DROP_AFTER = "drop_after"  # it breaks after the message was accepted, before the answer
    THROTTLE = "throttle"  # 429
    BREAK = "break"  # 503
    REFUSE = "refuse"  # 400
    SLOW = "slow"  # the answer comes after `Faults.seconds`
    DUPLICATE = "duplicate"  # a post to the service is made twice
    SILENT = "silent"  # no receipt is sent
    REORDER = "reorder"  # a post to the service is overtaken by the next one


class Faults:
    """How often each fault is still to happen, and which phones are switched off."""

    def __init__(self) -> None:
        self._left: Counter[Fault] = Counter()
        self.seconds = 60.0
        self.unreachable: set[str] = set()

    def set(self, fault: Fault, times: int) -> None:
        """Let `fault` happen the next `times` times it can."""
        self._left[fault] = times

    def take(self, fault: Fault) -> bool:
        """Whether `fault` happens now; counts it."""
        if self._left[fault] <= 0:
            return False
        self._left[fault] -= 1
        return True
