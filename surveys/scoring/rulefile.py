"""A scoring rule read from its record: a TOML file of an office, a preset, or the JSON frozen at launch."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from math import fsum, isfinite
from typing import Any

from surveys.campaign.fields import Fields
from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.scoring.rule import ANY_QUESTION, CHOOSABLE, NO_VOTE, Band, Banded, Combine, Invalid, Part, ScoringRule


def read_rule_file(filename: str, data: bytes) -> ScoringRule:
    """Return the rule in a TOML file (UTF-8); raises Refused with everything that is wrong with it."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused([
            Problem(
                "not_toml",
                message("The file is not TOML: {reason}", reason=" ".join(str(error).split())),
                message("Correct it as the message says."),
                filename,
            )
        ]) from error  # fmt: skip
    return read_rule(table, filename)


def read_rule(record: Mapping[str, Any], filename: str = "") -> ScoringRule:
    """Return the rule of a record as `rule_record` writes it; raises Refused with everything that is wrong."""
    problems: list[Problem] = []
    fields = _RuleFields(record, problems, file=filename)
    rule = ScoringRule(
        name=fields.text("name"),
        titles=fields.labels("titles"),
        source=fields.text("source"),
        combine=Combine(fields.choice("combine", list(Combine), Combine.MEAN.value)),
        factor=fields.amount("factor", 1.0),
        numbers=fields.bounds("numbers"),
        dimensions=fields.parts("dimensions"),
        points=fields.points("points"),
        groups=fields.parts("groups"),
        bands=fields.bands("bands"),
        banded=Banded(fields.choice("banded", list(Banded), Banded.SCORE.value)),
        invalid=fields.reasons("invalid"),
        optional=fields.reasons("optional"),
        denominators=fields.labels("denominators"),
        notes=fields.labels("notes"),
        counts_for=fields.amount("counts_for", 100.0) if "counts_for" in record else None,
    )
    if not rule.name:
        fields.tell("name", "missing", message("The rule has no name."), message("Give it a short one."))
    if rule.factor <= 0:
        fields.wrong("factor", message("a number above 0"))
    fields.finish()
    if problems:
        raise Refused(problems)
    return rule


class _RuleFields(Fields):
    """The keys of a rule: taken if they are what is wanted, else a finding and an empty value."""

    def amount(self, name: str, default: float) -> float:
        """Return any finite number."""
        value = self._get(name)
        if value is None:
            return default
        if not _is_number(value):
            self.wrong(name, message("a number"))
            return default
        return float(value)

    def labels(self, name: str) -> dict[str, str]:
        """Return texts by language; a plain text is of no language."""
        value = self._get(name)
        if isinstance(value, str) and value:
            return {"": value}
        if value is None or (isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values())):
            return {str(language): text for language, text in (value or {}).items()}
        self.wrong(name, message("a text for each of zh and en"))
        return {}

    def bounds(self, name: str) -> tuple[float, float] | None:
        """Return the lowest and highest number, None if the list is empty or missing."""
        value = self._get(name)
        if not value:
            return None
        if isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1]:
            return float(value[0]), float(value[1])
        self.wrong(name, message("the lowest and the highest number, e.g. [1, 10]"))
        return None

    def parts(self, name: str) -> tuple[Part, ...]:
        """Return what weighs, in order; names once each, weights from 0 on and one of them above it."""
        rows = self._rows(name)
        found = tuple(Part(row.text("name"), row.amount("weight", 1.0), row.labels("labels")) for row in rows)
        for row in rows:
            row.finish()
        if any(part.weight < 0 for part in found) or (found and not fsum(part.weight for part in found) > 0):
            self.wrong(name, message("weights of 0 or more, one of them above 0"))
        if len({part.name for part in found}) < len(found) or any(not part.name for part in found):
            self.wrong(name, message("a name of its own for each"))
        return found

    def bands(self, name: str) -> tuple[Band, ...]:
        """Return the bands from best to worst."""
        rows = self._rows(name)
        found = [Band(row.text("name"), row.amount("least", 0.0), row.labels("labels")) for row in rows]
        for row in rows:
            row.finish()
        if len({band.least for band in found}) < len(found) or any(not band.name for band in found):
            self.wrong(name, message("a name and a lowest number of its own for each"))
        return tuple(sorted(found, key=lambda band: -band.least))

    def points(self, name: str) -> dict[str, dict[str, float | None]]:
        """Return points by question, dimension or "" for any, and choice."""
        found: dict[str, dict[str, float | None]] = {}
        table = self.sub(name)
        for key in table.table:
            choices = table.sub(key)
            read: dict[str, float | None] = {}
            found["" if key == ANY_QUESTION else key] = read
            for choice, value in choices.table.items():
                choices.asked.add(choice)
                if value == NO_VOTE:
                    read[choice] = None
                elif _is_number(value):
                    read[choice] = float(value)
                else:
                    choices.wrong(choice, message("a number of points, or “none” for no valid vote"))
        return found

    def reasons(self, name: str) -> tuple[Invalid, ...]:
        """Return reasons a rule may name, each once, in their fixed order."""
        said = self.texts(name) or ()
        known = {reason.value: reason for reason in CHOOSABLE}
        if any(text not in known for text in said):
            self.wrong(name, message("some of {choices}", choices=", ".join(known)))
        return tuple(reason for reason in CHOOSABLE if reason.value in said)

    def finish(self) -> None:
        """Note every key that means nothing in a rule, with the one that was probably meant."""
        for name in self.table:
            if name not in self.asked:
                near = get_close_matches(name, sorted(self.asked), n=1, cutoff=0.6)
                what = message("A scoring rule has no field {name}.", name=f"{self.path}{name}")
                fix = message("Did you mean {name}?", name=near[0]) if near else message("Take it out.")
                self.tell(name, "unknown_field", what, fix)

    def _rows(self, name: str) -> list[_RuleFields]:
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.wrong(name, message("a list of tables, e.g. [[{name}]]", name=f"{self.path}{name}"))
            return []
        return [
            _RuleFields(item, self.problems, file=self.file, path=f"{self.path}{name}[{number}].")
            for number, item in enumerate(value, 1)
        ]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
