"""An interview about assigned units from the invitation to what statistics read."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import insert, update
from town import START, Town

from storage import forms
from storage.analysis import read_analysis
from storage.database import Database
from storage.tables.campaigns import sample
from storage.tables.residents import units
from storage.tables.talks import answers, interviews
from surveys.questionnaire.templates import template, template_form
from surveys.statistics.dispositions import Disposition
from surveys.statistics.results import compute_results

FORM = "six_dimensions"
ASSIGNED = ("shuiwu", "chengguan")


def invited(database: Database) -> Town:
    """Return a town that is asked about two units each."""
    town = Town(database)
    form = template_form(FORM)
    town.database.write(lambda c: forms.add(c, form, f"{FORM}.csv", template(FORM), START))
    town.database.write(
        lambda c: c.execute(
            insert(units).values(
                id="shuiwu", name="水务局", name_en="", unit_class="A", duties="供水。", hotline="", exempt=False,
                updated_at=START,
            )
        )
    )  # fmt: skip
    town.launch(town.plan(form=form.digest))
    town.database.write(lambda c: c.execute(update(sample).values(units=json.dumps(ASSIGNED))))
    town.wakes()
    return town


def test_the_invitation_names_the_first_unit_and_its_duties(database: Database) -> None:
    town = invited(database)
    said = "\n".join(town.send())
    assert "水务局" in said
    assert "供水。" in said


def test_answers_about_units_are_kept_by_instance_and_do_not_disturb_statistics(database: Database) -> None:
    town = invited(database)
    for _ in range(30):
        if town.rows(interviews)[0].stage == "complete":
            break
        town.clock.move(town.clock.now() + timedelta(minutes=1))
        town.hear(1, "1")
    town.clock.move(START + timedelta(hours=8))
    town.wakes()
    for _ in range(2):  # a page: to one number its questions are put one by one
        town.hear(2, "1")
    kept = {row.question for row in town.rows(answers)}
    assert {"development@1", "self@2"} <= kept
    with town.database.read() as connection:
        analysis = read_analysis(connection, town.database.vault, "water")
    codes = [person.disposition for person in analysis.respondents]
    assert codes.count(Disposition.COMPLETE.value) == 1
    assert codes.count(Disposition.BREAK_OFF.value) == 1, "one answer of fourteen is no interview"
    compute_results(analysis)
