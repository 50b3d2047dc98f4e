"""Outcome rates follow AAPOR's formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.statistics.dispositions import Disposition, Group, response_rates

WORKED = {"1.1": 412, "1.2": 38, "2.11": 50, "2.12": 21, "2.20": 164, "2.30": 12, "3.10": 200, "3.30": 43, "4.10": 60}


@pytest.mark.parametrize(
    ("rate", "value"),
    [
        ("e", 0.92074),
        ("rr1", 0.4383),
        ("rr2", 0.4787),
        ("rr3", 0.4475),
        ("rr4", 0.4887),
        ("rr5", 0.5911),
        ("rr6", 0.6456),
        ("coop1", 0.7730),
        ("coop2", 450 / 533),
        ("coop3", 412 / 521),
        ("coop4", 450 / 521),
        ("ref1", 0.0755),
        ("ref2", 0.0771),
        ("ref3", 71 / 697),
        ("con1", 0.5670),
        ("con2", 0.5789),
        ("con3", 533 / 697),
    ],
)
def test_the_worked_example_of_a_thousand_drawn(rate: str, value: float) -> None:
    assert getattr(response_rates(WORKED), rate) == pytest.approx(value, abs=5e-5)


def test_e_may_be_given() -> None:
    assert response_rates(WORKED, e=0).rr3 == response_rates(WORKED).rr5
    assert response_rates(WORKED, e=1).rr3 == response_rates(WORKED).rr1


@pytest.mark.parametrize(
    ("code", "disposition", "reason"),
    [
        ("1.1", Disposition.COMPLETE, "as it stands"),
        ("2.11", Disposition.REFUSED, "declined"),
        ("2.12", Disposition.BREAK_OFF, "began and stopped"),
        ("2.10", Disposition.REFUSED, "the coarse code of refusals"),
        ("2.20", Disposition.NO_REPLY, "delivered and silent"),
        ("2.32", Disposition.UNABLE, "a subcode of others"),
        ("3.19", Disposition.NOTHING_BACK, "a subcode of unknown"),
        ("3.30", Disposition.UNDELIVERED, "as it stands"),
        ("3.90", Disposition.UNDELIVERED, "another unknown"),
        ("4.70", Disposition.NOT_ELIGIBLE, "a subcode of not eligible"),
        (" 4 ", Disposition.NOT_ELIGIBLE, "blanks do not matter"),
    ],
)
def test_a_subcode_belongs_to_its_code(code: str, disposition: Disposition, reason: str) -> None:
    assert Disposition.of(code) is disposition, reason


@pytest.mark.parametrize("code", ["", "5.1", "complete", "1.3", "2.9"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not an AAPOR disposition code"):
        Disposition.of(code)


@pytest.mark.parametrize("count", [-1, float("nan"), float("inf")])
def test_a_count_that_is_no_number_of_people_is_refused(count: float) -> None:
    with pytest.raises(ValueError, match="not a number of people"):
        response_rates({"1.1": count})


def test_e_outside_zero_to_one_is_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        response_rates(WORKED, e=1.5)


def test_no_cases_give_no_rates_rather_than_nan() -> None:
    rates = response_rates({})
    assert {getattr(rates, name) for name in rates.__slots__} == {None}


def test_every_disposition_has_words_and_a_letter() -> None:
    assert {disposition.group for disposition in Disposition} == set(Group)
    assert len({disposition.words.template for disposition in Disposition}) == len(Disposition)


@given(st.dictionaries(st.sampled_from([d.value for d in Disposition]), st.floats(0, 1e9)))
def test_every_rate_is_a_share_or_nothing_and_they_are_ordered(counts: dict[str, float]) -> None:
    rates = response_rates(counts)
    for name in rates.__slots__:
        value = getattr(rates, name)
        assert value is None or 0 <= value <= 1 + 1e-9
    if rates.rr1 is not None and rates.rr3 is not None and rates.rr5 is not None:
        assert rates.rr1 <= rates.rr3 + 1e-9
        assert rates.rr3 <= rates.rr5 + 1e-9
