"""From the frozen frame to the published one: who may do what, in which order, and what anyone can check."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sqlalchemy import insert, select, update
from stored_rows import rows
from water_plan import WATER

from bot.actions.campaigns import CloseCampaign, ReleaseReplicate, close_campaign, release_replicate
from bot.actions.draws import (
    EnterRandomness,
    ExportFrame,
    FreezeFrame,
    MakeCertificate,
    ShowPackets,
    enter_randomness,
    export_frame,
    freeze_frame,
    make_certificate,
    show_packets,
)
from bot.actions.launch import LaunchCampaign, launch_campaign
from bot.actions.planning import CreateCampaign, create_campaign
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.actions.units import ImportUnits, import_units
from bot.actions.verifying import verify_draw
from bot.cli import main
from bot.house import House
from bot.reports.certificate import render_certificate
from scheduler.clock import SteppedClock
from scheduler.talk import Talk
from storage.entry import pseudonym_of
from storage.tables.campaigns import sample
from storage.tables.cases import events
from storage.tables.messages import outbox
from storage.tables.residents import residents
from storage.tables.talks import interviews, wakes
from surveys.language import LANGUAGES
from surveys.problem import Refused
from surveys.sampling.tickets import ticket

PLAN: dict[str, Any] = {**WATER, "sample": {"size": 30, "reserve": 0.4}}
NUMBERS = {"sources": ["七星彩 2026133期"], "digits": ["5-2-7-0-4-1-11"], "witnesses": ["张三", "李四"]}


def plan(house: House, **changes: Any) -> None:
    create_campaign(house, CreateCampaign(fields={**PLAN, **changes}), silent)


def launch(house: House, name: str = "water-2026", **options: Any) -> dict[str, Any]:
    return launch_campaign(house, LaunchCampaign(name=name, **options), silent)


def freeze(house: House, *, yes: bool = False) -> dict[str, Any]:
    return freeze_frame(house, FreezeFrame(name="water-2026", yes=yes), silent)


def enter(house: House, **changes: Any) -> dict[str, Any]:
    return enter_randomness(house, EnterRandomness(name="water-2026", **{**NUMBERS, **changes}), silent)


def certificate(house: House, folder: Path | None = None, name: str = "water-2026") -> dict[str, Any]:
    record: dict[str, Any] = make_certificate(house, MakeCertificate(name=name, folder=folder), silent)["certificate"]
    return record


def close(house: House, name: str = "water-2026") -> None:
    close_campaign(house, CloseCampaign(name=name), silent)


def publish(house: House, folder: Path, name: str = "water-2026") -> tuple[Path, Path]:
    """Write certificate and frame of a closed campaign."""
    certificate(house, folder, name)
    export_frame(house, ExportFrame(name=name, path=folder / "frame.csv"), silent)
    return folder / "certificate.json", folder / "frame.csv"


def refused(call: Any, *args: Any, **options: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        call(*args, **options)
    return [problem.code for problem in found.value.problems]


def move(house: House, by: timedelta) -> None:
    assert isinstance(house.clock, SteppedClock)
    house.clock.move(house.now() + by)


@pytest.fixture
def ready(house: House, town: Path) -> House:
    """A house with a town and a drafted survey without a seed."""
    import_residents(house, ImportResidents(path=town), silent)
    plan(house)
    return house


def test_frame_first_numbers_afterwards_then_anyone_draws_again(ready: House, tmp_path: Path) -> None:
    frozen = freeze(ready)
    preview = certificate(ready)
    assert preview["preview"]
    assert preview["frame"]["sha256"] == frozen["sha256"]
    assert preview["sample"] is None
    move(ready, timedelta(minutes=10))
    entered = enter(ready)
    assert entered["canonical"] == "5.2.7.0.4.1.11./"
    assert entered["seed"] == sha256(b"5.2.7.0.4.1.11./").hexdigest()
    assert certificate(ready)["preview"], "nobody is drawn before the launch"
    result = launch(ready)
    assert result["seed"] == entered["seed"]
    close(ready)
    paths = publish(ready, tmp_path / "published")
    record = json.loads(paths[0].read_text(encoding="utf-8"))
    assert record["frame"]["sha256"] == frozen["sha256"]
    assert record["randomness"]["by"] == "witnesses"
    assert record["randomness"]["witnesses"] == ["张三", "李四"]
    found = verify_draw(*paths, "en")
    assert found["agrees"], [line for line in found["lines"] if not line["agrees"]]
    assert [row.kind for row in rows(ready, select(events).order_by(events.c.id))][1:4] == [
        "FrameFrozen",
        "RandomnessEntered",
        "CampaignLaunched",
    ]


def test_the_sample_stored_is_the_one_certified(ready: House) -> None:
    record = launch(ready)["certificate"]
    drawn = rows(ready, select(sample))
    main = sorted(
        (ticket(record["randomness"]["seed"], "water-2026", row.stratum, row.pseudonym), row.pseudonym)
        for row in drawn
        if row.replicate == 0
    )
    (first, *_) = record["sample"]["replicates"]
    assert first["sha256"] == sha256("\n".join(name for _, name in main).encode()).hexdigest()
    assert record["sample"]["size"] == len(drawn) == 42
    assert record["randomness"]["by"] == "machine"
    assert record == certificate(ready)


def test_a_seed_of_the_plan_is_called_one(ready: House) -> None:
    plan(ready, sample={"size": 30, "seed": "7"})
    assert launch(ready)["certificate"]["randomness"]["by"] == "plan"


def test_who_opts_out_after_the_freezing_stays_in_the_frame_and_is_only_not_written_to(ready: House) -> None:
    digest = freeze(ready)["sha256"]
    ready.database.write(lambda c: c.execute(update(residents).values(consent="stopped")))
    assert launch(ready)["certificate"]["frame"]["sha256"] == digest


def test_a_plan_changed_after_the_freezing_is_not_launched_on_that_frame(ready: House) -> None:
    freeze(ready)
    enter(ready)
    plan(ready, sample={"size": 31})
    assert refused(launch, ready)[0] == "plan_changed"
    assert refused(enter, ready) == ["plan_changed"]
    assert refused(freeze, ready) == ["randomness_discarded"], "what witnesses saw is not thrown away in passing"
    assert freeze(ready, yes=True)["discarded"] == 1
    assert launch(ready)["certificate"]["randomness"]["discarded"] == 1


def test_numbers_are_entered_once_after_the_freezing_with_witnesses(ready: House) -> None:
    assert refused(enter, ready) == ["not_frozen"]
    freeze(ready)
    assert refused(enter, ready, witnesses=["  "]) == ["no_witness"]
    assert refused(enter, ready, digits=["5", "2"]) == ["bad_randomness"]
    assert refused(enter, ready, digits=["five"]) == ["bad_randomness"]
    enter(ready)
    assert refused(enter, ready, digits=["1-1-1-1-1-1-1"]) == ["randomness_known"]
    launch(ready)
    assert refused(freeze, ready) == refused(enter, ready) == ["already_drawn"]


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"digits": ["7"]}, "too_few_numbers", "one figure: ten samples could have been tried beforehand"),
        ({"digits": ["5-2-7"]}, "too_few_numbers", "a thousand"),
        ({"sources": ["dice"], "digits": ["6-1-3-3-5-2-1"]}, "too_few_numbers", "seven throws are 279,936"),
        ({"sources": ["骰子"], "digits": ["6-1-3-3-5-2-1"]}, "too_few_numbers", "in either language"),
        ({"sources": ["a", "A "], "digits": ["1-2-3-4", "1-2-3-4"]}, "source_twice", "one event counts once"),
        ({"witnesses": ["张三", "张 三"]}, "witness_twice", "one person is one witness"),
        ({"digits": ["5--2-7-0-4-1-11"]}, "bad_randomness", "a number is missing"),
    ],
)
def test_numbers_anybody_could_have_foreseen_and_witnesses_named_twice_are_refused(
    ready: House, changes: dict[str, Any], code: str, why: str
) -> None:
    freeze(ready)
    assert refused(enter, ready, **changes) == [code], why
    assert "problems" in enter(ready), "nothing was kept of it"


@pytest.mark.parametrize(
    ("sources", "digits"),
    [
        (["福彩3D 2026321期", "排列5 2026321期"], ["5-2-7", "3-0-8-1-6"]),
        (["dice"], ["6-1-3-3-5-2-1-4"]),
        (["七星彩"], ["５－２－７－０－４－１－１１"]),
        (["七星彩"], ["五-二-七-〇-四-一-八"]),
    ],
    ids=["two lotteries", "eight throws", "wide figures", "Chinese figures"],
)
def test_numbers_nobody_could_have_foreseen_are_taken(ready: House, sources: list[str], digits: list[str]) -> None:
    freeze(ready)
    entered = enter(ready, sources=sources, digits=digits)
    assert entered["problems"] == []
    assert entered["witnesses"] == ["张三", "李四"]


def test_one_witness_alone_is_warned_of_and_told_on_the_certificate(ready: House) -> None:
    freeze(ready)
    (warning,) = enter(ready, witnesses=["张三"])["problems"]
    assert (warning["code"], warning["severity"]) == ("one_witness", "warning")
    record = launch(ready)["certificate"]
    assert "Only one witness saw the numbers." in render_certificate(record, "en")
    assert "只有一名见证人" in render_certificate(record, "zh")


def test_numbers_that_were_thrown_away_stay_on_the_certificate_and_are_checked(ready: House, tmp_path: Path) -> None:
    first = freeze(ready)["sha256"]
    enter(ready)
    move(ready, timedelta(minutes=5))
    assert refused(freeze, ready) == ["randomness_discarded"]
    freeze(ready, yes=True)
    move(ready, timedelta(minutes=5))
    assert refused(enter, ready) == ["numbers_known"], "before this frame was frozen"
    assert refused(enter, ready, sources=["another"]) == ["numbers_known"], "whatever the event is called"
    assert refused(enter, ready, digits=["1-2-3-4-5-6-7"]) == ["numbers_known"], "whatever it is said to have given"
    enter(ready, sources=["七星彩 2026134期"], digits=["1-2-3-4-5-6-7"], witnesses=["王五", "赵六"])
    move(ready, timedelta(minutes=5))
    freeze(ready, yes=True)
    record = launch(ready)["certificate"]
    assert record["randomness"]["discarded"] == 2
    one, two = record["randomness"]["given_up"]
    assert (one["frame_sha256"], one["canonical"], one["witnesses"]) == (first, "5.2.7.0.4.1.11./", ["张三", "李四"])
    assert (two["sources"][0]["numbers"], two["witnesses"]) == ([1, 2, 3, 4, 5, 6, 7], ["王五", "赵六"])
    for language in LANGUAGES:
        page = render_certificate(record, language)
        assert "七星彩 2026133期 5-2-7-0-4-1-11" in page
        assert ("张三、李四" if language == "zh" else "张三, 李四") in page
    close(ready)
    paths = publish(ready, tmp_path / "published")
    assert verify_draw(*paths, "en")["agrees"]
    record["randomness"]["given_up"].pop(0)
    paths[0].write_text(json.dumps(record), encoding="utf-8")
    differing = {line["name"] for line in verify_draw(*paths, "en")["lines"] if not line["agrees"]}
    assert differing == {"fingerprint", "given_up"}


def test_the_command_asks_for_yes_before_it_throws_numbers_away(
    ready: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    freeze(ready)
    enter(ready)
    with pytest.raises(Refused, match=r"throws away the numbers 5\.2\.7\.0\.4\.1\.11\./ that 张三, 李四 saw") as found:
        freeze(ready)
    assert "pingyi draw freeze water-2026 --yes" in found.value.problems[0].fix.text("en")
    monkeypatch.setattr("bot.cli.draws.perform", lambda _, order: {"name": order.name, "yes": order.yes})
    assert main(["draw", "freeze", "water-2026", "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["yes"] is True


def test_a_plan_with_a_seed_takes_no_numbers(ready: House) -> None:
    plan(ready, sample={"size": 30, "seed": "7"})
    freeze(ready)
    assert refused(enter, ready) == ["seed_given"]


def test_what_cannot_be_drawn_is_not_frozen(ready: House) -> None:
    plan(ready, sample={"size": 5000})
    assert refused(freeze, ready) == ["sample_too_large"]
    plan(ready, sample={"size": 30, "panel": "nothing"})
    assert refused(freeze, ready) == ["no_panel"]
    assert refused(launch, ready)[0] == "no_panel"


def test_without_residents_there_is_nothing_to_freeze(house: House) -> None:
    plan(house)
    assert refused(freeze, house) == refused(certificate, house) == ["no_frame"]


def test_the_frame_is_published_after_the_close_only_and_over_no_other_file(ready: House, tmp_path: Path) -> None:
    order = ExportFrame(name="water-2026", path=tmp_path / "frame.csv")
    assert refused(export_frame, ready, order, silent) == ["not_closed"]
    launch(ready)
    assert refused(export_frame, ready, order, silent) == ["not_closed"]
    assert not order.path.exists()
    close(ready)
    export_frame(ready, order, silent)
    assert refused(export_frame, ready, order, silent) == ["file_exists"]


def test_a_published_frame_leads_to_nobody(ready: House, tmp_path: Path) -> None:
    """Neither office id, name, number, area nor year of birth is in it, and no pseudonym of another campaign."""
    launch(ready)
    plan(ready, name="water-2027", sample={"size": 10, "seed": "8"})
    launch(ready, "water-2027")
    names = []
    for name in ("water-2026", "water-2027"):
        close(ready, name)
        (tmp_path / name).mkdir()
        with publish(ready, tmp_path / name, name)[1].open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        assert list(found[0]) == ["pseudonym", "stratum", "status", "number"]
        assert len(found) == 120
        assert Counter(row["status"] for row in found) == {"drawable": 120}
        assert Counter(row["number"] for row in found if row["number"]) == {str(n): 2 for n in range(1, 13)}
        names.append({row["pseudonym"] for row in found})
    global_names = {pseudonym_of(ready.database.vault, f"R{at:03}") for at in range(120)}
    assert not names[0] & names[1]
    assert not global_names & (names[0] | names[1])


def test_the_command_verifies_without_any_house_and_names_what_was_touched(
    ready: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    launch(ready)
    close(ready)
    paths = publish(ready, tmp_path / "published")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    monkeypatch.setenv("PINGYI_DATABASE", "nonsense://nowhere")
    arguments = ["draw", "verify", str(paths[0]), "--frame", str(paths[1])]
    assert main(arguments) == 0
    assert "lines agree.\n" in capsys.readouterr().out
    text = paths[1].read_text(encoding="utf-8")
    paths[1].write_text(text.replace(",drawable,", ",capped,", 1), encoding="utf-8")
    assert main(arguments) == 1
    assert "✗ Frame (SHA-256)" in capsys.readouterr().out
    assert main([*arguments, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["agrees"]
    assert "frame" in [line["name"] for line in found["lines"] if not line["agrees"]]
    assert main(["draw", "verify", str(paths[1]), "--frame", str(paths[1])]) == 1
    assert "no certificate of a draw" in capsys.readouterr().err
    assert not (tmp_path / "pingyi-data").exists()


def test_pages_say_everything_in_both_languages_and_load_nothing(ready: House, tmp_path: Path) -> None:
    freeze(ready)
    enter(ready)
    launch(ready)
    record = certificate(ready, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "certificate.json",
        "certificate.zh.html",
        "certificate.en.html",
    }
    for language in LANGUAGES:
        page = html.document_fromstring((tmp_path / "out" / f"certificate.{language}.html").read_text("utf-8"))
        said = " ".join(page.xpath("//body//text()"))
        for wanted in (
            record["frame"]["sha256"], record["sample"]["sha256"], record["randomness"]["seed"],
            "5.2.7.0.4.1.11./", "张三", record["fingerprint"], "城区", "七星彩 2026133期", "pingyi draw verify",
        ):  # fmt: skip
            assert wanted in said, (language, wanted)
        assert not page.xpath("//script | //link | //*[@src]")
    assert html.document_fromstring(render_certificate(record, "zh")).get("lang") == "zh-Hans"


def test_a_page_escapes_what_staff_typed(ready: House) -> None:
    freeze(ready)
    enter(ready, sources=["<script>alert(1)</script>"])
    assert "<script>" not in render_certificate(launch(ready)["certificate"], "en")


def test_who_was_written_to_often_enough_is_not_drawn(ready: House) -> None:
    row = {
        "address_id": 1, "interview_id": "", "case_id": "", "channel": "simulator", "priority": 1, "body": b"",
        "state": "delivered", "due_at": ready.now(), "attempt": "", "attempts": 1, "provider_id": "", "error": "",
    }  # fmt: skip
    sent = [
        row | {"key": f"{who}{campaign}{at}", "resident_id": who, "campaign_id": campaign, "created_at": at, **more}
        for who, campaign, at, more in [
            (1, "a", ready.now(), {}),
            (1, "b", ready.now(), {}),
            (2, "a", ready.now(), {}),  # one campaign only
            (3, "a", ready.now(), {}),
            (3, "b", ready.now() - timedelta(days=31), {}),  # too long ago
            (4, "a", ready.now(), {}),
            (4, "b", ready.now(), {"state": "cancelled"}),
        ]
    ]
    for message in sent:
        message.setdefault("state", "delivered")
        ready.database.write(lambda c, message=message: c.execute(insert(outbox), [message]))
    assert launch(ready, dry_run=True)["exclusions"] == {"capped": 1, "shared_number": 12}


def test_waves_rest_the_asked_and_ask_the_panel_again(ready: House) -> None:
    """Wave 1 asks 30; wave 2 rests them; wave 3 asks wave 1's residents again, a quarter of them replaced."""
    launch(ready)
    first = {row.resident_id for row in rows(ready, select(sample)) if row.released_at}
    move(ready, timedelta(hours=1))
    plan(ready, name="wave-2", sample={"size": 30, "seed": "2", "rest_waves": 1, "reserve": 0})
    assert launch(ready, "wave-2")["exclusions"]["rested"] == 30
    second = {row.resident_id for row in rows(ready, select(sample).where(sample.c.campaign_id == "wave-2"))}
    assert not first & second
    move(ready, timedelta(hours=1))
    third_plan = {"size": 30, "seed": "3", "panel": "water-2026", "rotate": 0.25, "rest_waves": 1, "reserve": 0}
    plan(ready, name="wave-3", sample=third_plan)
    result = launch(ready, "wave-3")
    third = {row.resident_id for row in rows(ready, select(sample).where(sample.c.campaign_id == "wave-3"))}
    kept = sum(stratum["asked_again"] for stratum in result["certificate"]["strata"])
    assert len(first & third) == kept == 30 - result["exclusions"]["rotated"]
    assert result["exclusions"]["rotated"] == 8, "15, 10 and 5: a quarter of each, half rounded up, is 4, 3 and 1"
    assert not second & third


