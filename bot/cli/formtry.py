"""`pingyi form try`: a questionnaire talked through in the terminal, you being the resident."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.findings import AsJson, Tables
from bot.cli.words import _

if TYPE_CHECKING:
    from surveys.dialogue.trying import Line, Reply

HELP = _("Talk a questionnaire through without a database: you are the resident.")


class Language(StrEnum):
    """Languages of a talk."""

    ZH = "zh"
    EN = "en"


class Channel(StrEnum):
    """Channels a talk may be like."""

    SMS = "sms"
    TELEGRAM = "telegram"


def try_(
    form: Annotated[str, typer.Argument(help=_("A file, or the name of a template."), metavar="FILE|TEMPLATE")],
    *,
    tables: Tables = None,
    language: Annotated[Language | None, typer.Option(help=_("What the resident reads; else the form's own."))] = None,
    channel: Annotated[Channel, typer.Option(help=_("Telegram shows buttons: reply <tap 2>."))] = Channel.SMS,
    replies: Annotated[
        Path | None, typer.Option(help=_("Replies, one a line; # remark, <tap 2>, <voice>; - is the standard input."))
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option(help=_("What a hidden question holds."), metavar="NAME=VALUE")
    ] = None,
    now: Annotated[str | None, typer.Option(help=_("When the talk begins, e.g. 2026-11-02T10:00."))] = None,
    as_json: AsJson = False,
) -> None:
    """Print the transcript, or with --json one line with answers, questions asked and transcript."""
    import json

    from bot.actions.trying import TryForm, report, start
    from surveys.dialogue.trying import replied

    order: dict[str, Any] = {
        "form": form,
        "beside": tuple(tables or ()),
        "language": language or "",
        "channel": channel,
        "given": _given(given),
    }
    if now:
        order["now"] = _moment(now)
    talking = replies is None and sys.stdin.isatty()
    trial = start(TryForm(**order))
    if not as_json:
        _show(trial.lines, talking=talking)
    for reply in _typed() if talking else _replies(replies):
        shown = len(trial.lines)
        trial = replied(trial, reply)
        if not as_json:
            _show(trial.lines[shown:], talking=talking)
            if trial.tapped_wrongly:
                typer.echo(_("# There is no such button."))
        if talking and trial.over:
            break
    if as_json:
        typer.echo(json.dumps(report(trial), ensure_ascii=False))
        return
    found = report(trial)
    typer.echo("")
    for path, value in found["answers"].items():
        typer.echo(f"{path} = {value}")
    stopped = _("Ended before the last question.") if trial.over else _("Not complete: a question is still open.")
    typer.echo(_("Complete.") if found["complete"] else stopped, err=True)


def _show(lines: tuple[Line, ...], *, talking: bool) -> None:
    """Print messages as the golden conversations write them; what was typed at the terminal stands there already."""
    for line in lines:
        if line.by == "resident":
            if not talking:
                typer.echo(f"> {line.text}")
            continue
        for part in line.text.split("\n"):
            typer.echo(f"< {part}")
        if line.options:
            typer.echo("  " + " ".join(f"[{option}]" for option in line.options))


def _replies(path: Path | None) -> tuple[Reply, ...]:
    from bot.actions.files import read_file
    from surveys.dialogue.trying import read_replies

    if path is None or str(path) == "-":
        return read_replies(typer.get_text_stream("stdin", encoding="utf-8", errors="replace").read())
    return read_replies(read_file(path).decode("utf-8-sig", "replace"), path.name)


def _typed() -> Iterator[Reply]:
    """Yield what is typed until the end of the input; what means nothing is said and asked for again."""
    from bot.cli.perform import refuse
    from surveys.dialogue.trying import read_reply
    from surveys.problem import Refused

    while True:
        try:
            line = input("> ").strip()
        except EOFError:
            return
        if not line:
            continue
        try:
            yield read_reply(line)
        except Refused as refused:
            refuse(refused)


def _given(pairs: list[str] | None) -> dict[str, str]:
    found = {}
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(_("Write --given NAME=VALUE, e.g. --given unit=城管局"))
        found[name.strip()] = value
    return found


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(_("Write --now as 2026-11-02T10:00.")) from None
