"""`pingyi plan precision` and `pingyi campaign precision`: half-widths to expect, and those reached so far."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.findings import AsJson
from bot.cli.perform import load_settings, perform, print_json, refuse
from bot.cli.words import _
from surveys.sampling.precision import DEFF

app = typer.Typer(help=_("What a plan leads to, before it is launched."), no_args_is_help=True)

Share = Annotated[float, typer.Option(min=0.001, max=0.999, help=_("The share supposed; 0.5 is the widest."))]


@app.callback()
def noun() -> None:
    """Keep `precision` a command of `plan`, also while it is the only one."""


@app.command("precision", help=_("Show the 95 % half-widths to expect, or the size a half-width needs."))
def precision(
    plan: Annotated[Path | None, typer.Argument(help=_("A plan file; it need not be finished."))] = None,
    *,
    size: Annotated[
        int | None, typer.Option(min=1, help=_("How many are drawn, instead of the plan's number."))
    ] = None,
    population: Annotated[int | None, typer.Option(min=1, help=_("How many residents there are."))] = None,
    strata: Annotated[Path | None, typer.Option(help=_("A table with the columns stratum and population."))] = None,
    units: Annotated[int | None, typer.Option(min=1, help=_("How many units are evaluated."))] = None,
    share: Share = 0.5,
    response: Annotated[float, typer.Option(min=0.001, max=1, help=_("Which share of the drawn answers."))] = 0.4,
    deff: Annotated[float, typer.Option(min=0.1, max=100, help=_("Design effect beyond strata and size."))] = DEFF,
    half_width: Annotated[
        float | None, typer.Option(min=0.0001, max=0.9999, help=_("The half-width wanted, e.g. 0.03."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Reckon from the frame if there is one, else from the numbers given."""
    from bot.actions.precision import PlanPrecision, from_numbers
    from surveys.problem import Refused

    order = PlanPrecision(
        path=plan,
        size=size,
        population=population,
        strata=strata,
        units=units,
        share=share,
        response=response,
        deff=deff,
        half_width=half_width,
    )
    if population is None and strata is None and _has_data():
        result = perform("plan.precision", order)
    else:
        try:
            result = from_numbers(order)
        except Refused as refused:
            refuse(refused)
            raise typer.Exit(1) from None
    if as_json:
        print_json(result)
        return
    typer.echo(
        _(
            "{drawn} drawn, {response} of them expected to answer; share {share}, design effect {deff}.",
            drawn=result["drawn"],
            response=f"{100 * response:g} %",
            share=f"{100 * share:g} %",
            deff=f"{deff:g}",
        )
    )
    if result["source"] == "frame":
        typer.echo(_("Drawn as the launch would from the residents imported: same bounds, ages and exclusions."))
    elif result["under_age"]:
        typer.echo(
            _(
                "From the numbers given: they must count residents of {age} and older only, as the plan asks.",
                age=result["under_age"],
            )
        )
    if result["without_spread"]:
        typer.echo(
            _(
                "Needs no spread: {strata}. One resident, or how many are drawn is settled by the bounds.",
                strata=tuple(result["without_spread"]),
            )
        )
    _lines(result["overall"], result["strata"])
    if result["units"]:
        typer.echo(
            _(
                "A unit ({rated} of {units} rated by each): {line}",
                rated=result["units"]["rated"],
                units=result["units"]["units"],
                line=_line(result["units"]),
            )
        )
    if result["needed"]:
        typer.echo(
            _(
                "For ± {half} points: {completes} answers, hence {drawn} drawn (spread by population).",
                half=f"{100 * result['needed']['half_width']:g}",
                completes=result["needed"]["completes"],
                drawn=result["needed"]["drawn"],
            )
        )


def campaign_precision(
    name: Annotated[str, typer.Argument(help=_("The campaign's name."))],
    *,
    share: Share = 0.5,
    deff: Annotated[float, typer.Option(min=0.1, max=100, help=_("Design effect beyond strata and size."))] = DEFF,
    as_json: AsJson = False,
) -> None:
    """Print what has been reached so far, by counts alone."""
    from bot.actions.precision import CampaignPrecision

    result = perform("campaign.precision", CampaignPrecision(name=name, share=share, deff=deff))
    if as_json:
        print_json(result)
        return
    typer.echo(_("Reached so far, by counts alone: no answer has been looked at."))
    typer.echo(
        _(
            "Supposed: share {share}, design effect {deff}, as plan precision does.",
            share=f"{100 * share:g} %",
            deff=f"{deff:g}",
        )
    )
    _lines(result["overall"], result["strata"])
    for unit in result["units"]:
        typer.echo(f"  {unit['unit']} {unit['name']}: {_line(unit)}")
    if result["overall"]["silent"]:
        typer.echo(
            _(
                "Nobody yet in {strata}: the figures would speak for {percent} % of the population.",
                strata=tuple(result["overall"]["silent"]),
                percent=f"{100 * result['overall']['speaks_for']:.1f}",
            )
        )


def _lines(whole: dict[str, Any], strata: list[dict[str, Any]]) -> None:
    typer.echo(_("Everybody: {line}", line=_line(whole)))
    for stratum in strata:
        drawn = _("{drawn} of {population} drawn", drawn=stratum["drawn"], population=stratum["population"])
        typer.echo(f"  {stratum['name']}: {drawn}; {_line(stratum)}")


def _line(found: dict[str, Any]) -> str:
    completes = f"{found['completes']:.0f}" if found["completes"] >= 2 else f"{found['completes']:.1g}"
    if found["half_width"] is None:
        return _("{completes} answers: too few for an estimate", completes=completes)
    return _(
        "{completes} answers, worth {effective}, ± {points} points",
        completes=completes,
        effective=f"{found['effective']:.0f}",
        points=f"{100 * found['half_width']:.1f}",
    )


def _has_data() -> bool:
    """Whether there is a database to ask: planning must not make one."""
    from bot.house import sqlite_file

    settings = load_settings()
    return not settings.embedded or sqlite_file(settings.database_url).exists()