def test_packets_are_published_and_everybody_has_one(ready: House, table: Callable[..., Path]) -> None:
    lines = ["编号,名称,类别,职责", *(f"U{n:02},单位{n},一类,职责{n}" for n in range(9))]
    import_units(ready, ImportUnits(path=table(*lines, name="units.csv")), silent)
    plan(ready, form="six_dimensions", units={"per_resident": 3, "packets": 3})
    order = ShowPackets(name="water-2026")
    assert refused(show_packets, ready, order, silent) == ["not_launched"]
    launch(ready)
    packets = show_packets(ready, order, silent)["packets"]
    given = Counter(tuple(json.loads(row.units)) for row in rows(ready, select(sample)) if row.replicate == 0)
    assert set(given) == {tuple(unit["id"] for unit in packet["units"]) for packet in packets}
    assert set(given.values()) == {10}
    assert certificate(ready)["units"]["sha256"]


def test_a_campaign_without_packets_says_so(ready: House) -> None:
    launch(ready)
    assert refused(show_packets, ready, ShowPackets(name="water-2026"), silent) == ["no_packets"]


def look(house: House) -> None:
    """Run everything that is due."""
    talk = Talk(house.database, house.office, house.clock, {"simulator": "phone"})
    while talk.run_wakes().result():
        pass


