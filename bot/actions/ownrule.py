"""A scoring rule of the office's own, named in a plan by its file: read when the plan is, and kept in it as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.actions.files import read_file
from surveys.scoring.rule import rule_record
from surveys.scoring.rulefile import read_rule_file


def put_rule(table: dict[str, Any], folder: Path) -> None:
    """Put the rule in place of the file that `scoring.rule` names, if it names one; Refused for a rule at fault."""
    scoring = table.get("scoring")
    if isinstance(scoring, dict) and isinstance(scoring.get("rule"), str):
        path = folder / scoring["rule"]
        rule = read_rule_file(path.name, read_file(path))
        table["scoring"] = {**scoring, "rule": rule_record(rule)}
