"""What the simulated phones have sent and got: kept in memory, and in a file that outlives the process."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Way(StrEnum):
    """Which way a message went, seen from the phone."""

    RECEIVED = "received"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of a phone. `number` counts all messages of the mailbox from 1; `phone` is E.164.

    `attempt` is the service's name for a message it sent; messages phones send have none.
    """

    number: int
    id: str
    way: Way
    phone: str
    text: str
    options: tuple[str, ...] = ()
    attempt: str = ""


class Mailbox:
    """All phones' messages in order. With `file` every message is appended there before it counts.

    The file holds JSON lines: a letter, or `{"passed": number}` once the service has taken a letter a phone
    sent. A last line that was cut off by a crash is ignored: nobody was told of it.
    """

    def __init__(self, file: Path | None = None, *, series: str = "sim") -> None:
        self._series = series
        self._letters: list[Letter] = []
        self._phones: defaultdict[str, list[Letter]] = defaultdict(list)
        self._attempts: defaultdict[str, list[Letter]] = defaultdict(list)
        self._passed: set[int] = set()
        self._file = None
        if file is not None:
            self._read(file)
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._file = os.fdopen(handle, "ab", buffering=0)

    def receive(self, phone: str, text: str, options: tuple[str, ...], attempt: str) -> Letter:
        """Put a message from the service into the phone."""
        return self._keep(Way.RECEIVED, phone, text, options=options, attempt=attempt)

    def send(self, phone: str, text: str, name: str = "") -> Letter:
        """Take a message the phone sends; `name` is its id, made from its number when empty."""
        return self._keep(Way.SENT, phone, text, name=name)

    def passed(self, letter: Letter) -> None:
        """Note that the service has taken a letter a phone sent."""
        self._passed.add(letter.number)
        self._append({"passed": letter.number})

    def waiting(self) -> list[Letter]:
        """Return the letters phones sent that the service has not taken yet."""
        return [letter for letter in self._letters if letter.way is Way.SENT and letter.number not in self._passed]

    def of(self, phone: str, after: int = 0) -> list[Letter]:
        """Return the phone's messages whose number is greater than `after`."""
        return [letter for letter in self._phones.get(phone, ()) if letter.number > after]

    def by_attempt(self, attempt: str) -> list[Letter]:
        """Return the messages of one attempt: more than one means the service sent it twice."""
        return list(self._attempts.get(attempt, ()))

    def attempts(self) -> dict[str, int]:
        """Return how many messages came per attempt."""
        return {attempt: len(letters) for attempt, letters in self._attempts.items()}

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _keep(
        self,
        way: Way,
        phone: str,
        text: str,
        *,
        options: tuple[str, ...] = (),
        attempt: str = "",
        name: str = "",
    ) -> Letter:
        number = len(self._letters) + 1
        letter = Letter(number, name or f"{self._series}-{number}", way, phone, text, options, attempt)
        self._append(asdict(letter))
        self._add(letter)
        return letter

    def _add(self, letter: Letter) -> None:
        self._letters.append(letter)
        self._phones[letter.phone].append(letter)
        if letter.attempt:
            self._attempts[letter.attempt].append(letter)

    def _append(self, record: dict[str, object]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")

    def _read(self, file: Path) -> None:
        try:
            data = file.read_bytes()
        except FileNotFoundError:
            return
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            os.truncate(file, len(whole))
        for line in whole.splitlines():
            record = json.loads(line)
            if "passed" in record:
                self._passed.add(record["passed"])
            else:
                self._add(Letter(**{**record, "way": Way(record["way"]), "options": tuple(record["options"])}))
