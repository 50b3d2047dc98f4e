"""`pingyi draw`: freeze the frame, enter randomness before witnesses, certify the draw, let anyone run it again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.campaignlines import reason_word
from bot.cli.findings import AsJson, tell_findings
from bot.cli.perform import perform, print_json
from bot.cli.words import _, staff_language

app = typer.Typer(help=_("Draws that anyone can check."), no_args_is_help=True)

Campaign = Annotated[str, typer.Argument(help=_("The campaign's name."), metavar="CAMPAIGN")]


@app.command("freeze", help=_("Fix the frame of a draft and print its hash, to be published before the randomness."))
def freeze(
    name: Campaign,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=_("Also if numbers that witnesses saw are thrown away by it."))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Freeze."""
    from bot.actions.draws import FreezeFrame

    result = perform("draw.freeze", FreezeFrame(name=name, yes=yes))
    if as_json:
        print_json(result)
        return
    typer.echo(
        _("The frame is frozen. Residents: {size}. SHA-256: {sha256}", size=result["size"], sha256=result["sha256"])
    )
    if result["discarded"]:
        typer.echo(
            _(
                "{count} frames were given up after their randomness was known; the certificate says so.",
                count=result["discarded"],
            )
        )
    hint = 'pingyi draw randomness {name} --source "…" --digits 5-2-7-0-4-1-11 --witness … --witness …'
    typer.echo(
        _("Publish the hash, then let the lots be drawn: {command}", command=hint.replace("{name}", name)), err=True
    )


@app.command("randomness", help=_("Enter the numbers a public event gave, before witnesses; the seed follows."))
def randomness(
    name: Campaign,
    *,
    source: Annotated[
        list[str], typer.Option(help=_("Where the numbers come from, e.g. 七星彩 2026133期; repeatable."))
    ],
    digits: Annotated[
        list[str], typer.Option(help=_("The numbers of each source in the order announced, e.g. 5-2-7."))
    ],
    witness: Annotated[list[str], typer.Option(help=_("Who saw them; give every name."))],
    as_json: AsJson = False,
) -> None:
    """Enter randomness."""
    from bot.actions.draws import EnterRandomness

    order = EnterRandomness(name=name, sources=source, digits=digits, witnesses=witness)
    result = perform("draw.randomness", order)
    if as_json:
        print_json(result)
        return
    tell_findings(result["problems"])
    typer.echo(_("Canonical form: {key}", key=result["canonical"]))
    typer.echo(_("Seed (its SHA-256): {seed}", seed=result["seed"]))


@app.command("certificate", help=_("Print the certificate, or write it as JSON and pages; before launch a preview."))
def certificate(
    name: Campaign,
    *,
    folder: Annotated[
        Path | None, typer.Option(help=_("Write certificate.json and the pages (zh, en) into this folder."))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Certify."""
    from bot.actions.draws import MakeCertificate

    result = perform("draw.certificate", MakeCertificate(name=name, folder=folder))
    if as_json:
        print_json(result["certificate"])
        return
    found = result["certificate"]
    if found["preview"]:
        typer.echo(_("Preview: nobody has been drawn yet."))
    typer.echo(
        _("Residents in the frame: {size}. SHA-256: {sha256}", **{k: found["frame"][k] for k in ("size", "sha256")})
    )
    _print_randomness(found["randomness"])
    for stratum in found["strata"]:
        typer.echo(
            _(
                "{stratum}: residents {population}, can be drawn {available}; drawn {main}, in reserve {reserve}",
                stratum=stratum["name"],
                population=stratum["population"],
                available=stratum["available"],
                main=stratum["main"],
                reserve=sum(stratum["reserves"]),
            )
        )
    for reason, count in found["exclusions"].items():
        typer.echo(_("Cannot be drawn, {reason}: {count}", reason=reason_word(reason), count=count))
    if found["sample"]:
        typer.echo(_("Seed: {seed}", seed=found["randomness"]["seed"]))
        typer.echo(
            _(
                "Residents in the sample: {size}. SHA-256: {sha256}",
                **{k: found["sample"][k] for k in ("size", "sha256")},
            )
        )
    for file in result["files"]:
        typer.echo(file)


@app.command("frame", help=_("Write the frozen frame under pseudonyms, once the campaign is closed."))
def frame(
    name: Campaign,
    file: Annotated[Path, typer.Argument(help=_("A new .csv."), metavar="FILE")],
    *,
    as_json: AsJson = False,
) -> None:
    """Publish the frame."""
    from bot.actions.draws import ExportFrame

    result = perform("draw.frame", ExportFrame(name=name, path=file))
    if as_json:
        print_json(result)
    else:
        typer.echo(_("{file}: {rows} residents under pseudonyms.", file=result["file"], rows=result["rows"]))


@app.command("packets", help=_("List the packets of units that respondents are given."))
def packets(name: Campaign, *, as_json: AsJson = False) -> None:
    """Print packets."""
    from bot.actions.draws import ShowPackets

    result = perform("draw.packets", ShowPackets(name=name))
    if as_json:
        print_json(result)
        return
    for packet in result["packets"]:
        typer.echo("\t".join([str(packet["packet"]), *(unit["name"] for unit in packet["units"])]))


@app.command("verify", help=_("Run a certified draw again, with neither database nor settings; 1 if anything differs."))
def verify(
    certificate: Annotated[Path, typer.Argument(help=_("certificate.json"), metavar="CERTIFICATE")],
    *,
    frame: Annotated[Path, typer.Option(help=_("The frame as it was published."), metavar="FILE")],
    as_json: AsJson = False,
) -> None:
    """Verify."""
    from bot.actions.verifying import verify_draw

    result = verify_draw(certificate, frame, staff_language())
    if as_json:
        print_json(result)
    else:
        for line in result["lines"]:
            typer.echo(f"{'✓' if line['agrees'] else '✗'} {line['what']}")
            if not line["agrees"]:
                typer.echo(
                    "  " + _("certificate: {said}; drawn again: {found}", said=line["certificate"], found=line["found"])
                )
        agreed = sum(line["agrees"] for line in result["lines"])
        typer.echo(
            _("All {count} lines agree.", count=agreed)
            if result["agrees"]
            else _("{count} lines differ.", count=len(result["lines"]) - agreed)
        )
        if result["remark"]:
            typer.echo(result["remark"])
    if not result["agrees"]:
        raise typer.Exit(1)


def _print_randomness(random: dict[str, Any]) -> None:
    """Print where the numbers came from, who saw them, and which earlier frames were given up after they were known."""
    from bot.reports.certificate import chosen_by, given_up

    language = staff_language()
    typer.echo(_("Randomness: {chosen}", chosen=chosen_by(random).text(language)))
    for source in random["sources"]:
        typer.echo(f"  {source['name']}: {'-'.join(map(str, source['numbers']))}")
    if random["witnesses"]:
        typer.echo(_("Witnesses: {witnesses}", witnesses=tuple(random["witnesses"])))
    for note in given_up(random):
        typer.echo(note.text(language))
