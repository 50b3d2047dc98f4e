"""The frame a sample is drawn from, frozen: one line per resident under a pseudonym of this campaign alone.

A line is pseudonym, stratum (as a JSON string), status and number, separated by tabs. `number` is empty for whoever has
a telephone number of their own; residents who share one carry the same figure, which means nothing outside this frame.
The digest is SHA-256 over the lines in the order of the pseudonyms, joined by line feeds, in UTF-8.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import StringIO
from itertools import pairwise

from surveys.language import Message, message
from surveys.problem import Problem, Refused

#: Who can be drawn; `panel` was asked in the campaign whose panel is asked again.
DRAWABLE, PANEL = "drawable", "panel"
#: Whom the survey does not speak about.
OUTSIDE, UNDER_AGE, AGE_UNKNOWN = "outside", "under_age", "age_unknown"
#: Whom it speaks about and who cannot be drawn.
STOPPED, NO_ADDRESS, CAPPED, RESTED = "stopped", "no_address", "capped", "rested"
#: Left out by the draw itself, not by the frame: by ticket.
SHARED, ROTATED = "shared_number", "rotated"

CAN_BE_DRAWN = frozenset({DRAWABLE, PANEL})
NOT_MEANT = frozenset({OUTSIDE, UNDER_AGE, AGE_UNKNOWN})
STATUSES = CAN_BE_DRAWN | NOT_MEANT | {STOPPED, NO_ADDRESS, CAPPED, RESTED}
HEADER = ("pseudonym", "stratum", "status", "number")
#: Lines hashed, written or kept at once.
PART = 20_000


@dataclass(frozen=True, slots=True)
class DrawFrame:
    """The frame in columns of one length, in the order of the pseudonyms; `numbers` is 0 for a number of one's own."""

    pseudonyms: Sequence[str]
    strata: Sequence[str]
    statuses: Sequence[str]
    numbers: Sequence[int]
    _parts: list[bytes] = field(default_factory=list, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.pseudonyms)

    def parts(self) -> Sequence[bytes]:
        """Return the canonical lines, PART at a time, each part without a line feed at its end."""
        if not self._parts:  # they are hashed, and stored: written once
            self._parts.extend(self._written())
        return self._parts

    def _written(self) -> Iterator[bytes]:
        quoted = {stratum: json.dumps(stratum, ensure_ascii=False) for stratum in set(self.strata)}
        for start in range(0, len(self), PART):
            end = start + PART
            columns = zip(
                self.pseudonyms[start:end],
                self.strata[start:end],
                self.statuses[start:end],
                self.numbers[start:end],
                strict=True,
            )
            yield "\n".join(
                [f"{name}\t{quoted[stratum]}\t{status}\t{number or ''}" for name, stratum, status, number in columns]
            ).encode()

    def digest(self) -> str:
        """Return the SHA-256 of the frame in hexadecimal."""
        return digest_of(self.parts())

    def populations(self) -> dict[str, int]:
        """Return N_h: the residents of each stratum the survey speaks about, reachable or not."""
        meant = Counter(
            stratum for stratum, status in zip(self.strata, self.statuses, strict=True) if status not in NOT_MEANT
        )
        return dict(sorted(meant.items()))

    def as_csv(self) -> Iterator[str]:
        """Yield the published file in pieces: a header, then a row for each line."""
        for start in range(0, max(1, len(self)), PART):
            piece = StringIO()
            writer = csv.writer(piece, lineterminator="\r\n")
            if not start:
                writer.writerow(HEADER)
            writer.writerows(
                (self.pseudonyms[at], self.strata[at], self.statuses[at], self.numbers[at] or "")
                for at in range(start, min(start + PART, len(self)))
            )
            yield piece.getvalue()


def digest_of(parts: Iterable[bytes]) -> str:
    """Return the SHA-256 over the parts of a frame."""
    digest = sha256()
    for at, part in enumerate(parts):
        digest.update(b"\n" + part if at else part)
    return digest.hexdigest()


def frame_of(parts: Iterable[bytes]) -> DrawFrame:
    """Return the frame whose canonical lines are `parts`."""
    columns: tuple[list[str], list[str], list[str], list[int]] = ([], [], [], [])
    names: dict[str, str] = {}
    kept = {status: status for status in STATUSES}
    for part in parts:
        for line in part.decode().split("\n"):
            pseudonym, stratum, status, number = line.split("\t")
            columns[0].append(pseudonym)
            columns[1].append(names.get(stratum) or names.setdefault(stratum, json.loads(stratum)))
            columns[2].append(kept[status])
            columns[3].append(int(number) if number else 0)
    return DrawFrame(*columns)


def read_frame(data: bytes, file: str = "") -> DrawFrame:
    """Read a published frame (CSV); Refused with the first row that cannot be one."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _bad(file, 0, message("The file is not UTF-8.")) from None
    reader = csv.reader(StringIO(text, newline=""))
    header = next(reader, [])
    if tuple(header) != HEADER:
        raise _bad(file, 1, message("The first row must be {header}.", header=",".join(HEADER)))
    pseudonyms: list[str] = []
    strata: list[str] = []
    statuses: list[str] = []
    numbers: list[int] = []
    kept = {status: status for status in STATUSES}
    names: dict[str, str] = {}
    try:
        for row in reader:
            pseudonym, stratum, status, number = row
            statuses.append(kept[status])
            numbers.append(int(number) if number else 0)
            pseudonyms.append(pseudonym)
            strata.append(names.setdefault(stratum, stratum))
    except KeyError:
        what = message(
            "The status “{status}” is none of a frame: {known}.", status=status, known=tuple(sorted(STATUSES))
        )
        raise _bad(file, reader.line_num, what) from None
    except (ValueError, csv.Error):
        what = message("The row has not the four values of a frame: pseudonym, stratum, status, number.")
        raise _bad(file, reader.line_num, what) from None
    if any(map(str.__ge__, pseudonyms, pseudonyms[1:])):
        return _sorted(file, pseudonyms, strata, statuses, numbers)
    return DrawFrame(pseudonyms, strata, statuses, numbers)


def _sorted(
    file: str, pseudonyms: Sequence[str], strata: Sequence[str], statuses: Sequence[str], numbers: Sequence[int]
) -> DrawFrame:
    """Put a file that a spreadsheet has sorted another way back in order; a pseudonym stands there once only."""
    order = sorted(range(len(pseudonyms)), key=pseudonyms.__getitem__)
    for at, after in pairwise(order):
        if pseudonyms[at] == pseudonyms[after]:
            what = message("The pseudonym {name} stands there twice.", name=pseudonyms[at])
            raise _bad(file, max(at, after) + 2, what)
    return DrawFrame(
        [pseudonyms[at] for at in order],
        [strata[at] for at in order],
        [statuses[at] for at in order],
        [numbers[at] for at in order],
    )


def _bad(file: str, row: int, what: Message) -> Refused:
    fix = message("Take the file that was published with the certificate: pingyi draw frame CAMPAIGN FILE")
    return Refused([Problem("bad_frame", what, fix, file, row=row)])
