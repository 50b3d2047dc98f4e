"""The units of a campaign are those of its launch: a directory handed in again moves no score, rank or area."""

from __future__ import annotations

import json
from dataclasses import replace

from alembic import command
from rated_town import rated
from sqlalchemy import func, select

from storage import campaignunits, migrate, sample, units
from storage.database import Database
from storage.ratings import read_compared
from storage.tables.campaigns import campaigns
from storage.tables.scores import campaign_units
from surveys.scoring.arithmetic import arithmetic
from surveys.scoring.design import ScoringDesign
from surveys.scoring.report import ScoreReport, report
from surveys.units.directory import Unit

TODAY = "as they stand today"


def scored(database: Database) -> ScoreReport:
    with database.read() as connection:
        found = report(*read_compared(connection, database.vault, "offices"))
    assert found is not None
    return found


def figures(found: ScoreReport) -> str:
    """Return all that is published but for the time it was read."""
    return json.dumps({**found.as_json(), "as_of": ""}, ensure_ascii=False)


def why(found: ScoreReport) -> list[str]:
    return arithmetic(found.gathered.ratings, found.scores, "U01").lines("en")


def hand_in_again(database: Database) -> None:
    """Give every office another name, class and parent, and add one that is above them."""

    def put(connection: object) -> None:
        known = units.listed(connection)  # type: ignore[arg-type]  # a connection of the database
        new = Unit("county-3", "新县", unit_class="县", exempt=True)
        moved = [
            replace(unit, name=f"新{unit.name}", name_en=f"New {unit.name_en}", unit_class="三类", parent="county-3")
            for unit in known
            if unit.id.startswith("U")
        ]
        units.put(connection, [new, *moved], database_now)  # type: ignore[arg-type]  # see above

    with database.read() as connection:
        database_now = connection.execute(select(campaigns.c.launched_at)).scalar_one()
    database.write(put)


def test_names_classes_and_parents_handed_in_later_change_no_score_rank_area_or_reason(database: Database) -> None:
    rated(database, size=40, design=ScoringDesign(pass_mark=80, rollup="people"))
    before = scored(database)
    hand_in_again(database)
    after = scored(database)
    assert figures(after) == figures(before)
    assert why(after) == why(before)
    assert {one.unit.unit_class for one in after.scores.units} == {"一类", "二类"}
    assert {area.unit.id for level in after.levels for area in level.areas} == {"city", "county-1", "county-2"}
    assert not any(TODAY in note.text("en") for note in after.notes)


def test_a_resident_is_asked_about_the_units_by_the_names_they_had_at_launch(database: Database) -> None:
    rated(database, size=20)
    hand_in_again(database)
    with database.read() as connection:
        asked = sample.assigned_units(connection, "offices", 1)
        assert [unit.name for unit in asked] == [f"单位{int(unit.id[1:])}" for unit in asked]
        assert {unit.duties for unit in asked} == {"职责。"}


def test_a_campaign_from_before_units_were_kept_reads_todays_and_says_so(database: Database) -> None:
    rated(database, size=40, kept=False)
    assert any(TODAY in note.text("en") for note in scored(database).notes)
    hand_in_again(database)
    found = scored(database)
    assert {one.unit.unit_class for one in found.scores.units} == {"三类"}
    assert [note.text("zh") for note in found.notes if TODAY in note.text("en")] == [
        "启动时没有留存单位目录：名称、类别和上级均以目前的目录为准。"
    ]


def test_a_directory_that_was_empty_at_launch_stays_empty_for_the_campaign(database: Database) -> None:
    """Areas that residents live in must not become units because a directory is handed in afterwards."""
    town = rated(database, size=20, kept=False)
    with database.read() as connection:
        assert campaignunits.of_campaign(connection, "offices").units == units.listed(connection) != ()
    database.write(lambda c: campaignunits.freeze(c, "offices", town.clock.now()))
    with database.read() as connection:
        assert campaignunits.of_campaign(connection, "offices") == campaignunits.CampaignUnits((), frozen=True)


def test_what_an_interrupted_launch_prepared_holds_for_nothing_and_is_cleared(database: Database) -> None:
    rated(database, size=20, kept=False)
    database.write(lambda c: campaignunits.add(c, "offices", [Unit("X", "旧单位")]))
    with database.read() as connection:
        assert "X" not in {unit.id for unit in campaignunits.of_campaign(connection, "offices").units}
    assert database.write(lambda c: campaignunits.clear(c, "offices"))
    assert not database.write(lambda c: campaignunits.clear(c, "offices"))
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(campaign_units)).scalar_one() == 0


def test_a_campaign_launched_before_the_schema_could_keep_units_is_taken_over_as_such(database: Database) -> None:
    """Down to the schema before and up again: what it cannot hold is gone, and the campaign says so."""
    rated(database, size=20)
    with database.read() as connection:
        assert campaignunits.of_campaign(connection, "offices").frozen
    database.write(lambda c: command.downgrade(migrate.configuration(c), "0008"))
    assert database.write(migrate.upgrade) == ("0008", migrate.head())
    with database.read() as connection:
        found = campaignunits.of_campaign(connection, "offices")
        assert found == campaignunits.CampaignUnits(units.listed(connection), frozen=False)
