"""The command line `pingyi`: one command is run, and whatever goes wrong in it becomes one line and a status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: Exit status of a command that could not do what it was asked, and of one that was asked wrongly.
FAILED, MISUSED = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 refused or failed, 2 asked wrongly."""
    given = tuple(sys.argv[1:] if arguments is None else arguments)
    from bot.cli.words import CONFIGURED

    configured = CONFIGURED.set(_choose_language(given))  # before the commands are imported: their help is made then
    try:
        return _run(given)
    finally:
        CONFIGURED.reset(configured)


def _run(given: tuple[str, ...]) -> int:
    import typer
    from typer.exceptions import TyperException

    from bot.cli.commands import app
    from bot.cli.misuse import in_front, in_our_words
    from bot.cli.perform import INVOCATION, Invocation

    invoked = INVOCATION.set(Invocation(given))
    try:
        command = typer.main.get_command(app)
        in_our_words(command)
        status = command.main(in_front(given, command), prog_name="pingyi", standalone_mode=False)
    except typer.Abort:
        return FAILED
    except TyperException as error:
        return _misused(error)
    except Exception as error:
        if os.environ.get("PINGYI_DEBUG") == "1":
            raise
        return _failed(error)
    finally:
        INVOCATION.reset(invoked)  # whoever calls again from the same program has not said --json
    return status if isinstance(status, int) else 0


def _choose_language(arguments: Sequence[str]) -> str:
    """Let `--language` win over the environment, from the first word printed; return what files of settings say."""
    from bot.settingsfiles import language_set

    if (chosen := _given(arguments, "--language")) in {"zh", "en"}:
        os.environ["PINGYI_LANGUAGE"] = chosen
    named = _given(arguments, "--config")
    return language_set(Path(named) if named else None)


def _given(arguments: Sequence[str], option: str) -> str:
    """Return the value of an option of the whole program, '' where it is not given; the last one wins."""
    found = ""
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == option:
            found = value if equals else "".join(arguments[position + 1 : position + 2])
    return found


def _misused(error: Any) -> int:
    """Say in one line what is wrong with the call."""
    import typer

    from bot.cli.misuse import told
    from bot.cli.words import _

    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "pingyi"
    if context is not None and type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(context.get_help(), err=True)
    else:
        typer.echo(_("{what} Try: {command} --help", what=told(error), command=command), err=True)
    return MISUSED


def _failed(error: Exception) -> int:
    """Say in one line what is wrong and what to do; what nobody foresaw is recorded in the data folder."""
    import typer

    from bot.cli.faults import explain
    from bot.cli.perform import refuse
    from surveys.problem import Refused

    if isinstance(error, Refused):
        refuse(error)
    else:
        typer.echo(explain(error), err=True)
    return FAILED
