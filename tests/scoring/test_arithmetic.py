"""Why a unit has its score: anyone with the printed numbers gets the same."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from surveys.scoring.arithmetic import arithmetic
from surveys.scoring.bands import judge
from surveys.scoring.presets import preset
from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.rule import Combine, Part, ScoringRule
from surveys.scoring.scores import score

GROUPS = ("user", "supervisor", "society")
POINTS = {"satisfied": 100.0, "basically": 70.0, "not": 30.0, "unknown": None}
LABELS = {"satisfied": {"en": "Satisfied", "zh": "满意"}, "basically": {"en": "Basically satisfied", "zh": "基本满意"},
          "not": {"en": "Dissatisfied", "zh": "不满意"}, "unknown": {"en": "Don't know", "zh": "不了解"}}  # fmt: skip
PLAIN = ScoringRule("plain", {"en": "Plain", "zh": "平均"})


def campaign(sizes: tuple[int, ...] = (14, 12, 11)) -> Ratings:
    chance = random.Random(11)
    groups = [name for name, size in zip(GROUPS, sizes, strict=True) for _ in range(size)]
    raters = tuple(Rater(f"r{n}", f"s{n % 2}", group, 1 + 3 * chance.random(), 400.0) for n, group in enumerate(groups))
    asked = tuple(
        RatedQuestion(f"q{at}", dimension, {"en": f"Question {at}", "zh": f"第{at}题"}, POINTS, LABELS)
        for at, dimension in enumerate(("履行职责", "履行职责", "服务态度"))
    )
    places = [(n, unit, at) for n in range(len(raters)) for unit in range(2) for at in range(3)]
    who, unit, at = (tuple(place[part] for place in places) for part in range(3))
    values = tuple(chance.choice([*POINTS, "satisfied", "satisfied"]) for _ in places)
    units = (RatedUnit("u0", "税务局", name_en="Tax office"), RatedUnit("u1", "住建局"))
    return Ratings(raters, units, asked, who, unit, at, values)


def numbers(line: str) -> list[float]:
    return [float(found) for found in re.findall(r"\d+(?:\.\d+)?", line)]


def recomputed(lines: list[str]) -> float:
    """Compute a grouped mean score from nothing but the printed options, weights and parts."""
    total = 0.0
    part, dimensions = 1.0, []
    weight, means = 1.0, []
    product = count = 0.0

    def close_question() -> None:
        nonlocal product, count
        if count:
            means.append(product / count)
        product = count = 0.0

    def close_dimension() -> None:
        nonlocal means
        close_question()
        if means:
            dimensions.append((weight, sum(means) / len(means)))
        means = []

    def close_group() -> float:
        nonlocal dimensions
        close_dimension()
        value = sum(w * m for w, m in dimensions) / sum(w for w, _ in dimensions) if dimensions else 0.0
        dimensions = []
        return part * value

    for line in lines:
        text = line.strip()
        if text.startswith("Evaluator group"):
            total += close_group()
            part = numbers(text)[-1]
        elif text.startswith("Dimension"):
            close_dimension()
            weight = numbers(text)[-1]
        elif text.startswith("Question"):
            close_question()
        elif re.search(r": \S+ points × ", text):
            points, weighted, _ = numbers(text.split(": ", 1)[1])
            product, count = product + points * weighted, count + weighted
        elif text.startswith("Score ="):
            break
    return total + close_group()


@pytest.mark.parametrize("rule", [
    PLAIN,
    replace(PLAIN, dimensions=(Part("履行职责", 3.0), Part("服务态度", 1.0))),
    preset("conduct_a"),
], ids=["plain", "weighted dimensions", "groups 50/25/25"])  # fmt: skip
@pytest.mark.parametrize("unit", ["u0", "u1"])
@pytest.mark.parametrize("sizes", [(80, 70, 75), (40, 30, 35)], ids=["many", "few of some answers"])
def test_the_score_comes_out_of_the_printed_numbers(rule: ScoringRule, unit: str, sizes: tuple[int, ...]) -> None:
    ratings = campaign(sizes)
    scores = score(ratings, rule)
    lines = arithmetic(ratings, scores, unit).lines("en")
    assert recomputed(lines) == pytest.approx(scores.unit(unit).total.value, abs=2e-4)


def test_a_sum_of_points_is_told_as_a_sum() -> None:
    ratings = campaign()
    rule = replace(PLAIN, combine=Combine.SUM)
    scores = score(ratings, rule)
    (group,) = arithmetic(ratings, scores, "u0").groups
    means = [question.mean for dimension in group.dimensions for question in dimension.questions]
    assert scores.unit("u0").total.value == pytest.approx(sum(mean or 0 for mean in means))


def test_counts_are_those_of_valid_forms_and_dont_know_is_shown_as_not_counted() -> None:
    ratings = campaign((80, 70, 75))
    found = arithmetic(ratings, score(ratings, PLAIN), "u0")
    question = found.groups[0].dimensions[0].questions[0]
    assert sum(option.count or 0 for option in question.options) == found.unit.ballots.valid
    counted = sum(option.weighted or 0 for option in question.options if option.points is not None)
    assert counted == pytest.approx(question.weighted)
    assert any(option.points is None and option.count for option in question.options)


@pytest.mark.parametrize("sizes", [(14, 12, 11), (20, 25, 30), (40, 15, 10), (70, 60, 65)], ids=str)
def test_no_count_of_fewer_than_ten_answers_is_told(sizes: tuple[int, ...]) -> None:
    """Nor is a single line left out of which the rest of the question would say how many it was."""
    ratings = campaign(sizes)
    for rule in (PLAIN, preset("conduct_a")):
        scores = score(ratings, rule)
        for unit in ("u0", "u1"):
            found = arithmetic(ratings, scores, unit)
            counts = [
                option.count
                for group in found.groups
                for dimension in group.dimensions
                for question in dimension.questions
                for option in question.options
            ]
            assert not [count for count in counts if count is not None and 0 < count < 10]
            assert not re.search(r"\((\d) forms\)", "\n".join(found.lines("en")).replace("(0 forms)", ""))


def test_what_few_said_stands_on_one_line_that_still_leads_to_the_mean() -> None:
    ratings = campaign((14, 12, 11))
    found = arithmetic(ratings, score(ratings, PLAIN), "u0")
    question = found.groups[0].dimensions[0].questions[0]
    (together,) = (option for option in question.options if not option.name)
    assert together.label.text("zh") == "基本满意；不满意（合计，分值取平均）"
    points = sum((option.points or 0) * (option.weighted or 0) for option in question.options)
    assert points / question.weighted == pytest.approx(question.mean)
    (silent,) = (option for option in question.options if option.points is None)
    assert (silent.count, silent.weighted) == (None, None)
    assert any("no valid vote, withheld: fewer than 10" in line for line in found.lines("en"))


def test_a_dimension_that_few_voted_on_is_withheld_with_another_that_protects_it() -> None:
    """The score and all other dimensions would tell what the few said."""
    ratings = campaign((90, 0, 0))
    three = tuple(replace(question, dimension=f"d{at}") for at, question in enumerate(ratings.questions))
    few = [
        "unknown" if question == 0 and who > 5 else value
        for who, question, value in zip(ratings.who, ratings.question, ratings.value, strict=True)
    ]
    ratings = replace(ratings, questions=three, value=few)
    scores = score(ratings, PLAIN)
    found = arithmetic(ratings, scores, "u0")
    (group,) = found.groups
    reasons = [str(one.withheld) if one.withheld else "" for one in group.dimensions]
    assert reasons[0] == "withheld: fewer than 10 answers"
    assert sorted(reasons[1:]) == ["", "withheld to protect another group"]
    shown = sum(one.value or 0 for one in group.dimensions)
    assert (shown + (group.hidden or 0)) / 3 == pytest.approx(scores.unit("u0").total.value)
    assert "(withheld dimensions together)) ÷ 3" in found.lines("en")[-3]
    published = [one.score.value is None for one in scores.unit("u0").dimensions]
    assert published == [bool(reason) for reason in reasons], "the scores withhold the same"


def test_where_few_voted_on_the_only_dimension_only_the_score_is_told() -> None:
    ratings = campaign((30, 0, 0))
    few = ["unknown" if who > 5 and at < 2 else value
           for who, at, value in zip(ratings.who, ratings.question, ratings.value, strict=True)]  # fmt: skip
    ratings = replace(ratings, questions=tuple(replace(q, dimension="d") for q in ratings.questions), value=few)
    found = arithmetic(ratings, score(ratings, PLAIN), "u0")
    assert found.groups[0].withheld is not None
    assert found.groups[0].dimensions == ()
    assert found.hidden == pytest.approx(found.unit.total.value)


@pytest.mark.parametrize(("name", "percent"), [("conduct_a", "70"), ("integrity_jiangxi", "30")])
def test_a_score_that_is_a_part_of_a_larger_result_says_so(name: str, percent: str) -> None:
    """Work assessment, 30 % of the result, is no answer of residents and not in the score."""
    ratings = campaign((40, 40, 40))
    for language, words in (("en", f"counts {percent} % in a larger result"), ("zh", f"占总评的 {percent}%")):
        assert any(words in line for line in arithmetic(ratings, score(ratings, preset(name)), "u0").lines(language))
    plain = arithmetic(ratings, score(ratings, PLAIN), "u0").lines("en")
    assert not any("larger result" in line for line in plain)


def test_small_groups_are_told_together_so_that_nobody_can_be_worked_out() -> None:
    ratings = campaign((80, 12, 4))
    scores = score(ratings, preset("conduct_a"))
    found = arithmetic(ratings, scores, "u0")
    shown = [group.name for group in found.groups if group.withheld is None]
    assert shown == ["user"]
    assert [group.value for group in found.groups[1:]] == [None, None]
    (user,) = (group for group in found.groups if group.name == "user")
    assert user.part * (user.value or 0) + (found.hidden or 0) == pytest.approx(scores.unit("u0").total.value)
    assert [(group.name, group.value is None) for group in scores.unit("u0").groups] == [
        ("user", False), ("supervisor", True), ("society", True),
    ]  # fmt: skip


def test_a_withheld_unit_says_so_and_shows_no_counts() -> None:
    ratings = campaign((3, 3, 3))
    found = arithmetic(ratings, score(ratings, PLAIN), "u0")
    assert found.groups == ()
    assert found.lines("en")[-1] == "withheld: fewer than 10 answers"


def test_both_languages_say_the_same_numbers() -> None:
    ratings = campaign()
    scores = score(ratings, preset("conduct_a"))
    verdict = judge(scores.unit("u0").total.estimate, 60)
    english, chinese = (arithmetic(ratings, scores, "u0").lines(language, verdict) for language in ("en", "zh"))
    assert len(english) == len(chinese)
    assert [sorted(numbers(line)) for line in english] == [sorted(numbers(line)) for line in chinese]
    assert english[0] == "Why does Tax office have this score?"
    assert chinese[0] == "税务局的得分是怎么来的？"
    assert not any(re.search("[a-z]{6}", line) for line in chinese[2:-5])
