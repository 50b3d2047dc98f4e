"""Our side of the bench: a town of residents on a real database, invited and answering through Talk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Table, func, select

from storage import migrate
from storage.database import Database
from storage.tables.messages import inbox, outbox
from storage.tables.talks import answers, interviews
from storage.vault import Keys, Vault
from tests.bench.replies import waves
from tests.town import Town


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Open a new database at the newest schema."""
    database = Database(url, Vault(Keys.from_seed("bench")))
    try:
        database.write(migrate.upgrade)
        yield database
    finally:
        database.close()


def sqlite_url(folder: Path) -> str:
    """Return the URL of a real file."""
    return f"sqlite:///{folder / 'pingyi.db'}"


class Survey:
    """A launched Five Waters survey whose residents are taken through it batch by batch."""

    def __init__(self, database: Database, residents: int, batch: int) -> None:
        self.town = Town(database, residents)
        self.town.launch(self.town.plan(ask_complaint=False))
        self.invited = self.town.wakes()
        self.answered = 0
        self.talked = 0
        self._batch = batch

    def once(self) -> int:
        """Take the next residents through the questionnaire; return how many replies were heard and committed."""
        residents = range(self.talked + 1, self.talked + self._batch + 1)
        heard = 0
        for wave in waves(residents):
            futures = [self.town.talk.hear(self.town.inbound(resident, text)) for resident, text in wave]
            futures[-1].result()
            states = {future.result().state for future in futures}
            if states != {"done"}:
                raise AssertionError(states)
            heard += len(futures)
        self.talked += self._batch
        self.answered += heard
        return heard

    def verify(self) -> str:
        """Count the rows: one answer, one inbox row and one reply for each turn; every interview complete."""
        found = {table.name: self.count(table) for table in (answers, inbox, outbox)}
        replies = found["outbox"] - self.invited
        with self.town.database.read() as connection:
            complete = connection.execute(
                select(func.count()).select_from(interviews).where(interviews.c.stage == "complete")
            ).scalar_one()
        expected = (self.answered, self.answered, self.answered, self.talked)
        if (found["answers"], found["inbox"], replies, complete) != expected:
            raise AssertionError(f"{found}, {complete} complete; expected {expected}")
        return (
            f"verified: {self.answered:,} turns = {found['answers']:,} answers = {replies:,} replies queued; "
            f"{complete:,} interviews complete"
        )

    def count(self, table: Table) -> int:
        """Return the number of rows of a table."""
        with self.town.database.read() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()
