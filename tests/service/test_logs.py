"""Nothing a resident wrote, no number and no secret ever stands in a log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import logbook
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs

PHONE = "13800138000"


@pytest.fixture
def lines() -> Iterator[Any]:
    """Log into memory; the fixture is a function that returns the lines so far as objects."""
    with logbook.logged("INFO") as stream:
        yield lambda: logbook.lines(stream)


def test_a_line_is_one_json_object_with_time_level_and_source(lines: Any) -> None:
    logs.logger("bot.web").info("webhook rejected", channel="simulator", status=403)
    [line] = lines()
    assert line["event"] == "webhook rejected"
    assert line["level"] == "info"
    assert line["logger"] == "bot.web"
    assert line["status"] == 403
    assert line["time"].endswith("Z")


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "我家的路灯不亮"},
        {"text": "我家的路灯不亮"},
        {"message_text": "我家的路灯不亮"},
        {"outer": {"inner": {"text": "我家的路灯不亮"}}},
        {"items": [{"body": "我家的路灯不亮"}]},
    ],
)
def test_texts_are_withheld_however_deep_they_lie(lines: Any, fields: dict[str, Any]) -> None:
    logs.logger("bot").warning("kept", **fields)
    assert "路灯" not in json.dumps(lines(), ensure_ascii=False)


@pytest.mark.parametrize(
    "written",
    [
        PHONE,
        "+86" + PHONE,
        "138-0013-8000",
        "138 0013 8000",
        "０１０８７６５４３２１",
        "010-87654321",
        int(PHONE),
        b"13800138000",
    ],
)
def test_phone_numbers_are_masked_however_they_are_written(lines: Any, written: Any) -> None:
    logs.logger("bot").warning(f"call {written}", note=written, deep=[{"n": written}])
    logged = json.dumps(lines(), ensure_ascii=False)
    for shape in ("13800138000", "138-0013", "138 0013", "０１０８７６", "87654321"):
        assert shape not in logged


def test_dates_and_small_numbers_stay_readable(lines: Any) -> None:
    logs.logger("bot").warning("launched", on="2026-03-02", drawn=50_000)
    [line] = lines()
    assert line["on"] == "2026-03-02"
    assert line["drawn"] == 50_000


@pytest.mark.parametrize(
    "key", ["token", "bot_token", "secret", "simulator_secret", "phone", "PHONE_NUMBER", "password"]
)
def test_secrets_are_withheld_by_the_name_of_their_key(lines: Any, key: str) -> None:
    logs.logger("bot").warning("kept", **{key: "canary"})
    assert "canary" not in json.dumps(lines())


def test_a_library_speaks_in_the_same_lines_and_under_the_same_rules(lines: Any) -> None:
    logging.getLogger("somelibrary").warning("sending to %s", PHONE)
    logging.getLogger("aiohttp.access").info("GET /simulator/phones")
    [line] = lines()
    assert line["event"] == "sending to [number]"


def test_an_exception_is_named_and_placed_and_its_message_left_out(lines: Any) -> None:
    def fail() -> None:
        raise ValueError("the resident wrote: 路灯不亮")

    for speak in (logs.logger("bot").exception, logging.getLogger("library").exception):
        try:
            fail()
        except ValueError:
            speak("decision failed")
    for line in lines():
        assert line["error"] == "ValueError"
        assert line["at"][-1].startswith("test_logs.py:")
        assert "路灯" not in json.dumps(line, ensure_ascii=False)
    assert len(lines()) == 2


def test_a_failure_of_a_command_is_recorded_in_the_data_folder_under_the_same_rules(tmp_path: Path) -> None:
    path = logs.record_failure(tmp_path / "data", ValueError(f"no such phone: {PHONE}"), "residents.import")
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text(encoding="utf-8"))["error"] == "ValueError"
    assert PHONE not in path.read_text(encoding="utf-8")


@given(text=st.text(max_size=60))
def test_no_text_breaks_a_line_or_hides_in_it(text: str) -> None:
    """A line holds neither control nor bidirectional characters, so that it shows what it says."""
    shown = logs.mask(text)
    assert len(shown.splitlines()) <= 1
    assert not any(character in shown for character in "\u202e\u2066\u200f\x1b\x00\n\r\u2028")
    shown.encode()
