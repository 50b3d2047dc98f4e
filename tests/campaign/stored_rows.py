"""Reading rows in tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select

from bot.house import House


def rows(house: House, query: Select[Any]) -> list[Row[Any]]:
    """Return every row of `query`."""
    with house.database.read() as connection:
        return list(connection.execute(query).all())
