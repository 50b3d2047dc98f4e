"""Invariant 9: no text of ours asks for a particular answer, and no unit sees a rating of itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import update
from town import Town

import surveys
from storage.database import Database
from storage.tables.cases import cases, events
from storage.tables.talks import answers
from storage.wakes import write_wakes
from surveys.campaign.wording import leading_phrases
from surveys.dialogue.turn import Wake
from surveys.questionnaire.templates import names, template_form

ROOT = Path(surveys.__file__).parent
TEMPLATES = names()
#: Catalogues of what is said to residents; the others speak to staff, and may name what is refused.
TO_RESIDENTS = ("dialogue.po",)


@pytest.mark.parametrize("name", TEMPLATES)
def test_invariant_9_no_question_of_ours_asks_for_a_particular_answer(name: str) -> None:
    form = template_form(name)
    texts = [text for question in form.questions for text in (*question.labels.values(), *question.hints.values())]
    assert texts
    assert {text: leading_phrases(text) for text in texts if leading_phrases(text)} == {}


@pytest.mark.parametrize("name", TO_RESIDENTS)
def test_invariant_9_no_sentence_of_ours_asks_for_a_particular_answer(name: str) -> None:
    with (ROOT / "locale" / "zh_CN" / name).open("rb") as file:
        catalogue = [entry for entry in read_po(file) if entry.id]
    said = [str(text) for entry in catalogue for text in (entry.id, entry.string)]
    assert len(said) > 20
    assert {text: leading_phrases(text) for text in said if leading_phrases(text)} == {}


def test_every_template_that_ships_is_looked_at() -> None:
    shipped = {path.stem for path in (ROOT / "questionnaire" / "templates").glob("*.csv")}
    assert shipped == set(TEMPLATES)


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[1].joinpath("conversations").rglob("*.txt")), ids=str)
def test_invariant_9_nothing_said_in_a_golden_conversation_asks_for_a_particular_answer(path: Path) -> None:
    said = [line[2:] for line in path.read_text().splitlines() if line.startswith("< ")]
    assert said
    assert [line for line in said if leading_phrases(line)] == []


def test_invariant_9_what_staff_can_read_of_a_case_holds_no_rating(database: Database) -> None:
    """The history of a case tells how the callback ended, never how satisfied the resident was."""
    town = Town(database, 1)
    town.launch()
    town.wakes()
    for text in ("反映", "路口的路灯坏了", "同意"):
        town.hear(1, text)
    (case,) = town.rows(cases)
    told = {"state": "staff_resolved", "unit_id": "chengguan", "round": 1, "resolved_at": town.clock.now()}
    town.database.write(lambda c: c.execute(update(cases).values(told)))
    town.clock.advance(timedelta(hours=24))
    wake = Wake("callback", town.clock.now(), case.id, "callback", guard=1)
    town.database.write(lambda c: write_wakes(c, [wake]))
    town.wakes()
    for text in ("联系过", "未解决", "灯一直闪", "非常不满意", "没有", "没有"):
        town.hear(1, text)
    assert [row.state for row in town.rows(cases)] == ["reopened"]
    ratings = {row.question for row in town.rows(answers)}
    assert {"satisfied", "pressure", "solved"} <= ratings
    for row in town.rows(events):
        for word in ("satisfied", "very_not", "满意", "pressure", "联系过", "闪"):
            assert word not in row.data
