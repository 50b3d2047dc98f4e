"""`pingyi campaign dispositions` and `pingyi residents disposition`: what became of everybody sampled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.findings import AsJson
from bot.cli.outfile import new_file
from bot.cli.perform import perform, print_json
from bot.cli.words import _, staff_language

#: The rates in the order of AAPOR's Standard Definitions.
RATES = (
    "rr1", "rr2", "rr3", "rr4", "rr5", "rr6", "coop1", "coop2", "coop3", "coop4", "ref1", "ref2", "ref3",
    "con1", "con2", "con3",
)  # fmt: skip

#: Those shown for every stratum; JSON has all.
SHORT = ("rr1", "rr2", "rr3", "rr5", "coop1", "ref1", "con1")

Name = Annotated[str, typer.Argument(help=_("The campaign's name."))]


def dispositions(
    name: Name,
    *,
    resident: Annotated[str, typer.Option(help=_("Show how this resident's code changed (office id)."))] = "",
    csv: Annotated[
        Path | None, typer.Option(help=_("Write one row per person, by pseudonym, to this new file."))
    ] = None,
    e: Annotated[
        float | None, typer.Option("--e", min=0, max=1, help=_("Share of eligible people among the unknown."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print counts and rates by AAPOR code."""
    from bot.actions.dispositions import ShowDispositions

    if csv is not None:
        new_file(csv)
    found = perform("campaign.dispositions", ShowDispositions(name=name, resident=resident, csv=csv, e=e))
    if as_json:
        print_json(found)
        return
    if found["resident"]:
        _print_history(found["resident"])
        return
    _print_counts(found)
    if found["file"]:
        typer.echo(found["file"])


def tell(
    campaign: Name,
    office_id: Annotated[str, typer.Argument(help=_("The office's own id of the resident."))],
    code: Annotated[str, typer.Argument(help=_("AAPOR code, e.g. 4.1 moved away, 2.31 has died; none takes it back."))],
    *,
    reason: Annotated[str, typer.Option(help=_("Who said so, and when; kept sealed."))],
    as_json: AsJson = False,
) -> None:
    """Record what staff were told."""
    from bot.actions.dispositions import TellDisposition

    order = TellDisposition(name=campaign, office_id=office_id, code=code, reason=reason)
    found = perform("residents.disposition", order)
    if as_json:
        print_json(found)
        return
    words = found["words"][staff_language()]
    typer.echo(_("Noted. Counted as {code}: {words}.", code=found["code"], words=words))
    if found["told"] and found["code"] != found["told"]:
        typer.echo(_("The interview counts: whoever has answered enough was reached and able."), err=True)


def _print_history(person: dict[str, Any]) -> None:
    place = _("stratum {stratum}, replicate {replicate}", stratum=person["stratum"], replicate=person["replicate"])
    typer.echo(f"{person['pseudonym']}  {place}")
    for step in person["history"]:
        at = step["at"].replace("T", " ")[:16]
        typer.echo(f"  {at}  {step['code']}  {step['words'][staff_language()]}  ({step['event']})")


def _print_counts(found: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    language = staff_language()
    overall = found["overall"]
    table = Table(title=_("What became of everybody invited (AAPOR codes)"), title_justify="left", title_style="bold")
    for number, column in enumerate((_("Code"), _("Meaning"), _("People"), _("Base weights"))):
        table.add_column(column, justify="right" if number > 1 else "left")
    for row in overall["counts"]:
        table.add_row(row["code"], escape(row["words"][language]), f"{row['people']:,}", f"{row['weighted']:,.1f}")
    table.add_section()
    table.add_row("", _("in all"), f"{overall['people']:,}", "")
    console.print(table)
    if found["not_released"]:
        line = _("{n} reserves were drawn and not released: they have no code.", n=found["not_released"])
        console.print(line, highlight=False)
    table = Table(title=_("Outcome rates (AAPOR)"), title_justify="left", title_style="bold")
    for number, column in enumerate((_("Rate"), _("of people"), _("of base weights"))):
        table.add_column(column, justify="right" if number else "left")
    for rate in (*RATES, "e"):
        name = rate if rate == "e" else rate.upper()
        table.add_row(name, _percent(overall["rates"][rate]), _percent(overall["rates_weighted"][rate]))
    console.print(table)
    table = Table(title=_("Outcome rates by stratum"), title_justify="left", title_style="bold")
    for number, column in enumerate((_("Stratum"), _("People"), *(rate.upper() for rate in SHORT))):
        table.add_column(column, justify="right" if number else "left")
    for name, counted in found["strata"].items():
        rates = (_percent(counted["rates"][rate]) for rate in SHORT)
        table.add_row(escape(name), f"{counted['people']:,}", *rates)
    console.print(table)
    how = (
        _("e was given.")
        if overall["e"] == "given"
        else _("e is the eligible share of those whose eligibility is known.")
    )
    console.print(how, highlight=False)


def _percent(rate: float | None) -> str:
    return "—" if rate is None else f"{100 * rate:.1f}%"
