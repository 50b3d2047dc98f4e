"""Two machines that answer one another: told from a person by how much is said that leads nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Messages within a stretch of time that were answered and led nowhere; one more is a loop.
MOST = 20
STRETCH = timedelta(minutes=10)
#: The same words, so often in a row, that were answered and led nowhere.
SAME = 5
#: How long nothing is said to a machine.
SILENCE = timedelta(hours=1)
#: Digits of the keyed name under which the words of the last such message are remembered.
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Burst:
    """What was said at an address lately and led nowhere: an answer or a command is never counted.

    `since` is when the count began, or, lying ahead, until when nothing is said. `words` is a keyed name of the last
    such message, never the message; `same` says how often it came in a row.
    """

    count: int = 0
    since: datetime | None = None
    same: int = 0
    words: int = 0

    def silent(self, now: datetime) -> bool:
        """Whether a loop was broken less than an hour ago."""
        return self.since is not None and self.since > now

    @property
    def loop(self) -> bool:
        """Whether this is more than a person would do."""
        return self.count > MOST or self.same >= SAME

    def counted(self, now: datetime, words: int, *, comparable: bool) -> Burst:
        """Return it with one more message that led nowhere; `comparable`: such as a machine would repeat."""
        fresh = self.since is None or now - self.since > STRETCH
        same = (self.same + 1 if words == self.words and self.same else 1) if comparable else 0
        return Burst(1 if fresh else self.count + 1, now if fresh else self.since, same, words if comparable else 0)

    def interrupted(self) -> Burst:
        """Return it after something that did lead somewhere: the row of same messages has ended."""
        return Burst(self.count, self.since) if self.same else self

    def packed(self) -> int:
        """Return count, same and words as the one number that is kept beside `since`."""
        return (self.words * 100 + min(self.same, 99)) * 100 + min(self.count, 99)

    @classmethod
    def unpacked(cls, number: int, since: datetime | None) -> Burst:
        """Return what `packed` made a number of."""
        rest, count = divmod(number, 100)
        words, same = divmod(rest, 100)
        return cls(count, since, same, words)


NO_BURST = Burst()


def broken(now: datetime) -> Burst:
    """Return the burst of an address at which a loop is broken now."""
    return Burst(since=now + SILENCE)
