"""docs/draw-verification.md can be followed without Pingyi: its lines of Python, run as they stand, check a draw."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_certificate import PLAN, made, published

from surveys.campaign.plan import Plan, SampleDesign, UnitsDesign

PAGE = Path(__file__).parents[2] / "docs" / "draw-verification.md"


def told(folder: Path, record: dict[str, Any], frame: bytes) -> list[str]:
    """Return what the page's Python prints in a folder with nothing but the two published files."""
    (folder / "certificate.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    (folder / "frame.csv").write_bytes(frame)
    code = "".join(re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))
    # -I: neither this project nor any package beside the standard library's can be found by it.
    found = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=folder, capture_output=True, check=True)
    return found.stdout.decode().split()


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        replace(PLAN, units=UnitsDesign(per_resident=5, quotas={"A": 3, "B": 2})),
        replace(PLAN, units=UnitsDesign(per_resident=4, packets=7)),
        replace(PLAN, sample=SampleDesign(size=60, reserve=0.5, panel="water-2025", rotate=0.25)),
    ],
    ids=["by size", "quotas", "packets", "panel"],
)
def test_the_python_of_the_page_finds_every_hash_of_a_certificate(tmp_path: Path, plan: Plan) -> None:
    assert told(tmp_path, made(plan), published()) == ["True"] * 7


def test_a_draw_by_the_machine_without_units_is_checked_too(tmp_path: Path) -> None:
    assert told(tmp_path, made(by="machine"), published())[:6] == ["True"] * 6


def test_the_python_of_the_page_sees_what_was_touched(tmp_path: Path) -> None:
    """One status of the frame: its hash and the sample change; one witness: the fingerprint alone."""
    text = published().decode()
    touched = told(tmp_path, made(), text.replace(",drawable,", ",capped,").encode())
    assert touched[1] == touched[4] == "False"
    record = made()
    record["randomness"]["witnesses"] = ["王五"]
    assert told(tmp_path, record, published()) == ["False", *["True"] * 6]
