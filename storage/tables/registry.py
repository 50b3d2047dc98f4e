"""The MetaData all tables hang on, and the column types both databases share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    },
)

#: SQLite gives out row ids for INTEGER only; PostgreSQL needs 64 bits said.
BigId = BigInteger().with_variant(Integer(), "sqlite")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return what is stored of an aware time; ValueError for a naive one, which would be read in another zone."""
    if moment.tzinfo is None:
        raise ValueError("a naive time cannot be stored; give it a zone")
    return (moment - _EPOCH) // _MICROSECOND


def stored(moment: datetime | None) -> int | None:
    """Return what a driver is given for an Instant column."""
    return None if moment is None else micros(moment)


class Stamps(dict[datetime | None, int | None]):
    """What is stored of instants that come again and again: each is worked out once."""

    def __missing__(self, moment: datetime | None) -> int | None:
        found = self[moment] = stored(moment)
        return found


def instant(stored: int | None) -> datetime | None:
    """Return the time behind what a driver gives of an Instant column."""
    return None if stored is None else _EPOCH + timedelta(microseconds=stored)


class Instant(TypeDecorator[datetime]):
    """An aware UTC time kept as whole microseconds since 1970, equal and sortable on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuse naive times."""
        return None if value is None else micros(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the instant in UTC."""
        if value is None:
            return None
        seconds, micros = divmod(int(value), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
