"""What results say of a stratum of one person is what estimates and scores do with it."""

from __future__ import annotations

import pytest

from surveys.statistics.results import limitations
from surveys.statistics.weights import StratumWeights
from tests.quality.small_campaign import answers, campaign


@pytest.mark.parametrize(("population", "said"), [(1, False), (2, True)])
def test_only_a_stratum_that_has_more_than_its_one_respondent_is_said_to_be_joined(
    population: int, *, said: bool
) -> None:
    """The one of 1 stands by itself and adds no error; the one of 2 does not show how the two differ."""
    one = StratumWeights("one", population, 1, 0, 1, population, population, 1.0, population)
    many = StratumWeights("many", 100, 10, 0, 10, 10.0, 100.0, 1.0, 10.0)
    told = " ".join(note.text("en") for note in limitations(campaign([answers("very")]), (one, many), (), 0))
    assert ("joined with another" in told) is said
