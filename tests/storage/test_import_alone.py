"""An import into an empty house looks nothing up, and is the same import all the same when somebody comes between."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.entry import Entry
from storage.residents import Alone, put
from storage.tables.residents import addresses, resident_addresses, residents
from tests.town import START

#: Each number is that of two residents, in chunks that follow each other or in one.
ENTRIES = [
    Entry(f"R{at}", f"王{at}", "zh", 1960, telegram=False, phones=(f"+861390000000{(at + 1) // 2}",)) for at in range(8)
]
SHARED = frozenset(phone for entry in ENTRIES for phone in entry.phones)


@pytest.mark.parametrize("looks", ["everywhere", "nowhere"])
@pytest.mark.parametrize("between", [(), (0,), (2,), (6,), (2, 6), (0, 2, 4, 6)], ids=str)
def test_what_others_add_meanwhile_is_found(database: Database, between: tuple[int, ...], looks: str) -> None:
    """Before the chunks in `between` another hand adds one of their residents."""
    vault, known = database.vault, Alone() if looks == "nowhere" else None
    for start in range(0, len(ENTRIES), 2):
        chunk = ENTRIES[start : start + 2]
        if start in between:
            database.write(partial(put, vault=vault, entries=chunk[1:], shared=(), now=START))
        database.write(partial(put, vault=vault, entries=chunk, shared=SHARED, now=START, alone=known))
    with database.read() as connection:
        links = connection.execute(
            select(residents.c.office_id, addresses.c.blind)
            .join(resident_addresses, resident_addresses.c.resident_id == residents.c.id)
            .join(addresses, addresses.c.id == resident_addresses.c.address_id)
            .order_by(residents.c.office_id)
        )
        found = [(row.office_id, bytes(row.blind)) for row in links]
    assert found == [(entry.office_id, vault.blind("phone", entry.phones[0])) for entry in ENTRIES]


def test_nothing_is_looked_up_while_all_rows_are_the_imports_own(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("storage.residents._BY_OFFICE_ID.rows", lambda _c, ids: asked.append(len(ids)) or [])
    alone = Alone()
    for start in (0, 4):
        chunk = ENTRIES[start : start + 4]
        database.write(partial(put, vault=database.vault, entries=chunk, shared=SHARED, now=START, alone=alone))
    assert asked == [0, 0]
    assert (alone.resident, alone.address) == (8, 5)
