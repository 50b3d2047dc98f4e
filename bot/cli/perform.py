"""Doing a staff action from the command line: in this process, or through the service that holds the data."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.words import _

if TYPE_CHECKING:
    from pydantic import BaseModel

    from bot.actions.progress import Progress
    from bot.settings import Settings

#: How long a command waits for another command that holds the data folder (seconds, real time).
PATIENCE = 10.0
#: How often it looks again meanwhile (seconds).
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Invocation:
    """How this process was called: its arguments and the global flags among them."""

    arguments: tuple[str, ...] = ()
    config: Path | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wants_json(self) -> bool:
        """Whether the command was asked for JSON."""
        return "--json" in self.arguments


INVOCATION: ContextVar[Invocation] = ContextVar("invocation", default=Invocation())  # noqa: B039 - it is frozen


def load_settings(**flags: Any) -> Settings:
    """Return the settings of this call: the global flags, those of the command, then the other sources."""
    from bot.settingssources import read_settings

    called = INVOCATION.get()
    return read_settings(called.config, **{**called.flags, **flags})


def perform(name: str, order: BaseModel, *, closing: str = "") -> dict[str, Any]:
    """Do the action `name` and return its result; what is refused is printed and ends the command with 1.

    With `closing` findings are marked as errors and warnings, and it is said below them.

    On SQLite the action goes to the running service when one holds the data folder. Paths in `order` are made
    absolute first, because the service works in another folder.
    """
    from bot.control import RefusedThere
    from surveys.problem import Refused

    try:
        settings = load_settings()
        with _bar() as progress:
            return _act(settings, name, _absolute(order), progress)
    except Refused as refused:
        refuse(refused, closing=closing)
    except RefusedThere as refused:
        _print_problems(refused.problems, refused.lines, closing=closing)
    raise typer.Exit(1)


def refuse(refused: Any, *, closing: str = "") -> None:
    """Print the problems of a `Refused`: lines on stderr, or one JSON object on stdout."""
    from bot.cli.words import staff_language

    language = staff_language()
    _print_problems(
        [problem.as_json(language) for problem in refused.problems],
        [problem.text(language) for problem in refused.problems],
        closing=closing,
    )


def print_json(value: Any) -> None:
    """Print a result on stdout as JSON that people can read too."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _print_problems(problems: Sequence[dict[str, Any]], lines: Sequence[str], *, closing: str = "") -> None:
    from bot.cli.findings import tell_findings

    if INVOCATION.get().wants_json:
        print_json({"problems": list(problems)})
    elif closing:
        tell_findings(problems)
        typer.echo(closing, err=True)
    else:
        for line in lines:
            typer.echo(line, err=True)


def _act(settings: Settings, name: str, order: BaseModel, progress: Progress) -> dict[str, Any]:
    from bot.actions.table import ACTIONS
    from bot.control import NobodyListens, plain, request
    from bot.house import open_house
    from storage.lock import FolderBusy

    ends = time.monotonic() + PATIENCE
    while True:
        try:
            house = open_house(settings)
        except FolderBusy:
            try:
                return request(settings.folder, name, order, settings.staff_language, progress)
            except NobodyListens:
                # A service that is starting, or another command: both are over soon.
                if time.monotonic() > ends:
                    raise
                time.sleep(PAUSE)
                continue
        try:
            return plain(ACTIONS[name].function(house, order, progress))
        finally:
            house.close()


def _absolute(order: BaseModel) -> BaseModel:
    paths = {name: value.expanduser().absolute() for name, value in order if isinstance(value, Path)}
    return order.model_copy(update=paths) if paths else order


@contextmanager
def _bar() -> Iterator[Progress]:
    """Show a progress bar on a terminal; elsewhere nothing."""
    from bot.actions.progress import silent

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn(_("Working")), BarColumn(), TextColumn("{task.fields[count]}"), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        # Many actions never tell how much there is: a count stands there only once one does.
        task = bar.add_task("", total=None, count="")
        yield lambda done, total: bar.update(task, completed=done, total=total, count=f"{done}/{total}")
