"""Running a certified draw again on the published frame, and saying line by line what agrees."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.campaign.plan import UnitsDesign
from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.sampling.certificate import (
    FORMAT,
    OPEN,
    VERSION,
    WITNESSES,
    assignment_hash,
    design_of,
    fingerprint,
    given_units,
    sample_of,
    strata_of,
)
from surveys.sampling.draw import ALGORITHM, Selection, select
from surveys.sampling.frame import DrawFrame
from surveys.sampling.randomness import Source, canonical, seed_of
from surveys.units.directory import Unit

#: What every certificate has, and what each is. The fields of lists are looked at where they are read.
_FIELDS: Mapping[str, type] = {
    "fingerprint": str,
    "campaign.name": str,
    "frame.sha256": str,
    "frame.size": int,
    "frame.frozen_at": str,
    "plan.sample": dict,
    "randomness.by": str,
    "randomness.seed": str,
    "randomness.sources": list,
    "randomness.witnesses": list,
    "randomness.canonical": str,
    "strata": list,
    "exclusions": dict,
    "sample.size": int,
    "sample.sha256": str,
    "sample.replicates": list,
    "units": object,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at: a stable `name`, what it is, what the certificate says and what was found."""

    name: str
    what: Message
    said: str
    found: str

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.said == self.found


def read_certificate(data: bytes, file: str = "") -> dict[str, Any]:
    """Return the certificate a file holds; Refused if it is none, a preview, or of a version not known here."""
    try:
        record = json.loads(data)
        known = record["format"] == FORMAT and record["version"] == VERSION and record["algorithm"] == ALGORITHM
    except (ValueError, KeyError, TypeError):
        raise _bad(file, message("The file is no certificate of a draw.")) from None
    if not known:
        raise _bad(file, message("The certificate is of a version this program does not know."))
    if record.get("preview"):
        raise _bad(file, message("This is a preview: nobody has been drawn yet."))
    return dict(record)


def verify(record: Mapping[str, Any], frame: DrawFrame, file: str = "") -> tuple[Line, ...]:
    """Draw again from `frame` as the certificate `record` says, and compare; Refused if a value is missing in it."""
    for name, kind in _FIELDS.items():
        _look(record, name, kind, file)
    try:
        return tuple(_lines(record, frame))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = message("The certificate is damaged: {what}.", what=f"{type(error).__name__} {error}")
        raise _bad(file, what) from None


def remark(lines: Sequence[Line]) -> Message | None:
    """Return in plain words what is left to do where all agrees, or what it means that only the fingerprint differs.

    None where anything else differs.
    """
    if all(line.agrees for line in lines):
        (shown,) = (line.found for line in lines if line.name == "fingerprint")
        return message(
            "Compare the certificate's fingerprint with the one on the page that was signed: {fingerprint}. Both files "
            "could have been made anew together; the signed page could not.",
            fingerprint=shown,
        )
    if [line.name for line in lines if not line.agrees] != ["fingerprint"]:
        return None
    return message(
        "The draw itself comes out as certified, but the certificate's text has been altered somewhere that no other "
        "line can tell: a witness, a source, a title or a time. Compare it with the page that was signed, or ask the "
        "office for the file whose fingerprint stands there."
    )


def _look(record: Mapping[str, Any], name: str, kind: type, file: str) -> None:
    """Refuse a certificate without the field `name` (levels parted by full stops), or with another kind of value."""
    value: Any = record
    for step in name.split("."):
        if not isinstance(value, Mapping) or step not in value:
            raise _bad(file, message("The certificate is damaged: the field {name} is missing.", name=name))
        value = value[step]
    if not isinstance(value, kind):
        raise _bad(file, message("The certificate is damaged: the field {name} is not what it should be.", name=name))


