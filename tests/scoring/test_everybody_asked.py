"""Where all residents are asked, a rank is certain only of units that all of them rated."""

from __future__ import annotations

from random import Random

import pytest

from surveys.scoring.ratings import RatedQuestion, RatedUnit, Rater, Ratings
from surveys.scoring.rule import ScoringRule
from surveys.scoring.scores import score
from surveys.scoring.unitscore import Scores

PEOPLE, UNITS = 60, 6
QUESTION = RatedQuestion(
    "overall", "overall", {"en": "Over all"}, {"yes": 100.0, "no": 0.0}, {"yes": {"en": "Yes"}, "no": {"en": "No"}}
)


def census(each: int) -> Scores:
    """Return the scores of six units alike, rated by all sixty residents there are, `each` units a resident."""
    random = Random(2)
    who = [person for person in range(PEOPLE) for _ in range(each)]
    unit = [(person + step) % UNITS for person in range(PEOPLE) for step in range(each)]
    ratings = Ratings(
        tuple(Rater(f"r{n}", f"s{n % 2}", "", 1.0, PEOPLE / 2) for n in range(PEOPLE)),
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
    """Who rated which unit was drawn by lot: the intervals are wide, and the ranks must not be narrower than they."""
    for one in census(each).units:
        estimate = one.total.estimate
        assert estimate.se == 0
        assert estimate.low is not None
        assert estimate.high is not None
        assert estimate.high - estimate.low > 10
        assert one.rank is not None
        assert (one.rank.first, one.rank.last) == (1, UNITS)


def test_of_units_that_all_rated_the_score_and_the_rank_are_certain() -> None:
    found = census(UNITS).units
    assert all(one.total.estimate.low == one.total.value == one.total.estimate.high for one in found)
    different = sorted({one.total.value or 0.0 for one in found}, reverse=True)
    assert len(different) > 1
    best = [one for one in found if one.total.value == different[0]]
    assert all(one.rank is not None and (one.rank.first, one.rank.last) == (1, len(best)) for one in best)
