"""Importing a file of residents as a new sampling frame."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from bot.actions.collector import collector_resting
from bot.actions.files import read_file
from bot.actions.progress import Progress
from bot.house import House
from storage import frames, residents
from storage.addresses import blind_of
from storage.batch import NEW, UNCHANGED, UPDATED, Written
from storage.entry import Entry, pseudonym_of
from storage.frames import Member
from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.questionnaire.workbook import read_table
from surveys.residents.roster import Roster, RosterRow, read_roster

#: Residents, and rows of the frame, written in one transaction: some 30 ms each, as long as a reply may have to wait.
CHUNK = 1000
MEMBERS = 4000
#: Residents at once where there are none yet, so that nobody can reply: each page is then written less often.
FIRST_CHUNK = 100_000
#: A number registered in person counts as confirmed this long.
CONFIRMED_FOR = timedelta(days=365)


class ImportResidents(BaseModel):
    """Take a .csv or .xlsx of residents as the newest frame; `skip_bad` leaves out rows with errors."""

    model_config = ConfigDict(frozen=True)

    path: Path
    skip_bad: bool = False
    dry_run: bool = False


class Imported(BaseModel):
    """What an import did, or with `dry_run` would do. `frame_new` is false when the newest frame is equal already.

    `suppressed` counts numbers and residents left alone because everything about them was deleted at their request.
    """

    file: str
    dry_run: bool
    rows: int
    new: int
    updated: int
    unchanged: int
    skipped: int
    shared_numbers: int
    suppressed: int
    warnings: int
    frame: int | None
    frame_new: bool
    digest: str
    strata: dict[str, int]
    seconds: float
    problems: list[dict[str, object]]


def import_residents(house: House, order: ImportResidents, progress: Progress) -> Imported:
    """Import a file: contact details brought up to date, then a new immutable frame. Refused if rows are bad."""
    with collector_resting():
        return _import(house, order, progress)


def _import(house: House, order: ImportResidents, progress: Progress) -> Imported:
    began = time.perf_counter()
    today = house.now().astimezone(ZoneInfo(house.office.zone)).date()
    roster = _read(order.path, house.settings.region, today)
    total = len(roster.rows) + roster.bad
    progress(0, total)
    if roster.errors and not order.skip_bad:
        raise Refused(roster.problems)
    if not roster.rows:
        raise Refused([*roster.problems, _nobody(order.path.name)])
    load = _Load(house, roster, order.path.name, today)
    counts = load.compare(progress) if order.dry_run else load.write(progress)
    return Imported(
        file=order.path.name,
        dry_run=order.dry_run,
        rows=total,
        new=counts[NEW],
        updated=counts[UPDATED],
        unchanged=counts[UNCHANGED],
        skipped=roster.bad,
        shared_numbers=len(roster.shared),
        suppressed=counts[residents.SUPPRESSED],
        warnings=roster.warnings,
        frame=load.frame,
        frame_new=load.frame_new,
        digest=load.digest,
        strata=dict(sorted(Counter(row.stratum for row in roster.rows).items())),
        seconds=round(time.perf_counter() - began, 3),
        problems=[problem.as_json(house.language) for problem in roster.problems],
    )


def _read(path: Path, region: str, today: date) -> Roster:
    return read_roster(read_table(path.name, read_file(path)), region=region, today=today, file=path.name)


class _Load:
    """One import under way."""

    def __init__(self, house: House, roster: Roster, source: str, today: date) -> None:
        self.house, self.roster, self.source = house, roster, source
        self.vault = house.database.vault
        self.now = house.now()
        self.zone = ZoneInfo(house.office.zone)
        self.confirmed_from = today - CONFIRMED_FOR
        self._agreed = cache(self._agreement)  # a file has few days
        self.pseudonyms = {row.office_id: pseudonym_of(self.vault, row.office_id) for row in roster.rows}
        # Every number once: of a million each keyed hash costs as much as writing a row.
        self.blinds = {phone: blind_of(self.vault, phone) for row in roster.rows for phone in row.phones}
        self.digest = frame_digest(roster.rows, self.pseudonyms, self.blinds)
        with house.database.read() as connection:
            newest = frames.newest(connection)
            self.chunk = CHUNK if residents.count(connection) else FIRST_CHUNK
        self.alone = residents.Alone()
        same = newest is not None and newest.digest == self.digest
        self.frame_new = not same
        self.frame = newest.id if newest is not None and same else None

    def compare(self, progress: Progress) -> Counter[str]:
        """Count what would change."""
        counts: Counter[str] = Counter()
        with self.house.database.read() as connection:
            for done, chunk in self._chunks():
                entries = [self._entry(row) for row in chunk]
                counts += residents.compare(
                    connection, self.vault, entries, self.roster.shared, self.now, blinds=self.blinds
                )
                progress(done, len(self.roster.rows))
        return counts

    def write(self, progress: Progress) -> Counter[str]:
        """Write every row in small transactions; the frame is seen by nobody until the last one."""
        database = self.house.database
        while database.write(frames.clear_unfinished):
            pass
        frame = database.write(lambda c: frames.open_frame(c, self.source, self.now)) if self.frame_new else None
        counts: Counter[str] = Counter()
        members: list[Member] = []
        for done, chunk, written in self._written(frame):
            counts.update(entry.change for entry in written)
            counts[residents.SUPPRESSED] += sum(entry.suppressed for entry in written)
            if frame is not None:
                members += map(self._member, chunk, written)
            progress(done, len(self.roster.rows))
        if frame is not None:
            # In the order of the key, so that each transaction touches few pages.
            members.sort(key=lambda member: member.pseudonym)
            for start in range(0, len(members), MEMBERS):
                database.bulk(partial(self._add, frame=frame, members=members[start : start + MEMBERS])).result()
            database.write(lambda c: frames.close_frame(c, frame, self.digest, len(self.roster.rows)))
            self.frame = frame
        return counts

    def _written(self, frame: int | None) -> Iterator[tuple[int, Sequence[RosterRow], list[Written]]]:
        """Yield each chunk with what became of it, while the next is prepared and written."""
        before: tuple[int, Sequence[RosterRow], Future[list[Written]]] | None = None
        for done, chunk in self._chunks():
            entries = [self._entry(row) for row in chunk]
            future = self.house.database.bulk(partial(self._put, frame=frame, entries=entries))
            if before is not None:
                yield *before[:2], before[2].result()
            before = done, chunk, future
        if before is not None:
            yield *before[:2], before[2].result()

    def _chunks(self) -> Iterator[tuple[int, Sequence[RosterRow]]]:
        rows = self.roster.rows
        for start in range(0, len(rows), self.chunk):
            end = min(start + self.chunk, len(rows))
            yield end, rows[start:end]

    def _put(self, connection: Connection, frame: int | None, entries: Sequence[Entry]) -> list[Written]:
        self._still_mine(connection, frame)
        return residents.put(
            connection, self.vault, entries, self.roster.shared, self.now, blinds=self.blinds, alone=self.alone
        )

    def _add(self, connection: Connection, frame: int, members: Sequence[Member]) -> None:
        self._still_mine(connection, frame)
        frames.add_members(connection, frame, members)

    def _still_mine(self, connection: Connection, frame: int | None) -> None:
        if frame is not None and not frames.is_loading(connection, frame):
            raise Refused([_overtaken(self.source)])

    def _member(self, row: RosterRow, written: Written) -> Member:
        pseudonym = self.pseudonyms[row.office_id]
        if written.erased:
            return Member(pseudonym, written.resident, row.stratum, row.area, "zh", None, written.address)
        return Member(
            pseudonym,
            written.resident,
            row.stratum,
            row.area,
            row.language,
            row.birth_year,
            written.address,
            row.attributes,
        )

    def _entry(self, row: RosterRow) -> Entry:
        agreed_at, in_time = self._agreed(row.consent_on)
        return Entry(
            row.office_id,
            row.name,
            row.language,
            row.birth_year,
            row.telegram,
            row.phones,
            row.consent_source,
            agreed_at,
            in_time and bool(row.consent_source),
        )

    def _agreement(self, day: date | None) -> tuple[datetime | None, bool]:
        """Return the instant of a day of consent, and whether it is late enough to confirm a number."""
        if day is None:
            return None, False
        return datetime.combine(day, clock_time(0), self.zone).astimezone(UTC), day >= self.confirmed_from


def frame_digest(rows: Sequence[RosterRow], pseudonyms: Mapping[str, str], blinds: Mapping[str, bytes]) -> str:
    """Return SHA-256 over the frame in canonical order: whoever has the file and the keys can compute it again.

    A line is pseudonym, stratum, area, language, birth year, the keyed hash of the first number, then the attributes.
    """
    lines = []
    for row in rows:
        phone = blinds[row.phones[0]].hex() if row.phones else ""
        year = row.birth_year or ""
        line = f"{pseudonyms[row.office_id]}\x1f{row.stratum}\x1f{row.area}\x1f{row.language}\x1f{year}\x1f{phone}"
        if row.attributes:
            line = "\x1f".join([line, *(f"{name}={value}" for name, value in sorted(row.attributes.items()))])
        lines.append(line)
    lines.sort()
    return sha256("\n".join(lines).encode()).hexdigest()


def _nobody(file: str) -> Problem:
    return Problem(
        "no_rows",
        message("No row of the file can be taken."),
        message("Put in at least one resident."),
        file,
    )


def _overtaken(file: str) -> Problem:
    return Problem(
        "import_overtaken",
        message("Another import has begun since and goes on instead."),
        message("Import the file again when it is done."),
        file,
    )