def released(house: House) -> list[tuple[str, str]]:
    found = rows(house, select(events).where(events.c.kind == "ReplicateReleased").order_by(events.c.id))
    return [(row.actor, row.data) for row in found]


def test_reserves_go_out_whole_and_in_turn_while_completes_lag(ready: House) -> None:
    wanted = {"target_completes": {"城区": 1}, "release_after": "48h", "size": 30, "reserve": 0.4, "seed": "7"}
    plan(ready, sample=wanted)
    launch(ready)
    move(ready, timedelta(days=2, hours=1))
    look(ready)
    assert released(ready) == []
    move(ready, timedelta(hours=2))
    look(ready)
    assert released(ready) == [("system", '{"lagging": "城区", "replicate": 1, "size": 6}')]
    invited = rows(ready, select(wakes).where(wakes.c.kind == "invite", wakes.c.state != "held"))
    first = {row.resident_id for row in rows(ready, select(sample)) if row.replicate == 1 and row.released_at}
    assert len(first) == 6
    assert first <= {row.resident_id for row in invited}
    move(ready, timedelta(hours=49))
    look(ready)
    assert [json.loads(data)["replicate"] for _, data in released(ready)] == [1, 2]
    move(ready, timedelta(hours=49))
    look(ready)
    assert len(released(ready)) == 2, "none is left"


