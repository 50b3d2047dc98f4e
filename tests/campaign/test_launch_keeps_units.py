"""A launch keeps the units as they are, and compares its scores with campaigns that can be compared only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from water_plan import WATER

from bot.actions.launch import LaunchCampaign, launch_campaign
from bot.actions.planning import CreateCampaign, create_campaign
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.actions.units import ImportUnits, import_units
from bot.house import House
from storage import campaigns, campaignunits
from surveys.problem import Refused

PLAN: dict[str, Any] = {
    **WATER,
    "name": "offices-2026",
    "form": "conduct_c",
    "title": {"zh": "评机关", "en": "Rating the offices"},
    "sample": {"size": 30, "seed": "7"},
    "units": {"per_resident": 3},
}
HEADER = "编号,名称,类别,上级"


@pytest.fixture
def ready(house: House, town: Path, table: Callable[..., Path]) -> House:
    """A house with a town and six units below one other."""
    import_residents(house, ImportResidents(path=town), silent)
    lines = ["T,区政府,区,", *(f"U{n},单位{n},一类,T" for n in range(6))]
    import_units(house, ImportUnits(path=table(HEADER, *lines, name="units.csv")), silent)
    return house


def drafted(house: House, **changes: Any) -> str:
    fields = {**PLAN, **changes}
    create_campaign(house, CreateCampaign(fields=fields), silent)
    return str(fields["name"])


def launch(house: House, name: str, *, dry_run: bool = False) -> dict[str, Any]:
    return launch_campaign(house, LaunchCampaign(name=name, dry_run=dry_run), silent)


def test_units_changed_after_the_launch_are_as_before_for_the_campaign_and_new_for_the_next(
    ready: House, table: Callable[..., Path]
) -> None:
    launch(ready, drafted(ready))
    lines = ["T,新区政府,市,", *(f"U{n},新单位{n},二类," for n in range(6))]
    import_units(ready, ImportUnits(path=table(HEADER, *lines, name="again.csv")), silent)
    with ready.database.read() as connection:
        kept = campaignunits.of_campaign(connection, "offices-2026")
        assert kept.frozen
        assert [(unit.name, unit.unit_class, unit.parent) for unit in kept.units][:2] == [
            ("区政府", "区", ""), ("单位0", "一类", "T"),
        ]  # fmt: skip
        assert not campaignunits.of_campaign(connection, drafted(ready, name="next")).frozen
    launch(ready, "next")
    with ready.database.read() as connection:
        assert {unit.unit_class for unit in campaignunits.of_campaign(connection, "next").units} == {"市", "二类"}


def test_a_launch_after_an_interrupted_one_keeps_the_units_of_now(
    ready: House, table: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = drafted(ready)

    def power_cut(*_: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(campaigns, "start_campaign", power_cut)
        with pytest.raises(RuntimeError, match="power cut"):
            launch(ready, name)
    import_units(ready, ImportUnits(path=table(HEADER, "U0,改名单位,一类,T", name="renamed.csv")), silent)
    launch(ready, name)
    with ready.database.read() as connection:
        names = [unit.name for unit in campaignunits.of_campaign(connection, name).units]
    assert names[1] == "改名单位"
    assert len(names) == 7


def codes(found: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in found["problems"] if problem["severity"] == "error"]


@pytest.mark.parametrize(
    ("compared", "code", "said"),
    [
        pytest.param("offices-2052", "compared_unknown", "no campaign offices-2052", id="a name that is none"),
        pytest.param("draft", "compared_not_launched", "has not been launched", id="a draft"),
        pytest.param("offices-2026b", "compared_with_itself", "with itself", id="itself"),
        pytest.param("water", "compared_without_scores", "no scores", id="a survey that rates nothing"),
        pytest.param("own-rule", "compared_otherwise", "points", id="another rule"),
        pytest.param("six", "compared_otherwise", "questions and their options", id="another questionnaire"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_found_before_the_launch(
    ready: House, compared: str, code: str, said: str
) -> None:
    drafted(ready, name="draft")
    launch(ready, drafted(ready, name="water", form="five_waters_2018"))
    other = {"name": "own", "points": {"*": {"satisfied": 10, "basically": 5, "not": 0, "unknown": "none"}}}
    launch(ready, drafted(ready, name="own-rule", scoring={"rule": other}))
    launch(ready, drafted(ready, name="six", form="six_dimensions"))
    name = drafted(ready, name="offices-2026b", scoring={"compare_with": [compared]})
    found = launch(ready, name, dry_run=True)
    assert codes(found) == [code]
    (problem,) = (one for one in found["problems"] if one["code"] == code)
    assert said in problem["what"]
    assert problem["fix"]
    with pytest.raises(Refused) as refused:
        launch(ready, name)
    assert code in {one.code for one in refused.value.problems}


def test_a_campaign_of_the_same_rule_and_questions_is_compared_with(ready: House) -> None:
    launch(ready, drafted(ready))
    name = drafted(ready, name="offices-2027", scoring={"compare_with": ["offices-2026"], "pass_mark": 60})
    assert codes(launch(ready, name, dry_run=True)) == []
    assert launch(ready, name)["launched"]
