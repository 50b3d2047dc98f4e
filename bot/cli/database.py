"""`pingyi db`: the schema of the database."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Look after the database."))

AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON."))]


@app.command("upgrade", help=_("Bring the database to the newest schema."))
def upgrade(as_json: AsJson = False) -> None:  # noqa: FBT002 - Typer's way
    """Apply migrations."""
    from bot.actions.database import UpgradeSchema

    _show(perform("database.upgrade", UpgradeSchema()), as_json=as_json)


@app.command("status", help=_("Say which schema the database has."))
def status(as_json: AsJson = False) -> None:  # noqa: FBT002 - Typer's way
    """Print the revisions."""
    from bot.actions.database import ShowSchema

    _show(perform("database.status", ShowSchema()), as_json=as_json)


def _show(schema: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(schema)
    elif schema["before"] == schema["now"]:
        typer.echo(_("The schema is {now}, the newest is {newest}.", now=schema["now"], newest=schema["newest"]))
    else:
        before = schema["before"] or _("an empty database")
        typer.echo(_("The schema went from {before} to {now}.", before=before, now=schema["now"]))
