"""What simulated residents type, know and do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.calendar import Calendar, on_grid
from bot.demo.cast import ROLES
from bot.demo.conduct import ASIDES, Conduct, Temper
from bot.demo.habits import Habit, put
from bot.demo.letters import FORMS, Asked, asked, is_publicity, offers_to_keep, registered
from bot.demo.matter import Fix, make_matter
from bot.demo.opinions import ACTIVITIES, FORM, SPREAD, opinions, truth
from bot.demo.persona import SLEEPS, WAKES, Persona
from bot.demo.town import (
    FEWEST,
    NUMBERS,
    PLACES,
    STRATA,
    Resident,
    make_town,
    phone_of,
    publicity_areas,
    stratum_sizes,
    write_frame,
)
from bot.demo.units import TOPICS, UNITS, topic_of, write_units
from surveys.dialogue.reading import read_reply
from surveys.dialogue.words import command, refusal, stop_word, suspicion
from surveys.language import LANGUAGES, translate
from surveys.questionnaire.form import Kind
from surveys.questionnaire.templates import template_form
from surveys.questionnaire.workbook import read_table
from surveys.residents.phone import e164
from surveys.residents.roster import read_roster
from surveys.units.directory import read_units

TODAY = date(2026, 11, 2)
NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
QUESTIONS = [
    (form, question.name, choice.name, language)
    for form in (FORM, "callback")
    for question in template_form(form).asked
    for choice in question.choices
    if choice.name != "declined"
    for language in LANGUAGES
]


@given(st.sampled_from(QUESTIONS), st.sampled_from(Habit), st.integers(0, 1000), st.booleans())
def test_whatever_a_habit_types_is_read_as_what_is_meant_or_asked_again(
    meant: tuple[str, str, str, str],
    habit: Habit,
    seed: int,
    again: bool,  # noqa: FBT001 - Hypothesis fills arguments by their place
) -> None:
    """A simulated typing error may cost a second question; it never changes an opinion, opts out or commands."""
    form, name, value, language = meant
    question = template_form(form).question(name)
    text = put(habit, Asked(form, question, language), value, Random(seed), again=again)
    reading = read_reply(question, text, language, TODAY)
    assert reading is None or reading.value == value
    for other in (stop_word, command, refusal, suspicion):
        assert not other(text)
    if again:
        assert reading is not None


@given(st.sets(st.sampled_from(sorted(ACTIVITIES)), min_size=1), st.sampled_from(Habit))
def test_several_choices_are_read_as_all_that_were_meant(chosen: set[str], habit: Habit) -> None:
    question = template_form(FORM).question("q5")
    value = " ".join(choice.name for choice in question.choices if choice.name in chosen)
    reading = read_reply(question, put(habit, Asked(FORM, question, "zh"), value, Random(1)), "zh", TODAY)
    assert reading is not None
    assert reading.value == value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_resident_recognises_every_question_that_may_arrive(language: str) -> None:
    for form in FORMS:
        for question in template_form(form).asked:
            wording = question.label(language).replace("${surname}", "王")
            found = asked(f"【办】说明\n3/8 {wording}\n1 好\n2 不好")
            assert found is not None
            assert (found.form, found.question.name, found.language) == (form, question.name, language)
    assert asked("谢谢您。") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_resident_understands_what_the_service_says_beside_questions(language: str) -> None:
    """The sentences are those of the catalogue: were one reworded there, this would fail."""
    noted = "Noted under no. {number}. Once the unit says it is done we will ask you whether it is."
    kept = "A matter you told us of is still being handled; to get messages about it alone, reply KEEP."
    told = "[{organiser}] {text} Reply STOP for no more messages."
    assert registered(translate(language, noted, number="261102123456")) == "261102123456"
    assert registered("261102123456") == ""
    assert offers_to_keep(translate(language, kept))
    assert is_publicity(translate(language, told, organiser="办", text="河长"))
    assert not is_publicity("谢谢您。")


def test_the_made_up_numbers_are_valid_by_form_and_lie_in_blocks_given_to_nobody() -> None:
    numbers = [phone_of(place) for place in range(0, 3_000_000, 9973)]
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith(NUMBERS) for number in numbers)
    assert all(e164(number, "CN") == f"+86{number}" for number in numbers)
    assert len({phone_of(place) for place in range(200_000)}) == 200_000


def test_the_frame_is_one_the_import_takes_without_errors(tmp_path: Path) -> None:
    town = make_town(7, 1200, TODAY)
    path = tmp_path / "residents.csv"
    write_frame(town, path)
    roster = read_roster(read_table(path.name, path.read_bytes()), region="CN", today=TODAY)
    assert roster.errors == ()
    assert len(roster.rows) == 1200
    assert {row.stratum for row in roster.rows} == {stratum.name for stratum in STRATA}
    assert {row.language for row in roster.rows} == {"zh", "en"}
    assert 10 <= len(roster.shared) <= 80
    assert {resident.holder for resident in town} == {"self", "family", "changed"}
    assert all(resident.area in PLACES[resident.district] for resident in town)
    assert all(TODAY.year - resident.birth_year >= 20 for resident in town)
    assert any(row.consent_on is None for row in roster.rows)
    assert any(row.telegram for row in roster.rows)


def test_the_twelve_units_are_a_directory_the_import_takes(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    write_units(path)
    directory = read_units(read_table(path.name, path.read_bytes()))
    assert directory.problems == ()
    assert len(directory.units) == 12
    assert sum(unit.exempt for unit in directory.units) == 2
    assert 3 <= len({unit.unit_class for unit in directory.units}) <= 4


def test_the_same_seed_makes_the_same_town_and_another_seed_another() -> None:
    assert make_town(7, 500, TODAY) == make_town(7, 500, TODAY)
    assert make_town(7, 500, TODAY) != make_town(8, 500, TODAY)


@given(st.integers(400, 100_000))
def test_strata_fill_the_town_and_none_is_empty(size: int) -> None:
    sizes = stratum_sizes(size)
    assert sum(sizes.values()) == size
    assert min(sizes.values()) >= FEWEST


def test_a_town_too_small_for_its_strata_is_no_town() -> None:
    with pytest.raises(ValueError, match="too small"):
        stratum_sizes(40)


def test_publicity_goes_to_about_as_many_as_wanted() -> None:
    town = make_town(7, 5000, TODAY)
    areas = publicity_areas(town, 800)
    assert 500 <= sum(resident.area in areas for resident in town) <= 1100
    assert publicity_areas(town, 0) == areas[:1]


def test_the_truth_is_counted_over_everybody_a_question_applies_to() -> None:
    town = make_town(7, 3000, TODAY)
    held = [opinions(7, resident) for resident in town]
    shares = truth(held)
    assert set(shares) == {*SPREAD, "q5"}
    for question in SPREAD:
        assert sum(shares[question].values()) == pytest.approx(1)
    took_part = [answers for answers in held if answers["q4"] == "yes"]
    assert all(("q5" in answers) == (answers["q4"] == "yes") != ("q6" in answers) for answers in held)
    assert shares["q5"]["saving"] == sum("saving" in a["q5"].split() for a in took_part) / len(took_part)
    form = template_form(FORM)
    known = {name: {choice.name for choice in form.question(name).choices} for name in shares}
    assert all(set(found) <= known[name] for name, found in shares.items())


def test_strata_think_differently_so_that_weighting_matters() -> None:
    town = make_town(7, 20_000, TODAY)
    satisfied: dict[str, list[bool]] = {}
    for resident in town:
        held = opinions(7, resident)["q7"] in {"satisfied", "fairly"}
        satisfied.setdefault(resident.stratum.name, []).append(held)
    shares = {name: sum(found) / len(found) for name, found in satisfied.items()}
    assert shares["机关事业单位"] > shares["农村居民"] + 0.1


def test_every_matter_finds_the_unit_it_is_about() -> None:
    units = {unit[0] for unit in UNITS if not unit[6]}
    for topic in TOPICS:
        assert topic.unit in units
        assert all(topic_of(text) is topic for text in topic.texts)
    assert all(topic_of(make_matter(Random(n), "en", 1.0).text) is TOPICS[0] for n in range(20))


@given(st.integers(0, 10_000), st.integers(1, 9))
def test_a_unit_that_reports_often_enough_has_done_it_at_last(seed: int, round_: int) -> None:
    matter = make_matter(Random(seed), "zh", 1.0)
    assert matter.fix(round_) in Fix
    assert matter.fix(len(matter.fixes) + round_) is Fix.DONE
    assert matter.report(round_) in matter.topic.done


def resident(**changes: object) -> Resident:
    town = make_town(7, 400, TODAY)
    return replace(next(person for person in town if person.plain), **changes)  # type: ignore[arg-type]  # any field


def persona(conduct: Conduct | None = None, **changes: object) -> Persona:
    who = resident(**changes)
    ways = conduct or ROLES["content"].conduct
    return Persona(who, opinions(7, who), ways, ROLES["content"].matter, Random(1), ZONE)


def question(name: str, form: str = FORM) -> str:
    return f"1/6 {template_form(form).question(name).label('zh')}"


def say(someone: Persona, text: str, at: datetime = NOON) -> str | None:
    someone.hear(text, at)
    return someone.due(at + timedelta(hours=20))


def test_an_invited_resident_answers_what_they_think() -> None:
    someone = persona()
    said = say(someone, question("q1"))
    assert said is not None
    reading = read_reply(template_form(FORM).question("q1"), said, "zh", TODAY)
    assert reading is not None
    assert reading.value == someone.opinions["q1"]
    assert someone.due(NOON + timedelta(days=1)) is None


def test_a_silent_resident_never_writes() -> None:
    someone = persona(Conduct(Temper.SILENT, Habit.DIGIT, timedelta(minutes=5)))
    assert [say(someone, question("q1"), NOON + timedelta(days=day)) for day in range(3)] == [None, None, None]


def test_a_reminder_wins_who_let_the_invitation_lie() -> None:
    someone = persona(replace(ROLES["content"].conduct, ignores=1))
    assert say(someone, question("q1")) is None
    assert say(someone, question("q1"), NOON + timedelta(days=1)) is not None


def test_a_reminder_does_not_make_anybody_answer_twice() -> None:
    someone = persona(replace(ROLES["content"].conduct, first_after=timedelta(hours=30)))
    someone.hear(question("q1"), NOON)
    planned = someone.reply
    someone.hear(question("q1"), NOON + timedelta(hours=24))
    assert someone.reply == planned


def test_who_says_something_else_first_answers_when_asked_again() -> None:
    someone = persona(replace(ROLES["content"].conduct, words={"q1": ("骗子?",)}))
    assert say(someone, question("q1")) == "骗子?"
    assert say(someone, question("q1")) in {"1", "2", "3", "4", "5", "6"}


@pytest.mark.parametrize(("holder", "words"), [("self", "本人"), ("family", "家人"), ("changed", "号码换人")])
def test_whoever_has_the_phone_says_so(holder: str, words: str) -> None:
    someone = persona(holder=holder)
    assert say(someone, "请问是王先生/女士吗？\n1 本人\n2 家人\n3 号码换人") == words
    assert someone.gone == (holder == "changed")


def test_nobody_writes_at_night() -> None:
    for minutes in range(0, 24 * 60, 7):
        someone = persona(replace(ROLES["content"].conduct, temper=Temper.SLOW if minutes % 2 else Temper.FAST))
        someone.hear(question("q1"), NOON + timedelta(minutes=minutes))
        assert someone.reply is not None
        assert WAKES <= someone.reply.at.astimezone(ZONE).time() < SLEEPS


def test_the_resident_says_whether_the_unit_was_as_good_as_its_word() -> None:
    someone = persona()
    someone.matter = ROLES["lamp"].matter
    said = []
    for round_ in (1, 2):
        someone.reported, someone.heard_from_unit = round_, True
        text = say(someone, question("solved", "callback"))
        assert text is not None
        reading = read_reply(template_form("callback").question("solved"), text, "zh", TODAY)
        said.append(reading.value if reading else "")
    assert said == ["not", "solved"]


def test_a_resident_who_would_rather_not_rate_says_so_and_a_silent_one_nothing() -> None:
    declining, silent = persona(ROLES["declining"].conduct), persona(ROLES["silent"].conduct)
    words = say(declining, question("contacted", "callback"))
    assert words is not None
    assert refusal(words)
    assert say(silent, question("contacted", "callback")) is None


def test_everything_said_aside_is_understood_as_something_else_than_an_answer() -> None:
    """Else the month would not show how doubts, commands, refusals and opt-outs are met."""
    for pair in ASIDES:
        for text in pair:
            assert suspicion(text) or command(text) or refusal(text) or stop_word(text), text


def test_people_act_on_the_grid_and_staff_on_weekdays() -> None:
    calendar = Calendar(30)
    assert on_grid(NOON) == NOON
    assert on_grid(NOON + timedelta(seconds=1)) == NOON + timedelta(minutes=5)
    assert {at.astimezone(ZONE).weekday() for at in calendar.desk_hours()} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("days", [10, 14, 21, 30, 90])
def test_publicity_release_and_close_follow_one_another_in_any_month(days: int) -> None:
    calendar = Calendar(days)
    order = [calendar.starts_at, calendar.publicity_at, calendar.release_at, calendar.closes_at, calendar.ends_at]
    assert order == sorted(order)
    assert len(set(order)) == len(order)


def test_a_question_of_text_kind_is_answered_in_words() -> None:
    someone = persona()
    someone.begun = True
    said = say(someone, question("q5_other"))
    assert template_form(FORM).question("q5_other").kind is Kind.TEXT
    assert said == "捡垃圾"
