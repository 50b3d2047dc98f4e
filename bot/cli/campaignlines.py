"""What the terminal shows of a launch and of a campaign's state."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.outbox import state_words
from bot.cli.words import _


def state_word(state: str) -> str:
    """Return a campaign's state in words."""
    words = {"draft": _("draft"), "running": _("in the field"), "paused": _("resting"), "closed": _("closed")}
    return words[state]


def print_launch(result: dict[str, Any]) -> None:
    """Print what a launch does or would do: the allocation, or the recipients."""
    if result["kind"] == "survey":
        for name, places in result["allocation"].items():
            typer.echo(
                _(
                    "{stratum}: residents {population}, can be drawn {available}; drawn {main}, in reserve {reserve}",
                    stratum=name,
                    **{key: places[key] for key in ("population", "available", "main", "reserve")},
                ),
            )
        for reason, count in result["exclusions"].items():
            typer.echo(_("Cannot be drawn, {reason}: {count}", reason=reason_word(reason), count=count))
    else:
        typer.echo(
            _(
                "{people} residents get the message, {sendings} times.",
                people=result["recipients"],
                sendings=result["sendings"],
            ),
        )
        for reason, count in result["left_out"].items():
            typer.echo(_("Left out, {reason}: {count}", reason=reason_word(reason), count=count))
    if result["launched"]:
        typer.echo(_("Launched: {name}, from {starts} to {closes}.", name=result["name"], **window(result)))
    elif result["ready"]:
        typer.echo(_("Ready to launch; nothing has been started."))
    else:
        typer.echo(_("Not ready: put right what is marked ✗."))


def print_status(result: dict[str, Any]) -> None:
    """Print a campaign's state and counts."""
    typer.echo(f"{result['name']}: {state_word(result['state'])}")
    typer.echo(_("From {starts} to {closes}; organiser {organiser}", organiser=result["organiser"], **window(result)))
    sample, talks = result["sample"], result["interviews"]
    if result["kind"] == "survey":
        typer.echo(_("Sample: {drawn} drawn, {released} released", drawn=sample["drawn"], released=sample["released"]))
        for name, counts in sample["strata"].items():
            typer.echo(f"  {name}: {counts['released']} / {counts['drawn']}")
        typer.echo(
            _(
                "Invited {invited}, started {started}, complete {complete}, declined {declined}",
                **{key: talks[key] for key in ("invited", "started", "complete", "declined")},
            ),
        )
        if result["precision"]["half_width"] is not None:
            typer.echo(
                _(
                    "Precision so far: {completes} answers, worth {effective}, ± {points} points",
                    completes=result["precision"]["completes"],
                    effective=f"{result['precision']['effective']:.0f}",
                    points=f"{100 * result['precision']['half_width']:.1f}",
                )
            )
    else:
        for outcome, count in result["reach"].items():
            typer.echo(f"  {reason_word(outcome)}: {count}")
    for label, counts, words in (
        (_("Waiting for the clock"), result["wakes"], wake_word),
        (_("Messages"), result["outbox"], state_words),
    ):
        if counts:
            typer.echo(f"{label}: " + ", ".join(f"{words(state)} {count}" for state, count in counts.items()))


def wake_word(state: str) -> str:
    """Return in words what became of something the clock sets off."""
    words = {
        "due": _("still to come"),
        "done": _("dealt with"),
        "stale": _("no longer needed"),
        "failed": _("did not succeed"),
    }
    return words.get(state, state)


def reason_word(reason: str) -> str:
    """Return in words why somebody is left out, or how a sending ended."""
    words = {
        "under_age": _("under age"),
        "age_unknown": _("age unknown"),
        "stopped": _("opted out"),
        "no_address": _("no number"),
        "shared_number": _("another resident of the number was chosen"),
        "same_number": _("another resident of the number gets it"),
        "drawn": _("somebody drawn has the number"),
        "sent": _("message sent"),
        "capped": _("written to often enough"),
        "rested": _("asked in one of the last surveys"),
        "rotated": _("gives way within the panel"),
    }
    return words.get(reason, reason)


def window(result: dict[str, Any]) -> dict[str, str]:
    """Return when the campaign runs, in its own zone."""
    zone = ZoneInfo(result["zone"])
    return {
        key: f"{datetime.fromisoformat(result[f'{key}_at']).astimezone(zone):%Y-%m-%d %H:%M}"
        for key in ("starts", "closes")
    }
