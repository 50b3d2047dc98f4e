"""Units to evaluate: given out at launch, stored, told to the resident, and read again for statistics."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from water_plan import WATER

from bot.actions.launch import LaunchCampaign, launch_campaign
from bot.actions.planning import CreateCampaign, create_campaign
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.actions.units import ImportUnits, import_units
from bot.house import House
from storage import campaigns, sample
from storage.tables.campaigns import sample as rows
from surveys.campaign.plan import UnitsDesign
from surveys.campaign.record import plan_text, read_plan_text
from surveys.problem import Refused

PLAN: dict[str, Any] = {
    **WATER,
    "name": "offices-2026",
    "form": "six_dimensions",
    "title": {"zh": "千人评机关", "en": "A thousand people rate the offices"},
    "sample": {"size": 30, "seed": "7", "reserve": 0.4, "replicates": 1},
    "units": {"per_resident": 3},
}


@pytest.fixture
def ready(house: House, town: Path, table: Callable[..., Path]) -> House:
    """A house with a town and twelve units in two classes, two of them exempt."""
    import_residents(house, ImportResidents(path=town), silent)
    lines = ["编号,名称,类别,职责,免评"]
    lines += [f"U{n:02},单位{n},{'一类' if n < 8 else '二类'},职责{n},{'是' if n in {3, 9} else ''}" for n in range(12)]
    import_units(house, ImportUnits(path=table(*lines, name="units.csv")), silent)
    return house


def launched(house: House, **changes: Any) -> list[tuple[int, int, list[str]]]:
    """Launch the plan; return (resident, replicate, units) of everybody drawn."""
    create_campaign(house, CreateCampaign(fields={**PLAN, **changes}), silent)
    launch_campaign(house, LaunchCampaign(name="offices-2026"), silent)
    with house.database.read() as connection:
        found = connection.execute(select(rows.c.resident_id, rows.c.replicate, rows.c.units)).all()
    return [(resident, replicate, json.loads(units)) for resident, replicate, units in found]


def test_everybody_drawn_gets_units_and_each_replicate_is_balanced(ready: House) -> None:
    people = launched(ready)
    assert {len(set(units)) for _, _, units in people} == {3}
    for replicate in (0, 1):
        counts = Counter(unit for _, of, units in people if of == replicate for unit in units)
        assert not {"U03", "U09"} & set(counts), "exempt"
        assert len(counts) == 10
        assert max(counts.values()) - min(counts.values()) <= 1


def test_classes_and_quotas_of_the_plan_decide_which_units(ready: House) -> None:
    people = launched(ready, units={"quotas": {"一类": 1, "二类": 1}})
    assert {tuple(sorted(int(unit[1:]) >= 8 for unit in units)) for _, _, units in people} == {(False, True)}


def test_packets_are_given_whole(ready: House) -> None:
    people = launched(ready, units={"per_resident": 2, "classes": ["一类"], "packets": 3})
    assert len({tuple(units) for _, _, units in people}) == 3


def test_what_is_stored_is_what_the_resident_is_asked_about(ready: House) -> None:
    people = launched(ready)
    with ready.database.read() as connection:
        for resident, _, units in people[:5]:
            assigned = sample.assigned_units(connection, "offices-2026", resident)
            assert [unit.id for unit in assigned] == units
            assert all(unit.duties for unit in assigned)
        assert sample.assigned_units(connection, "offices-2026", 10**9) == ()


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ({"classes": ["三类"]}, "no_units"),
        ({"classes": ["一类", "三类"]}, "unknown_class"),
        ({"quotas": {"二类": 4}}, "quota_too_large"),
        ({"quotas": {"二类": 2}, "per_resident": 3}, "quotas_differ"),
    ],
)
def test_a_plan_whose_units_cannot_be_given_out_is_not_launched(ready: House, units: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        launched(ready, units=units)
    assert code in {problem.code for problem in refused.value.problems}


def test_a_form_without_units_assigns_none(ready: House) -> None:
    create_campaign(ready, CreateCampaign(fields={**PLAN, "form": "five_waters_2018"}), silent)
    launch_campaign(ready, LaunchCampaign(name="offices-2026"), silent)
    with ready.database.read() as connection:
        assert set(connection.execute(select(rows.c.units)).scalars()) == {""}


def test_the_design_survives_the_record_and_old_records_have_the_default(ready: House) -> None:
    launched(ready, units={"quotas": {"一类": 2}, "packets": 0})
    with ready.database.read() as connection:
        plan = campaigns.load(connection, "offices-2026").plan
    assert plan.units == UnitsDesign(per_resident=2, quotas={"一类": 2})
    assert read_plan_text(plan_text(plan)) == plan
    old = json.loads(plan_text(plan))
    del old["units"]
    assert read_plan_text(json.dumps(old)).units == UnitsDesign()