def test_no_reserve_goes_out_once_the_targets_are_met_nor_after_the_close(ready: House) -> None:
    plan(ready, sample={"target_completes": {"城区": 1}, "release_after": "48h", "size": 30, "seed": "7"})
    launch(ready)
    who = next(row.resident_id for row in rows(ready, select(sample)) if row.stratum == "城区" and not row.replicate)
    talk = {
        "id": "i1", "address_id": 1, "resident_id": who, "campaign_id": "water-2026", "purpose": "survey",
        "stage": "complete", "turn": 1, "mode": "self", "answered": 9, "state": b"", "case_id": "",
        "channel": "simulator", "started_at": ready.now(),
        "changed_at": ready.now(),
    }  # fmt: skip
    ready.database.write(lambda c: c.execute(update(wakes).where(wakes.c.kind == "invite").values(state="stale")))
    ready.database.write(lambda c: c.execute(insert(interviews).values(**talk)))
    move(ready, timedelta(days=3))
    look(ready)
    assert released(ready) == []
    assert [row.due_at for row in rows(ready, select(wakes).where(wakes.c.kind == "release"))] == [
        ready.now() + timedelta(hours=48)
    ]
    close(ready)
    ready.database.write(lambda c: c.execute(update(interviews).values(stage="declined")))
    move(ready, timedelta(days=3))
    look(ready)
    assert released(ready) == []


