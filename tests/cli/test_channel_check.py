"""`pingyi channel` says in plain words what keeps a channel from working, in both languages, and changes nothing."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from logbook import restored
from office import work_in

from bot.actions.channels import EXPLAINED, SWITCHES
from bot.channels.registry import CHANNELS
from bot.cli import main
from storage.failure import Failure
from tests.emulators.gateway import GatewayEmulator, description

SECRET = "the gateway's key"  # noqa: S105 - of this test alone
PHONE = "+8613900000001"
TEMPLATES = '[templates]\nsignature = "测评办"\n[[templates.approved]]\nid = "T1"\ntext = "您好{1}"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, no setting in the environment, English, and logging as it was afterwards."""
    with restored():
        yield work_in(tmp_path, monkeypatch, language="en")


@contextmanager
def carrier() -> Iterator[GatewayEmulator]:
    """Run the emulated carrier on a loop of its own: the command has its own, too."""
    emulator = GatewayEmulator(secret=SECRET)
    loop = asyncio.new_event_loop()
    ready, done = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with emulator.running():
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield emulator
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()


@pytest.fixture
def gateway(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GatewayEmulator]:
    """The gateway switched on, well described, its carrier running, the service public."""
    with carrier() as emulator:
        described(folder, monkeypatch, emulator.url)
        monkeypatch.setenv("PINGYI_PUBLIC_URL", "https://pingyi.example.org")
        yield emulator


def described(folder: Path, monkeypatch: pytest.MonkeyPatch, url: str, **parts: Any) -> None:
    (folder / "gateway.toml").write_text(description(url, **parts), encoding="utf-8")
    monkeypatch.setenv("PINGYI_GATEWAY", str(folder / "gateway.toml"))
    monkeypatch.setenv("PINGYI_GATEWAY_SECRET", SECRET)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def codes(entry: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in entry["problems"]]


def test_every_channel_is_listed_with_what_switches_it_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SWITCHES.keys() == CHANNELS.keys()
    monkeypatch.setenv("PINGYI_SIMULATOR", "true")
    status, found = told(capsys, "channel", "list")
    assert status == 0
    assert {entry["name"]: entry["on"] for entry in found["channels"]} == {
        name: name == "simulator" for name in CHANNELS
    }
    assert main(["channel", "list"]) == 0
    shown = capsys.readouterr().out
    for name, switch in SWITCHES.items():
        assert name in shown
        assert name == "simulator" or switch in shown


def test_every_failure_there_is_has_its_explanation_and_its_fix() -> None:
    assert EXPLAINED.keys() == set(Failure)
    for what, fix in EXPLAINED.values():
        assert what.text("zh") != what.text("en")
        assert fix.text("zh") != fix.text("en")


def test_a_gateway_that_is_well_takes_a_test_message_and_nobody_else_gets_one(
    capsys: pytest.CaptureFixture[str], gateway: GatewayEmulator, folder: Path
) -> None:
    status, found = told(capsys, "channel", "check", "gateway", "--to", "139 0000 0001")
    [entry] = found["channels"]
    assert (status, found["ok"], codes(entry)) == (0, True, [])
    assert entry["test"]["outcome"] == "accepted"
    [sent] = gateway.sent
    assert sent.address == PHONE
    assert "test message" in sent.text
    assert sorted(path.name for path in folder.iterdir()) == ["gateway.toml"]  # no database was made


def test_without_an_address_nothing_is_sent_and_it_says_how(
    capsys: pytest.CaptureFixture[str], gateway: GatewayEmulator
) -> None:
    assert main(["channel", "check", "gateway"]) == 0
    assert "--to ADDRESS" in capsys.readouterr().out
    assert gateway.calls == []


@pytest.mark.parametrize(
    ("code", "problem", "word"),
    [
        ("1001", "test_misconfigured", "credentials"),
        ("1002", "test_busy", "per_second"),
        ("1003", "test_unreachable", "address"),
        ("1004", "test_refused", "registered"),
        ("1005", "test_opted_out", "STOP"),
    ],
)
def test_what_the_carrier_answers_is_said_in_plain_words(
    capsys: pytest.CaptureFixture[str], gateway: GatewayEmulator, code: str, problem: str, word: str
) -> None:
    gateway.next_error(code)
    status, found = told(capsys, "channel", "check", "gateway", "--to", PHONE)
    [entry] = found["channels"]
    assert (status, codes(entry)) == (1, [problem])
    assert word in entry["problems"][0]["what"] + entry["problems"][0]["fix"]
    assert code in entry["problems"][0]["what"]
    assert PHONE not in json.dumps(found)


