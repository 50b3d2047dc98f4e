"""From a plan to a field: launch, release, pause, close; nothing half-done is ever seen."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, update
from stored_rows import rows
from water_plan import WATER

from bot.actions.campaigns import (
    CloseCampaign,
    PauseCampaign,
    ReleaseReplicate,
    ResumeCampaign,
    close_campaign,
    pause_campaign,
    release_replicate,
    resume_campaign,
)
from bot.actions.forms import AddForm, ListForms, add_form, list_forms
from bot.actions.launch import LaunchCampaign, launch_campaign
from bot.actions.planning import (
    CreateCampaign,
    ListCampaigns,
    ShowCampaign,
    create_campaign,
    list_campaigns,
    show_campaign,
)
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.house import House
from scheduler.clock import SteppedClock
from storage import campaigns, forms, sample
from storage.tables.campaigns import campaigns as campaign_rows
from storage.tables.campaigns import reach
from storage.tables.campaigns import sample as sample_rows
from storage.tables.cases import events
from storage.tables.messages import outbox
from storage.tables.residents import resident_addresses, residents
from storage.tables.talks import wakes
from surveys.problem import Refused

SURVEY = {**WATER, "sample": {"size": 30, "seed": "7", "reserve": 0.4}}
NEWS = {
    **{name: value for name, value in WATER.items() if name != "form"},
    "name": "river-news",
    "kind": "awareness",
    "message": {"zh": "【区测评办】河道保洁每周二进行。", "en": "区测评办: rivers are cleaned on Tuesdays."},
    "send_on": ["2026-11-03", "2026-11-10"],
}


def plan(house: House, fields: dict[str, Any]) -> dict[str, Any]:
    return create_campaign(house, CreateCampaign(fields=fields), silent)


def launch(house: House, name: str, **options: Any) -> dict[str, Any]:
    return launch_campaign(house, LaunchCampaign(name=name, **options), silent)


def status(house: House, name: str = "water-2026") -> dict[str, Any]:
    return show_campaign(house, ShowCampaign(name=name), silent)


@pytest.fixture
def ready(house: House, town: Path) -> House:
    """Return a house with a town and a drafted survey."""
    import_residents(house, ImportResidents(path=town), silent)
    plan(house, SURVEY)
    return house


def refused(call: Any, *args: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        call(*args, silent)
    return [problem.code for problem in found.value.problems]


def test_a_survey_is_drawn_and_its_invitations_wait_for_their_hour(ready: House) -> None:
    result = launch(ready, "water-2026")
    assert result["allocation"]["城区"] == {"population": 60, "available": 54, "main": 15, "reserve": 6}
    assert result["replicates"] == [30, 6, 6]
    drawn = rows(ready, select(sample_rows))
    assert len(drawn) == 42
    assert Counter(row.stratum for row in drawn if row.replicate == 0) == {"城区": 15, "乡镇": 10, "企业": 5}
    assert all((row.released_at is None) == (row.replicate > 0) for row in drawn)
    invitations = rows(ready, select(wakes).where(wakes.c.kind == "invite"))
    main = {row.resident_id for row in drawn if row.replicate == 0}
    assert {row.resident_id for row in invitations} == main
    for row in invitations:
        assert (row.key, row.subject, row.guard, row.state) == (
            f"invite|water-2026|{row.resident_id}",
            str(row.resident_id),
            -1,
            "due",
        )
        assert time(10) <= row.due_at.astimezone(ZoneInfo("Asia/Shanghai")).time() < time(16)
    (close,) = rows(ready, select(wakes).where(wakes.c.kind == "close"))
    assert (close.key, close.subject, close.due_at) == (
        "close|water-2026",
        "water-2026",
        datetime(2026, 11, 20, 16, tzinfo=UTC),
    )
    assert [row.kind for row in rows(ready, select(events).order_by(events.c.id))] == [
        "CampaignCreated",
        "CampaignLaunched",
    ]


def test_invariant_4_the_same_file_keys_and_plan_draw_the_same_residents_on_every_database(ready: House) -> None:
    """The fingerprint was written once: a change of the draw, the database or the machine would show here."""
    launch(ready, "water-2026")
    found = sorted(tuple(row) for row in rows(ready, select(sample_rows.c.pseudonym, sample_rows.c.replicate)))
    assert sha256(repr(found).encode()).hexdigest()[:16] == "b9bd916057f9431e"


def test_a_dry_run_lists_everything_and_writes_nothing(ready: House) -> None:
    plan(ready, SURVEY | {"legal_basis": "", "channels": ["pigeon"]})
    result = launch(ready, "water-2026", dry_run=True)
    assert not result["ready"]
    assert {"no_legal_basis", "unknown_channel"} <= {problem["code"] for problem in result["problems"]}
    assert result["drawn"] == 42
    assert rows(ready, select(sample_rows)) == []
    assert rows(ready, select(wakes)) == []
    assert status(ready)["state"] == "draft"


def test_a_plan_with_errors_is_refused_with_all_of_them(ready: House) -> None:
    plan(ready, SURVEY | {"legal_basis": "", "channels": ["pigeon"], "title": {"zh": "请打满分", "en": "x"}})
    assert refused(launch_campaign, ready, LaunchCampaign(name="water-2026"))[:3] == [
        "no_legal_basis",
        "unknown_channel",
        "leading_wording",
    ]
    assert status(ready)["state"] == "draft"


def test_a_campaign_is_launched_once(ready: House) -> None:
    launch(ready, "water-2026")
    assert refused(launch_campaign, ready, LaunchCampaign(name="water-2026")) == ["not_draft"]
    assert refused(create_campaign, ready, CreateCampaign(fields=SURVEY)) == ["already_launched"]


def test_nothing_of_an_interrupted_launch_is_live_and_the_next_one_starts_anew(
    ready: House,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def power_cut(*_: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(campaigns, "start_campaign", power_cut)
        with pytest.raises(RuntimeError, match="power cut"):
            launch(ready, "water-2026")
    assert {row.state for row in rows(ready, select(wakes))} == {"held"}
    with ready.database.read() as connection:
        assert sample.drawn_addresses(connection) == frozenset()
    launch(ready, "water-2026")
    assert len(rows(ready, select(sample_rows))) == 42
    assert Counter(row.state for row in rows(ready, select(wakes))) == {"due": 31}


def test_a_seed_that_is_not_given_is_chosen_at_launch_and_kept_in_the_plan(ready: House) -> None:
    plan(ready, SURVEY | {"sample": {"size": 30}})
    seed = launch(ready, "water-2026")["seed"]
    assert len(seed) == 32
    assert status(ready)["plan"]["sample"]["seed"] == seed


def test_reserves_are_released_whole_in_turn_and_invited_in_daytime(ready: House) -> None:
    launch(ready, "water-2026")
    clock = ready.clock
    assert isinstance(clock, SteppedClock)
    clock.move(datetime(2026, 11, 5, 14, 0, tzinfo=UTC))  # 22:00 in Shanghai
    assert refused(release_replicate, ready, ReleaseReplicate(name="water-2026", replicate=2)) == ["wrong_state"]
    result = release_replicate(ready, ReleaseReplicate(name="water-2026"), silent)
    assert (result["replicate"], result["released"], result["left"]) == (1, 6, [2])
    late = rows(ready, select(wakes).where(wakes.c.due_at > clock.now(), wakes.c.kind == "invite"))
    assert len(late) == 6
    assert min(row.due_at for row in late) == datetime(2026, 11, 6, 1, 0, tzinfo=UTC)
    assert status(ready)["sample"]["released"] == 36
    release_replicate(ready, ReleaseReplicate(name="water-2026", replicate=2), silent)
    assert refused(release_replicate, ready, ReleaseReplicate(name="water-2026")) == ["wrong_state"]


def test_pause_resume_and_close_move_only_from_where_they_may(ready: House) -> None:
    order = {"name": "water-2026"}
    assert refused(pause_campaign, ready, PauseCampaign(**order)) == ["wrong_state"]
    launch(ready, "water-2026")
    assert refused(resume_campaign, ready, ResumeCampaign(**order)) == ["wrong_state"]
    assert pause_campaign(ready, PauseCampaign(**order), silent)["state"] == "paused"
    assert refused(release_replicate, ready, ReleaseReplicate(**order)) == ["wrong_state"]
    assert resume_campaign(ready, ResumeCampaign(**order), silent)["state"] == "running"
    assert close_campaign(ready, CloseCampaign(**order), silent)["state"] == "closed"
    assert refused(close_campaign, ready, CloseCampaign(**order)) == ["wrong_state"]
    assert refused(pause_campaign, ready, PauseCampaign(name="nothing")) == ["unknown_campaign"]


def test_closing_calls_off_what_is_not_out_and_leaves_replies(ready: House) -> None:
    launch(ready, "water-2026")
    message = {
        "address_id": 1, "resident_id": 1, "interview_id": "", "campaign_id": "water-2026", "case_id": "",
        "channel": "simulator", "body": b"", "due_at": ready.now(), "attempt": "", "attempts": 0, "provider_id": "",
        "error": "", "created_at": ready.now(),
    }  # fmt: skip
    queue = [("bulk", 1, "due"), ("reply", 0, "due"), ("gone", 1, "accepted")]
    ready.database.write(
        lambda c: c.execute(
            insert(outbox),
            [message | {"key": key, "priority": priority, "state": state} for key, priority, state in queue],
        ),
    )
    close_campaign(ready, CloseCampaign(name="water-2026"), silent)
    assert Counter(row.state for row in rows(ready, select(wakes).where(wakes.c.kind == "invite"))) == {"stale": 30}
    assert {row.key: row.state for row in rows(ready, select(outbox))} == {
        "bulk": "cancelled",
        "reply": "due",
        "gone": "accepted",
    }
    last = rows(ready, select(events).order_by(events.c.id.desc()).limit(1))[0]
    assert (last.kind, last.data) == ("CampaignClosed", '{"messages_called_off": 1, "wakes_called_off": 30}')
    assert status(ready)["closed_at"] == ready.now().isoformat()


def test_publicity_goes_to_one_resident_per_number_apart_from_everybody_drawn(ready: House) -> None:
    launch(ready, "water-2026")
    ready.database.write(lambda c: c.execute(update(residents).where(residents.c.id == 3).values(consent="stopped")))
    plan(ready, NEWS)
    result = launch(ready, "river-news")
    told = rows(ready, select(wakes).where(wakes.c.kind == "awareness"))
    numbers = {row.resident_id: row.address_id for row in rows(ready, select(resident_addresses))}
    drawn = {numbers[row.resident_id] for row in rows(ready, select(sample_rows))}
    for sending in ("0", "1"):
        reached = [numbers[row.resident_id] for row in told if row.subject == sending]
        assert len(reached) == len(set(reached)) == result["recipients"]
        assert not drawn & set(reached)
    days = {(row.subject, row.due_at.astimezone(ZoneInfo("Asia/Shanghai")).day) for row in told}
    assert days == {("0", 3), ("1", 10)}
    assert {row.key for row in told} == {f"awareness|river-news|{row.subject}|{row.resident_id}" for row in told}
    counted = rows(ready, select(reach.c.outcome, func.count()).group_by(reach.c.outcome))
    assert dict(tuple(row) for row in counted)["drawn"] == 2 * result["left_out"]["drawn"]
    assert status(ready, "river-news")["reach"]["drawn"] == 2 * result["left_out"]["drawn"]


def test_after_close_publicity_may_reach_who_was_drawn(ready: House) -> None:
    launch(ready, "water-2026")
    close_campaign(ready, CloseCampaign(name="water-2026"), silent)
    plan(ready, NEWS)
    assert "drawn" not in launch(ready, "river-news")["left_out"]


def test_a_draft_may_be_made_anew_until_launch(ready: House) -> None:
    again = plan(ready, SURVEY | {"sample": {"size": 20, "seed": "7"}})
    assert (again["new"], again["plan"]["sample"]["size"]) == (False, 20)
    assert [campaign["name"] for campaign in list_campaigns(ready, ListCampaigns(), silent)["campaigns"]] == [
        "water-2026"
    ]


def test_flags_win_over_the_plan_file_and_a_form_beside_it_is_stored(house: House, tmp_path: Path) -> None:
    from surveys.questionnaire.templates import template

    (tmp_path / "mine.csv").write_bytes(template("sense_of_safety"))
    file = tmp_path / "plan.toml"
    file.write_text(
        'name = "a"\nform = "mine.csv"\nstarts = 2026-11-02\ncloses = 2026-11-20\ndelete_on = 2027-01-01\n',
        encoding="utf-8",
    )
    made = create_campaign(house, CreateCampaign(path=file, fields={"name": "b", "sample.size": 5}), silent)
    assert (made["name"], made["plan"]["sample"]["size"]) == ("b", 5)
    with house.database.read() as connection:
        assert forms.load(connection, made["plan"]["form"]).digest == made["plan"]["form"]


def test_an_unknown_form_and_a_bad_field_are_told_together(house: House) -> None:
    assert refused(create_campaign, house, CreateCampaign(fields=SURVEY | {"form": "nowhere.xlsx", "nmae": "x"})) == [
        "unknown_field",
        "unknown_form",
    ]


def test_a_form_is_stored_once_and_found_by_digest_prefix_or_name(house: House) -> None:
    first = add_form(house, AddForm(template="five_waters_2018"), silent)
    again = add_form(house, AddForm(template="five_waters_2018"), silent)
    assert (first["added"], again["added"], first["digest"]) == (True, False, again["digest"])
    with house.database.read() as connection:
        assert forms.find(connection, first["digest"][:10]) == first["digest"]
        assert forms.find(connection, first["name"]) == first["digest"]
        assert forms.find(connection, "0" * 12) is None
        with pytest.raises(forms.FormMissing):
            forms.load(connection, "0" * 64)
    assert [form["digest"] for form in list_forms(house, ListForms(), silent)["forms"]] == [first["digest"]]
    assert refused(add_form, house, AddForm(template="nothing")) == ["unknown_form"]


def test_an_unknown_campaign_is_named(house: House) -> None:
    assert refused(show_campaign, house, ShowCampaign(name="x")) == ["unknown_campaign"]
    assert refused(launch_campaign, house, LaunchCampaign(name="x")) == ["unknown_campaign"]


def test_status_counts_what_there_is(ready: House) -> None:
    launch(ready, "water-2026")
    found = status(ready)
    assert (found["state"], found["sample"]["drawn"], found["sample"]["released"]) == ("running", 42, 30)
    assert found["wakes"] == {"due": 31}
    assert found["interviews"]["invited"] == found["interviews"]["complete"] == 0
    assert found["next_wake"] == "2026-11-02T02:00:00+00:00"
    assert found["frame"] == 1
    (row,) = rows(ready, select(campaign_rows))
    assert row.launched_at == ready.now()
    assert row.launched_at + timedelta(hours=2) == datetime(2026, 11, 2, 2, tzinfo=UTC)
