"""What every group reads and writes: statements compiled once for each database and given to its driver as they are."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    String,
    Table,
    any_,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

from storage.tables.registry import Instant, micros

Row = Mapping[str, Any]
#: Rows taken from the database at once.
AT_ONCE = 10_000
#: Parameters of a statement that looks for bytes on SQLite, which takes 32,766.
PLACES = 4096
#: SQL, its parameters in the order of its placeholders, and which of them are instants.
_Compiled = tuple[str, tuple[str, ...], tuple[int, ...]]


class Prepared(ABC):
    """A statement over columns that every row names.

    SQLAlchemy's executemany looks at every value of every row; for what each turn writes that cost as much as SQLite
    itself (docs/decisions/0001). Here instants become integers and nothing else is done to a value. SQLite executes
    once for each row; PostgreSQL is sent one array for each column and executes once for all.
    """

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        self._table, self._columns = table, tuple(columns)
        self._compiled: dict[str, _Compiled] = {}

    def many(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Write `rows`, none of which may lack a column."""
        if not rows:
            return
        sql, order, instants = self._for(connection)
        ready = list(map(itemgetter(*order), rows))
        if instants:
            ready = [_plain(found, instants) for found in ready]
        _execute(connection, sql, ready)

    def tuples(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write `rows` of values in the order of the columns, instants as the integers that are stored.

        For imports of a million residents, where making a dictionary of each row costs what writing it does.
        """
        if not rows:
            return
        sql, order, _ = self._for(connection)
        if order != self._columns:
            rows = list(map(itemgetter(*map(self._columns.index, order)), rows))
        _execute(connection, sql, rows)

    def _for(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        known = self._compiled.get(name)
        if known is None:
            dialect: Any = type(connection.dialect)
            if name == "postgresql":
                compiled: Any = self._of_arrays().compile(dialect=dialect(paramstyle="format"))
            else:
                compiled = self._of_a_row().compile(dialect=dialect(paramstyle="qmark"))
            order = tuple(compiled.positiontup)
            instants = [place for place, name_ in enumerate(order) if isinstance(self._table.c[name_].type, Instant)]
            known = self._compiled[name] = (str(compiled), order, tuple(instants))
        return known

    def _arrays(self) -> Any:
        """Return the rows as PostgreSQL is sent them: a table `v` made of one array for each column."""
        arrays = [bindparam(name, type_=ARRAY(_sent(self._table.c[name].type))) for name in self._columns]
        return func.unnest(*arrays).table_valued(*self._columns, name="v").render_derived()

    @abstractmethod
    def _of_a_row(self) -> ClauseElement:
        """Return the statement for one row, its columns as parameters."""

    @abstractmethod
    def _of_arrays(self) -> ClauseElement:
        """Return the statement for all rows, each column as one array."""


class Insert(Prepared):
    """Inserts; `fixed` columns have the same SQL value in every row. `unique` names the columns of a key.

    A row whose key exists already changes nothing, or with `replaces` takes the place of the old one.
    """

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        *,
        fixed: Mapping[str, str] | None = None,
        unique: Sequence[str] = (),
        replaces: bool = False,
    ) -> None:
        super().__init__(table, columns)
        self._fixed: dict[str, ColumnElement[Any]] = {n: text(sql) for n, sql in (fixed or {}).items()}  # type: ignore[misc]  # a text clause stands for a value
        self._unique, self._replaces = tuple(unique), replaces

    def _of_a_row(self) -> ClauseElement:
        given: dict[str, Any] = {name: bindparam(name) for name in self._columns}
        return self._once(sqlite.insert(self._table).values({**given, **self._fixed}))

    def _of_arrays(self) -> ClauseElement:
        v = self._arrays()
        source = select(*(v.c[name] for name in self._columns), *self._fixed.values())
        return self._once(postgresql.insert(self._table).from_select([*self._columns, *self._fixed], source))

    def _once(self, statement: Any) -> ClauseElement:
        found: Any = statement.inline()  # nobody asks for the ids given
        if self._replaces:
            later = {name: statement.excluded[name] for name in self._columns if name not in self._unique}
            found = found.on_conflict_do_update(index_elements=self._unique, set_=later)
        elif self._unique:
            found = found.on_conflict_do_nothing(index_elements=self._unique)
        result: ClauseElement = found
        return result


class Update(Prepared):
    """Updates the rows found by `key`, one of the columns given."""

    def __init__(self, table: Table, key: str, columns: Sequence[str]) -> None:
        super().__init__(table, (key, *columns))
        self._key = key

    def _of_a_row(self) -> ClauseElement:
        found = self._table.c[self._key] == bindparam(self._key)
        return self._table.update().where(found).values({name: bindparam(name) for name in self._columns[1:]})

    def _of_arrays(self) -> ClauseElement:
        v = self._arrays()
        changed = {name: v.c[name] for name in self._columns[1:]}
        return self._table.update().where(self._table.c[self._key] == v.c[self._key]).values(changed)


class Lookup:
    """Rows whose `column` has one of many values, as the driver returns them: no result type is applied.

    Numbers and texts are one parameter, an array for PostgreSQL and JSON for SQLite, so that the statement keeps one
    text and the database keeps its plan. JSON carries no bytes: SQLite is given a parameter for each, some thousand at
    once, and as many as the next power of two, so that there are few texts.
    """

    def __init__(self, statement: Select[Any], column: ColumnElement[Any]) -> None:
        """Keep `statement`; its own parameters come before the values."""
        self._statement, self._column = statement, column
        self._bytes = isinstance(column.type, LargeBinary)
        self._compiled: dict[tuple[str, int], str] = {}

    def rows(
        self, connection: Connection, values: Sequence[int] | Sequence[str] | Sequence[bytes], *given: str
    ) -> Sequence[Any]:
        """Return the rows for `values`; `given` are the statement's own parameters in their order."""
        if not values:
            return ()
        name, sent = connection.dialect.name, list(values)
        if name == "postgresql":
            return connection.exec_driver_sql(self._for(connection, 0), (*given, sent)).fetchall()
        if not self._bytes:
            return connection.exec_driver_sql(self._for(connection, 0), (*given, json.dumps(sent))).fetchall()
        found: list[Any] = []
        for start in range(0, len(sent), PLACES):
            part = sent[start : start + PLACES]
            places = 1 << (len(part) - 1).bit_length()
            part += part[:1] * (places - len(part))
            found += connection.exec_driver_sql(self._for(connection, places), (*given, *part)).fetchall()
        return found

    def _for(self, connection: Connection, places: int) -> str:
        key = connection.dialect.name, places
        sql = self._compiled.get(key)
        if sql is None:
            dialect: Any = type(connection.dialect)
            postgres = connection.dialect.name == "postgresql"
            if postgres:
                among: Any = self._column == any_(bindparam("among", type_=ARRAY(_sent(self._column.type))))
            elif places:
                among = self._column.in_([bindparam(f"among_{place}") for place in range(places)])
            else:
                table = func.json_each(bindparam("among", type_=String())).table_valued("value")
                among = self._column.in_(select(table.c.value))
            compiled = self._statement.where(among).compile(
                dialect=dialect(paramstyle="format" if postgres else "qmark")
            )
            sql = self._compiled[key] = str(compiled)
        return sql


def _execute(connection: Connection, sql: str, ready: Sequence[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(sql, tuple(list(column) for column in zip(*ready, strict=True)))
    else:
        connection.exec_driver_sql(sql, ready)


def bare(connection: Connection, statement: Select[Any], **given: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of `statement`, columns of numbers and texts, as the driver returns them: no result type applied.

    For what is read a million at a time: on SQLite making a Row of each takes twice as long as reading it. PostgreSQL
    hands them over in portions, of which SQLAlchemy itself takes the first.
    """
    if connection.dialect.name != "sqlite":
        portions = connection.execution_options(yield_per=AT_ONCE).execute(statement, given).partitions()
        for portion in portions:
            yield from map(tuple, portion)
        return
    result = connection.execute(statement, given)
    try:
        while rows := result.cursor.fetchmany(AT_ONCE):
            yield from rows
    finally:
        result.close()


def _sent(kind: Any) -> Any:
    if isinstance(kind, String):
        return String()  # a cast to varchar(n) would cut what the column itself refuses
    return BigInteger() if isinstance(kind, Instant) else kind


def _plain(found: tuple[Any, ...], instants: tuple[int, ...]) -> tuple[Any, ...]:
    values = list(found)
    for place in instants:
        if values[place] is not None:
            values[place] = micros(values[place])
    return tuple(values)
