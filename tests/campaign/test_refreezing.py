"""A frame frozen anew takes the former one's place in one step: whoever is cut off in between has lost nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from water_plan import WATER

from bot.actions import draws as actions
from bot.actions.draws import EnterRandomness, FreezeFrame, enter_randomness, freeze_frame
from bot.actions.planning import CreateCampaign, create_campaign
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.house import House
from storage import draws
from storage.draws import StoredDraw
from surveys.problem import Refused
from surveys.sampling.frame import DrawFrame


class CutOffError(Exception):
    """The process ends here."""


NUMBERS = EnterRandomness(
    name="water-2026", sources=["七星彩 2026133期"], digits=["5-2-7-0-4-1-11"], witnesses=["张三", "李四"]
)


def known(house: House) -> tuple[StoredDraw, DrawFrame]:
    with house.database.read() as connection:
        stored = draws.find(connection, "water-2026")
        assert stored is not None
        return stored, draws.frozen_frame(connection, "water-2026")


def freeze(house: House) -> None:
    freeze_frame(house, FreezeFrame(name="water-2026", yes=True), silent)


def prepare(house: House, town: Path) -> None:
    """Import the town, draft a survey, freeze its frame."""
    import_residents(house, ImportResidents(path=town), silent)
    create_campaign(house, CreateCampaign(fields={**WATER, "sample": {"size": 30}}), silent)
    freeze(house)


def test_a_freezing_cut_off_before_its_last_step_leaves_the_draw_as_it_was(
    house: House, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(house, town)
    enter_randomness(house, NUMBERS, silent)
    before = known(house)
    town.write_text("".join(town.read_text(encoding="utf-8").splitlines(keepends=True)[:-5]), encoding="utf-8")
    import_residents(house, ImportResidents(path=town), silent)

    def cut_off(*_: object, **__: object) -> None:
        raise CutOffError

    monkeypatch.setattr(actions.draws, "put", cut_off)
    with pytest.raises(CutOffError):
        freeze(house)
    monkeypatch.undo()
    assert known(house) == before
    freeze(house)
    stored, frame = known(house)
    assert (len(frame), frame.digest()) == (len(before[1]) - 5, stored.frozen.digest)
    assert [one.digest for one in stored.frozen.given_up] == [before[0].frozen.digest]
    assert stored.randomness is None


def test_numbers_entered_while_a_frame_is_being_frozen_are_not_thrown_away(
    house: House, town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would be lost without a word on the certificate."""
    prepare(house, town)
    store = actions.store_frame

    def witnesses_come(*given: Any) -> None:
        store(*given)
        enter_randomness(house, NUMBERS, silent)

    monkeypatch.setattr(actions, "store_frame", witnesses_come)
    with pytest.raises(Refused) as found:
        freeze(house)
    assert [problem.code for problem in found.value.problems] == ["frozen_meanwhile"]
    assert known(house)[0].randomness is not None
    monkeypatch.undo()
    freeze(house)
    assert len(known(house)[0].frozen.given_up) == 1
