"""The certificate of a draw as files: JSON for machines, and a page in each language to print, sign and hang up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.reports.bundle import write_whole
from bot.reports.page import LANGUAGE_NAMES, LANGUAGE_TAGS, environment
from surveys.language import CHINESE, ENGLISH, Message, message, translate
from surveys.questionnaire.form import in_language
from surveys.sampling.certificate import MACHINE, OPEN, PLANNED, WITNESSES

JSON_FILE = "certificate.json"
PAGES = {CHINESE: "certificate.zh.html", ENGLISH: "certificate.en.html"}

REASONS: Mapping[str, Message] = {
    "under_age": message("under age"),
    "age_unknown": message("age unknown"),
    "stopped": message("opted out"),
    "no_address": message("no number"),
    "capped": message("written to often enough"),
    "rested": message("asked in one of the last surveys"),
    "shared_number": message("another resident of the number was chosen"),
    "rotated": message("gives way within the panel"),
}
CHOSEN_BY: Mapping[str, Message] = {
    WITNESSES: message("numbers of a public event, entered before witnesses after the frame was frozen"),
    PLANNED: message("a seed that the office wrote into the plan; nobody witnessed how it was chosen"),
    MACHINE: message("the machine's own random numbers; no witness took part"),
    OPEN: message("not known yet: the frame is fixed first, the randomness comes afterwards"),
}


def write_certificate(record: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write JSON and pages into `folder`; return the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        JSON_FILE: json.dumps(record, ensure_ascii=False, indent=2) + "\n",
        **{name: render_certificate(record, language) for language, name in PAGES.items()},
    }
    return [write_whole(folder / name, content) for name, content in contents.items()]


def render_certificate(record: Mapping[str, Any], language: str) -> str:
    """Return the page in `language` (`zh` or `en`) as HTML without script or address outside itself."""
    other = ENGLISH if language == CHINESE else CHINESE
    zone = ZoneInfo(record["campaign"]["zone"])

    def t(template: str, **fields: object) -> str:
        return translate(language, template, **fields)

    def at(stamp: str | None) -> str:
        return f"{datetime.fromisoformat(stamp).astimezone(zone):%Y-%m-%d %H:%M}" if stamp else "—"

    return (
        environment()
        .get_template("certificate.html")
        .render(
            t=t,
            at=at,
            record=record,
            lang=LANGUAGE_TAGS[language],
            other_lang=LANGUAGE_TAGS[other],
            other_page=PAGES[other],
            other_language=LANGUAGE_NAMES[other],
            title=in_language(record["campaign"]["titles"], language) or record["campaign"]["name"],
            chosen_by=chosen_by(record["randomness"]).text(language),
            notes=[note.text(language) for note in notes(record)],
            totals={
                key: sum(stratum[key] for stratum in record["strata"]) for key in ("population", "available", "main")
            }
            | {"reserve": sum(sum(stratum["reserves"]) for stratum in record["strata"])},
            exclusions=[
                (REASONS[reason].text(language) if reason in REASONS else reason, count)
                for reason, count in record["exclusions"].items()
            ],
        )
    )


def notes(record: Mapping[str, Any]) -> list[Message]:
    """Return what a reader must know of this very draw: how sizes were set, and what the weights are."""
    design = record["plan"]["sample"]
    random = record["randomness"]
    said = [_ALLOCATIONS[design["allocation"]], *_bounds(design)]
    empty = [stratum for stratum in record["strata"] if stratum["population"] and not stratum["main"]]
    if empty:
        said.append(
            message(
                "Nobody is drawn from {strata}: no estimate speaks for these residents.",
                strata=tuple(f"{stratum['name']} ({stratum['population']})" for stratum in empty),
            )
        )
    if random["by"] == WITNESSES and len(random["witnesses"]) == 1:
        said.append(message("Only one witness saw the numbers."))
    if design["panel"]:
        said.append(
            message(
                "{kept} residents asked in {panel} are asked again; {share} of each stratum's panel gives way to "
                "residents drawn anew. The weight N/n of a stratum is exact for residents who could be drawn both "
                "times with equal chances; whoever joined the frame since could only be drawn anew.",
                kept=sum(stratum["asked_again"] for stratum in record["strata"]),
                panel=design["panel"],
                share=f"{100 * design['rotate']:g}%",
            )
        )
    else:
        said.append(message("The weight of a stratum is its residents ÷ its residents released: main and reserves."))
    if design["rest_waves"]:
        said.append(
            message(
                "Who was asked in the last {waves} surveys was not drawn. They count among the residents; the weights "
                "take them to answer as the others do.",
                waves=design["rest_waves"],
            )
        )
    return said + given_up(random)


def chosen_by(random: Mapping[str, Any]) -> Message:
    """Return who chose the randomness of a certificate; a preview too says so once witnesses have seen the numbers."""
    return CHOSEN_BY[WITNESSES if random["witnesses"] else random["by"]]


def given_up(random: Mapping[str, Any]) -> list[Message]:
    """Return what the randomness of a certificate says of earlier frames; nothing where none was given up."""
    said = []
    if random["discarded"]:
        said.append(
            message(
                "Earlier frames of this campaign given up after their randomness was known: {count}.",
                count=random["discarded"],
            )
        )
    said += [
        message(
            "Given up: the frame {sha256}; {witnesses} had seen {numbers}.",
            sha256=one["frame_sha256"],
            witnesses=tuple(one["witnesses"]),
            numbers="; ".join(f"{source['name']} {'-'.join(map(str, source['numbers']))}" for source in one["sources"]),
        )
        for one in random.get("given_up", ())
    ]
    return said


def _bounds(design: Mapping[str, Any]) -> list[Message]:
    """Return what bounds were in force beside the way of spreading."""
    said = []
    fixed = design["allocation"] == "fixed"
    if design["minimum_per_stratum"] and not fixed:
        said.append(
            message(
                "Before that every stratum gets at least {minimum}, or all who can be drawn there; what this takes "
                "lowers the others' shares.",
                minimum=design["minimum_per_stratum"],
            )
        )
    if design["maximum_per_stratum"] and not fixed:
        said.append(
            message(
                "No stratum gets more than {maximum}; what this leaves goes to the others.",
                maximum=design["maximum_per_stratum"],
            )
        )
    return said


_ALLOCATIONS: Mapping[str, Message] = {
    "proportional": message("The sample is spread over the strata by their residents, by largest remainder."),
    "neyman": message("The sample is spread by residents × standard deviation (Neyman), by largest remainder."),
    "equal": message("The sample is spread evenly over the strata."),
    "fixed": message("The plan says how many are drawn of each stratum."),
}