def test_by_hand_and_by_rule_release_the_same_replicates_in_the_same_turn(ready: House) -> None:
    wanted = {"target_completes": {"城区": 1}, "release_after": "48h", "size": 30, "reserve": 0.4, "seed": "7"}
    plan(ready, sample=wanted)
    launch(ready)
    move(ready, timedelta(hours=3))
    release_replicate(ready, ReleaseReplicate(name="water-2026"), silent)
    move(ready, timedelta(days=2, hours=3))
    look(ready)
    assert [(actor, json.loads(data)["replicate"]) for actor, data in released(ready)] == [("staff", 1), ("system", 2)]


def test_the_spread_of_a_plan_may_come_from_results_beside_it(ready: House, tmp_path: Path) -> None:
    def cell(stratum: str, p: float) -> dict[str, Any]:
        return {"stratum": stratum, "satisfied": {"of_opinions": {"value": p}}}

    strata = [cell("城区", 0.5), cell("乡镇", 0.9), cell("企业", 0.8)]
    results = {"headline": "q", "questions": [{"name": "q", "strata": strata}]}
    (tmp_path / "results.json").write_text(json.dumps(results), encoding="utf-8")
    (tmp_path / "plan.toml").write_text(
        '[sample]\nsize = 30\nallocation = "neyman"\nspread_from = "results.json"\n[sample.spread]\n"企业" = 0.2\n',
        encoding="utf-8",
    )
    create_campaign(ready, CreateCampaign(path=tmp_path / "plan.toml", fields=WATER), silent)
    allocation = launch(ready, dry_run=True)["allocation"]
    assert {name: places["main"] for name, places in allocation.items()} == {"城区": 19, "乡镇": 8, "企业": 3}
