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
    file: Annotated[
        Path, typer.Argument(help=_("The table: code and, if there, count, weight, stratum (代码, 人数, 权重, 层)."))
    ],
    *,
    e: Annotated[
        float | None, typer.Option("--e", help=_("Eligible share among those of unknown eligibility."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the rates overall, weighted and by stratum, as far as the table has them."""
    from bot.actions.estimating import RateFile, rate_file

    found = rate_file(RateFile(path=file, e=e))
    if found.get("unread"):
        typer.echo(_("! Columns left unread: {names}.", names=", ".join(found["unread"])), err=True)
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
    typer.echo(_source(found))


def _source(found: Mapping[str, Any]) -> str:
    """Say where e is from: whoever reads RR3 must be able to work it out again."""
    source = found["e_from"]
    if source["given"]:
        return _("e = {e} as given with --e.", e=f"{found['e']:g}")
    told = _(
        "e is estimated as {formula}, the eligible share of those whose eligibility is known (AAPOR's proportional "
        "allocation): {eligible} / {known} = {e}.",
        formula=source["formula"],
        eligible=f"{source['eligible']:g}",
        known=f"{source['known']:g}",
        e=_share(found["e"]),
    )
    several = "weighted" in found or "strata" in found
    return f"{told} {_('Every other column has its own e, from its own counts.')}" if several else told


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share:.4f}"
