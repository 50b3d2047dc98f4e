"""`pingyi demo`: a whole simulated month of an evaluation in about half a minute."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.perform import INVOCATION, print_json
from bot.cli.words import _, staff_language

if TYPE_CHECKING:
    from bot.demo.demo import Report
    from bot.demo.lodging import Lodging
    from bot.demo.show import Show

app = typer.Typer()


@app.command("demo", help=_("Live a month of a made-up town: sample, messages, matters, callbacks, results."))
def demo(
    *,
    days: Annotated[int, typer.Option(min=10, max=90, help=_("Simulated days."))] = 30,
    residents: Annotated[int, typer.Option(min=400, max=1_000_000, help=_("Residents of the town."))] = 50_000,
    sample: Annotated[int, typer.Option(min=60, help=_("How many residents are drawn."))] = 1000,
    seed: Annotated[int, typer.Option(min=0, help=_("What everything follows from: same seed, same month."))] = 7,
    keep: Annotated[
        Path | None, typer.Option(help=_("Keep database, keys and results in this empty folder."), metavar="DIR")
    ] = None,
    database: Annotated[
        str, typer.Option(help=_("An empty PostgreSQL database to use instead of SQLite."), metavar="URL")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,
) -> None:
    """Simulate, then print the results."""
    from rich.console import Console

    from bot.demo.calendar import Calendar
    from bot.demo.demo import Order, live_a_month
    from bot.demo.lodging import lodge
    from bot.demo.show import Show
    from bot.logs import configure

    configure("ERROR")
    language = _language()
    console = Console(width=None if sys.stdout.isatty() else 100)
    show = Show(console, Calendar(days), quiet=as_json)
    order = Order(
        days=days,
        residents=residents,
        sample=sample,
        seed=seed,
        language=language,
        width=0 if as_json else console.width,
        colour=console.is_terminal and not as_json,
    )
    show.say(_("Simulated data: the town, its people, units and numbers are made up."), "bold magenta")
    with lodge(keep=keep, database=database, seed=seed, language=language, days=days) as lodging:
        report = live_a_month(order, lodging, show)
        if as_json:
            print_json(report.json)
        else:
            _tell(report, lodging, show)


def _language() -> str:
    """Return the staff's language: the flag before the command, else as everywhere."""
    chosen: Any = INVOCATION.get().flags.get("language")
    return chosen or staff_language()


def _tell(report: Report, lodging: Lodging, show: Show) -> None:
    """Print what came of the month."""
    found = report.json
    show.say("")
    show.print(report.tables)
    show.say("")
    cases, reach, messages = found["cases"], report.publicity["reach"], found["messages"]
    rates = {rate["key"]: rate for rate in found["results"]["cases"]["rates"]}
    show.say(
        _(
            "Reported done by units {done} · confirmed solved by residents {confirmed} · not reached {unreached}",
            done=_share(rates["reported_done"]),
            confirmed=_share(rates["confirmed"]),
            unreached=_share(rates["not_reached"]),
        ),
        "bold",
    )
    show.say(
        _(
            "Callbacks: confirmed {confirmed}, partly {partly}, not solved {not_resolved}, unreachable {unreachable}, "
            "declined {declined}; cases reopened {reopened}",
            **{name: cases[name] for name in cases if name not in {"total", "by_state"}},
        )
    )
    show.say(
        _(
            "Awareness: reached {reached} of {audience}; {drawn} drawn residents left alone",
            reached=reach["people_reached"],
            audience=reach["audience"],
            drawn=reach["skipped"].get("drawn", 0),
        )
    )
    show.say(_("Refused, as it must be: “{text}”", text=found["refused"]["text"]), "bold")
    for line in report.problems:
        show.say(f"  ✗ {line}", "red")
    show.say(
        _(
            "Counted by the carrier: {sent} messages sent, {twice} of them twice; {received} received",
            sent=messages["sent"],
            twice=messages["sent_twice"],
            received=messages["received"],
        )
    )
    show.say("")
    for file in found["files"]:
        show.say(f"  {file}")
    if lodging.kept:
        show.say(
            _("Look further: {command}", command=f"pingyi --data {lodging.kept} campaign results {found['campaign']}")
        )
        show.say(_("Go on: {command}", command=f"pingyi --config {lodging.kept}/pingyi.toml run"))
    else:
        show.say(_("Keep everything to look further: {command}", command="pingyi demo --keep DIR"))
    show.say(_("Simulated data. {seconds} seconds.", seconds=found["seconds"]), "bold magenta")


def _share(rate: dict[str, Any]) -> str:
    share = "—" if rate["share"] is None else f"{100 * rate['share']:.1f}%"
    return f"{share} ({rate['numerator']}/{rate['denominator']})"
