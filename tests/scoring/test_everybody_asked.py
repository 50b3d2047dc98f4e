"""Where all residents are asked, a rank is certain only of units that all of them rated."""

from __future__ import annotations

from random import Random

import pytest

from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.rule import ScoringRule
from surveys.scoring.scores import score
from surveys.scoring.unitscore import Scores

PEOPLE, UNITS = 60, 6
DRAWS = 1000
QUESTION = RatedQuestion(
    "overall", "overall", {"en": "Over all"}, {"yes": 100.0, "no": 0.0}, {"yes": {"en": "Yes"}, "no": {"en": "No"}}
)


def census(each: int) -> Scores:
    """Return the scores of six units alike, rated by all sixty residents there are, `each` units a resident."""
    random = Random(2)
    who = [person for person in range(PEOPLE) for _ in range(each)]
    unit = [(person + step) % UNITS for person in range(PEOPLE) for step in range(each)]
    ratings = Ratings(
        tuple(Rater(f"r{n}", "everybody", "", 1.0, PEOPLE) for n in range(PEOPLE)),
        tuple(RatedUnit(f"u{n}", f"单位{n}") for n in range(UNITS)),
        (QUESTION,),
        who,
        unit,
        [0] * len(who),
        [random.choice(("yes", "no")) for _ in who],
    )
    return score(ratings, ScoringRule("plain", {"en": "Plain"}))


@pytest.mark.parametrize("each", [2, 3, 5])
def test_of_units_that_some_did_not_rate_no_rank_is_certain(each: int) -> None:
    """Who rated which unit was drawn by lot: the error is that of so many raters drawn of all the residents."""
    for one in census(each).units:
        estimate = one.total.estimate
        assert estimate.se is not None
        assert estimate.value is not None
        share, raters = estimate.value / 100, PEOPLE * each // UNITS
        by_hand = 100 * (share * (1 - share) / (raters - 1) * (1 - raters / PEOPLE)) ** 0.5
        assert estimate.se == pytest.approx(by_hand, rel=0.03)
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.low < estimate.value < estimate.high
        assert one.rank is not None
        assert one.rank.first < one.rank.last


def test_of_units_that_all_rated_the_score_and_the_rank_are_certain() -> None:
    found = census(UNITS).units
    assert all(one.total.estimate.low == one.total.value == one.total.estimate.high for one in found)
    different = sorted({one.total.value or 0.0 for one in found}, reverse=True)
    assert len(different) > 1
    best = [one for one in found if one.total.value == different[0]]
    assert all(one.rank is not None and (one.rank.first, one.rank.last) == (1, len(best)) for one in best)


@pytest.mark.parametrize(("drawn", "each"), [(60, 3), (54, 3), (54, 5), (30, 4)])
def test_the_error_told_is_the_one_there_is_however_many_of_the_residents_are_drawn(drawn: int, each: int) -> None:
    """A thousand draws of residents and of who rates which unit; of sums and differences it is never too small."""
    random = Random(7)
    truth = [[random.random() < 0.4 + 0.3 * (person % 2) for _ in range(UNITS)] for person in range(PEOPLE)]
    sums = {
        "a unit": {"u0": 1.0},
        "a difference": {"u0": 1.0, "u1": -1.0},
        "an area": {f"u{n}": 1 / UNITS for n in range(UNITS)},
    }
    squared, told = dict.fromkeys(sums, 0.0), dict.fromkeys(sums, 0.0)
    for _ in range(DRAWS):
        people = random.sample(range(PEOPLE), drawn)
        pairs = [(at, unit) for at in range(drawn) for unit in random.sample(range(UNITS), each)]
        ratings = Ratings(
            tuple(Rater(f"r{at}", "everybody", "", PEOPLE / drawn, PEOPLE) for at in range(drawn)),
            tuple(RatedUnit(f"u{n}", f"单位{n}") for n in range(UNITS)),
            (QUESTION,),
            [at for at, _ in pairs],
            [unit for _, unit in pairs],
            [0] * len(pairs),
            ["yes" if truth[people[at]][unit] else "no" for at, unit in pairs],
        )
        found = score(ratings, ScoringRule("plain", {"en": "Plain"}))
        for name, parts in sums.items():
            wanted = sum(part * 100 * sum(row[int(unit[1:])] for row in truth) / PEOPLE for unit, part in parts.items())
            value, variance, _ = found.combination(parts)
            estimate = found.unit("u0").total.estimate
            squared[name] += (value - wanted) ** 2 / DRAWS
            told[name] += ((estimate.se or 0.0) ** 2 if len(parts) == 1 else variance) / DRAWS
    assert 0.85 < told["a unit"] / squared["a unit"] < 1.15
    assert told["a difference"] > 0.9 * squared["a difference"]
    assert told["an area"] > 0.9 * squared["an area"]
