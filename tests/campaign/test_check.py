"""Everything wrong with a plan is found before launch, each finding once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from candidates import Candidate, assemble, drawn_of

from surveys.campaign.check import check_plan
from surveys.campaign.facts import Facts, FrameFacts
from surveys.campaign.plan import Audience, CampaignKind, Plan, SampleDesign
from surveys.problem import Severity
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.units.directory import Unit

NOW = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
FORM = Form(
    digest="f" * 64,
    name="water",
    titles={"zh": "水"},
    languages=("zh", "en"),
    default_language="zh",
    questions=(
        Question(
            "q1",
            Kind.SELECT_ONE,
            "q1",
            {"zh": "水清吗?", "en": "Is the water clear?"},
            choices=(Choice("1", {"zh": "清"}),),
        ),
        Question("q2", Kind.TEXT, "q2", {"zh": "还有呢?", "en": "Anything else?"}),
    ),
)
FRAME = [Candidate(f"p{at}", at, "城区", "东街", 1960, at) for at in range(50)]
SURVEY = Plan(
    name="water-2026",
    kind=CampaignKind.SURVEY,
    organiser="区测评办",
    legal_basis="区政办〔2026〕14号",
    delete_on=date(2027, 6, 30),
    starts_at=NOW + timedelta(hours=2),
    closes_at=NOW + timedelta(days=18),
    zone="Asia/Shanghai",
    titles={"zh": "五水共治调查", "en": "Five waters survey"},
    sample=SampleDesign(size=10, seed="7"),
    form=FORM.digest,
    verify_by="0838-12345",
)
AWARENESS = replace(
    SURVEY,
    kind=CampaignKind.AWARENESS,
    form="",
    sample=SampleDesign(),
    messages={"zh": "【区测评办】河道保洁每周二进行。", "en": "From 区测评办: rivers are cleaned on Tuesdays."},
)
FACTS = Facts(
    now=NOW,
    channels=frozenset({"simulator"}),
    units=(Unit("w", "区水务局", "Water Bureau"), Unit("s", "区审计局", exempt=True)),
    frame=FrameFacts(frozenset({"城区"}), frozenset({"东街"}), {"zh": 40, "en": 10}),
    form=FORM,
    recipients={"zh": 40, "en": 10},
)


def codes(plan: Plan, facts: Facts = FACTS) -> dict[str, Severity]:
    if plan.kind is CampaignKind.SURVEY and facts.drawn is None:
        drawn = drawn_of(assemble(FRAME, plan.audience, 2026), plan.sample, plan.name)
        facts = replace(facts, drawn=drawn)
    return {problem.code: problem.severity for problem in check_plan(plan, facts)}


def test_a_good_survey_has_its_price_told_and_nothing_else() -> None:
    assert codes(SURVEY) == {"sms_parts": Severity.WARNING}


def test_a_good_awareness_message_has_its_price_told_and_nothing_else() -> None:
    (problem,) = check_plan(AWARENESS, FACTS)
    assert problem.code == "sms_parts"
    assert "50 in all" in problem.text()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"organiser": ""}, "no_organiser"),
        ({"organiser": "区水务局"}, "organiser_evaluated"),
        ({"organiser": "water bureau"}, "organiser_evaluated"),
        ({"organiser": "w"}, "organiser_evaluated"),
        ({"legal_basis": ""}, "no_legal_basis"),
        ({"delete_on": date(2026, 11, 20)}, "deleted_before_close"),
        ({"closes_at": NOW + timedelta(hours=1)}, "closes_before_start"),
        ({"starts_at": NOW - timedelta(days=9), "closes_at": NOW - timedelta(days=1)}, "window_past"),
        ({"closes_at": NOW + timedelta(hours=4)}, "window_too_short"),
        ({"day_opens": time(20), "day_closes": time(9)}, "quiet_inverted"),
        ({"audience": Audience(strata=frozenset({"郊区"}))}, "audience_unknown"),
        ({"audience": Audience(areas=frozenset({"北街"}))}, "audience_unknown"),
        ({"channels": ("pigeon",)}, "unknown_channel"),
        ({"titles": {}}, "no_title"),
        ({"titles": {"zh": "请打满分", "en": "x"}}, "leading_wording"),
        ({"reminders": (timedelta(hours=1),) * 3}, "too_many_reminders"),
        ({"reminders": (timedelta(),)}, "reminder_at_once"),
        ({"partial_share": 0.9}, "shares_inverted"),
        ({"key_question": "q9"}, "unknown_key_question"),
        ({"sample": SampleDesign(size=51, seed="7")}, "sample_too_large"),
        ({"sample": SampleDesign(allocation="fixed", per_stratum={"城区": 51})}, "stratum_too_small"),
        ({"sample": SampleDesign(allocation="fixed", per_stratum={"郊区": 1})}, "stratum_unknown"),
        ({"sample": SampleDesign()}, "no_sample_size"),
    ],
)
def test_an_error_of_a_survey_is_found(change: dict[str, Any], code: str) -> None:
    assert codes(replace(SURVEY, **change)).get(code) is Severity.ERROR


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"messages": {}}, "no_message"),
        ({"messages": {"zh": "【区测评办】接到电话请答满意。", "en": "区测评办"}}, "leading_wording"),
        ({"send_on": (date(2026, 11, 1),)}, "send_outside_window"),
        ({"send_on": (date(2026, 11, 21),)}, "send_outside_window"),
    ],
)
def test_an_error_of_an_awareness_campaign_is_found(change: dict[str, Any], code: str) -> None:
    assert codes(replace(AWARENESS, **change)).get(code) is Severity.ERROR


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(SURVEY, verify_by=""), "no_verification"),
        (replace(SURVEY, starts_at=NOW - timedelta(days=1)), "start_past"),
        (replace(SURVEY, titles={"zh": "水"}), "language_missing"),
        (replace(AWARENESS, messages={"zh": "【区测评办】保洁。"}), "language_missing"),
        (replace(AWARENESS, messages={"zh": "保洁。", "en": "Cleaning."}), "message_without_sender"),
    ],
)
def test_what_is_only_worth_knowing_is_a_warning(plan: Plan, code: str) -> None:
    assert codes(plan).get(code) is Severity.WARNING


def test_of_channels_those_set_up_are_offered_and_where_there_are_none_how_to_set_one_up() -> None:
    def fix(channels: frozenset[str]) -> str:
        facts = replace(FACTS, channels=channels)
        (found,) = [
            one for one in check_plan(replace(SURVEY, channels=("pigeon",)), facts) if one.code == "unknown_channel"
        ]
        return found.fix.text("en")

    assert fix(frozenset({"sms", "telegram"})) == "Set it up, or choose one of: sms, telegram."
    assert fix(frozenset()).startswith("None is set up yet")
    assert "PINGYI_SIMULATOR=true" in fix(frozenset())


def test_an_exempt_unit_may_ask() -> None:
    assert "organiser_evaluated" not in codes(replace(SURVEY, organiser="区审计局"))


def test_without_a_frame_or_a_form_both_are_named() -> None:
    found = codes(SURVEY, replace(FACTS, frame=None, form=None))
    assert found["no_frame"] is Severity.ERROR
    assert found["no_form"] is Severity.ERROR


def test_an_empty_audience_is_named_once_and_not_as_a_bad_sample() -> None:
    empty = replace(FACTS, frame=FrameFacts(frozenset({"城区"}), frozenset(), {}))
    found = codes(replace(SURVEY, audience=Audience(minimum_age=100)), empty)
    assert found["audience_empty"] is Severity.ERROR
    assert "sample_too_large" not in found


def form(*questions: Question) -> Facts:
    return replace(FACTS, form=replace(FORM, questions=questions))


def test_leading_words_in_a_question_are_found_where_they_stand() -> None:
    facts = form(Question("q1", Kind.TEXT, "q1", {"zh": "请答满意,好吗?", "en": "Well?"}))
    found = [problem for problem in check_plan(SURVEY, facts) if problem.code == "leading_wording"]
    assert [(problem.file, problem.field) for problem in found] == [("water", "q1")]


def test_an_option_that_opts_out_is_found() -> None:
    facts = form(
        Question(
            "q1", Kind.SELECT_ONE, "q1", {"": "?"}, choices=(Choice("a", {"zh": "退订"}), Choice("b", {"zh": "留"}))
        )
    )
    assert codes(SURVEY, facts)["option_is_command"] is Severity.ERROR


def test_a_language_the_form_lacks_is_a_warning_with_the_number_of_residents() -> None:
    facts = form(Question("q1", Kind.TEXT, "q1", {"zh": "好吗?"}))
    (found,) = [problem for problem in check_plan(SURVEY, facts) if problem.code == "form_language_missing"]
    assert "10 residents" in found.text()


def test_a_form_that_asks_nothing_is_refused() -> None:
    assert codes(SURVEY, form(Question("n", Kind.NOTE, "n", {"zh": "好"})))["nothing_asked"] is Severity.ERROR


def test_errors_come_before_warnings() -> None:
    found = [problem.severity for problem in check_plan(replace(SURVEY, verify_by="", legal_basis=""), FACTS)]
    assert found == sorted(found, key=lambda severity: severity is not Severity.ERROR)
