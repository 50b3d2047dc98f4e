"""docs/plan.md lists every field a plan may have, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from surveys.campaign import reading
from surveys.campaign.fields import Fields
from surveys.campaign.planmanual import FIELDS, page
from surveys.problem import Refused

MANUAL = Path(__file__).parents[2] / "docs" / "plan.md"


def test_the_page_is_the_one_the_code_makes(request: pytest.FixtureRequest) -> None:
    """`pytest --write-golden` writes it anew."""
    if request.config.getoption("--write-golden"):
        MANUAL.write_text(page(), encoding="utf-8")
    assert MANUAL.read_text(encoding="utf-8") == page()


def test_every_field_that_is_read_is_on_the_page_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[str] = set()
    taken = Fields._get
    tables: set[str] = set()

    def noted(self: Fields, name: str) -> object:
        read.add(f"{self.path}{name}")
        if self.path:
            tables.add(self.path.removesuffix("."))
        return taken(self, name)

    monkeypatch.setattr(Fields, "_get", noted)
    table = {
        "title": {"zh": "x"},
        "message": {"zh": "x"},
        "sample": {"per_stratum": {"NAME": 1}, "spread": {"NAME": 1}, "target_completes": {"NAME": 1}},
        "units": {"quotas": {"NAME": 1}},
        "scoring": {"groups": {"NAME": "x"}, "group_weights": {"NAME": 1}, "unit_weights": {"NAME": 1}},
    }
    with pytest.raises(Refused):
        reading.read_plan(table, zone="Asia/Shanghai")
    assert {field.name for field in FIELDS} == read - tables


def test_every_example_is_toml() -> None:
    for field in FIELDS:
        assert "value" in tomllib.loads(f"value = {field.example}"), field.name