def test_a_wrong_secret_is_found_without_a_test_message(
    capsys: pytest.CaptureFixture[str], gateway: GatewayEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINGYI_GATEWAY_SECRET", "another")
    status, found = told(capsys, "channel", "check", "gateway")
    assert (status, codes(found["channels"][0])) == (1, ["credentials"])
    assert "another" not in json.dumps(found)
    assert gateway.sent == []


@pytest.mark.parametrize("url", ["", "http://pingyi.example.org"])
def test_an_address_no_provider_can_post_to_is_a_problem(
    capsys: pytest.CaptureFixture[str], gateway: GatewayEmulator, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PINGYI_PUBLIC_URL", url)
    status, found = told(capsys, "channel", "check", "gateway")
    assert (status, codes(found["channels"][0])) == (1, ["public_url"])
    described(Path.cwd(), monkeypatch, gateway.url, mode="poll")
    assert told(capsys, "channel", "check", "gateway")[0] == 0  # polling needs none


def test_a_carrier_that_cannot_be_reached_is_said_in_both_languages(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described(folder, monkeypatch, "http://127.0.0.1:9", mode="poll")
    status, found = told(capsys, "channel", "check", "gateway", "--to", PHONE)
    assert (status, codes(found["channels"][0])) == (1, ["unreachable", "test_down"])
    assert main(["--language", "zh", "channel", "check", "gateway", "--to", PHONE]) == 1
    shown = capsys.readouterr()
    assert "连不上短信网关" in shown.err
    assert "防火墙" in shown.err


def test_a_text_no_template_fits_is_named_and_another_may_be_given(
    capsys: pytest.CaptureFixture[str], gateway: GatewayEmulator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described(folder, monkeypatch, gateway.url, templates=TEMPLATES)
    status, found = told(capsys, "channel", "check", "gateway", "--to", PHONE)
    assert (status, codes(found["channels"][0])) == (1, ["test_unreachable"])
    assert "no approved template" in found["channels"][0]["problems"][0]["what"]
    assert told(capsys, "channel", "check", "gateway", "--to", PHONE, "--text", "您好王先生")[0] == 0
    assert [sent.template for sent in gateway.sent] == ["T1"]


def test_a_faulty_description_is_shown_like_any_other_problem(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described(folder, monkeypatch, "http://127.0.0.1:9")
    (folder / "gateway.toml").write_text("[send]\n", encoding="utf-8")
    status, found = told(capsys, "channel", "check")
    [entry] = [entry for entry in found["channels"] if entry["name"] == "gateway"]
    assert (status, entry["problems"][0]["field"]) == (1, "send.url")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("pigeon",), "no_such_channel"),
        (("--to", PHONE), "which_channel"),
        (("gateway", "--to", "12345"), "no_such_address"),
        (("telegram", "--to", "@office"), "no_such_address"),
        ((), "no_channel"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str
) -> None:
    status, found = told(capsys, "channel", "check", *arguments)
    assert (status, [problem["code"] for problem in found["problems"]]) == (1, [code])


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_channel_that_is_off_says_which_settings_switch_it_on(capsys: pytest.CaptureFixture[str], name: str) -> None:
    status, found = told(capsys, "channel", "check", name)
    assert (status, codes(found["channels"][0])) == (1, ["channel_off"])
    assert SWITCHES[name] in found["channels"][0]["problems"][0]["fix"]


def switched_on(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], None]]:
    """Return for each channel what switches it on, at an address where nobody answers."""

    def put(**settings: str) -> Callable[[], None]:
        def switch() -> None:
            for key, value in settings.items():
                monkeypatch.setenv(f"PINGYI_{key.upper()}", value)

        return switch

    twilio = {"twilio_account": "AC" + "0" * 32, "twilio_token": "t", "twilio_url": "http://127.0.0.1:9"}
    bot = {"telegram_token": "1:abc", "telegram_url": "http://127.0.0.1:9"}
    return {
        "simulator": put(simulator="true", port="9"),
        "telegram": put(**bot, telegram_polling="true"),
        "sms": put(**twilio, sms_from="+15005550006"),
        "whatsapp": put(**twilio, whatsapp_from="+15005550006"),
        "gateway": lambda: described(Path.cwd(), monkeypatch, "http://127.0.0.1:9", mode="poll"),
    }


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_a_provider_that_does_not_answer_is_a_problem_of_every_channel(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    switched_on(monkeypatch)[name]()
    to = "1001" if CHANNELS[name].address == "telegram" else PHONE
    status, found = told(capsys, "channel", "check", name, "--to", to)
    [entry] = found["channels"]
    assert (status, entry["on"]) == (1, True)
    assert "test_down" in codes(entry)
