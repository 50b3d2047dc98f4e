"""Plan files: what they say, and every finding at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.campaign.plan import Audience, CampaignKind, Plan, SampleDesign
from surveys.campaign.reading import parse, read_plan
from surveys.campaign.record import plan_text, read_plan_text
from surveys.problem import Refused

WHOLE = """
name = "water-2026"
kind = "survey"
organiser = "区测评办"
legal_basis = "区政办〔2026〕14号"
delete_on = 2027-06-30
starts = 2026-11-02T10:30:00
closes = 2026-11-20
form = "five_waters_2018"
channels = ["telegram", "simulator"]
reminders = ["24h", "3d"]
invite_over = "90m"
ask_complaint = false
key_question = "q7"
verify_by = "0838-12345"

[title]
zh = "五水共治满意度"
en = "Five waters"

[quiet]
opens = 08:30:00
closes = 21:00:00

[audience]
strata = ["城区", "乡镇"]
minimum_age = 18

[sample]
size = 1000
reserve = 0.25
replicates = 3
seed = "7"
"""


def read(text: str, **more: Any) -> Plan:
    return read_plan(parse(text.encode(), "plan.toml") | more, zone="Asia/Shanghai", form="f" * 64, file="plan.toml")


def findings(text: str, **more: Any) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        read(text, **more)
    return {problem.field: problem.code for problem in refused.value.problems}


def test_a_whole_plan_is_read_as_written() -> None:
    plan = read(WHOLE)
    assert (plan.name, plan.kind, plan.form) == ("water-2026", CampaignKind.SURVEY, "f" * 64)
    assert plan.starts_at == datetime(2026, 11, 2, 2, 30, tzinfo=UTC)
    assert plan.closes_at == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)  # the end of the 20th in Shanghai
    assert plan.delete_on == date(2027, 6, 30)
    assert (plan.day_opens, plan.day_closes) == (time(8, 30), time(21))
    assert plan.reminders == (timedelta(hours=24), timedelta(days=3))
    assert plan.invite_over == timedelta(minutes=90)
    assert plan.audience == Audience(strata=frozenset({"城区", "乡镇"}), minimum_age=18)
    assert plan.sample == SampleDesign(size=1000, reserve=0.25, replicates=3, seed="7")
    assert plan.channels == ("telegram", "simulator")
    assert plan.titles == {"zh": "五水共治满意度", "en": "Five waters"}
    assert plan.ask_complaint is False


def test_a_mere_start_date_begins_when_the_day_opens() -> None:
    plan = read(WHOLE, starts=date(2026, 11, 2))
    assert plan.starts_at == datetime(2026, 11, 2, 0, 30, tzinfo=UTC)


def test_values_given_as_text_are_read_like_toml_ones() -> None:
    plan = read(WHOLE, starts="2026-11-02T10:30", closes="2026-11-20", delete_on="2027-06-30")
    assert plan == read(WHOLE)


def test_fixed_numbers_per_stratum_make_a_fixed_allocation() -> None:
    plan = read(WHOLE, sample={"per_stratum": {"城区": 30, "乡镇": 20}})
    assert (plan.sample.allocation, plan.sample.size) == ("fixed", 50)


def test_every_finding_is_told_at_once() -> None:
    found = findings(
        WHOLE.replace("organiser", "organizer").replace("size = 1000", "sise = 1000").replace("2026-11-20", '"Friday"'),
        name="Wasser 2026!",
        reminders=["soon"],
        kind="poll",
        channels=7,
    )
    assert found == {
        "name": "bad_name",
        "kind": "wrong_value",
        "organizer": "unknown_field",
        "closes": "wrong_value",
        "reminders": "wrong_value",
        "channels": "wrong_value",
        "sample.sise": "unknown_field",
    }


def test_an_unknown_field_names_the_one_that_was_meant() -> None:
    with pytest.raises(Refused) as refused:
        read(WHOLE.replace("legal_basis", "legal_bases"))
    (problem,) = refused.value.problems
    assert "legal_basis" in problem.text()


def test_missing_dates_are_named() -> None:
    assert findings('name = "a"') == {"starts": "missing", "closes": "missing", "delete_on": "missing"}


def test_a_file_that_is_no_toml_is_refused_with_its_row() -> None:
    with pytest.raises(Refused) as refused:
        parse(b'name = "a"\nkind = survey\n', "plan.toml")
    (problem,) = refused.value.problems
    assert (problem.code, problem.row) == ("not_toml", 2)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.dates()
    | st.datetimes()
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "name",
        "kind",
        "organiser",
        "legal_basis",
        "delete_on",
        "starts",
        "closes",
        "zone",
        "title",
        "audience",
        "sample",
        "message",
        "send_on",
        "channels",
        "quiet",
        "reminders",
        "invite_over",
        "ask_complaint",
        "complete_share",
        "late_days",
        "form",
        "x",
    ],
)


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_table_becomes_a_plan_or_findings(table: dict[str, Any]) -> None:
    table = {name: value for name, value in table.items() if value is not None}
    try:
        plan = read_plan(table, zone="Asia/Shanghai")
    except Refused as refused:
        found = refused.problems
    else:
        found = ()
        assert read_plan_text(plan_text(plan)) == plan
    assert all(problem.text("zh") for problem in found)


INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone
SPANS = st.timedeltas(timedelta(), timedelta(days=100))
NAMES = st.text("ab城", max_size=4)
TEXTS = st.dictionaries(st.sampled_from(["zh", "en"]), st.text(max_size=10))


@given(
    st.builds(
        Plan,
        starts_at=INSTANTS,
        closes_at=INSTANTS,
        titles=TEXTS,
        messages=TEXTS,
        reminders=st.lists(SPANS, max_size=3).map(tuple),
        invite_over=SPANS,
        audience=st.builds(Audience, strata=st.frozensets(NAMES), areas=st.frozensets(NAMES)),
        sample=st.builds(SampleDesign, reserve=st.floats(0, 1), per_stratum=st.dictionaries(NAMES, st.integers(0, 9))),
        complete_share=st.floats(0, 1),
        partial_share=st.floats(0, 1),
        day_opens=st.times(),
        day_closes=st.times(),
        late_days=st.integers(0, 99),
        send_on=st.lists(st.dates(), max_size=3).map(tuple),
        channels=st.lists(NAMES, max_size=3).map(tuple),
    ),
)
def test_a_plan_survives_its_record(plan: Plan) -> None:
    assert read_plan_text(plan_text(plan)) == plan


def test_a_record_of_a_later_version_is_not_misread() -> None:
    with pytest.raises(ValueError, match="version 2"):
        read_plan_text(plan_text(read(WHOLE)).replace('"version": 1', '"version": 2'))
