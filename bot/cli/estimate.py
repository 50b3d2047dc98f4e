"""`pingyi estimate`: figures with their uncertainty from any data set, without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.findings import AsJson, tell_findings
from bot.cli.perform import print_json
from bot.cli.words import _, staff_language

app = typer.Typer()

KINDS = ("mean", "total", "proportion", "ratio", "quantile")


@app.command("estimate", help=_("Estimate from any table (.csv, .xlsx), with standard errors and 95 % intervals."))
def estimate(
    file: Annotated[Path, typer.Argument(help=_("The table: one row per respondent, one header row."))],
    *,
    value: Annotated[str, typer.Option(help=_("Column to estimate."))],
    kind: Annotated[
        str,
        typer.Option(
            help=_("mean, total, proportion, ratio or quantile; mean, unless --denominator or --quantile tell another.")
        ),
    ] = "",
    denominator: Annotated[str, typer.Option(help=_("Column below the line of a ratio."))] = "",
    weight: Annotated[str, typer.Option(help=_("Column of weights."))] = "",
    stratum: Annotated[str, typer.Option(help=_("Column of strata."))] = "",
    psu: Annotated[str, typer.Option(help=_("Column of clusters: what was drawn first."))] = "",
    fpc: Annotated[str, typer.Option(help=_("Column with the stratum's population (with --psu: of clusters)."))] = "",
    by: Annotated[str, typer.Option(help=_("Column of groups to estimate apart."))] = "",
    difference: Annotated[
        str, typer.Option(help=_("Two groups of --by, A,B: also estimate B less A."), metavar="A,B")
    ] = "",
    quantile: Annotated[
        list[float] | None, typer.Option(help=_("Share below the quantile, e.g. 0.25; repeatable."))
    ] = None,
    rake: Annotated[
        Path | None, typer.Option(help=_("Known totals (columns variable,level,total) the weights are raked to."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the figures; notes on how they were made go to stderr."""
    from bot.actions.estimating import EstimateFile, estimate_file
    from surveys.statistics.wanted import Quantity

    asked = _kind(kind, denominator, quantile)
    if any(not 0 < share < 1 for share in quantile or ()):
        raise typer.BadParameter(_("A quantile lies between 0 and 1."))
    first, comma, second = difference.partition(",")
    if difference and not (comma and first.strip() and second.strip()):
        raise typer.BadParameter(_("--difference takes two groups with a comma between them."))
    order = EstimateFile(
        path=file,
        value=value,
        kind=Quantity(asked),
        denominator=denominator,
        weight=weight,
        stratum=stratum,
        psu=psu,
        fpc=fpc,
        by=by,
        difference=(first.strip(), second.strip()) if difference else None,
        quantiles=tuple(quantile or (0.5,)),
        rake=rake,
    )
    found = estimate_file(order, staff_language())
    tell_findings(found["notes"])
    if as_json:
        print_json(found["rows"])
    else:
        _table(found["rows"], value)


def _kind(kind: str, denominator: str, quantiles: list[float] | None) -> str:
    """Return what is estimated; BadParameter for an option that belongs to another kind than the one asked for."""
    if kind and kind not in KINDS:
        raise typer.BadParameter(_("{value} is none of {names}.", value=kind, names=", ".join(KINDS)))
    told = {"--denominator": ("ratio", bool(denominator)), "--quantile": ("quantile", bool(quantiles))}
    for option, (belongs, given) in told.items():
        if given and (kind or belongs) != belongs:
            raise typer.BadParameter(
                _("{option} belongs to --kind {belongs}, not to {kind}.", option=option, belongs=belongs, kind=kind)
            )
    if denominator and quantiles:
        raise typer.BadParameter(_("--denominator and --quantile ask for two things; ask for one after the other."))
    return kind or ("ratio" if denominator else "quantile" if quantiles else "mean")


def _table(rows: list[dict[str, Any]], value: str) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    heads = {"by": _("Group"), "level": _("Level"), "quantile": _("Quantile")}
    named = [name for name in heads if any(name in row for row in rows)]
    if any("difference" in row for row in rows) and "by" not in named:
        named.insert(0, "by")
    table = Table(title=escape(value), title_justify="left", title_style="bold", header_style="bold")
    for name in named:
        table.add_column(escape(heads[name]))
    for head in (_("Estimate"), _("Standard error"), _("95 % interval"), _("Design effect"), "n", "df"):
        table.add_column(escape(head), justify="right")
    for row in rows:
        if "difference" in row:
            first, second = row["difference"]
            row["by"] = f"{second} − {first}"
        low, high = row["ci_low"], row["ci_high"]
        table.add_row(
            *(escape(str(row.get(name, ""))) for name in named),
            _figure(row["estimate"]),
            _figure(row["se"]),
            "—" if low is None else f"{_figure(low)} – {_figure(high)}",
            _figure(row["deff"]),
            str(row["n"]),
            str(row["df"]),
        )
    # Figures are never cut off: where the terminal is narrower, its own line breaks do less harm.
    console = Console()
    Console(
        width=max(console.width, console.measure(table, options=console.options.update(max_width=10_000)).maximum)
    ).print(table)


def _figure(number: float | None) -> str:
    """Return six significant digits, thousands apart; a dash where there is no figure."""
    if number is None:
        return "—"
    whole = abs(number) >= 100_000
    return f"{number:,.0f}" if whole else f"{number:.6g}"
