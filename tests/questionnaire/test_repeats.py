"""Repeats: how many instances there are, in which order they are asked, and what an expression sees from inside one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from made_workbooks import form, refusals

from surveys.questionnaire.answers import Answers
from surveys.questionnaire.expression import compile_expression
from surveys.questionnaire.form import MORE, Form
from surveys.questionnaire.functions import text
from surveys.questionnaire.keys import count_key, is_count, is_more, key, more_key, other_key, parted
from surveys.questionnaire.progress import applicable, progress
from surveys.questionnaire.record import form_text, read_form_text
from surveys.questionnaire.repeats import MAX_INSTANCES
from surveys.questionnaire.walk import check, computed, fill, next_question, open_question, prune

NOW = datetime(2026, 10, 3, 9, 30, tzinfo=timezone(timedelta(hours=8)))
YES_NO = "list_name|name|label\nyn|yes|Yes\nyn|no|No"
HOUSE = form(
    """type|name|label|relevant|repeat_count|constraint
    select_one yn|any|Anybody else?|||
    begin repeat|household|Household member|${any} = 'yes'||
    text|name|Name?|||
    integer|age|How old is ${name}?|||. < 130 and ${name} != ''
    note|young|${name} is young|${age} < 18||
    text|school|School of ${name}?|${age} < 18||
    begin repeat|pet|Pet of ${name}|${age} > 5|if(${age} > 60, 2, 1)|
    text|called|Name of ${name}'s pet?|||
    end repeat||||
    end repeat||||
    text|end|Anything else?|||""",
    YES_NO,
)


def talked(
    made: Form, replies: Mapping[str, str], given: Mapping[str, str] | None = None
) -> tuple[list[str], dict[str, str]]:
    """Walk through the form; return the keys asked, in order, and the values. What has no reply is answered x."""
    values: dict[str, str] = {}
    asked: list[str] = []
    position = ""
    while True:
        values = computed(made, values, given or {}, NOW)
        _, question = next_question(made, values, position, NOW)
        if question is None:
            return asked, values
        position = question.name
        asked.append(position)
        values[position] = replies.get(position, "no" if question.role == MORE else "x")
        values = prune(made, values, NOW)


ANN_AND_BOB = {
    "any": "yes", "household@0+": "yes", "name@1": "Ann", "age@1": "70", "household@1+": "yes",
    "name@2": "Bob", "age@2": "7",
}  # fmt: skip


def test_instances_are_asked_one_after_another_and_after_each_whether_there_is_another() -> None:
    asked, _ = talked(HOUSE, ANN_AND_BOB)
    assert asked == [
        "any", "household@0+", "name@1", "age@1", "called@1.1", "called@1.2", "household@1+",
        "name@2", "age@2", "school@2", "called@2.1", "household@2+", "end",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("replies", "asked", "why"),
    [
        ({"any": "no"}, ["any", "end"], "the repeat does not apply, so not even whether there is any is asked"),
        ({"any": "yes"}, ["any", "household@0+", "end"], "the resident says that there is none"),
    ],
)
def test_there_may_be_no_instance_at_all(replies: dict[str, str], asked: list[str], why: str) -> None:
    assert talked(HOUSE, replies)[0] == asked, why


amounts = st.sampled_from(["", "3", "70", "x", "2.5"])


@settings(deadline=None)
@given(
    st.builds(
        "{}(${{{}}})".format,
        st.sampled_from(["sum", "min", "max", "count", "count-non-empty", "string"]),
        st.sampled_from(["any", "name", "age", "called"]),
    )
    | st.sampled_from(
        ["join(', ', ${called})", "position(..)", "position(../..) * 2", "if(sum(${age}) > 9, 1, ${any})"]
    ),
    st.sampled_from(["any", "age@1", "age@2", "called@1.1", "called@1.2", "called@2.1", "end"]),
    st.fixed_dictionaries(dict.fromkeys(("any", "age@1", "age@2", "called@1.1", "called@1.2", "called@2.1"), amounts)),
)
def test_the_short_way_over_several_answers_and_xpath_always_agree(
    source: str, seen_from: str, replies: dict[str, str]
) -> None:
    """What is worked out without a document is what XPath finds in the document of the same answers."""
    values = {name: value for name, value in replies.items() if value}
    expression = compile_expression(source)
    if source.startswith("string"):
        assert expression._quick is None
    else:
        assert expression._quick is not None
    answers = Answers(HOUSE, values)
    assume(answers.element(seen_from) is not None)  # nobody is asked inside an instance that there is not
    scope = answers.seen_from(seen_from)
    assert expression.text(scope, NOW) == text(expression.evaluate(scope, NOW))


def test_nobody_is_asked_about_more_than_fifty_instances() -> None:
    always = {more_key("household", (number,)): "yes" for number in range(MAX_INSTANCES + 5)}
    asked, values = talked(HOUSE, {"any": "yes", "age@1": "3", **always})
    assert f"name@{MAX_INSTANCES}" in asked
    assert f"name@{MAX_INSTANCES + 1}" not in values
    assert more_key("household", (MAX_INSTANCES,)) not in asked


@pytest.mark.parametrize(
    ("count", "replies", "instances", "why"),
    [
        ("3", {}, 3, "a number"),
        ("${n}", {"n": "2"}, 2, "an answer"),
        ("${n} + 1", {"n": "2"}, 3, "an expression"),
        ("${n}", {"n": "0"}, 0, "none"),
        ("${n}", {"n": "-4"}, 0, "fewer than none is none"),
        ("${n}", {"n": "1e9"}, 0, "what XPath does not read as a number is none"),
        ("${n}", {"n": "900"}, MAX_INSTANCES, "never more than the bound"),
        ("int(${n})", {"n": "x"}, 0, "what is no number"),
        ("${twice}", {"n": "2"}, 4, "a calculation that stands behind the repeat"),
    ],
)
def test_the_form_may_say_how_many_instances_there_are(
    count: str, replies: dict[str, str], instances: int, why: str
) -> None:
    made = form(
        f"""type|name|label|repeat_count|calculation
        text|n|How many?||
        begin repeat|visit|Visit|{count}|
        text|what|What?||
        end repeat|||
        calculate|twice|||${{n}} * 2"""
    )
    asked, _ = talked(made, replies)
    assert asked == ["n", *(f"what@{number + 1}" for number in range(instances))], why


def test_a_count_follows_its_answer_and_once_keeps_the_first() -> None:
    made = form(
        """type|name|label|repeat_count
        integer|n|How many?|
        begin repeat|live|Live|${n}
        text|a|A?|
        end repeat||
        begin repeat|fixed|Fixed|once(${n})
        text|b|B?|
        end repeat||"""
    )
    values = computed(made, {"n": "2"}, {}, NOW)
    after = prune(made, computed(made, {**values, "a@2": "x", "b@2": "y", "n": "1"}, {}, NOW), NOW)
    assert "a@2" not in after
    assert after["b@2"] == "y"
    assert (after["live@#"], after["fixed@#"]) == ("1", "2")


def test_what_belongs_to_an_instance_that_is_gone_is_forgotten() -> None:
    _, values = talked(HOUSE, ANN_AND_BOB)
    fewer = prune(HOUSE, {**values, "household@1+": "no"}, NOW)
    assert {name for name in fewer if parted(name)[1][:1] == (2,)} == set()
    assert fewer["called@1.2"] == "x"
    none = prune(HOUSE, {**values, "any": "no"}, NOW)
    assert set(none) == {"any", "end"}


def test_an_answer_takes_what_depends_on_it_in_its_own_instance_only() -> None:
    _, values = talked(HOUSE, {**ANN_AND_BOB, "age@1": "8"})
    assert {"school@1", "school@2"} <= set(values)
    older = prune(HOUSE, {**values, "age@1": "30"}, NOW)
    assert "school@1" not in older
    assert "school@2" in older


def test_a_text_inside_a_repeat_speaks_of_its_own_instance() -> None:
    _, values = talked(HOUSE, ANN_AND_BOB)
    for name, said in (
        ("age@1", "How old is Ann?"),
        ("age@2", "How old is Bob?"),
        ("called@2.1", "Name of Bob's pet?"),
    ):
        assert fill(HOUSE.question(name).label("en"), HOUSE, values, "en", name) == said


def test_a_constraint_inside_a_repeat_looks_at_its_own_instance() -> None:
    question = open_question(HOUSE, "age@2", {}, NOW)
    assert check(HOUSE, question, "7", {"name@1": "Ann"}, NOW, "en") is not None
    assert check(HOUSE, question, "7", {"name@2": "Bob"}, NOW, "en") is None
    assert check(HOUSE, question, "140", {"name@2": "Bob"}, NOW, "en") is not None


def test_a_choice_filter_inside_a_repeat_looks_at_its_own_instance() -> None:
    made = form(
        """type|name|label|choice_filter|repeat_count
        begin repeat|trip|Trip||2
        select_one s|state|S?||
        select_one c|county|C?|in=${state}|
        end repeat|||""",
        "list_name|name|label|in\ns|x|X|\ns|y|Y|\nc|k|King|x\nc|m|Marion|y",
    )
    values = computed(made, {"state@1": "x", "state@2": "y"}, {}, NOW)
    offered = [[choice.name for choice in open_question(made, f"county@{n}", values, NOW).choices] for n in (1, 2)]
    assert offered == [["k"], ["m"]]
    assert "county@1" not in prune(made, {**values, "county@1": "k", "state@1": "y"}, NOW)


def test_progress_counts_the_questions_of_the_instances_known_so_far() -> None:
    values = computed(HOUSE, {"any": "yes", "household@0+": "yes", "name@1": "Ann", "age@1": "70"}, {}, NOW)
    assert progress(HOUSE, values, "any", NOW) == (1, 6)
    assert progress(HOUSE, values, "called@1.2", NOW) == (5, 6)
    assert progress(HOUSE, values, "household@1+", NOW) == (5, 6), "whether there is another is not counted"
    assert applicable(HOUSE, values, NOW) == 6


def test_answers_alone_show_how_many_instances_there_were() -> None:
    _, values = talked(HOUSE, ANN_AND_BOB)
    kept = {name: value for name, value in values.items() if not is_more(name) and not is_count(name)}
    assert applicable(HOUSE, kept, NOW) == applicable(HOUSE, values, NOW) == len(kept)


def test_an_instance_that_is_gone_is_left_for_what_stands_behind_the_repeat() -> None:
    _, question = next_question(HOUSE, {"any": "no"}, "name@3", NOW)
    assert question is not None
    assert question.name == "end"


#: Ann 40, Bob 7, Cy 9 years old; what is worked out once for all, and what in each instance.
PEOPLE = {
    "household@0+": "yes", "name@1": "Ann", "age@1": "40", "household@1+": "yes", "name@2": "Bob", "age@2": "7",
    "household@2+": "yes", "name@3": "Cy", "age@3": "9",
}  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "value", "why"),
    [
        ("count(${household})", "3", "a repeat is all its instances"),
        ("count(${age})", "3", ""),
        ("sum(${age})", "56", ""),
        ("max(${age})", "40", ""),
        ("min(${age})", "7", ""),
        ("sum(${blank})", "0", "an answer left out adds nothing"),
        ("max(${blank})", "", "the greatest of nothing is no number"),
        ("count-non-empty(${blank})", "0", ""),
        ("count-non-empty(${age})", "3", ""),
        ("join(', ', ${name})", "Ann, Bob, Cy", ""),
        ("concat(${name})", "AnnBobCy", "the specification lets concat take one set of nodes"),
        ("concat(${name}, '!', 1 + 1)", "AnnBobCy!2", ""),
        ("${name}", "Ann", "the text of several nodes is that of the first, as in XPath 1.0"),
        ("indexed-repeat(${name}, ${household}, 2)", "Bob", ""),
        ("indexed-repeat(${name}, ${household}, 4)", "", "there is no fourth"),
        ("indexed-repeat(${name}, ${household}, 'x')", "", ""),
        ("${household}[3]/name", "Cy", ""),
        ("${household}[position() = last()]/name", "Cy", ""),
        ("count(${household}[age < 18])", "2", ""),
        ("join(' ', ${household}[age < 18]/name)", "Bob Cy", ""),
        ("sum(/data/household/age)", "56", "an absolute path from outside means all"),
        ("count(../household)", "3", "a path from the question itself"),
        ("count(../*)", "7", "three people and four rows"),
        ("checklist(2, -1, ${age})", "true", "each answer counts"),
        ("position(../household[2])", "2", ""),
    ],
)
def test_an_expression_outside_a_repeat_sees_all_instances(expression: str, value: str, why: str) -> None:
    made = form(
        f"""type|name|label|calculation
        text|head|Head?|
        begin repeat|household|Member|
        text|name|Name?|
        integer|age|Age?|
        text|blank|Blank?|
        end repeat||
        calculate|result||{expression}
        calculate|after||1
        text|end|End?|"""
    )
    values = computed(made, PEOPLE, {}, NOW)
    assert values.get("result", "") == value, why


@pytest.mark.parametrize(
    ("expression", "values", "why"),
    [
        ("position(..)", ["1", "2", "3"], ""),
        (
            "concat(position(..), '/', count(${household}))",
            ["1/3", "2/3", "3/3"],
            "from inside a repeat is still all of it",
        ),
        ("${age} * 2", ["80", "14", "18"], "the same instance"),
        ("sum(${age})", ["40", "7", "9"], "pyxform makes it ../age: this instance alone"),
        ("../age", ["40", "7", "9"], ""),
        ("current()/../age", ["40", "7", "9"], ""),
        ("/data/household/age", ["40", "7", "9"], "the deviation of the specification: as if it were relative"),
        ("sum(../../household/age)", ["56", "56", "56"], ""),
        ("indexed-repeat(${name}, ${household}, position(..) - 1)", ["", "Ann", "Bob"], "the one before"),
        ("count(../../household[age > current()/../age])", ["0", "2", "1"], "how many are older"),
        ("count(../preceding)", None, "no such row"),
        (
            "coalesce(indexed-repeat(${result}, ${household}, position(..) - 1), 0) + ${age}",
            ["40", "47", "56"],
            "a running total looks at its own value in the instance before",
        ),
        ("once(${age})", ["40", "7", "9"], ""),
        ("if(position(..) = 1, 'first', 'later')", ["first", "later", "later"], ""),
    ],
)
def test_an_expression_inside_a_repeat_sees_its_own_instance(
    expression: str, values: list[str] | None, why: str
) -> None:
    survey = f"""type|name|label|calculation
        begin repeat|household|Member|
        text|name|Name?|
        integer|age|Age?|
        calculate|result||{expression}
        end repeat||"""
    if values is None:
        assert [code for code, *_ in refusals(survey)] == ["unknown_name"], why
        return
    found = computed(form(survey), PEOPLE, {}, NOW)
    assert [found.get(f"result@{number}", "") for number in (1, 2, 3)] == values, why


def test_once_in_a_repeat_is_kept_for_each_instance() -> None:
    made = form(
        """type|name|label|calculation|repeat_count
        begin repeat|trip|Trip||2
        text|to|To?||
        calculate|first||once(${to})|
        end repeat|||"""
    )
    before = computed(made, {"to@1": "a", "to@2": "b"}, {}, NOW)
    after = computed(made, {**before, "to@1": "c"}, {}, NOW)
    assert (after["first@1"], after["first@2"]) == ("a", "b")


NESTED = form(
    """type|name|label|calculation|repeat_count|relevant
    begin repeat|street|Street||2|
    text|called|Called?|||
    begin group|inner|Inner|||
    begin repeat|house|House||${called}|position(..) > 0
    integer|people|People?|||
    calculate|where||concat(position(../../..), '.', position(..))||
    calculate|street_total||sum(../../house/people)||
    calculate|all||sum(${people})||
    calculate|other||indexed-repeat(${people}, ${street}, 1, ${house}, 2)||
    calculate|beside||indexed-repeat(${people}, ${house}, 1)||
    end repeat||||
    end group||||
    calculate|total||sum(${people})||
    calculate|houses||count(${house})||
    end repeat||||
    calculate|everybody||sum(${people})||"""
)


def test_nested_repeats_keep_to_the_nearest_repeat_around_both() -> None:
    people = {"called@1": "2", "called@2": "1", "people@1.1": "3", "people@1.2": "4", "people@2.1": "5"}
    values = computed(NESTED, people, {}, NOW)
    found = {name: values[name] for name in values if not is_count(name) and name not in people}
    assert found == {
        "where@1.1": "1.1", "where@1.2": "1.2", "where@2.1": "2.1",
        "street_total@1.1": "7", "street_total@1.2": "7", "street_total@2.1": "5",
        "all@1.1": "3", "all@1.2": "4", "all@2.1": "5",
        "other@1.1": "4", "other@1.2": "4", "other@2.1": "4",
        "beside@1.1": "3", "beside@1.2": "3", "beside@2.1": "5",
        "total@1": "7", "total@2": "5", "houses@1": "2", "houses@2": "1", "everybody": "12",
    }  # fmt: skip


def test_a_condition_of_a_group_looks_around_from_the_group() -> None:
    made = form(
        """type|name|label|relevant|repeat_count
        begin repeat|trip|Trip||3
        begin group|detail|Detail|position(..) = 2|
        text|why|Why?||
        end group|||
        end repeat|||"""
    )
    assert talked(made, {})[0] == ["why@2"]


def test_answers_are_published_under_numbered_paths() -> None:
    assert HOUSE.path("age@2") == "household[2]/age"
    assert HOUSE.path("called@2.1") == "household[2]/pet[1]/called"
    assert HOUSE.path("any") == "any"
    assert NESTED.path("people@1.2") == "street[1]/inner/house[2]/people"


@pytest.mark.parametrize("name", ["age", "called@1", "nobody@1", "any@1", "age@1.2"])
def test_a_key_that_does_not_fit_the_repeats_of_its_row_is_no_question(name: str) -> None:
    with pytest.raises(KeyError):
        open_question(HOUSE, name, {}, NOW) if "@" in name else HOUSE.repeat(name)


@given(st.from_regex(r"[a-z][a-z_.]{0,8}", fullmatch=True), st.lists(st.integers(1, 60), max_size=3).map(tuple))
def test_a_key_leads_back_to_its_row_and_instances(name: str, indices: tuple[int, ...]) -> None:
    assert parted(key(name, indices)) == (name, indices)
    assert parted(other_key(key(name, indices))) == (f"{name}_other", indices)
    assert parted(more_key(name, (*indices, 0))) == (name, (*indices, 0))
    assert parted(count_key(name, indices)) == (name, indices)
    assert is_more(more_key(name, (*indices, 0)))
    assert is_count(count_key(name, indices))
    assert not is_more(key(name, indices))


def test_a_form_with_repeats_survives_its_record() -> None:
    for made in (HOUSE, NESTED):
        assert read_form_text(form_text(made)) == made


@pytest.mark.parametrize(
    ("survey", "fault", "why"),
    [
        ("begin repeat|r|R|\ntext|a|A?|", ("unbalanced_group", 2, "type"), "never closed"),
        ("text|a|A?|\nend repeat|||", ("unbalanced_group", 3, "type"), "never opened"),
        ("begin repeat|r|R|\ntext|a|A?|\nend group|||", ("unbalanced_group", 4, "type"), "closed as a group"),
        ("begin repeat|r|R|${nobody}\ntext|a|A?|\nend repeat|||", ("unknown_name", 2, "repeat_count"), ""),
        (
            "begin repeat|r|R|${a}\ntext|a|A?|\nend repeat|||",
            ("forward_reference", 2, "repeat_count"),
            "its own answer",
        ),
        ("begin repeat|r|R|2 +\ntext|a|A?|\nend repeat|||", ("syntax", 2, "repeat_count"), ""),
    ],
)
def test_what_is_wrong_with_a_repeat_is_named_with_its_row(survey: str, fault: tuple[str, int, str], why: str) -> None:
    found = [(code, row, column) for code, _, row, column in refusals("type|name|label|repeat_count\n" + survey)]
    assert fault in found, why


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_answered_the_walk_ends_and_forgets_what_does_not_apply(data: st.DataObject) -> None:
    """Answers come at random; some are changed at the end. What is left is what a walk through it would ask."""
    values: dict[str, str] = {}
    position = ""
    for _ in range(40):
        values = computed(HOUSE, values, {}, NOW)
        _, question = next_question(HOUSE, values, position, NOW)
        if question is None:
            break
        position = question.name
        options = [choice.name for choice in question.choices] or ["3", "8", "30", "70"]
        values[position] = data.draw(st.sampled_from(options))
        values = prune(HOUSE, values, NOW)
    changed = data.draw(st.sampled_from(sorted(values)))
    if not is_count(changed):
        values[changed] = data.draw(st.sampled_from(["no", "yes", "3", "70"]))
    kept = prune(HOUSE, computed(HOUSE, values, {}, NOW), NOW)
    asked = [name for name in kept if not is_count(name)]
    assert applicable(HOUSE, kept, NOW) >= sum(not is_more(name) for name in asked)
    assert prune(HOUSE, kept, NOW) == kept
