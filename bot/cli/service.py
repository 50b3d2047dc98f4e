"""`pingyi run`, `web`, `worker` and `simulator`: the processes that keep running."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.perform import load_settings
from bot.cli.words import _

#: The port of a simulator of its own: the one after the service's.
SIMULATOR_PORT = 8451

app = typer.Typer()

Host = Annotated[str | None, typer.Option(help=_("Address to listen on."))]
Port = Annotated[int | None, typer.Option(help=_("Port to listen on; 0 takes any free one."))]
PublicUrl = Annotated[str | None, typer.Option(help=_("Where providers reach the service from outside."))]
Simulator = Annotated[bool | None, typer.Option(help=_("Offer the phone simulator as a channel."))]


@app.command("run", help=_("Run the whole service in one process."))
def run(host: Host = None, port: Port = None, public_url: PublicUrl = None, simulator: Simulator = None) -> None:
    """Run everything."""
    _serve("run", host=host, port=port, public_url=public_url, simulator=simulator)


@app.command("web", help=_("Run only the HTTP edge (PostgreSQL; any number of them)."))
def web(host: Host = None, port: Port = None, public_url: PublicUrl = None, simulator: Simulator = None) -> None:
    """Run the HTTP edge."""
    _serve("web", host=host, port=port, public_url=public_url, simulator=simulator)


@app.command("worker", help=_("Run only the clock and the sending (PostgreSQL; any number of them)."))
def worker(simulator: Simulator = None) -> None:
    """Run the clock and the sending."""
    _serve("worker", simulator=simulator)


@app.command("simulator", help=_("Run the phone simulator on its own, so that it outlives the service."))
def simulator(
    port: Annotated[int, typer.Option(help=_("Port to listen on; 0 takes any free one."))] = SIMULATOR_PORT,
) -> None:
    """Run the simulator."""
    from bot.service import simulate

    simulate(load_settings(), port, _announce(_("The phone simulator answers at")))


def _serve(role: str, **flags: Any) -> None:
    from bot.service import Role, serve

    serve(load_settings(**flags), Role(role), _announce(_("Pingyi answers at")))


def _announce(sentence: str) -> Any:
    return lambda url: typer.echo(f"{sentence} {url}")
