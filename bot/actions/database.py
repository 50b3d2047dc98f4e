"""The schema of the database: which one it has, and bringing it to the newest."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from bot.actions.progress import Progress
from bot.house import House
from storage import migrate


class ShowSchema(BaseModel):
    """Ask which schema the database has."""

    model_config = ConfigDict(frozen=True)


class UpgradeSchema(BaseModel):
    """Apply the migrations that are missing."""

    model_config = ConfigDict(frozen=True)


class Schema(BaseModel):
    """Revisions of the schema: before the house was opened, now, and the newest the program knows."""

    engine: str
    before: str | None
    now: str | None
    newest: str | None


def show_schema(house: House, order: ShowSchema, progress: Progress) -> Schema:  # noqa: ARG001 - nothing to choose, nothing to wait for
    """Return the revisions."""
    with house.database.read() as connection:
        now = migrate.current(connection)
    engine = "sqlite" if house.database.sqlite else "postgresql"
    return Schema(engine=engine, before=house.migrated[0], now=now, newest=migrate.head())


def upgrade_schema(house: House, order: UpgradeSchema, progress: Progress) -> Schema:  # noqa: ARG001 - see above
    """Bring the schema to the newest revision; opening the house has done so unless another program undid it."""
    house.database.write(migrate.upgrade)
    return show_schema(house, ShowSchema(), progress)
