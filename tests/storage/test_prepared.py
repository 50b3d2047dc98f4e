"""What the hot path writes past SQLAlchemy is what would have been written through it, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.prepared import Insert, Lookup, Update, bare
from storage.tables.messages import outbox
from storage.tables.registry import Stamps
from storage.tables.residents import addresses, units
from storage.tables.talks import conversations, wakes

AT = datetime(2026, 11, 2, 2, 0, 0, 123456, tzinfo=UTC)
WAKE_COLUMNS = ("kind", "key", "due_at", "subject", "guard", "resident_id", "campaign_id")
WAKE = Insert(
    wakes,
    WAKE_COLUMNS,
    fixed={"state": "'due'", "attempts": "0", "error": "''"},
    unique=("key",),
)
TALK = Insert(conversations, ("address_id", "turn", "language", "keep_offered"), unique=("address_id",), replaces=True)
TURN = Update(conversations, "address_id", ("turn",))
TALKS = Lookup(
    select(conversations.c.address_id, conversations.c.turn).order_by("address_id"), conversations.c.address_id
)

ADDRESS = Insert(addresses, ("id", "kind", "blind", "value"))
ADDRESSES = Lookup(select(addresses.c.id, addresses.c.blind), addresses.c.blind)


def wake(key: str, **changes: Any) -> dict[str, Any]:
    row = {"kind": "remind", "key": key, "due_at": AT, "subject": "s", "guard": 1, "resident_id": 1, "campaign_id": ""}
    return row | changes


def talk(address: int, turn: int) -> dict[str, Any]:
    return {"address_id": address, "turn": turn, "language": "zh", "keep_offered": ""}


def rows(database: Database, table: Any) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key)).all())


def test_values_come_back_as_they_were_and_fixed_ones_stand_in_every_row(database: Database) -> None:
    """Texts with quotes, braces and percent signs, instants to the microsecond, in the order they were given."""
    keys = ["a'b", 'c"d', "{e,f}", "50% %s ?", "反映\\事项", ""]
    given = [wake(key, due_at=AT + timedelta(microseconds=n)) for n, key in enumerate(keys)]
    database.write(lambda connection: WAKE.many(connection, given))
    found = rows(database, wakes)
    assert [row.key for row in found] == keys
    assert [row.due_at for row in found] == [row["due_at"] for row in given]
    assert {(row.state, row.attempts, row.error) for row in found} == {("due", 0, "")}


def test_a_key_that_exists_changes_nothing_or_is_replaced(database: Database) -> None:
    database.write(lambda connection: WAKE.many(connection, [wake("same", guard=1)]))
    database.write(lambda connection: WAKE.many(connection, [wake("same", guard=2), wake("other")]))
    assert {row.key: row.guard for row in rows(database, wakes)} == {"same": 1, "other": 1}
    database.write(lambda connection: TALK.many(connection, [talk(1, 1), talk(2, 1)]))
    database.write(lambda connection: TALK.many(connection, [talk(2, 5)]))
    assert [tuple(row)[:2] for row in rows(database, conversations)] == [(1, 1), (2, 5)]


def test_an_update_changes_the_rows_named_and_no_others(database: Database) -> None:
    database.write(lambda connection: TALK.many(connection, [talk(n, 0) for n in (1, 2, 3)]))
    changed = [{"address_id": 3, "turn": 30}, {"address_id": 1, "turn": 10}, {"address_id": 9, "turn": 90}]
    database.write(lambda connection: TURN.many(connection, changed))
    assert [tuple(row)[:4] for row in rows(database, conversations)] == [
        (1, 10, "zh", ""),
        (2, 0, "zh", ""),
        (3, 30, "zh", ""),
    ]


def test_a_lookup_returns_the_rows_of_the_values_alone(database: Database) -> None:
    """None for no values, and any number of them: nothing is chunked or cut."""
    database.write(lambda connection: TALK.many(connection, [talk(n, n) for n in range(300)]))
    with database.read() as connection:
        assert [tuple(row) for row in TALKS.rows(connection, [7, 3, 999])] == [(3, 3), (7, 7)]
        assert list(TALKS.rows(connection, [])) == []
        assert len(TALKS.rows(connection, range(300))) == 300


@pytest.mark.parametrize("count", [1, 2, 3, 5, 64, 1000])
def test_rows_are_found_by_bytes_too(database: Database, count: int) -> None:
    blinds = [n.to_bytes(32, "big") for n in range(1000)]
    database.write(lambda c: ADDRESS.tuples(c, [(n, "phone", blind, b"x") for n, blind in enumerate(blinds)]))
    with database.read() as connection:
        found = ADDRESSES.rows(connection, [*blinds[:count], b"nobody"])
        assert sorted((bytes(row.blind), row.id) for row in found) == [(blinds[n], n) for n in range(count)]
        assert sorted(bare(connection, select(addresses.c.id, addresses.c.kind))) == [(n, "phone") for n in range(1000)]


def test_tuples_are_written_as_rows_are(database: Database) -> None:
    """In the order of the columns, whatever order the statement has them in; instants as they are stored."""
    mixed = Insert(wakes, WAKE_COLUMNS[::-1], fixed={"state": "'due'", "attempts": "0", "error": "''"})
    one, two = wake("one"), wake("two", due_at=AT + timedelta(hours=1))
    database.write(lambda connection: WAKE.many(connection, [one]))
    values = tuple(two[name] for name in WAKE_COLUMNS[::-1])
    database.write(
        lambda connection: mixed.tuples(connection, [tuple(Stamps()[v] if v is two["due_at"] else v for v in values)])
    )
    first, second = rows(database, wakes)
    assert (first.key, first.due_at) == ("one", AT)
    assert (second.key, second.due_at, second.subject, second.guard) == ("two", AT + timedelta(hours=1), "s", 1)


def test_a_naive_time_and_a_missing_column_are_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="naive"):
        database.write(lambda connection: WAKE.many(connection, [wake("k", due_at=AT.replace(tzinfo=None))]))
    row = wake("k")
    del row["subject"]
    with pytest.raises(KeyError):
        database.write(lambda connection: WAKE.many(connection, [row]))
    assert rows(database, wakes) == []


def test_a_text_too_long_for_its_column_is_refused_or_kept_whole_never_cut(database: Database) -> None:
    name = "城" * 300
    into = Insert(
        units,
        ("id", "name", "updated_at"),
        fixed={"name_en": "''", "unit_class": "''", "duties": "''", "hotline": "''", "exempt": "false"},
    )
    unit = {"id": "chengguan", "name": name, "updated_at": AT}
    if database.sqlite:
        database.write(lambda connection: into.many(connection, [unit]))
        assert [row.name for row in rows(database, units)] == [name]
    else:
        with pytest.raises(DBAPIError):
            database.write(lambda connection: into.many(connection, [unit]))


def test_nothing_is_executed_for_no_rows(database: Database) -> None:
    database.write(lambda connection: Insert(outbox, ("no such column",)).many(connection, []))
    assert rows(database, outbox) == []
