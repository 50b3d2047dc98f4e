"""What every group reads and writes: statements compiled once for each database and given to its driver as they are."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
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
#: SQL, the parameters of a row in the order of its placeholders, and which of them are instants.
_Compiled = tuple[str, Callable[[Row], tuple[Any, ...]], tuple[int, ...]]


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
        sql, values, instants = self._for(connection)
        ready = list(map(values, rows))
        if instants:
            ready = [_plain(found, instants) for found in ready]
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(sql, tuple(list(column) for column in zip(*ready, strict=True)))
        else:
            connection.exec_driver_sql(sql, ready)

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
            known = self._compiled[name] = (str(compiled), itemgetter(*order), tuple(instants))
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

    The values are one parameter, an array for PostgreSQL and JSON for SQLite, so that the statement keeps one text and
    the database keeps its plan. `column` holds numbers or texts.
    """

    def __init__(self, statement: Select[Any], column: ColumnElement[Any]) -> None:
        """Keep `statement`; its own parameters come before the values."""
        self._statement, self._column = statement, column
        self._compiled: dict[str, str] = {}

    def rows(self, connection: Connection, values: Sequence[int] | Sequence[str], *given: str) -> Sequence[Any]:
        """Return the rows for `values`; `given` are the statement's own parameters in their order."""
        if not values:
            return ()
        postgres = connection.dialect.name == "postgresql"
        sql = self._compiled.get(connection.dialect.name)
        if sql is None:
            dialect: Any = type(connection.dialect)
            if postgres:
                among = self._column == any_(bindparam("among", type_=ARRAY(_sent(self._column.type))))
            else:
                table = func.json_each(bindparam("among", type_=String())).table_valued("value")
                among = self._column.in_(select(table.c.value))
            compiled = self._statement.where(among).compile(
                dialect=dialect(paramstyle="format" if postgres else "qmark")
            )
            sql = self._compiled[connection.dialect.name] = str(compiled)
        sent = list(values) if postgres else json.dumps(list(values))
        return connection.exec_driver_sql(sql, (*given, sent)).fetchall()


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
