"""Scoring rules in use, each with its source: one TOML file a rule."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from surveys.scoring.rule import ScoringRule
from surveys.scoring.rulefile import read_rule_file


@cache
def names() -> tuple[str, ...]:
    """Return the names of all presets."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def source(name: str) -> bytes:
    """Return the rule file of a preset (TOML, UTF-8), a pattern for a rule of one's own; KeyError if there is none."""
    if name not in names():
        raise KeyError(name)
    return files(__name__).joinpath(f"{name}.toml").read_bytes()


@cache
def preset(name: str) -> ScoringRule:
    """Return a preset; KeyError if there is none of that name."""
    return read_rule_file(f"{name}.toml", source(name))
