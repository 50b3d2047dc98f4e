"""A question as its row in the workbook gives it, before its expressions are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.questionnaire.columns import SheetRow
from surveys.questionnaire.findings import Place
from surveys.questionnaire.form import Choice, Kind


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression and where it is written."""

    source: str
    place: Place


@dataclass(slots=True)
class Draft:
    """A question as its row gives it; `conditions` are those of its groups, outermost first, and its own."""

    row: SheetRow
    kind: Kind
    name: str
    path: str
    conditions: tuple[Condition, ...]
    written_name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    satisfied: tuple[str, ...] = ()
    calculation: str = ""
    required: str = ""
    role: str = ""
    follows: str = ""  # the question whose `other` this text explains
    metadata: bool = False
    default: str = ""
    guidance: Mapping[str, str] = field(default_factory=dict)
    appearance: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    constraint: str = ""
    constraint_messages: Mapping[str, str] = field(default_factory=dict)
    repeats: tuple[str, ...] = ()
    page: str = ""
    dimension: str = ""
    options: Mapping[str, SheetRow] = field(default_factory=dict)  # the rows of its choices by name
    refused: bool = False  # its type says nothing that can be asked; only its texts and conditions are looked at


@dataclass(frozen=True, slots=True)
class RepeatDraft:
    """A repeat as its row gives it; `conditions` are those of what is around it, and its own; `parents` the repeats."""

    row: SheetRow
    name: str
    path: str
    conditions: tuple[Condition, ...]
    parents: tuple[str, ...]

    @property
    def count(self) -> Condition | None:
        """How many instances there are, if the form says so."""
        written = self.row.get("repeat_count")
        return Condition(written, self.row.at("repeat_count")) if written else None
