"""The one table of commands, and the options all of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import (
    answers,
    calls,
    campaigns,
    cases,
    channels,
    database,
    demo,
    dispositions,
    doctor,
    draws,
    estimate,
    forms,
    inbox,
    invitations,
    outbox,
    phone,
    plans,
    quality,
    rates,
    residents,
    results,
    scores,
    service,
    sms,
    units,
)
from bot.cli.perform import INVOCATION, Invocation
from bot.cli.words import _
from surveys.language import LANGUAGES

#: Commands that stand by themselves: `pingyi run`.
SINGLE = (service.app, phone.app, doctor.app, demo.app, estimate.app, rates.app, quality.app)
#: Commands of one noun: `pingyi db upgrade`.
NOUNS = {
    "residents": residents.app,
    "units": units.app,
    "form": forms.app,
    "campaign": campaigns.app,
    "plan": plans.app,
    "answers": answers.app,
    "scores": scores.app,
    "case": cases.app,
    "draw": draws.app,
    "call": calls.app,
    "inbox": inbox.app,
    "channel": channels.app,
    "sms": sms.app,
    "outbox": outbox.app,
    "invitations": invitations.app,
    "db": database.app,
}
campaigns.app.command("precision", help=_("Show how precise a campaign is by now, by counts alone."))(
    plans.campaign_precision
)
campaigns.app.command("results", help=_("Show what a campaign found, with its uncertainty."))(results.results)
campaigns.app.command("dispositions", help=_("What became of everybody sampled, by AAPOR code, with all rates."))(
    dispositions.dispositions
)
residents.app.command("disposition", help=_("Record that somebody drawn has moved away, has died, is under age …"))(
    dispositions.tell
)

app = typer.Typer(
    help=_("Ask residents, close complaints by their own word, publish with honest error bars."),
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
for single in SINGLE:
    app.add_typer(single)
for noun, commands in NOUNS.items():
    app.add_typer(commands, name=noun)


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    *,
    data: Annotated[Path | None, typer.Option(help=_("Data folder; default ./pingyi-data."))] = None,
    config: Annotated[Path | None, typer.Option(help=_("Settings file; default ./pingyi.toml."))] = None,
    language: Annotated[str | None, typer.Option(help=_("Language of these texts: zh or en."))] = None,
    version: Annotated[bool, typer.Option("--version", help=_("Print the version and stop."))] = False,
) -> None:
    """Keep the options that come before the command."""
    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(
            _("“{language}” is no language of these texts; write zh or en.", language=language), param_hint="--language"
        )
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"pingyi {installed('pingyi')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit
    INVOCATION.set(Invocation(INVOCATION.get().arguments, config, {"data": data, "language": language}))
