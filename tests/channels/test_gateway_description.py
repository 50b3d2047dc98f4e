"""The description of a gateway is checked as a whole: every fault is named by file, key and fix."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.channels import gatewayfile
from bot.channels.gateway import make_gateway
from bot.channels.gatewayfile import GatewayFile
from bot.channels.gatewayreading import MOST_FAULTS, read_gateway
from bot.channels.gatewaytext import ALWAYS, MESSAGE_PLACES
from bot.settingssources import read_settings
from scheduler.clock import RealClock
from storage.failure import Failure
from surveys.problem import Refused
from tests.emulators.gateway import description

GUIDE = (Path(__file__).parents[2] / "docs" / "gateway.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
SMALL = '[send]\nurl = "https://sms.example.com/send"\nbody = { to = "{to}", text = "{text}" }\n'


def read(folder: Path, text: str) -> GatewayFile:
    path = folder / "gateway.toml"
    path.write_text(text, encoding="utf-8")
    return read_gateway(path)


def faults(folder: Path, text: str) -> dict[str, str]:
    """Return the keys at fault with what is said of them."""
    with pytest.raises(Refused) as refused:
        read(folder, text)
    for problem in refused.value.problems:
        assert problem.file.endswith("gateway.toml")
        assert "docs/gateway.md" in problem.fix.text("en")
        assert problem.what.text("zh") != problem.what.text("en")
    return {problem.field: problem.what.text("en") for problem in refused.value.problems}


def test_both_examples_of_the_guide_are_whole_descriptions(tmp_path: Path) -> None:
    smallest, typical = (read(tmp_path, example) for example in EXAMPLES)
    assert smallest.approved() is None
    approved = typical.approved()
    assert approved is not None
    assert approved.signature == "清江市测评办"
    fitting = approved.match("【清江市测评办】谢谢您！您的查验码是 80008534。结果将由清江市测评办公布。")
    assert fitting is not None
    assert fitting.template == "T1003"
    assert fitting.variables == {"number": "80008534", "office": "清江市测评办"}
    assert smallest.needs_secret
    assert typical.needs_secret


def test_the_guide_names_every_key_place_and_failure() -> None:
    models = [model for model in vars(gatewayfile).values() if isinstance(model, type) and issubclass(model, BaseModel)]
    keys = {field.alias or name for model in models for name, field in model.model_fields.items()} - {"equals"}
    assert len(keys) > 40
    assert sorted(key for key in keys if not re.search(rf"\b{key}\b", GUIDE)) == []
    assert sorted(place for place in ALWAYS | MESSAGE_PLACES if f"`{{{place}}}`" not in GUIDE) == []
    assert sorted(failure.value for failure in Failure if f"| `{failure.value}` |" not in GUIDE) == []


@pytest.mark.parametrize("mode", ["post", "poll"])
def test_the_emulated_carrier_is_described_whole(tmp_path: Path, mode: str) -> None:
    assert read(tmp_path, description("http://127.0.0.1:9", mode=mode)).send.id == "data.msgid"


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("[send", "", "cannot be read"),
        ("", "send", "missing"),
        ("[send]\n", "send.url", "missing"),
        ('[send]\nurl = "sms.example.com"', "send.url", "pattern"),
        ('[send]\nurl = "https://{to}.example.com/"', "send.url", "pattern"),  # a message must not choose the host
        (SMALL + 'metod = "GET"', "send.metod", "no such key"),
        (SMALL + 'method = "PUT"', "send.method", "'GET' or 'POST'"),
        (SMALL + 'errors = { 1001 = "nonsense" }', "send.errors.1001", "opted_out"),
        (SMALL + 'headers = { X = "{text}" }', "send", "headers cannot hold {text}"),
        (SMALL.replace("{text}", "{txt}"), "send", "cannot hold {txt}"),
        (SMALL + "[sign]\n", "sign.content", "missing"),
        (SMALL + '[sign]\ncontent = "{body}"', "sign", "either into a header or into a field"),
        (SMALL + '[sign]\ncontent = "{body}"\nfield = "sign"', "sign", "cannot cover"),
        (SMALL + '[sign]\ncontent = "{time}"\nfield = "sign"\nkind = "digest"', "sign", "proves nothing"),
        (SMALL + '[inbound]\nid = "id"\nfrom = "from"\ntext = "text"', "", "needs [posts]"),
        (
            SMALL + '[posts]\nheader = "S"\ntimestamp = "T"\ncontent = "{body}"',
            "posts.content",
            "change or repeat what is posted",
        ),
        (SMALL + '[inbound]\nmode = "poll"\nid = "id"\nfrom = "from"\ntext = "text"', "inbound", "go together"),
        (SMALL + '[inbound]\nfrom = "from"\ntext = "text"', "inbound", "need an id"),
        (SMALL + '[receipts]\nstatus = "s"\nstates = {}', "receipts", "by id or by attempt"),
        (SMALL + '[receipts]\nid = "i"\nstatus = "s"\nstates = { D = "done" }', "receipts.states.D", "not valid"),
        (SMALL.replace("{text}", "{template}"), "", "need [templates]"),
        (
            SMALL + '[[templates.approved]]\nid = "1"\ntext = "{1}{2}好"',
            "templates.approved.0.text",
            "between two variables",
        ),
        (SMALL + '[templates]\nsignature = "【x】"', "templates.signature", "pattern"),
    ],
)
def test_a_fault_is_named_by_its_key(tmp_path: Path, text: str, key: str, said: str) -> None:
    found = faults(tmp_path, text)
    assert any(where.startswith(key) and said in what for where, what in found.items()), found


def test_a_fault_never_repeats_the_value_it_may_be_a_secret(tmp_path: Path) -> None:
    found = faults(tmp_path, '[send]\nurl = "s3cr3t"\nmethod = "s3cr3t"\nlongest = "s3cr3t"')
    assert len(found) == 3
    assert "s3cr3t" not in str(found)


def test_many_faults_do_not_fill_the_screen(tmp_path: Path) -> None:
    text = SMALL + "".join(f"x{number} = 1\n" for number in range(3 * MOST_FAULTS))
    assert len(faults(tmp_path, text)) == MOST_FAULTS


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"missing\.toml: there is no such file"):
        read_gateway(tmp_path / "missing.toml")


def test_templates_may_stand_in_a_file_beside(tmp_path: Path) -> None:
    (tmp_path / "approved.toml").write_text('[[approved]]\nid = "2"\ntext = "谢谢{1}"\n', encoding="utf-8")
    text = SMALL + '[templates]\nfile = "approved.toml"\n[[templates.approved]]\nid = "1"\ntext = "您好"\n'
    approved = read(tmp_path, text).approved()
    assert approved is not None
    assert [approved.match(said).template for said in ("您好", "谢谢您")] == ["1", "2"]  # type: ignore[union-attr]  # they fit


def test_a_file_of_templates_holds_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "approved.toml").write_text('signature = "x"\n', encoding="utf-8")
    with pytest.raises(Refused, match=r"approved\.toml, signature: there is no such key"):
        read(tmp_path, SMALL + '[templates]\nfile = "approved.toml"\n')


def test_a_description_that_signs_needs_the_secret_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "gateway.toml"
    path.write_text(EXAMPLES[0], encoding="utf-8")
    with pytest.raises(Refused, match="PINGYI_GATEWAY_SECRET"):
        make_gateway(read_settings(gateway=path), RealClock())
    with pytest.raises(Refused, match="PINGYI_GATEWAY"):
        make_gateway(read_settings(), RealClock())
    channel = make_gateway(read_settings(gateway=path, gateway_secret="k", gateway_per_second=3), RealClock())  # noqa: S106 - of this test alone
    assert (channel.limits.per_second, channel.limits.segmented, channel.limits.evidence) == (3, True, False)
    assert not channel.capabilities.receipts


def test_the_description_is_plain_data_wherever_it_is_read() -> None:
    """It can be read again from what it was read from: nothing in it is changed on the way."""
    table: dict[str, Any] = tomllib.loads(EXAMPLES[1])
    before = str(table)
    assert GatewayFile.model_validate(table) == GatewayFile.model_validate(table)
    assert str(table) == before
