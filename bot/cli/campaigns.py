"""`pingyi campaign`: plan, launch, follow, pause, close."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.campaignlines import print_launch, print_status, state_word, window
from bot.cli.findings import AsJson, tell_findings
from bot.cli.perform import perform, print_json
from bot.cli.words import _

app = typer.Typer(help=_("Campaigns: plan, launch, follow, close."), no_args_is_help=True)

Name = Annotated[str, typer.Argument(help=_("The campaign's name."))]


@app.command("create", help=_("Make a draft from a plan file and from flags; flags win."))
def create(
    file: Annotated[Path | None, typer.Argument(help=_("A plan (TOML)."))] = None,
    *,
    name: Annotated[str | None, typer.Option(help=_("What the campaign is called, e.g. water-2026."))] = None,
    kind: Annotated[str | None, typer.Option(help=_("survey or awareness."))] = None,
    title: Annotated[str | None, typer.Option(help=_("Title in Chinese."))] = None,
    title_en: Annotated[str | None, typer.Option(help=_("Title in English."))] = None,
    organiser: Annotated[str | None, typer.Option(help=_("Who asks; never an evaluated unit."))] = None,
    legal_basis: Annotated[str | None, typer.Option(help=_("What the campaign rests on."))] = None,
    starts: Annotated[str | None, typer.Option(help=_("Local date or date and time."))] = None,
    closes: Annotated[str | None, typer.Option(help=_("Local date (to its end) or date and time."))] = None,
    delete_on: Annotated[str | None, typer.Option(help=_("When the answers are deleted."))] = None,
    form: Annotated[str | None, typer.Option(help=_("A template, a file or a digest."))] = None,
    size: Annotated[int | None, typer.Option(help=_("How many residents are drawn."))] = None,
    seed: Annotated[str | None, typer.Option(help=_("What the draw follows from; else a random one."))] = None,
    channel: Annotated[list[str] | None, typer.Option(help=_("Channels in order of preference."))] = None,
    message: Annotated[str | None, typer.Option(help=_("Awareness message in Chinese."))] = None,
    message_en: Annotated[str | None, typer.Option(help=_("Awareness message in English."))] = None,
    verify_by: Annotated[str | None, typer.Option(help=_("Where residents can check that it is real."))] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help=_("Any other field of a plan file: FIELD=VALUE."), metavar="FIELD=VALUE"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Store the plan and say what comes next."""
    from bot.actions.planning import CreateCampaign

    fields: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "title.zh": title,
        "title.en": title_en,
        "organiser": organiser,
        "legal_basis": legal_basis,
        "starts": starts,
        "closes": closes,
        "delete_on": delete_on,
        "form": str(Path(form).absolute()) if form and Path(form).is_file() else form,
        "sample.size": size,
        "sample.seed": seed,
        "channels": channel,
        "message.zh": message,
        "message.en": message_en,
        "verify_by": verify_by,
    }
    given = {field: value for field, value in fields.items() if value is not None}
    given |= dict(_setting(text) for text in set_ or ())
    result = perform("campaign.create", CreateCampaign(path=file, fields=given))
    if as_json:
        print_json(result)
        return
    made = result["name"]
    typer.echo(_("Draft {name} made.", name=made) if result["new"] else _("Draft {name} made anew.", name=made))
    typer.echo(_("Next: pingyi campaign launch {name} --dry-run", name=made), err=True)


@app.command("launch", help=_("Check the plan, draw the sample, start; every finding is listed first."))
def launch(
    name: Name,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Say what would happen; start nothing."))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("Do not ask again."))] = False,
    as_json: AsJson = False,
) -> None:
    """Launch, or say what keeps it from being launched."""
    from bot.actions.launch import LaunchCampaign

    if not dry_run and not yes:
        if not sys.stdin.isatty():
            from bot.actions.planning import ShowCampaign

            perform("campaign.status", ShowCampaign(name=name))  # one that is not there needs no --yes
            raise typer.BadParameter(_("Nobody can be asked here: add --yes or --dry-run."))
        trial = perform("campaign.launch", LaunchCampaign(name=name, dry_run=True))
        tell_findings(trial["problems"])
        print_launch(trial)
        if not trial["ready"]:
            raise typer.Exit(1)
        typer.confirm(_("Launch now?"), abort=True)
    order = LaunchCampaign(name=name, dry_run=dry_run)
    result = perform("campaign.launch", order, closing=_("Nothing was launched: put right what is marked ✗."))
    if as_json:
        print_json(result)
    else:
        tell_findings(result["problems"])
        print_launch(result)
    if not result["ready"]:
        raise typer.Exit(1)


