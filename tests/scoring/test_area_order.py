"""Areas stand upwards level by level, each class once, the best first; their tables are named after what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from rated_town import rated

from bot.reports.scorespage import render_scores
from bot.reports.scorestable import scores_text
from bot.reports.scorewords import areas_title
from storage.database import Database
from storage.ratings import read_scoring
from surveys.scoring.design import ScoringDesign
from surveys.scoring.ranking import ClassRanks
from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.report import ScoreReport, report
from surveys.scoring.rollup import Level, roll_up
from surveys.scoring.rule import ScoringRule
from surveys.scoring.scores import score
from surveys.units.directory import Unit

QUESTION = RatedQuestion(
    "overall", "overall", {"en": "Over all"}, {"yes": 100.0, "no": 0.0}, {"yes": {"en": "Yes"}, "no": {"en": "No"}}
)


def rolled(directory: Sequence[Unit], *, praised: int = 0) -> tuple[Level, ...]:
    """Return the levels above the villages, each of fifteen raters; from the `praised`-th on all are content."""
    villages = [unit for unit in directory if unit.unit_class == "村"]
    random = Random(1)
    place = [number for number, _ in enumerate(villages) for _ in range(15)]
    ratings = Ratings(
        tuple(Rater(f"r{n}", "s", "", 1.0, 10_000.0) for n in range(len(place))),
        tuple(RatedUnit(v.id, v.name, v.unit_class, v.parent) for v in villages),
        (QUESTION,),
        list(range(len(place))),
        place,
        [0] * len(place),
        ["yes" if n >= praised or random.random() < 0.2 else "no" for n in place],
    )
    return roll_up(score(ratings, ScoringRule("plain", {"en": "Plain"})), ratings, directory, ScoringDesign())


#: A city of two counties with a town each, and of a third town that lies in no county.
UNEVEN = (
    Unit("city", "市", unit_class="市"),
    Unit("c1", "县1", unit_class="县", parent="city"),
    Unit("c2", "县2", unit_class="县", parent="city"),
    Unit("t1", "镇1", unit_class="镇", parent="c1"),
    Unit("t2", "镇2", unit_class="镇", parent="c2"),
    Unit("t3", "镇3", unit_class="镇", parent="city"),
    *(Unit(f"v{n}", f"村{n}", unit_class="村", parent=f"t{1 + n // 2}") for n in range(6)),
)


def test_a_class_is_one_level_though_its_areas_lie_at_different_depths() -> None:
    """A town right below the city is ranked among the towns, not among none."""
    levels = rolled(UNEVEN)
    assert [(level.name, level.depth, len(level.areas)) for level in levels] == [
        ("镇", 2, 3),
        ("县", 1, 2),
        ("市", 0, 1),
    ]
    assert levels[0].ranks.of == 3


def test_areas_of_a_level_stand_by_rank_and_those_tied_by_id() -> None:
    """The last two villages, of town 3, are praised by all, the others by every fifth."""
    towns = rolled(UNEVEN, praised=4)[0].areas
    assert [area.unit.id for area in towns] == ["t3", "t1", "t2"]
    assert [(area.rank.first, area.rank.last) for area in towns if area.rank] == [(1, 1), (2, 3), (2, 3)]


def test_a_class_that_lies_within_itself_is_a_level_a_depth() -> None:
    directory = (
        Unit("a", "大区", unit_class="区"),
        Unit("b", "小区", unit_class="区", parent="a"),
        *(Unit(f"v{n}", f"村{n}", unit_class="村", parent="b") for n in range(2)),
    )
    assert [(level.name, level.depth, level.areas[0].unit.id) for level in rolled(directory)] == [
        ("区", 1, "b"), ("区", 0, "a"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("of", "pairs", "english"),
    [
        pytest.param(2, 1, "One comparison tells the two apart", id="two units make one comparison"),
        pytest.param(3, 3, "told apart by 3 comparisons", id="three make three"),
    ],
)
def test_how_many_comparisons_is_said_in_number(of: int, pairs: int, english: str) -> None:
    words = ClassRanks("", of, pairs, (), ()).words
    assert english in words.text("en")
    assert f"N = {of}" in words.text("en")
    assert f"N = {of}" in words.text("zh")


def found(database: Database) -> ScoreReport:
    rated(database, size=40)
    with database.read() as connection:
        made = report(read_scoring(connection, database.vault, "offices"))
    assert made is not None
    return made


def nameless(made: ScoreReport, *places: int) -> ScoreReport:
    """Return a report in which the levels at these places have no class."""
    return replace(
        made, levels=tuple(replace(one, name="" if n in places else one.name) for n, one in enumerate(made.levels))
    )


def test_a_table_of_areas_is_called_by_its_class_or_its_level(database: Database) -> None:
    made = found(database)
    titles = {
        "named": [areas_title(made, level, "en") for level in made.levels],
        "one": [areas_title(shown, level, "en") for shown in [nameless(made, 1)] for level in shown.levels],
        "none": [areas_title(shown, level, "en") for shown in [nameless(made, 0, 1)] for level in shown.levels],
    }
    assert titles == {
        "named": ["Areas: 县", "Areas: 市"],
        "one": ["Areas: 县", "Areas"],
        "none": ["Areas, level 1 of 2 upwards", "Areas, level 2 of 2 upwards"],
    }
    for shown in (made, nameless(made, 0, 1)):
        for language in ("zh", "en"):
            for text in (scores_text(shown, language, 200, colour=False), render_scores(shown, language)):
                assert all(areas_title(shown, level, language) in text for level in shown.levels)
                assert "Areas: All units" not in text
