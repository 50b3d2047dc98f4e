"""`pingyi case`: what residents want put right, and what units say they have done."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Cases: from what a resident said to the resident's own word that it is solved."))

AsJson = Annotated[bool, typer.Option("--json", help=_("Print JSON."))]
Number = Annotated[str, typer.Argument(help=_("The case's number."))]


@app.command("list", help=_("List cases, the oldest first."))
def list_(
    state: Annotated[list[str] | None, typer.Option(help=_("Only cases in this state (may be given again)."))] = None,
    unit: Annotated[str, typer.Option(help=_("Only cases of this unit."))] = "",
    limit: Annotated[int, typer.Option(help=_("At most so many."), min=1, max=10_000)] = 200,
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Print cases."""
    from bot.actions.cases import ListCases
    from surveys.cases.case import CaseState

    known = {member.value for member in CaseState}
    for name in state or ():
        if name not in known:
            raise typer.BadParameter(
                _("{state} is no state of a case; they are {known}.", state=name, known=", ".join(sorted(known)))
            )
    order = ListCases(states=tuple(CaseState(name) for name in state or ()), unit=unit, limit=limit)
    found = perform("case.list", order)
    if as_json:
        print_json(found)
        return
    if not found["cases"]:
        typer.echo(_("There are no cases."))
    for case in found["cases"]:
        typer.echo(_line(case))


@app.command("show", help=_("Show one case with its history."))
def show(number: Number, as_json: AsJson = False) -> None:  # noqa: FBT002 - Typer's way
    """Print one case."""
    from bot.actions.cases import NameCase

    case = perform("case.show", NameCase(number=number))
    if as_json:
        print_json(case)
        return
    typer.echo(_line(case))
    if case["resident"]:
        typer.echo(f"  {case['resident']['name']} ({case['resident']['office_id']})")
    for name, words in (
        ("due_at", _("time limit")),
        ("resolution", _("what was done")),
        ("resolved_by", _("reported by")),
        ("reason", _("why it is not solved")),
    ):
        if case[name]:
            typer.echo(f"  {words}: {case[name]}")
    for one in case["attachments"]:
        typer.echo(_attachment(one))
    _print_history(case["history"])


@app.command("attachment", help=_("Write a voice message, picture or place of a case to a file."))
def attachment(
    number: Number,
    index: Annotated[int, typer.Argument(help=_("Which one, as `case show` numbers them."), min=1)],
    out: Annotated[Path, typer.Option(help=_("A file that does not exist yet, or a folder; only you can read it."))],
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Write one attachment."""
    from bot.actions.attachments import WriteAttachment

    written = perform("case.attachment", WriteAttachment(number=number, index=index, out=out))
    if as_json:
        print_json(written)
    else:
        typer.echo(written["file"])


@app.command("history", help=_("Show what happened to a case."))
def history(number: Number, as_json: AsJson = False) -> None:  # noqa: FBT002 - Typer's way
    """Print the history of one case."""
    from bot.actions.cases import NameCase

    told = perform("case.history", NameCase(number=number))
    if as_json:
        print_json(told)
    else:
        _print_history(told["history"])


@app.command("assign", help=_("Give a case to a unit; its clock starts."))
def assign(
    number: Number,
    unit: Annotated[str, typer.Argument(help=_("The unit's id or name."))],
    handler: Annotated[str, typer.Option(help=_("Who in the unit handles it."))] = "",
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Assign a case."""
    from bot.actions.cases import AssignCase

    _done(perform("case.assign", AssignCase(number=number, unit=unit, handler=handler)), as_json=as_json)


@app.command("contacted", help=_("Note that the unit has spoken with the resident."))
def contacted(
    number: Number,
    by: Annotated[str, typer.Option(help=_("Who spoke with the resident."))],
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Note a contact."""
    from bot.actions.cases import ContactedCase

    _done(perform("case.contacted", ContactedCase(number=number, by=by)), as_json=as_json)


@app.command("resolve", help=_("Take the unit's word that it is done; the resident will be asked."))
def resolve(
    number: Number,
    what: Annotated[str, typer.Option(help=_("What was done; the resident is told it word for word."))],
    by: Annotated[str, typer.Option(help=_("Who reports it."))],
    at: Annotated[
        datetime | None,
        typer.Option(help=_("When it was done (local time); now if left out."), formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002 - Typer's way
) -> None:
    """Report a case as done."""
    from bot.actions.cases import ResolveCase

    case = perform("case.resolve", ResolveCase(number=number, what=what, by=by, at=at))
    _done(case, as_json=as_json)
    if not as_json:
        typer.echo(_("The resident will be asked from {when} on.", when=case["callback_at"][:16].replace("T", " ")))


def _done(case: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(case)
    else:
        typer.echo(_line(case))


def _line(case: dict[str, Any]) -> str:
    late = _(" (overdue)") if case["overdue"] else ""
    unit = f" · {case['unit']}" if case["unit"] else ""
    again = _(" · reopened {n}×", n=case["reopened"]) if case["reopened"] else ""
    return f"{case['number']} · {case['state_words']}{late}{unit}{again} · {case['text']}"


def _attachment(one: dict[str, Any]) -> str:
    size = f" · {max(1, round(one['size'] / 1024))} KiB" if one["size"] else ""
    at = one["at"][:16].replace("T", " ")
    return f"  [{one['index']}] {one['kind_words']} · {one['media_type']}{size} · {one['state_words']} · {at}"


def _print_history(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        typer.echo(f"  {row['at'][:16].replace('T', ' ')}  {row['words']} ({row['by']})")
