"""A whole table of entered answers: every row checked, each resident once, entered twice no change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys.columns import FEWEST_ROWS, whole_column_empty
from surveys.language import Message, message
from surveys.modes.columns import WHO
from surveys.modes.entry import Desk, Drawn, Entry, read_row
from surveys.modes.standing import WHY, Standing
from surveys.problem import Problem
from surveys.questionnaire.workbook import TableRow

#: Findings that a cell is empty which may not be: told once where the whole column is.
LACKING = frozenset({"nobody", "unknown_mode", "no_operator", "no_operator_unit", "required_answer"})


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a row finds its resident: by pseudonym, invitation code and office id."""

    pseudonym: Mapping[str, Drawn]
    code: Mapping[str, Drawn]
    office_id: Mapping[str, Drawn]

    def find(self, who: str, text: str) -> Drawn | None:
        """Return whom `text` in the column `who` means."""
        by: Mapping[str, Mapping[str, Drawn]] = {
            "pseudonym": self.pseudonym,
            "code": self.code,
            "office_id": self.office_id,
        }
        return by[who].get(text)


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that may be entered, those that are entered already (as they stand), and every finding."""

    entries: tuple[Entry, ...]
    unchanged: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    bad: int = 0  # rows with a finding


@dataclass(slots=True)
class _Reading:
    desk: Desk
    lookup: Lookup
    problems: list[Problem] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)

    def tell(self, line: TableRow, name: str, code: str, what: Message, fix: Message) -> None:
        header = self.desk.layout.fields.get(name, name)
        self.problems.append(Problem(code, what, fix, self.desk.file, self.desk.sheet, line.row, header))

    def whose(self, line: TableRow) -> Drawn | None:
        found: dict[str, Drawn | None] = {}
        for who in WHO:
            text = line.cells.get(self.desk.layout.fields.get(who, ""), "")
            if text:
                found[who] = self.lookup.find(who, text)
                if found[who] is None:
                    self.tell(
                        line,
                        who,
                        "not_drawn",
                        message("{text} is nobody who was drawn for this campaign.", text=text[:40]),
                        message("Correct it, or delete the row: only drawn residents are asked."),
                    )
        if not found:
            self.tell(
                line,
                WHO[0],
                "nobody",
                message("It is not said whose answers these are."),
                message("Write the pseudonym, the invitation code or the office id."),
            )
        people = {drawn.resident: drawn for drawn in found.values() if drawn is not None}
        if len(people) > 1:
            self.tell(
                line,
                next(iter(found)),
                "two_people",
                message("The columns name different residents."),
                message("Correct one of them."),
            )
        return next(iter(people.values())) if len(people) == 1 and None not in found.values() else None


def read_entries(
    desk: Desk,
    lines: Sequence[TableRow],
    lookup: Lookup,
    same: Callable[[Sequence[Entry]], Sequence[bool]],
    progress: Callable[[int], None],
) -> Checked:
    """Check every row; `same` says which entries an import that stands holds already, word for word."""
    reading = _Reading(desk, lookup)
    entries: list[Entry] = []
    bad = 0
    for done, line in enumerate(lines, 1):
        before = len(reading.problems)
        drawn = reading.whose(line)
        if line.surplus:
            reading.tell(
                line,
                WHO[0],
                "surplus",
                message("The row has more cells than the header."),
                message("Look for a comma in an answer that stands without quotation marks."),
            )
        if drawn is not None and drawn.resident in reading.seen:
            reading.tell(
                line,
                WHO[0],
                "twice",
                message("The resident stands in row {first} already.", first=str(reading.seen[drawn.resident])),
                message("Delete one of the two rows."),
            )
        elif drawn is not None:
            reading.seen[drawn.resident] = line.row
            entry, found = read_row(desk, line, drawn)
            reading.problems += found
            if entry is not None and len(reading.problems) == before:
                entries.append(entry)
        bad += len(reading.problems) > before
        progress(done)
    again = [entry for entry in entries if entry.drawn.standing is Standing.ENTERED]
    alike = same(again)
    unchanged = [entry for entry, is_same in zip(again, alike, strict=True) if is_same]
    differing = [entry for entry, is_same in zip(again, alike, strict=True) if not is_same]
    reading.problems += [standing_problem(desk, entry, Standing.ENTERED) for entry in differing]
    return Checked(
        entries=tuple(entry for entry in entries if entry.drawn.standing is Standing.OPEN),
        unchanged=tuple(unchanged),
        problems=tuple(sorted(_once_a_column(reading.problems, lines), key=lambda problem: problem.row)),
        bad=bad + len(differing),
    )


def _once_a_column(problems: Sequence[Problem], lines: Sequence[TableRow]) -> Iterator[Problem]:
    """Yield the findings, those of several rows that lack what stands in none as one of no row."""
    written = {header for line in lines for header, text in line.cells.items() if text}
    together = Counter((p.field, p.code) for p in problems if p.field not in written and p.code in LACKING)
    told: set[tuple[str, str]] = set()
    for problem in problems:
        kind = problem.field, problem.code
        if together[kind] < FEWEST_ROWS:
            yield problem
        elif kind not in told:
            told.add(kind)
            yield replace(problem, what=whole_column_empty(together[kind]), row=0)


def standing_problem(desk: Desk, entry: Entry, standing: Standing) -> Problem:
    """Return the finding that an entry cannot be taken because of how its resident stands."""
    header = next((desk.layout.fields[who] for who in WHO if who in desk.layout.fields), WHO[0])
    return Problem(standing.value, *WHY[standing], desk.file, desk.sheet, entry.row, header)