@app.command("status", help=_("How far a campaign has come."))
def status(name: Name, *, as_json: AsJson = False) -> None:
    """Print plan, state and counts."""
    from bot.actions.planning import ShowCampaign

    result = perform("campaign.status", ShowCampaign(name=name))
    if as_json:
        print_json(result)
    else:
        print_status(result)


@app.command("list", help=_("List the campaigns."))
def list_(*, as_json: AsJson = False) -> None:
    """Print campaigns in the order they were made."""
    from bot.actions.planning import ListCampaigns

    result = perform("campaign.list", ListCampaigns())
    if as_json:
        print_json(result)
        return
    for campaign in result["campaigns"]:
        dates = "{starts} – {closes}".format(**window(campaign))
        typer.echo(f"{campaign['name']}\t{state_word(campaign['state'])}\t{dates}\t{campaign['organiser']}")


@app.command("pause", help=_("Let a running campaign rest: nothing goes out but replies."))
def pause(name: Name, *, as_json: AsJson = False) -> None:
    """Pause."""
    from bot.actions.campaigns import PauseCampaign

    _moved(perform("campaign.pause", PauseCampaign(name=name)), as_json=as_json)


@app.command("resume", help=_("Let a paused campaign go on."))
def resume(name: Name, *, as_json: AsJson = False) -> None:
    """Resume."""
    from bot.actions.campaigns import ResumeCampaign

    _moved(perform("campaign.resume", ResumeCampaign(name=name)), as_json=as_json)


@app.command("close", help=_("Close a campaign before its time; answers stay."))
def close(
    name: Name,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("Do not ask again."))] = False,
    as_json: AsJson = False,
) -> None:
    """Close."""
    from bot.actions.campaigns import CloseCampaign

    if not yes:
        if not sys.stdin.isatty():
            raise typer.BadParameter(_("Nobody can be asked here: add --yes."))
        typer.confirm(_("Close {name}? It cannot be opened again.", name=name), abort=True)
    _moved(perform("campaign.close", CloseCampaign(name=name)), as_json=as_json)


@app.command("release", help=_("Release the next reserve replicate, whole."))
def release(
    name: Name,
    *,
    replicate: Annotated[int | None, typer.Option(min=1, help=_("Which one; they go out in turn."))] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=_("Do not ask again."))] = False,
    as_json: AsJson = False,
) -> None:
    """Release reserves."""
    from bot.actions.campaigns import ReleaseReplicate

    if not yes:
        if not sys.stdin.isatty():
            raise typer.BadParameter(_("Nobody can be asked here: add --yes."))
        typer.confirm(_("Invite a whole reserve replicate of {name}? It cannot be taken back.", name=name), abort=True)
    result = perform("campaign.release", ReleaseReplicate(name=name, replicate=replicate))
    if as_json:
        print_json(result)
        return
    typer.echo(
        _(
            "Reserve replicate {number} released: {size} residents; {left} more replicates wait.",
            number=result["replicate"],
            size=result["released"],
            left=len(result["left"]),
        ),
    )


def _moved(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(result)
    else:
        typer.echo(f"{result['name']}: {state_word(result['state'])}")


def _setting(text: str) -> tuple[str, Any]:
    """Return field and value of FIELD=VALUE; the value may be TOML (a number, true, a list) or plain text."""
    import tomllib

    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise typer.BadParameter(_("Write --set FIELD=VALUE, e.g. --set audience.minimum_age=18"))
    try:
        parsed = tomllib.loads(f"value = {value.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        parsed = value.strip()
    # Dates and times travel as text: the order may go to the service as JSON.
    return name.strip(), parsed if isinstance(parsed, str | int | float | bool | list) else value.strip()
