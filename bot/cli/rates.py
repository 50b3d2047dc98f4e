"""`pingyi rates`: AAPOR's outcome rates from any table of codes and counts, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.findings import AsJson
from bot.cli.perform import print_json
from bot.cli.words import _

app = typer.Typer()

#: The rates in the order of AAPOR's Standard Definitions.
RATES = (
    *(f"RR{number}" for number in range(1, 7)),
    *(f"COOP{number}" for number in range(1, 5)),
    *(f"REF{number}" for number in range(1, 4)),
    *(f"CON{number}" for number in range(1, 4)),
)


@app.command("rates", help=_("Response, cooperation, refusal and contact rates (AAPOR) from a table of codes."))
def rates(
    file: Annotated[Path, typer.Argument(help=_("The table, with the columns code and count, weight, stratum."))],
    *,
    e: Annotated[
        float | None, typer.Option("--e", help=_("Eligible share among those of unknown eligibility."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the rates overall, weighted and by stratum, as far as the table has them."""
    from bot.actions.estimating import RateFile, rate_file

    found = rate_file(RateFile(path=file, e=e))
    if as_json:
        print_json(found)
    else:
        _table(found)


def _table(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    columns: list[tuple[str, Mapping[str, Any]]] = [(_("All"), found)]
    if "weighted" in found:
        columns.append((_("All, weighted"), found["weighted"]))
    for name, one in found.get("strata", {}).items():
        columns.append((name, one))
        if "weighted" in one:
            columns.append((_("{name}, weighted", name=name), one["weighted"]))
    table = Table(header_style="bold")
    table.add_column("")
    for name, _one in columns:
        table.add_column(escape(name), justify="right")
    for rate in RATES:
        table.add_row(
            rate, *(_share(one[rate]) for _name, one in columns), end_section=rate in {"RR6", "COOP4", "REF3"}
        )
    table.add_section()
    table.add_row("e", *(_share(one["e"]) for _name, one in columns))
    for letter in found["counts"]:
        table.add_row(letter, *(f"{one['counts'][letter]:g}" for _name, one in columns))
    # Figures are never cut off: where the terminal is narrower, its own line breaks do less harm.
    console = Console()
    Console(
        width=max(console.width, console.measure(table, options=console.options.update(max_width=10_000)).maximum)
    ).print(table)


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.4f}"
