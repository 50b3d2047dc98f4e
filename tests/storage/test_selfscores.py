"""Scores units gave themselves, kept by campaign and unit."""

from __future__ import annotations

import json

from town import START, Town

from storage import selfscores
from storage.database import Database
from storage.tables.cases import events
from surveys.scoring.selfscore import SelfScore


def test_a_file_handed_in_again_replaces_and_is_counted(database: Database) -> None:
    town = Town(database, 1)
    town.launch()
    town.launch(town.plan("other"))

    def put(campaign: str, *scores: SelfScore) -> dict[str, int]:
        return dict(database.write(lambda c: selfscores.put(c, campaign, scores, "own.csv", START)))

    assert put("water", SelfScore("a", 90), SelfScore("b", 95.5)) == {"new": 2, "updated": 0, "unchanged": 0}
    assert put("water", SelfScore("a", 91), SelfScore("b", 95.5)) == {"new": 0, "updated": 1, "unchanged": 1}
    assert put("other", SelfScore("a", 10)) == {"new": 1, "updated": 0, "unchanged": 0}
    assert put("water") == {"new": 0, "updated": 0, "unchanged": 0}
    with database.read() as connection:
        assert selfscores.of_campaign(connection, "water") == (SelfScore("a", 91.0), SelfScore("b", 95.5))
        assert selfscores.of_campaign(connection, "none") == ()
    taken = [json.loads(row.data) for row in town.rows(events, kind="SelfScoresTaken", campaign_id="water")]
    assert [facts["updated"] for facts in taken] == [0, 1], "who changed what when can be seen"
