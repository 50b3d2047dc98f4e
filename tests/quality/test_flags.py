"""Nonresponse by kind, duplicates, changes towards praise, and what a scale is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from surveys.quality.changes import late_praise
from surveys.quality.duplicates import duplicates
from surveys.quality.interviews import interviews
from surveys.quality.ladder import ladder
from surveys.quality.nonresponse import item_nonresponse, silences
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.statistics.analysis import AnswerChange, Paradata
from tests.quality.small_campaign import CHOICES, answers, campaign, form

NOTHING = Form("d", "f", {}, ("zh",), "zh", ())


def test_what_was_left_unanswered_is_told_by_kind() -> None:
    people = [answers("dk", "dk", "very", "very"), answers("very", "very", "very", "very", "very", "very")]
    paradata = {0: Paradata(skipped=frozenset({"q5"}), unread=frozenset({"q6"}))}
    table, check = item_nonresponse(form(), interviews(campaign(people, paradata)))
    by = {row.question: row for row in table}
    assert (by["q1"].put, by["q1"].answered, by["q1"].dont_know) == (2, 1, 1)
    assert (by["q5"].skipped, by["q6"].unreadable, by["q6"].answered) == (1, 1, 1)
    assert "words" not in by  # never put to anybody
    assert check.respondents == ("r0000",)
    assert "4 of 6 questions" in check.flags[0].evidence.text("en")
    assert all(r.put == r.answered + r.refused + r.dont_know + r.skipped + r.unreadable for r in table)


def test_what_was_answered_after_all_was_not_left_out() -> None:
    person = Paradata(skipped=frozenset({"q1"}))
    table, _ = item_nonresponse(form(), interviews(campaign([answers("very")], {0: person})))
    assert [(row.question, row.put, row.answered) for row in table] == [("q1", 1, 1)]


@pytest.mark.parametrize(
    ("name", "label", "kind"),
    [
        ("dk", "不了解", "dont_know"),
        ("refused", "", "refused"),
        ("x", "不愿回答", "refused"),
        ("na", "不适用", None),
        ("good", "好", None),
    ],
)
def test_refusing_not_knowing_and_not_applying_are_told_apart(name: str, label: str, kind: str | None) -> None:
    assert silences([Choice(name, {"zh": label})]).get(name) == kind


def test_two_people_at_one_number_are_flagged_and_the_caution_speaks_of_households() -> None:
    paradata = {0: Paradata(address="a1"), 1: Paradata(address="a2"), 2: Paradata(address="a1")}
    people = [answers("very", "fair", "not"), answers("very"), answers("fair", "not")]
    check = duplicates(form(), interviews(campaign(people, paradata)))
    assert check.respondents == ("r0000", "r0002")
    assert "household" in check.kind.caution.text("en")


def test_equal_answers_are_a_copy_only_with_the_same_words() -> None:
    same = answers("very", "fair", "not", words="门口总是堵车,没人管")
    other = same | {"words": "没有什么要说的了"}
    mute = {name: value for name, value in same.items() if name != "words"}
    check = duplicates(
        form(), interviews(campaign([same, other, mute, mute, same | {"words": "门口总是堵车 没人管!"}]))
    )
    [flag] = check.flags
    assert flag.respondents == ("r0000", "r0004")


def test_the_same_answers_in_another_order_of_units_are_the_same() -> None:
    one = {"q1@1": "very", "q2@1": "fair", "q1@2": "not", "words@2": "门口总是堵车"}
    two = {"q1@2": "very", "q2@2": "fair", "q1@1": "not", "words@1": "门口总是堵车"}
    both = {0: Paradata(units=("u1", "u2")), 1: Paradata(units=("u2", "u1"))}
    assert duplicates(form(), interviews(campaign([one, two], both, of_units=True))).flags == ()
    check = duplicates(form(of_units=True), interviews(campaign([one, two], both, of_units=True)))
    assert check.respondents == ("r0000", "r0001")


def change(*, raised: bool, minutes: int) -> AnswerChange:
    return AnswerChange("q1", raised, timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("changes", "flagged"),
    [
        pytest.param((change(raised=True, minutes=60),), True, id="raised after an hour"),
        pytest.param((change(raised=True, minutes=1),), False, id="a slip put right at once"),
        pytest.param((change(raised=False, minutes=600),), False, id="lowered, however late"),
        pytest.param((change(raised=True, minutes=1),) * 2, True, id="raised twice"),
        pytest.param(
            (change(raised=True, minutes=1),) * 2 + (change(raised=False, minutes=1),), False, id="up and down"
        ),
    ],
)
def test_late_praise_is_a_rating_raised_late_or_again_and_again(
    changes: tuple[AnswerChange, ...],
    flagged: bool,  # noqa: FBT001 - a parameter
) -> None:
    check = late_praise(interviews(campaign([answers("very")], {0: Paradata(changes=changes)})))
    assert bool(check.flags) is flagged


def test_a_whole_campaign_that_changes_one_way_is_flagged() -> None:
    """Ten slips, all towards the better: one in 1,024 by chance."""
    quick = {n: Paradata(changes=(change(raised=True, minutes=1),)) for n in range(10)}
    check = late_praise(interviews(campaign([answers("very")] * 12, quick)))
    [flag] = check.flags
    assert flag.respondents == tuple(f"r{n:04d}" for n in range(10))
    assert float(flag.numbers["p"]) == pytest.approx(1 / 1024)


def choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name, {}) for name in names)


def select(options: tuple[Choice, ...], satisfied: tuple[str, ...]) -> tuple[Form, Question]:
    question = Question("q", Kind.SELECT_ONE, "q", choices=options)
    return Form("d", "f", {}, ("zh",), "zh", (question,), satisfied={"q": satisfied}), question


@pytest.mark.parametrize(
    ("options", "satisfied", "best", "worst"),
    [
        pytest.param(CHOICES, ("very", "fairly"), "very", "not", id="best first"),
        pytest.param(choices("bad", "fair", "good", "great", "dk"), ("good", "great"), "great", "bad", id="best last"),
        pytest.param(choices("yes", "no"), ("yes",), "yes", "no", id="two options"),
        pytest.param(
            (Choice("a", {}, points=30), Choice("b", {}, points=100), Choice("c", {}, points=70)), (), "b", "a",
            id="points decide where there are any",
        ),
    ],
)  # fmt: skip
def test_a_scale_leads_from_the_worst_to_the_best(
    options: tuple[Choice, ...], satisfied: tuple[str, ...], best: str, worst: str
) -> None:
    scale = ladder(*select(options, satisfied))
    assert scale is not None
    assert (scale.steps[best], scale.steps[worst]) == (scale.best, 0)
    assert "dk" not in scale.steps


def test_a_range_of_ten_is_a_scale_and_one_of_a_hundred_is_not() -> None:
    ten = Question("n", Kind.INTEGER, "n", parameters={"start": "1", "end": "10", "step": "1"})
    scale = ladder(NOTHING, ten)
    assert scale is not None
    assert (scale.steps["1"], scale.steps["10"], scale.best) == (0, 9, 9)
    for parameters in ({"start": "0", "end": "100"}, {}, {"start": "5", "end": "1"}, {"start": "a", "end": "b"}):
        assert ladder(NOTHING, Question("n", Kind.INTEGER, "n", parameters=parameters)) is None


def test_options_without_any_satisfied_one_are_no_rating() -> None:
    assert ladder(*select(choices("a", "b"), ())) is None
    assert ladder(*select(choices("a", "b"), ("a", "b"))) is None
