"""Walking through a form: what is asked, what is computed, what is refused, what is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_workbooks import form

from surveys.questionnaire.form import ASKED, Form, Kind
from surveys.questionnaire.progress import progress
from surveys.questionnaire.templates import template_form
from surveys.questionnaire.walk import check, computed, fill, next_question, open_question, prune, relevant

NOW = datetime(2026, 10, 3, 9, 30, tzinfo=timezone(timedelta(hours=8)))

SKIPS = form(
    """type|name|label|relevant|required|calculation
    note|hello|Hello||
    select_one yn|a|A?||yes
    note|so|You said ${a}|${a} = 'yes'|
    integer|b|B?|${a} = 'yes'|
    text|c|C?|${b} > 5|
    calculate|twice|||| ${b} * 2
    text|d|D?|${twice} > 20|
    text|e|E?||""",
    "list_name|name|label\nyn|yes|Yes\nyn|no|No",
)
CASCADE = form(
    "type|name|label|choice_filter\nselect_one s|state|S?|\nselect_one c|county|C?|in=${state}\ntext|t|T?|",
    "list_name|name|label|in\ns|x|X|\ns|y|Y|\ns|z|Z|\nc|k|King|x\nc|p|Pierce|x\nc|m|Marion|y",
)


def following(made: Form, values: dict[str, str], after: str, skipped: tuple[str, ...] = ()) -> tuple[list[str], str]:
    notes, question = next_question(made, computed(made, values, {}, NOW), after, NOW, skipped)
    return [note.name for note in notes], question.name if question else ""


@pytest.mark.parametrize(
    ("values", "after", "skipped", "notes", "question", "why"),
    [
        ({}, "", (), ["hello"], "a", "the note stands before the first question"),
        ({"a": "yes"}, "a", (), ["so"], "b", "the condition of note and question holds"),
        ({"a": "no"}, "a", (), [], "e", "what depends on yes is passed over"),
        ({"a": "yes", "b": "6"}, "b", (), [], "c", ""),
        ({"a": "yes", "b": "11", "c": "x"}, "c", (), [], "d", "a calculation opens a question"),
        ({"a": "yes", "b": "11", "c": "x"}, "b", (), [], "d", "an answered question is not asked again"),
        ({"a": "yes", "b": "11"}, "b", ("c",), [], "d", "a skipped question is not asked again"),
        ({"a": "no", "e": "x"}, "e", (), [], "", "the end"),
        ({"a": "no", "e": "x"}, "", (), ["hello"], "", "all is answered"),
    ],
)
def test_the_next_question_is_the_first_that_applies_and_is_open(  # noqa: PLR0917 - one row of the table
    values: dict[str, str], after: str, skipped: tuple[str, ...], notes: list[str], question: str, why: str
) -> None:
    assert following(SKIPS, values, after, skipped) == (notes, question), why


def test_a_place_that_is_not_in_the_form_is_an_error() -> None:
    with pytest.raises(KeyError):
        next_question(SKIPS, {}, "nowhere", NOW)


@pytest.mark.parametrize(
    ("values", "position", "expected"),
    [
        ({}, "a", (1, 2)),
        ({"a": "yes"}, "b", (2, 3)),
        ({"a": "yes", "b": "6"}, "c", (3, 4)),
        ({"a": "yes", "b": "6", "c": "x"}, "e", (4, 4)),
        ({"a": "no"}, "e", (2, 2)),
        ({}, "", (0, 2)),
    ],
)
def test_progress_counts_what_applies_now(values: dict[str, str], position: str, expected: tuple[int, int]) -> None:
    assert progress(SKIPS, values, position, NOW) == expected


def test_answers_that_no_longer_apply_are_forgotten_one_after_the_other() -> None:
    values = computed(SKIPS, {"a": "yes", "b": "11", "c": "x", "d": "y", "e": "z"}, {}, NOW)
    assert prune(SKIPS, values, NOW) == values
    assert prune(SKIPS, {**values, "a": "no"}, NOW) == {"a": "no", "e": "z"}
    assert prune(SKIPS, computed(SKIPS, {**values, "b": "7"}, {}, NOW), NOW) == {
        "a": "yes", "b": "7", "c": "x", "e": "z", "twice": "14",
    }  # fmt: skip


def test_the_words_for_other_go_with_the_answer_they_explain() -> None:
    made = form(
        "type|name|label|relevant\ntext|a|A|\nselect_one l or_other|q|Q?|${a} = 'x'", "list_name|name|label\nl|b|B"
    )
    values = {"a": "x", "q": "other", "q_other": "fishing"}
    assert prune(made, values, NOW) == values
    assert prune(made, {**values, "a": "y"}, NOW) == {"a": "y"}
    assert prune(made, {**values, "q": "b"}, NOW) == {"a": "x", "q": "b"}


def test_other_is_asked_which_unless_the_words_are_there() -> None:
    made = form("type|name|label\nselect_one l or_other|q|Q?\ntext|z|Z", "list_name|name|label\nl|b|B")
    assert following(made, {"q": "other"}, "q") == ([], "q_other")
    assert following(made, {"q": "other", "q_other": "fishing"}, "q") == ([], "z")
    assert following(made, {"q": "b"}, "q") == ([], "z")


def test_only_the_choices_that_the_filter_lets_through_are_offered() -> None:
    def offered(state: str) -> list[str]:
        return [choice.name for choice in open_question(CASCADE, "county", {"state": state}, NOW).choices]

    assert (offered("x"), offered("y"), offered("z")) == (["k", "p"], ["m"], [])
    _, question = next_question(CASCADE, {"state": "x"}, "state", NOW)
    assert question == open_question(CASCADE, "county", {"state": "x"}, NOW)


def test_a_question_with_nothing_to_offer_is_passed_over() -> None:
    assert following(CASCADE, {"state": "z"}, "state") == ([], "t")


def test_a_choice_no_longer_offered_is_forgotten_and_refused() -> None:
    assert prune(CASCADE, {"state": "y", "county": "k"}, NOW) == {"state": "y"}
    county = CASCADE.question("county")
    assert check(CASCADE, county, "k", {"state": "x"}, NOW, "en") is None
    assert check(CASCADE, county, "k", {"state": "y"}, NOW, "zh") == "这个回答与题目不符。"


CHECKED = form(
    """type|name|label|constraint|constraint_message::en|constraint_message::zh|required|required_message::en
    integer|age|Age?|. >= 0 and . < 150|Not ${age}, please.|请重填。|yes|We need it.
    integer|kids|Kids?|. < ${age}||||
    text|why|Why?||||${age} > 60|"""
)


@pytest.mark.parametrize(
    ("name", "value", "values", "language", "said"),
    [
        ("age", "35", {}, "en", None),
        ("age", "200", {"age": "200"}, "en", "Not 200, please."),
        ("age", "200", {}, "zh", "请重填。"),
        ("age", "", {}, "en", "We need it."),
        ("age", "", {}, "zh", "We need it."),
        ("kids", "3", {"age": "35"}, "en", None),
        ("kids", "40", {"age": "35"}, "en", "That does not fit the question."),
        ("kids", "40", {"age": "35"}, "zh", "这个回答与题目不符。"),
        ("kids", "", {"age": "35"}, "en", None),
        ("why", "", {"age": "61"}, "zh", "这道题需要回答。"),
        ("why", "", {"age": "35"}, "zh", None),
    ],
)
def test_an_answer_is_taken_or_its_fault_is_said(
    name: str, value: str, values: dict[str, str], language: str, said: str | None
) -> None:
    assert check(CHECKED, CHECKED.question(name), value, values, NOW, language) == said


def test_hidden_questions_are_filled_from_what_is_given_and_calculations_follow() -> None:
    made = form(
        """type|name|label|calculation|default|relevant
        hidden|unit||||
        hidden|kind|||road|
        calculate|both||concat(${unit}, '/', ${kind})||
        calculate|first||once(${q})||
        calculate|never||1||${q} = 'no'
        text|q|Q?|||"""
    )
    values = computed(made, {"q": "a"}, {"unit": "U"}, NOW)
    assert values == {"unit": "U", "kind": "road", "both": "U/road", "first": "a", "q": "a"}
    assert computed(made, {**values, "q": "b"}, {"unit": "V", "kind": "K"}, NOW) == {
        "unit": "V", "kind": "K", "both": "V/K", "first": "a", "q": "b",
    }  # fmt: skip


def test_references_in_wordings_become_answers_in_the_residents_language() -> None:
    made = form(
        "type|name|label::zh|label::en\nselect_one l|a|甲|A\nselect_multiple l|b|乙|B\ntext|c|丙|C",
        "list_name|name|label::zh|label::en\nl|x|好|Good\nl|y|坏|Bad",
    )
    values = {"a": "x", "b": "x y", "c": "${a}"}
    text = "${a}|${ b }|${c}|${none}"
    assert fill(text, made, values, "zh") == "好|好、坏|${a}|"
    assert fill(text, made, values, "en") == "Good|Good, Bad|${a}|"


def test_choice_name_speaks_the_forms_own_language_in_calculations() -> None:
    made = form(
        "type|name|label::zh|label::en|calculation\nselect_one l|a|甲|A|\ncalculate|c|||jr:choice-name(${a}, '${a}')",
        "list_name|name|label::zh|label::en\nl|x|好|Good",
        "default_language\nzh",
    )
    assert computed(made, {"a": "x"}, {}, NOW)["c"] == "好"


answers = st.dictionaries(
    st.sampled_from([question.name for question in template_form("sense_of_safety").questions]),
    st.sampled_from(["yes", "no", "town", "15", "35", "safe", "unsafe", "theft other", "better", "x"]),
)


@settings(deadline=None)
@given(answers)
def test_what_is_kept_always_applies_and_pruning_again_changes_nothing(values: dict[str, str]) -> None:
    made = template_form("sense_of_safety")
    kept = prune(made, computed(made, values, {}, NOW), NOW)
    assert all(
        relevant(made, question, kept, NOW)
        for question in made.questions
        if question.kind in ASKED and question.name in kept
    )
    assert prune(made, kept, NOW) == kept


@pytest.mark.parametrize("name", ["five_waters_2018", "sense_of_safety", "callback", "complaint", "identity"])
@settings(deadline=None)
@given(data=st.data())
def test_every_walk_ends_and_asks_nothing_twice(name: str, data: st.DataObject) -> None:
    made = template_form(name)
    values: dict[str, str] = {}
    position, asked = "", []
    while True:
        values = computed(made, prune(made, values, NOW), {}, NOW)
        _, question = next_question(made, values, position, NOW)
        if question is None:
            break
        asked.append(question.name)
        k, n = progress(made, values, question.name, NOW)
        assert 1 <= k <= n
        values[question.name] = data.draw(
            st.sampled_from([choice.name for choice in question.choices])
            if question.choices
            else st.sampled_from(["12", "35", "没有", "路灯不亮"])
        )
        position = question.name
    assert len(asked) == len(set(asked))
    assert all(made.question(name).kind is not Kind.NOTE for name in asked)
