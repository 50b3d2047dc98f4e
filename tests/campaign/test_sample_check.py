"""Numbers of a sample that contradict each other are refused; strata without anybody are named before the launch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from water_plan import WATER

from bot.actions.draws import FreezeFrame, MakeCertificate, freeze_frame, make_certificate
from bot.actions.launch import LaunchCampaign, launch_campaign
from bot.actions.planning import CreateCampaign, create_campaign
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.house import House
from bot.reports.certificate import render_certificate
from surveys.campaign.plan import SampleDesign
from surveys.campaign.samplecheck import check_allocation, contradictions
from surveys.problem import Refused, Severity
from surveys.sampling.allocation import allocate


@pytest.fixture
def ready(house: House, town: Path) -> House:
    """A house with a town of 60, 40 and 20 in three strata."""
    import_residents(house, ImportResidents(path=town), silent)
    return house


def plan(house: House, **sample: Any) -> None:
    create_campaign(house, CreateCampaign(fields={**WATER, "sample": sample}), silent)


@pytest.mark.parametrize(
    ("sample", "code", "field"),
    [
        ({"allocation": "equal", "per_stratum": {"城区": 9}}, "allocation_contradicts", "sample.allocation"),
        ({"allocation": "proportional", "per_stratum": {"城区": 9}}, "allocation_contradicts", "sample.allocation"),
        (
            {"allocation": "neyman", "size": 9, "per_stratum": {"城区": 9}},
            "allocation_contradicts",
            "sample.allocation",
        ),
        ({"size": 30, "per_stratum": {"城区": 9}}, "size_contradicts", "sample.size"),
        ({"size": 30, "allocation": "fixed", "per_stratum": {"城区": 9}}, "size_contradicts", "sample.size"),
        ({"maximum_per_stratum": 8, "per_stratum": {"城区": 9}}, "maximum_broken", "sample.per_stratum"),
    ],
)
def test_a_plan_that_contradicts_itself_is_not_taken(
    ready: House, sample: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        plan(ready, **sample)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [(code, field)]
    assert refused.value.problems[0].fix.text("zh") != refused.value.problems[0].fix.text("en")


@pytest.mark.parametrize(
    "sample",
    [{"per_stratum": {"城区": 9}}, {"size": 9, "allocation": "fixed", "per_stratum": {"城区": 9}}, {"size": 9}],
)
def test_numbers_that_agree_are_taken(ready: House, sample: dict[str, Any]) -> None:
    plan(ready, **sample)


def test_a_draft_of_before_is_neither_launched_nor_frozen_with_a_contradiction() -> None:
    design = SampleDesign(size=30, per_stratum={"城区": 9})
    assert [problem.code for problem in contradictions(design)] == ["allocation_contradicts"]


def test_a_stratum_that_gets_nobody_is_named_with_what_it_means(ready: House) -> None:
    plan(ready, per_stratum={"城区": 12, "乡镇": 6})
    result = launch_campaign(ready, LaunchCampaign(name="water-2026", dry_run=True), silent)
    (told,) = (problem for problem in result["problems"] if problem["code"] == "stratum_without_places")
    assert told["severity"] == "warning"
    assert "企业 (20): no estimate speaks for these 20 residents, 16.7 % of the audience" in told["what"]
    assert result["ready"], "an office may mean it"
    freeze_frame(ready, FreezeFrame(name="water-2026"), silent)
    record = make_certificate(ready, MakeCertificate(name="water-2026"), silent)["certificate"]
    assert "Nobody is drawn from 企业 (20)" in render_certificate(record, "en")


def test_small_strata_that_a_spread_without_minimum_leaves_out_are_named(ready: House) -> None:
    plan(ready, size=2, minimum_per_stratum=0)
    result = launch_campaign(ready, LaunchCampaign(name="water-2026", dry_run=True), silent)
    assert "stratum_without_places" in {problem["code"] for problem in result["problems"]}
    plan(ready, size=30)
    result = launch_campaign(ready, LaunchCampaign(name="water-2026", dry_run=True), silent)
    assert "stratum_without_places" not in {problem["code"] for problem in result["problems"]}


def test_a_minimum_that_is_written_is_not_broken_by_fixed_numbers(ready: House) -> None:
    plan(ready, minimum_per_stratum=3, per_stratum={"城区": 12, "乡镇": 2})
    with pytest.raises(Refused) as refused:
        launch_campaign(ready, LaunchCampaign(name="water-2026"), silent)
    found = {problem.code: problem.what.text("en") for problem in refused.value.problems}
    assert found["minimum_broken"] == "乡镇 (2), 企业 (0) would get fewer than minimum_per_stratum, 3."
    assert "stratum_without_places" not in found, "said once"


def test_a_stratum_where_nobody_can_be_drawn_is_named_whatever_the_minimum() -> None:
    design = SampleDesign(size=4, minimum_per_stratum=2)
    allocation, _ = allocate(design, {"a": 90, "b": 10}, {"a": 80})
    (found,) = check_allocation(design, allocation)
    assert (found.code, found.severity) == ("stratum_without_places", Severity.WARNING)
    assert "b (10)" in found.what.text("en")


def test_the_certificate_says_which_bounds_were_in_force(ready: House) -> None:
    plan(ready, size=30, minimum_per_stratum=7, maximum_per_stratum=14)
    record = make_certificate(ready, MakeCertificate(name="water-2026"), silent)["certificate"]
    page = render_certificate(record, "en")
    assert "Before that every stratum gets at least 7, or all who can be drawn there" in page
    assert "No stratum gets more than 14" in page
    plan(ready, size=30, minimum_per_stratum=0)
    page = render_certificate(make_certificate(ready, MakeCertificate(name="water-2026"), silent)["certificate"], "en")
    assert "every stratum gets at least" not in page
    assert "No stratum gets more" not in page
