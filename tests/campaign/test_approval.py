"""Launch lists every text the carrier has not approved: what a campaign cannot do without as an error."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_check import AWARENESS, FACTS, FORM, SURVEY

from bot.actions.approval import gateway_findings, unapproved
from bot.channels.approved import Approved, Template
from bot.settingssources import read_settings
from surveys.campaign.office import Office
from surveys.campaign.plan import Plan
from surveys.campaign.texts import texts
from surveys.problem import Severity
from surveys.questionnaire.templates import names, template_form

OFFICE = Office(names={"zh": "清江市测评办", "en": "Qingjiang Survey Office"}, hotline="0838-12345")
LANGUAGES = ("en", "zh")


def findings(plan: Plan, *templates: str, longest: int = 500, signed: bool = True) -> dict[str, list[Severity]]:
    """Return the fields of the findings with these templates approved."""
    approved = Approved(
        [Template(str(number), text) for number, text in enumerate(templates)],
        signature="区测评办" if signed else "",
        longest_variable=60,
    )
    found: dict[str, list[Severity]] = {}
    for problem in unapproved(plan, FACTS, OFFICE, approved, longest):
        assert problem.code == "text_not_approved"
        assert problem.what.text("zh") != problem.what.text("en")
        found.setdefault(problem.field, []).append(problem.severity)
    return found


def test_with_nothing_approved_first_messages_and_questions_are_errors_and_replies_warnings() -> None:
    found = findings(SURVEY, "x")
    errors = {field for field, severities in found.items() if Severity.ERROR in severities}
    assert errors == {"title.zh", "title.en", "q1", "q2"}
    assert {"help", "stop"} <= {field for field, severities in found.items() if set(severities) == {Severity.WARNING}}


def test_a_text_that_is_approved_is_no_longer_listed() -> None:
    before = findings(AWARENESS, "x")
    assert before == {"message.zh": [Severity.ERROR], "message.en": [Severity.ERROR]}
    plan = replace(AWARENESS, messages={**AWARENESS.messages, "zh": "河道保洁每周二进行。"})
    english = "[{office}] {text} Reply STOP for no more messages."
    assert findings(plan, english) == {"message.zh": [Severity.ERROR]}
    assert findings(plan, english, "{text}回复 退订 不再发送。") == {}


def test_a_second_signature_within_the_text_is_never_approved() -> None:
    """The message already begins with the organiser; who writes it there again is told before launch."""
    assert "message.zh" in findings(AWARENESS, "{text}回复 退订 不再发送。")


def test_all_texts_of_a_survey_can_be_approved_as_they_are_listed() -> None:
    listed = [told.text.removeprefix("【区测评办】") for told in texts(SURVEY, FORM, OFFICE, LANGUAGES)]
    assert len(listed) > 10
    assert findings(SURVEY, *listed) == {}


def test_a_text_longer_than_the_carrier_takes_is_looked_at_in_the_parts_it_goes_in() -> None:
    long = replace(AWARENESS, messages={"zh": "甲" * 40 + "。\n" + "乙" * 40})
    parts = ("【{office}】甲{rest}", "乙{rest}")
    assert findings(long, *parts, longest=70, signed=False) == {"message.en": [Severity.ERROR]}
    assert findings(long, *parts, longest=500, signed=False).keys() == {"message.en", "message.zh"}


@pytest.mark.parametrize("name", [name for name in names() if name not in {"identity", "callback", "complaint"}])
def test_the_texts_of_every_questionnaire_that_ships_can_be_listed(name: str) -> None:
    """The dialogue itself makes them, whatever kinds of questions there are."""
    form = template_form(name)
    told = list(texts(replace(SURVEY, form=form.digest), form, OFFICE, LANGUAGES))
    assert {text.field for text in told if text.opens} >= {q.name for q in form.asked if q.role != "complaint"}
    assert len({text.text for text in told}) == len(told)


def test_only_a_plan_that_may_go_by_a_gateway_with_templates_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "gateway.toml"
    path.write_text('[send]\nurl = "https://sms.example.com/"\n', encoding="utf-8")
    by_gateway = replace(SURVEY, channels=("telegram", "gateway"))
    settings = read_settings(gateway=path)
    assert gateway_findings(by_gateway, FACTS, OFFICE, settings) == ()  # it sends any text
    with path.open("a", encoding="utf-8") as file:
        file.write('[templates]\n[[templates.approved]]\nid = "1"\ntext = "x"\n')
    assert len(gateway_findings(by_gateway, FACTS, OFFICE, settings)) > 5
    assert gateway_findings(SURVEY, FACTS, OFFICE, settings) == ()
    assert gateway_findings(by_gateway, FACTS, OFFICE, read_settings()) == ()