def _lines(record: Mapping[str, Any], frame: DrawFrame) -> Iterator[Line]:
    yield Line("fingerprint", message("Fingerprint of the certificate"), record["fingerprint"], fingerprint(record))
    random = record["randomness"]
    seed = str(random["seed"])
    if random["by"] == WITNESSES:
        key = canonical([Source(source["name"], tuple(map(int, source["numbers"]))) for source in random["sources"]])
        yield Line("canonical", message("Canonical form of the numbers drawn"), random["canonical"], key)
        yield Line("seed", message("Seed that follows from the numbers"), seed, seed_of(key))
        frozen, entered = (datetime.fromisoformat(at) for at in (record["frame"]["frozen_at"], random["entered_at"]))
        what = message("Whether the numbers came after the frame was frozen")
        yield Line("order", what, "after", "after" if entered > frozen else "before")
    elif random["by"] == OPEN:
        raise ValueError("randomness")
    yield from _given_up(random, record["frame"])
    yield Line("frame", message("Frame (SHA-256)"), record["frame"]["sha256"], frame.digest())
    yield Line("frame_size", message("Residents in the frame"), str(record["frame"]["size"]), str(len(frame)))
    design = design_of(record["plan"]["sample"], seed)
    drawn = select(frame, design, record["campaign"]["name"])
    for problem in drawn.problems:
        yield Line(problem.code, problem.what, "can be drawn", "cannot be drawn")
    for reason in sorted({*record["exclusions"], *drawn.exclusions}):
        said, found_count = record["exclusions"].get(reason, 0), drawn.exclusions.get(reason, 0)
        what = message("Cannot be drawn: {reason}", reason=reason)
        yield Line(f"excluded.{reason}", what, str(said), str(found_count))
    yield from _strata(record, drawn)
    again = sample_of(frame, drawn)
    yield Line("sample_size", message("Residents drawn"), str(record["sample"]["size"]), str(again["size"]))
    yield Line("sample", message("Sampled pseudonyms (SHA-256)"), record["sample"]["sha256"], again["sha256"])
    parts = {part["number"]: part for part in record["sample"]["replicates"]}
    for part in again["replicates"]:
        said = parts.pop(part["number"], {"size": 0, "sha256": ""})
        name = message("Main sample") if not part["number"] else message("Reserve {number}", number=part["number"])
        yield Line(
            f"replicate.{part['number']}",
            name,
            f"{said['size']} {said['sha256']}",
            f"{part['size']} {part['sha256']}",
        )
    for number, said in parts.items():
        yield Line(f"replicate.{number}", message("Reserve {number}", number=number), str(said["size"]), "0")
    if record["units"] is not None:
        yield from _units(record, frame, drawn, seed)


def _given_up(random: Mapping[str, Any], frame: Mapping[str, Any]) -> Iterator[Line]:
    """Check what is told of frames that were given up; certificates from before their numbers were kept say a count."""
    if "given_up" not in random:
        return
    yield Line(
        "given_up",
        message("Frames given up after their randomness was known"),
        str(random["discarded"]),
        str(len(random["given_up"])),
    )
    for number, one in enumerate(random["given_up"], 1):
        key = canonical([Source(source["name"], tuple(map(int, source["numbers"]))) for source in one["sources"]])
        what = message("Frame given up, number {number}: canonical form and seed", number=number)
        yield Line(f"given_up.{number}", what, f"{one['canonical']} {one['seed']}", f"{key} {seed_of(key)}")
        times = [datetime.fromisoformat(at) for at in (one["frozen_at"], one["entered_at"], frame["frozen_at"])]
        what = message("Frame given up, number {number}: fixed, then its numbers, then the next frame", number=number)
        yield Line(f"given_up.{number}.order", what, "in turn", "in turn" if times == sorted(times) else "not in turn")


def _strata(record: Mapping[str, Any], drawn: Selection) -> Iterator[Line]:
    said = {stratum["name"]: stratum for stratum in record["strata"]}
    found = {stratum["name"]: stratum for stratum in strata_of(drawn)}
    for name in sorted({*said, *found}):
        what = message("Stratum {name}: population, can be drawn, main sample, reserves, asked again", name=name)
        yield Line(f"stratum.{name}", what, _numbers(said.get(name)), _numbers(found.get(name)))


def _numbers(stratum: Mapping[str, Any] | None) -> str:
    if stratum is None:
        return ""
    reserves = "+".join(map(str, stratum["reserves"])) or "0"
    return f"{stratum['population']}, {stratum['available']}, {stratum['main']}, {reserves}, {stratum['asked_again']}"


def _units(record: Mapping[str, Any], frame: DrawFrame, drawn: Selection, seed: str) -> Iterator[Line]:
    said = record["units"]
    units = [Unit(unit["id"], unit["name"], unit_class=unit["class"]) for unit in said["evaluated"]]
    design = UnitsDesign(said["per_resident"], quotas=said["quotas"], packets=len(said["packets"]))
    people = [(frame.pseudonyms[place.line], place.replicate) for place in drawn.places]
    given, packets = given_units(people, units, design, seed=seed, draw=record["campaign"]["name"])
    if said["packets"]:
        written = [json.dumps([list(packet) for packet in made]) for made in (said["packets"], packets)]
        yield Line("packets", message("Packets of units"), *written)
    yield Line("units", message("Units given to each resident (SHA-256)"), said["sha256"], assignment_hash(given))


def _bad(file: str, what: Message) -> Refused:
    fix = message("Take the file that was published: certificate.json")
    return Refused([Problem("bad_certificate", what, fix, file)])
