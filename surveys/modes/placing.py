"""Which question and which instance each cell of a row answers; a unit that has no place is one finding, no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.language import Message, message
from surveys.modes.columns import Asked, Layout, column_of
from surveys.modes.operators import find_unit
from surveys.questionnaire.form import Form
from surveys.questionnaire.keys import Indices, key, parted
from surveys.questionnaire.repeats import UNIT
from surveys.units.directory import Unit


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Why the cells under `header`, and all that hang on it, have no place."""

    header: str
    code: str
    what: Message
    fix: Message


@dataclass(frozen=True, slots=True)
class Placed:
    """The cells of a row by the key of the question they answer, and what has no place.

    `headers` tells the column of each question by its key; `order` says which instance the columns of the n-th unit
    mean; `about_units` are the questions asked of every unit.
    """

    cells: Mapping[str, str]
    misplaced: tuple[Misplaced, ...]
    headers: Mapping[str, str]
    order: Mapping[int, int]
    about_units: frozenset[str]

    def column(self, question: str) -> str:
        """Return how this file calls, or would call, the column of a question by its key."""
        if question in self.headers:
            return self.headers[question]
        row, indices = parted(question)
        if indices and row in self.about_units:
            written = {instance: n for n, instance in self.order.items()}
            indices = (written.get(indices[0], indices[0]), *indices[1:])
        place = f"[{'.'.join(map(str, indices))}]" if indices else ""
        return column_of(row) + place

    def follows(self, question: str) -> bool:
        """Whether a question lacks its answer only because a unit has no place: none of its instance came through."""
        row, indices = parted(question)
        if not self.misplaced or row not in self.about_units:
            return False
        return all(parted(name)[1][:1] != indices[:1] or parted(name)[0] not in self.about_units for name in self.cells)


def place_cells(form: Form, layout: Layout, cells: Mapping[str, str], units: Sequence[Unit]) -> Placed:
    """Place the cells of a row (header → text) whose resident was given `units`, in their order."""
    about_units = frozenset(question.name for question in form.questions if question.repeats[:1] == (UNIT,))
    named = {place: header for header, place in layout.units.items() if cells.get(header, "")}
    order = {n: n for n in range(1, 1 + len(units))}
    order |= {place: _place(cells[header], units) for place, header in named.items()}
    misplaced: dict[str, Misplaced] = {}
    keys: dict[str, str] = {}

    def indices_of(asked: Asked) -> Indices:
        if asked.unit:
            return (_place(asked.unit, units),)
        if asked.place and units and asked.row in about_units:
            return (order.get(asked.place[0], 0), *asked.place[1:])
        return asked.place

    def root(header: str) -> str:
        """Return the column that says which unit the column `header` is about; without one, what it says itself."""
        asked = layout.asked[header]
        if asked.unit or asked.row not in about_units or not asked.place:
            return f"[{asked.unit}]" if asked.unit else header
        return named.get(asked.place[0], f"[{asked.place[0]}]")

    def tell(header: str, at: str, code: str, what: Message, fix: Message) -> None:
        misplaced.setdefault(at, Misplaced(at if at in layout.units else header, code, what, fix))

    unknown = message("The unit is not among those this resident was asked to evaluate.")
    theirs = message("Theirs are: {units}.", units=", ".join(unit.name for unit in units) or "—")
    for place, header in named.items():
        if not order[place]:
            tell(header, header, "not_assigned", unknown, theirs)
    used = {
        asked.place[0] for h, asked in layout.asked.items() if asked.place and cells.get(h) and asked.row in about_units
    }
    first: dict[int, int] = {}
    for place in sorted({*named, *used}):
        instance = order.get(place, 0)
        if instance and first.setdefault(instance, place) != place:
            before = first[instance]
            tell(
                named.get(place, named.get(before, "")),
                named.get(place, f"[{place}]"),
                "unit_twice",
                message(
                    "{unit} is rated in two places: {first} and {second}.",
                    unit=units[instance - 1].name,
                    first=f"[{before}]",
                    second=f"[{place}]",
                ),
                message("Name each unit once in the columns unit[n]."),
            )
            order[place] = 0
    found: dict[str, str] = {}
    source: dict[str, str] = {}
    for header, asked in layout.asked.items():
        indices = indices_of(asked)
        text = cells.get(header, "")
        if 0 in indices:
            if text:
                tell(header, root(header), "not_assigned", unknown, theirs)
            continue
        name = key(asked.row, indices)
        if not text:
            keys.setdefault(name, header)
        elif name in found and found[name] != text:
            tell(
                header,
                root(header),
                "answered_twice",
                message("The same question is answered in {first} already, otherwise.", first=source[name]),
                message("Empty one of the two cells."),
            )
        elif name not in found:
            found[name] = text
            source[name] = keys[name] = header
    return Placed(found, tuple(misplaced.values()), keys, order, about_units)


def _place(text: str, units: Sequence[Unit]) -> int:
    """Return the number of the unit that `text` means among those given, 0 if it is none of them."""
    unit = find_unit(text, units)
    return 0 if unit is None else 1 + next(n for n, given in enumerate(units) if given.id == unit.id)
