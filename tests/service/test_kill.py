"""kill -9 in mid-campaign, again and again: nothing lost, nobody asked twice, nothing sent twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from aiohttp import web

from bot.simulator.app import make_standalone
from bot.simulator.carrier import Carrier
from bot.simulator.mailbox import Mailbox

PINGYI = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]
RESIDENTS = 60
KILLS = 4
#: Five Waters for one who took part in nothing, then "nothing to be handled".
REPLIES = {"1": "2", "2": "2", "3": "1", "4": "2", "5": "1", "6": "2"}
QUESTION = re.compile(r"^(?:接着上次，第 )?(\d)/6", re.MULTILINE)
SECRET = "s" * 32


class Crowd:
    """Residents who reply to what they get, a moment after they got it."""

    def __init__(self, folder: Path, service: str) -> None:
        self.carrier = Carrier(
            service=service, secret=SECRET, mailbox=Mailbox(folder / "phones.jsonl"), observer=self.on_message
        )
        self.got: defaultdict[str, list[str]] = defaultdict(list)
        self.attempts: Counter[str] = Counter()
        self.chance = random.Random(11)
        self.thanked: set[str] = set()

    def on_message(self, number: str, text: str, options: tuple[str, ...], attempt: str) -> None:
        del options
        self.got[number].append(text)
        self.attempts[attempt] += 1
        found = QUESTION.search(text)
        if found:
            self.reply(number, REPLIES[found[1]])
        elif "查验码" in text:
            self.reply(number, "没有")
        else:
            self.thanked.add(number)

    def reply(self, number: str, text: str) -> None:
        delay = self.chance.uniform(0.01, 0.4)
        asyncio.get_running_loop().call_later(delay, self.carrier.text, number, text)


def prepare(folder: Path, environment: dict[str, str]) -> None:
    """Import residents, add the questionnaire, launch."""
    rows = "\n".join(f"R{n},王{n},1390000{n:04d},town,zh,window,2026-06-01" for n in range(1, RESIDENTS + 1))
    (folder / "people.csv").write_text(
        "office_id,name,phone,stratum,language,consent_source,consent_date\n" + rows + "\n", encoding="utf-8"
    )
    today = time.strftime("%Y-%m-%d")
    plan = [
        "--name", "water", "--kind", "survey", "--title", "评议", "--title-en", "Survey", "--organiser", "测评办",
        "--legal-basis", "办法", "--starts", today, "--closes", "2099-01-01", "--delete-on", "2099-12-31",
        "--form", "five_waters_2018", "--size", str(RESIDENTS), "--seed", "1", "--channel", "simulator",
        "--set", "invite_over=0h", "--set", "quiet.opens=00:00", "--set", "quiet.closes=23:59:59",
    ]  # fmt: skip
    for arguments in (
        ["residents", "import", "people.csv"],
        ["form", "add", "five_waters_2018"],
        ["campaign", "create", *plan],
        ["campaign", "launch", "water", "--yes"],
    ):
        done = subprocess.run(
            [*PINGYI, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)


@pytest.mark.timeout(240)
def test_invariants_1_and_2_hold_through_four_kills(tmp_path: Path) -> None:
    """By the channel's own count: every message once, every question once, every answer recorded once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        carrier_port = free.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PINGYI_")},
        "PINGYI_DATA": str(tmp_path / "data"),
        "PINGYI_PORT": str(port),
        "PINGYI_SIMULATOR": "true",
        "PINGYI_SIMULATOR_URL": f"http://127.0.0.1:{carrier_port}/simulator",
        "PINGYI_SIMULATOR_SECRET": SECRET,
        "PINGYI_LANGUAGE": "en",
        "PINGYI_DAY_OPENS": "00:00",
        "PINGYI_DAY_CLOSES": "23:59:59",
    }
    prepare(tmp_path, environment)
    crowd = asyncio.run(_field(tmp_path, environment, port, carrier_port))

    assert len(crowd.thanked) == RESIDENTS
    assert set(crowd.attempts.values()) == {1}
    for number, texts in crowd.got.items():
        asked = QUESTION.findall("\n".join(texts))
        assert asked == ["1", "2", "3", "4", "5", "6"], (number, texts)
        assert sum("查验码" in text for text in texts) == 1
    shown = subprocess.run(
        [*PINGYI, "campaign", "results", "water", "--json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    results = json.loads(shown.stdout)
    assert results["respondents"] == RESIDENTS
    assert results["response"]["rates"]["rr1"] == 1.0


async def _field(folder: Path, environment: dict[str, str], port: int, carrier_port: int) -> Crowd:
    crowd = Crowd(folder, f"http://127.0.0.1:{port}")
    runner = web.AppRunner(make_standalone(crowd.carrier), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", carrier_port).start()
    process = await _start(folder, environment)
    try:
        for _ in range(KILLS):
            await asyncio.sleep(crowd.chance.uniform(0.3, 0.9))
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
            process = await _start(folder, environment)
        for _ in range(1800):
            if len(crowd.thanked) == RESIDENTS and crowd.carrier.quiet:
                break
            await asyncio.sleep(0.1)
        process.terminate()
        assert await asyncio.to_thread(process.wait, 60) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        await runner.cleanup()
    return crowd


async def _start(folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the service and wait until it says where it answers."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
            [*PINGYI, "run"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log
        )
    assert process.stdout is not None
    line = await asyncio.to_thread(process.stdout.readline)
    assert b"answers at" in line, (folder / "log").read_text(encoding="utf-8")
    process.stdout.close()
    return process
