"""A table of strata and how many residents each has: what planning needs where there is no frame yet."""

from __future__ import annotations

from surveys.columns import NamedTable, Names
from surveys.language import message
from surveys.problem import Refused
from surveys.questionnaire.workbook import Table

#: What the two columns may be called.
NAMES: Names = {
    "stratum": ("stratum", "strata", "层", "层面"),
    "population": ("population", "residents", "人口", "人数"),
}


def read_strata(table: Table, file: str = "") -> dict[str, int]:
    """Return the residents of each stratum; Refused with every finding."""
    named = NamedTable(table, NAMES, file)
    named.refuse_again(NAMES)
    if not named.require(NAMES, message("Write one column stratum (层) and one population (人口).")):
        raise Refused(named.problems)
    found: dict[str, int] = {}
    for line in table.rows:
        name, said = named.cell(line, "stratum"), named.cell(line, "population")
        count = _count(said)
        if not name or name in found:
            named.tell(
                line.row,
                "stratum",
                "bad_stratum",
                message("The stratum {stratum} has no name of its own.", stratum=name or "''"),
                message("Write each stratum once."),
            )
        elif count is None:
            named.tell(
                line.row,
                "population",
                "bad_population",
                message("{text} is not a number of residents.", text=said[:40] or "''"),
                message("Write a whole number from 1 on."),
            )
        else:
            found[name] = count
    if not found and not named.problems:
        named.tell(
            0,
            "stratum",
            "no_strata",
            message("The file names no stratum."),
            message("Write one row a stratum."),
        )
    if named.problems:
        raise Refused(named.problems)
    return found


def _count(said: str) -> int | None:
    text = said.replace(",", "").replace(" ", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10**10 else None
