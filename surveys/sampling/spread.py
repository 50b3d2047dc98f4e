"""How much opinions differ within each stratum, taken from the published results of an earlier campaign."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from surveys.language import Message, message
from surveys.problem import Problem, Refused

#: What may be done where results tell no spread.
_OTHERWISE = message(
    "Name the results.json of a survey with a question that everybody answers, write the spread under [sample.spread], "
    'or set allocation = "proportional".'
)


def read_spread(data: bytes, file: str = "") -> dict[str, float]:
    """Return the standard deviation √(p(1 − p)) of each stratum, p being its satisfied share in the headline question.

    `data` is results.json. Strata whose share was withheld are left out. Refused if the file has no such figures, with
    the reason: it holds no results, or those of a campaign that rates units, or all shares are withheld.
    """
    try:
        record = json.loads(data)
        headline, questions, rated = record["headline"], record["questions"], bool(record.get("scores"))
        cells = next((question.get("strata", ()) for question in questions if question["name"] == headline), ())
        shares = [
            (cell["stratum"], cell["satisfied"]["of_opinions"]["value"]) for cell in cells if cell.get("satisfied")
        ]
        found = {name: round(sqrt(p * (1 - p)), 6) for name, p in shares if p is not None}
    except (ValueError, KeyError, TypeError, AttributeError):
        what = message("The file is not the results.json of a campaign.")
        fix = message("It is written by: pingyi campaign results NAME --output FOLDER")
        raise _refused(what, fix, file) from None
    if not found:
        raise _refused(_lacking(cells, rated=rated), _OTHERWISE, file)
    return found


def _lacking(cells: Sequence[Mapping[str, Any]], *, rated: bool) -> Message:
    if cells:
        return message("The satisfied share of every stratum is withheld or unknown in the file: too few answered.")
    if rated:
        return message(
            "The file is of a campaign that rates units: it has their scores, no satisfied share by stratum."
        )
    return message("The file has no satisfied share by stratum: no question of the campaign says who is satisfied.")


def _refused(what: Message, fix: Message, file: str) -> Refused:
    return Refused([Problem("no_spread", what, fix, file, field="sample.spread_from")])
