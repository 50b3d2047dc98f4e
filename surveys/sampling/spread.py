"""How much opinions differ within each stratum, taken from the published results of an earlier campaign."""

from __future__ import annotations

import json
from math import sqrt

from surveys.language import message
from surveys.problem import Problem, Refused


def read_spread(data: bytes, file: str = "") -> dict[str, float]:
    """Return the standard deviation √(p(1 − p)) of each stratum, p being its satisfied share in the headline question.

    `data` is results.json. Strata whose share was withheld are left out. Refused if the file has no such figures.
    """
    try:
        record = json.loads(data)
        (question,) = (found for found in record["questions"] if found["name"] == record["headline"])
        shares = {
            cell["stratum"]: cell["satisfied"]["of_opinions"]["value"]
            for cell in question["strata"]
            if cell["satisfied"] is not None
        }
        found = {name: round(sqrt(p * (1 - p)), 6) for name, p in shares.items() if p is not None}
    except (ValueError, KeyError, TypeError):
        found = {}
    if not found:
        what = message("The file has no satisfied share by stratum.")
        fix = message("Name the results.json of an earlier campaign, or write the spread under [sample.spread].")
        raise Refused([Problem("no_spread", what, fix, file, field="sample.spread_from")])
    return found
