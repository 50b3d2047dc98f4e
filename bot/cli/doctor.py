"""`pingyi doctor`: whether this machine and these settings can run the service."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.perform import load_settings, print_json
from bot.cli.words import _

app = typer.Typer()


@app.command("doctor", help=_("Check this machine and these settings; each finding says how to put it right."))
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Print the findings; the exit status is 1 when one of them keeps the service from running."""
    from datetime import UTC, datetime

    from bot.actions.doctor import State, diagnose

    settings = load_settings()
    language = settings.staff_language
    checks = diagnose(settings, datetime.now(UTC))
    failed = any(check.state is State.FAILED for check in checks)
    if as_json:
        print_json({"ok": not failed, "checks": [check.as_json(language) for check in checks]})
    else:
        marks = {State.OK: "✓", State.WARNING: "!", State.FAILED: "✗"}
        for check in checks:
            fix = "" if check.state is State.OK else " " + check.fix.text(language)
            typer.echo(f"{marks[check.state]} {check.found.text(language)}{fix}")
    raise typer.Exit(1 if failed else 0)
