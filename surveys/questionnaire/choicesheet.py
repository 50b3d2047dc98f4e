"""The sheet `choices`: lists of options with labels, synonyms, and which of them are hidden or count as satisfied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan
from typing import Protocol

from surveys.language import message
from surveys.questionnaire.columns import CHOICES, MEDIA, SheetRow
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.form import Choice

_SEPARATORS = re.compile(r"\s*[|;；｜]\s*")
_YES = frozenset({"yes", "true", "true()", "1", "x", "是"})
_NO = frozenset({"no", "false", "false()", "0", "", "否"})


@dataclass(slots=True)
class ChoiceList:
    """One list: its options in order, the names of those that count as satisfied, and the row of each."""

    choices: list[Choice] = field(default_factory=list)
    satisfied: list[str] = field(default_factory=list)
    rows: dict[str, SheetRow] = field(default_factory=dict)


class Lists(Protocol):
    """Where the choices of a question are found: on the sheet, or in a table beside the workbook."""

    def get(self, name: str) -> ChoiceList | None:
        """Return the list of that name on the sheet `choices`."""

    def from_file(self, name: str, row: SheetRow) -> ChoiceList | None:
        """Return the list in the table `name`, None if there is none; what is wrong in it is noted."""


def is_yes(text: str) -> bool:
    """Return whether a cell says yes in one of the ways people tick a box."""
    return text.strip().casefold() in _YES


def is_no(text: str) -> bool:
    """Return whether a cell says no, or nothing."""
    return text.strip().casefold() in _NO


def read_lists(
    rows: list[SheetRow],
    headers: tuple[str, ...],
    findings: Findings,
    *,
    languages: tuple[str, ...],
    duplicates_allowed: bool,
) -> dict[str, ChoiceList]:
    """Return the lists by name. `headers` are the columns a choice filter may ask for."""
    lists: dict[str, ChoiceList] = {}
    _silent(rows, findings)
    for row in rows:
        list_name, name = row.get("list_name"), row.get("name")
        if not list_name:
            if name:
                findings.error(
                    "missing_list",
                    row.at("list_name"),
                    message("The choice “{name}” belongs to no list.", name=name),
                    message("Write the list's name in the column list_name."),
                )
            continue
        options = lists.setdefault(list_name, ChoiceList())
        if not name:
            findings.error(
                "missing_name",
                row.at("name"),
                message("A choice of the list “{list}” has no name.", list=list_name),
                message("Give it a short name in Latin letters, for example yes."),
            )
            continue
        if not duplicates_allowed and any(choice.name == name for choice in options.choices):
            findings.error(
                "duplicate_choice",
                row.at("name"),
                message("The list “{list}” has two choices called “{name}”.", list=list_name, name=name),
                message("Rename one of them."),
            )
            continue
        labels = row.translated("label")
        if not labels:
            findings.warn(
                "missing_label",
                row.at("label"),
                message("The choice “{name}” has no label; its name is shown.", name=name),
                message("Fill in the label."),
            )
        missing = [language for language in languages if language not in labels]
        if labels and missing and "" not in labels:
            place = row.at("label", missing[0])
            findings.warn(
                "missing_translation",
                place,
                message("“{name}” is not translated into: {languages}.", name=name, languages=", ".join(missing)),
                message("Fill in the column “{column}”.", column=place.field),
            )
        options.choices.append(
            Choice(
                name,
                labels,
                synonyms=tuple(filter(None, _SEPARATORS.split(row.get("synonyms")))),
                hidden=_ticked(row, "hidden", findings),
                columns={header: row.get(header) for header in headers},
                points=_points(row, findings),
            )
        )
        options.rows.setdefault(name, row)
        if _ticked(row, "satisfied", findings):
            options.satisfied.append(name)
    return lists


def _silent(rows: list[SheetRow], findings: Findings) -> None:
    """Say once for each kind of media that choices are put in words."""
    for column in MEDIA:
        first = next((row for row in rows if row.translated(column)), None)
        if first:
            findings.warn(
                "ignored",
                first.at(column),
                message("The {what} of choices is not sent; their labels are.", what=column),
                message("Say in the label what the resident needs to know."),
            )


def filter_columns(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns that a choice filter may ask for: none of the standard's, and of ours only the points."""
    return tuple(name for name in headers if name == "points" or name not in CHOICES.values())


def _ticked(row: SheetRow, column: str, findings: Findings) -> bool:
    cell = row.get(column)
    if not is_yes(cell) and not is_no(cell):
        findings.error(
            "not_yes_or_no",
            row.at(column),
            message("“{text}” is neither yes nor no.", text=cell),
            message("Write yes or leave the cell empty."),
        )
    return is_yes(cell)


def _points(row: SheetRow, findings: Findings) -> float | None:
    """Return what the choice counts in a score; an empty cell is no valid vote."""
    cell = unicodedata.normalize("NFKC", row.get("points")).strip()
    if not cell:
        return None
    try:
        points = float(cell)
    except ValueError:
        points = nan
    if isfinite(points):
        return points
    findings.error(
        "not_a_number",
        row.at("points"),
        message("“{text}” is not a number of points.", text=row.get("points")),
        message("Write a number, or leave the cell empty: the answer is then no valid vote."),
    )
    return None
