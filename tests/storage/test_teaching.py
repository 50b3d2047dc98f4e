"""Staff teach what residents' words mean, and replies nobody could read become answers."""

from __future__ import annotations

import json

import pytest
from town import OFFICE, Town, invited

from storage.database import Database
from storage.desk import Desk
from storage.tables.cases import events
from storage.tables.messages import inbox, outbox
from storage.tables.talks import answers, interviews
from storage.tables.teaching import synonyms
from storage.teaching import Lesson, Reread, forget, named_form, option, teach
from surveys.dialogue.interview import Interview
from surveys.questionnaire.templates import template_form

FORM = template_form("five_waters_2018").digest
FIRST = template_form("five_waters_2018").question("q1")
LESSON = Lesson(FORM, "q1", "呱呱叫", "good")


@pytest.fixture
def town(database: Database) -> Town:
    return invited(database)


def say(town: Town, resident: int, *texts: str) -> None:
    for text in texts:
        town.hear(resident, text)
        town.send()


def learn(town: Town, lesson: Lesson = LESSON, *, dry: bool = False) -> list[Reread]:
    desk = Desk(town.database.vault, OFFICE)
    return town.database.write(lambda connection: teach(connection, desk, lesson, town.clock.now(), dry=dry))


def unlearn(town: Town) -> int | None:
    desk = Desk(town.database.vault, OFFICE)
    return town.database.write(lambda connection: forget(connection, desk, LESSON, town.clock.now()))


def interviews_of(town: Town) -> list[Interview]:
    return [town.talk.desk.codec.open_interview(row) for row in town.rows(interviews)]


def answered(town: Town) -> dict[tuple[int, str], dict[str, str]]:
    return {
        (row.interview_id, row.question): town.talk.desk.codec.open_answer(row.interview_id, row.question, row.body)
        for row in town.rows(answers)
    }


def test_what_was_taught_is_read_from_the_next_message_on(town: Town) -> None:
    say(town, 1, "呱呱叫")
    assert not town.rows(answers)
    learn(town)
    say(town, 1, "呱呱叫")
    (answer,) = answered(town).values()
    assert (answer["value"], answer["raw"]) == ("good", "呱呱叫")
    assert {row.rule for row in town.rows(answers)} == {"synonym"}


def test_a_past_misreading_becomes_the_answer_and_the_interview_goes_on(town: Town) -> None:
    say(town, 1, "呱呱叫", "呱呱叫", "呱呱叫")
    assert [row.reason for row in town.rows(inbox, state="staff")] == ["unreadable"]
    (found,) = learn(town)
    assert (found.text, found.value) == ("呱呱叫", "good")
    assert [answer["value"] for answer in answered(town).values()] == ["good"]
    assert [text.split()[0] for text in town.send()] == ["2/6"]
    assert not town.rows(inbox, state="staff")
    assert all(row.body == b"" for row in town.rows(inbox))  # settled: its words are gone, as always


def test_a_dry_run_tells_the_same_and_changes_nothing(town: Town) -> None:
    say(town, 1, "呱呱叫", "呱呱叫", "呱呱叫")
    (found,) = learn(town, dry=True)
    assert (found.text, found.value) == ("呱呱叫", "good")
    assert not town.rows(answers)
    assert not town.rows(synonyms)
    assert len(town.rows(inbox, state="staff")) == 1
    assert town.send() == []


def test_a_question_answered_since_keeps_its_answer(town: Town) -> None:
    say(town, 1, "呱呱叫", "呱呱叫", "呱呱叫")
    waiting = [row.question for row in town.rows(answers)]
    town.hear(1, "上一题")
    town.hear(1, "3")
    assert len(town.rows(answers)) == len(waiting) + 1
    assert learn(town) == []
    assert [answer["value"] for answer in answered(town).values()] != ["good"]


def test_a_lesson_about_another_question_takes_nothing(town: Town) -> None:
    say(town, 1, "呱呱叫", "呱呱叫", "呱呱叫")
    assert learn(town, Lesson(FORM, "q2", "呱呱叫", "good")) == []
    assert not town.rows(answers)


def test_what_is_forgotten_is_not_read_any_more_and_what_it_gave_stays(town: Town) -> None:
    learn(town)
    say(town, 1, "呱呱叫")
    assert unlearn(town) == 1, "how many answers stay is told"
    say(town, 2, "呱呱叫")
    assert len(town.rows(answers)) == 1
    assert unlearn(town) is None, "nothing is taught any more"


def test_words_taught_wrongly_change_their_answers_when_they_are_taught_for_the_right_option(town: Town) -> None:
    """Forgetting alone changes no answer; the right meaning does, and the resident is not asked again."""
    learn(town)
    say(town, 1, "呱呱叫", "2")
    say(town, 2, "1")
    assert unlearn(town) == 1
    right = Lesson(FORM, "q1", "呱呱叫", FIRST.choices[4].name)
    assert [reread.value for reread in learn(town, right, dry=True)] == [right.choice]
    before = {place: answer["value"] for place, answer in answered(town).items()}
    assert "good" in before.values(), "a dry run changes nothing"
    sent = len(town.rows(outbox))
    (changed,) = learn(town, right)
    assert (changed.message, changed.text, changed.value) == (0, "呱呱叫", right.choice)
    after = {place: answer["value"] for place, answer in answered(town).items()}
    assert sorted(v for p, v in after.items() if before[p] != v) == [right.choice]
    assert len(town.rows(outbox)) == sent, "nothing is said to anybody"
    (state,) = [i for i in interviews_of(town) if i.values.get("q1") == right.choice]
    assert state.position == "q3", "what is open stays open"


def test_what_another_said_in_other_words_stays_whatever_is_taught(town: Town) -> None:
    say(town, 1, "好")
    assert not learn(town, Lesson(FORM, "q1", "呱呱叫", FIRST.choices[4].name))
    assert {answer["value"] for answer in answered(town).values()} == {"good"}


def test_events_tell_that_something_was_taught_but_not_the_words(town: Town) -> None:
    learn(town)
    (event,) = town.rows(events, kind="SynonymTaught")
    assert json.loads(event.data) == {"form": FORM[:12], "question": "q1"}
    assert event.actor == "staff"


def test_words_taught_for_a_second_option_leave_the_first(town: Town) -> None:
    learn(town)
    learn(town, Lesson(FORM, "q1", "呱呱叫!", "bad"))
    assert [(row.words, row.choice) for row in town.rows(synonyms)] == [("呱呱叫", "bad")]


def test_an_option_is_named_by_its_name_number_or_label() -> None:
    question = template_form("five_waters_2018").question("q1")
    found = [option(question, reference) for reference in ("good", "1", "好", "Good")]
    assert {choice.name for choice in found if choice} == {"good"}
    assert [option(question, reference) for reference in ("0", "99", "", "nothing")] == [None] * 4


def test_a_questionnaire_of_the_house_can_be_taught_by_its_name(database: Database) -> None:
    found = database.write(lambda connection: named_form(connection, "callback"))
    assert found is not None
    assert found[0] == "callback"
    assert database.write(lambda connection: named_form(connection, "nosuch")) is None
