"""What the gateway channel sends is what the description says, filled as values, and answers are read as it says."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest
from gateway_provider import GatewayProvider
from hypothesis import given
from hypothesis import strategies as st
from simulator_provider import NOW
from yarl import URL

from bot.channels.gateway import NOT_APPROVED, GatewayChannel
from bot.channels.gatewayanswer import outcome
from bot.channels.gatewaycall import Answer, Caller
from bot.channels.gatewayfile import Call, GatewayFile, Send, Sign
from scheduler.clock import SteppedClock
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from storage.failure import Failure
from tests.emulators.gateway import description

SECRET = "the gateway's key"  # noqa: S105 - of this test alone
MOMENT = 1_790_000_000.25
URL_OF = "https://sms.example.com/send"
TEMPLATES = """
[templates]
signature = "测评办"
[[templates.approved]]
id = "T1"
text = "您好{name}，第 {n} 题"
"""


def caller(sign: dict[str, Any] | None = None) -> Caller:
    described = Sign.model_validate(sign) if sign else None
    return Caller(secret=SECRET, sign=described, zone="Asia/Shanghai", real_time=lambda: MOMENT)


def request(call: dict[str, Any], known: dict[str, Any], sign: dict[str, Any] | None = None) -> tuple[URL, Any, bytes]:
    return caller(sign).request(Send.model_validate({"url": URL_OF, **call}), known)


def channel(send: dict[str, Any], **parts: Any) -> GatewayChannel:
    described = GatewayFile.model_validate({"send": {"url": URL_OF, **send}, **parts})
    return GatewayChannel(described, secret=SECRET, clock=SteppedClock(NOW))


@given(text=st.text(max_size=60), attempt=st.text(max_size=20))
def test_whatever_a_message_says_it_stays_within_its_field(text: str, attempt: str) -> None:
    """It ends no string of JSON, adds no field to a form, and reaches no other address."""
    known = {"text": text, "attempt": attempt}
    body = {"a": "{text}", "b": {"c": ["<{text}>"]}, "d": "x"}
    _, _, sent = request({"body": body}, {**known, "text": text.encode("utf-8", "replace").decode()})
    clean = text.encode("utf-8", "replace").decode()
    assert json.loads(sent) == {"a": clean, "b": {"c": [f"<{clean}>"]}, "d": "x"}
    _, _, sent = request({"body": {"a": "{text}", "z": "1"}, "format": "form"}, {**known, "text": clean})
    assert parse_qsl(sent.decode(), keep_blank_values=True) == [("a", clean), ("z", "1")]
    url, _, _ = request(
        {"url": URL_OF + "/{attempt}?q={text}", "method": "GET", "body": {"r": "{text}"}},
        {"text": clean, "attempt": attempt.encode("utf-8", "replace").decode()},
    )
    assert (url.scheme, url.host) == ("https", "sms.example.com")
    assert len(url.raw_path.strip("/").split("/")) <= 2
    fields = parse_qs(url.raw_query_string, keep_blank_values=True)
    assert (fields["q"], fields["r"]) == ([clean], [clean])


def test_what_is_filled_in_is_not_filled_again() -> None:
    """A resident's, or an office's, {secret} is a word like any other."""
    _, _, sent = request({"body": {"a": "{text}", "b": "- {text}"}}, {"text": "{secret} {attempt}"})
    assert json.loads(sent) == {"a": "{secret} {attempt}", "b": "- {secret} {attempt}"}


def test_variables_keep_their_shape_in_json_and_become_json_in_a_form() -> None:
    known = {"variables": {"n": "8"}, "values": ["8"], "to": "1"}
    _, _, sent = request({"body": {"p": "{variables}", "v": "{values}", "n": 3, "t": True}}, known)
    assert json.loads(sent) == {"p": {"n": "8"}, "v": ["8"], "n": 3, "t": True}
    _, _, sent = request({"body": {"p": "{variables}", "v": "{values}", "n": 3}, "format": "form"}, known)
    assert dict(parse_qsl(sent.decode())) == {"p": '{"n":"8"}', "v": '["8"]', "n": "3"}


def test_times_are_written_in_the_zone_of_the_carrier() -> None:
    _, headers, sent = request(
        {"headers": {"T": "{timestamp_ms}"}, "body": {"s": "{timestamp}", "t": "{time}", "n": "{nonce}"}}, {}
    )
    said = json.loads(sent)
    assert headers["T"] == "1790000000250"
    assert (said["s"], said["t"]) == (1_790_000_000, "20260921221320")
    assert len(said["n"]) == 16


@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "md5"])
def test_a_signature_in_a_header_covers_time_address_and_body(algorithm: str) -> None:
    sign = {"header": "X-Sign", "algorithm": algorithm, "content": "{timestamp}|{method}|{path}|{target}|{body}"}
    call = {"url": URL_OF + "?v=2", "body": {"t": "{text}"}}
    url, headers, body = request(call, {"text": "您好"}, sign)
    content = b"1790000000|POST|/send|/send?v=2|" + body
    assert headers["X-Sign"] == hmac.new(SECRET.encode(), content, algorithm).hexdigest()
    assert url.raw_path_qs == "/send?v=2"


def test_a_signature_in_a_field_covers_what_the_carrier_wants() -> None:
    """As many mainland interfaces have it: a digest of account, secret and time, in capitals."""
    sign = {
        "kind": "digest", "algorithm": "md5", "encoding": "HEX", "field": "sign", "content": "qj{secret}{time}{to}",
    }  # fmt: skip
    _, _, body = request({"body": {"m": "{to}"}, "format": "form"}, {"to": "139"}, sign)
    digest = hashlib.md5(f"qj{SECRET}20260921221320139".encode(), usedforsecurity=False).hexdigest().upper()
    assert dict(parse_qsl(body.decode())) == {"m": "139", "sign": digest}


def test_a_question_is_signed_with_the_query_it_asks() -> None:
    sign = {"header": "X-Sign", "encoding": "base64", "content": "{target}"}
    url, headers, body = caller(sign).request(
        Call.model_validate({"url": URL_OF + "?v=2", "method": "GET", "body": {"at": "{time}"}}), {}
    )
    assert (url.raw_path_qs, body) == ("/send?v=2&at=20260921221320", b"")
    right = base64.b64encode(hmac.digest(SECRET.encode(), url.raw_path_qs.encode(), "sha256")).decode()
    assert headers["X-Sign"] == right


@pytest.mark.parametrize(
    ("number", "address", "written"),
    [
        ("national", "+8613900000001", "13900000001"),
        ("digits", "+8613900000001", "8613900000001"),
        ("e164", "+8613900000001", "+8613900000001"),
        ("national", "+447911123456", ""),  # of another country: this gateway does not reach it
    ],
)
def test_a_number_is_written_as_the_carrier_wants_it(number: str, address: str, written: str) -> None:
    gateway = channel({"number": number, "body": {"to": "{to}"}})
    outcome_ = asyncio.run(gateway.send(Outgoing("a", address, "您好")))
    assert isinstance(outcome_, NotSent)  # it is not open
    assert (outcome_.failure is Failure.UNREACHABLE) == (not written)


def carried(provider: GatewayProvider, text: str, templates: str) -> tuple[Any, GatewayProvider]:
    """Send `text` by the emulated carrier with these templates."""
    import tomllib

    async def run() -> Any:
        async with provider.running():
            described = tomllib.loads(description(provider.emulator.url, templates=templates))
            gateway = GatewayChannel(
                GatewayFile.model_validate(described), secret=provider.emulator.secret, clock=SteppedClock(NOW)
            )
            await gateway.open()
            try:
                return await gateway.send(Outgoing("a1", provider.address, text))
            finally:
                await gateway.close()

    return asyncio.run(run()), provider


@pytest.mark.parametrize("text", ["【测评办】您好王先生，第 3 题", "您好王先生，第 3 题"])
def test_a_text_with_a_template_goes_as_template_and_variables(text: str) -> None:
    result, provider = carried(GatewayProvider(), text, TEMPLATES)
    assert isinstance(result, Accepted)
    [sent] = provider.emulator.sent
    assert (sent.template, sent.variables, sent.attempt) == ("T1", {"name": "王先生", "n": "3"}, "a1")


def test_a_text_without_an_approved_template_never_leaves_the_house() -> None:
    result, provider = carried(GatewayProvider(), "【测评办】再见", TEMPLATES)
    assert result == NotSent(NOT_APPROVED, Failure.UNREACHABLE)
    assert provider.emulator.calls == []


@pytest.mark.parametrize("text", ["【测评办】您好", "您好"])
def test_the_signature_stands_before_the_text_once(text: str) -> None:
    approved = {"signature": "测评办", "approved": [{"id": "1", "text": "您好"}]}
    known = channel({"body": {"t": "{text}", "c": "{content}"}}, templates=approved)._known(
        Outgoing("a", "+8613900000001", text), "13900000001"
    )
    assert known is not None
    assert (known["text"], known["content"], known["signature"]) == ("【测评办】您好", "您好", "测评办")


def test_what_is_longer_than_the_carrier_takes_is_not_cut() -> None:
    result = asyncio.run(channel({"longest": 70}).send(Outgoing("a", "+8613900000001", "x" * 71)))
    assert isinstance(result, NotSent)
    assert result.failure is Failure.REFUSED


CODED = Send.model_validate(
    {
        "url": URL_OF,
        "id": "data.id",
        "ok": {"path": "code", "is": 0},
        "errors": {"7": "opted_out", "8": "busy"},
    }
)
PLAIN = Send.model_validate({"url": URL_OF, "id": "id"})


@pytest.mark.parametrize(
    ("send", "answer", "expected"),
    [
        (CODED, Answer(200, {"code": 0, "data": {"id": 5}}), Accepted("5")),
        (CODED, Answer(200, {"code": "0", "data": {"id": "x"}}), Accepted("x")),
        (CODED, Answer(200, {"code": 0}), Unknown),  # taken, it says, and no id: it may be so
        (CODED, Answer(200, {"code": "7"}), Failure.OPTED_OUT),
        (CODED, Answer(500, {"code": "7"}), Failure.OPTED_OUT),  # a code we know says more than the status
        (CODED, Answer(200, {"code": "99"}), Failure.REFUSED),  # a refusal nobody described
        (CODED, Answer(200, {}), Unknown),  # neither yes nor no
        (CODED, Answer(200, None), Unknown),  # a page of a proxy
        (CODED, Answer(500, None), Unknown),
        (CODED, Answer(503, {"code": "99"}), Unknown),  # an error behind the door with a code nobody described
        (CODED, Answer(500, {"code": 0, "data": {"id": 1}}), Unknown),  # it contradicts itself
        (CODED, Answer(429, None), Failure.BUSY),
        (CODED, Answer(401, None), Failure.MISCONFIGURED),
        (CODED, Answer(403, None), Failure.MISCONFIGURED),
        (CODED, Answer(302, None), Failure.MISCONFIGURED),  # the address leads elsewhere, nobody followed
        (CODED, Answer(400, None), Failure.REFUSED),
        (CODED, Answer(200, {"code": True, "data": {"id": 1}}), Unknown),  # true is not a code
        (PLAIN, Answer(202, {"id": "x"}), Accepted("x")),
        (PLAIN, Answer(200, {"id": ""}), Unknown),
        (Send.model_validate({"url": URL_OF}), Answer(204, None), Accepted("attempt1")),  # no id to be had
    ],
)
def test_an_answer_means_what_the_description_says_and_no_more(send: Send, answer: Answer, expected: Any) -> None:
    found = outcome(send, answer, "attempt1")
    if isinstance(expected, Failure):
        assert isinstance(found, NotSent)
        assert found.failure is expected
    elif isinstance(expected, type):
        assert isinstance(found, expected)
    else:
        assert found == expected


def test_the_patience_a_carrier_asks_for_is_handed_on() -> None:
    assert outcome(CODED, Answer(429, {"code": 8}, 7.0), "a") == NotSent(
        "the gateway refused with 8", Failure.BUSY, 7.0
    )


@pytest.mark.parametrize(
    ("code", "failure"),
    [("1001", Failure.MISCONFIGURED), ("1003", Failure.UNREACHABLE), ("1005", Failure.OPTED_OUT)],
)
def test_the_carriers_codes_arrive_as_our_failures(code: str, failure: Failure) -> None:
    provider = GatewayProvider()
    provider.emulator.next_error(code)
    result, _ = carried(provider, "您好", "")
    assert isinstance(result, NotSent)
    assert result.failure is failure
    assert provider.emulator.sent == []


def test_a_wrong_key_is_called_by_its_name() -> None:
    provider = GatewayProvider()

    async def run() -> Any:
        async with provider.running():
            gateway = provider.channel()
            provider.emulator.secret = "another"  # noqa: S105 - of this test alone
            await gateway.open()
            try:
                return await gateway.send(Outgoing("a1", provider.address, "您好")), await gateway.examine()
            finally:
                await gateway.close()

    result, examination = asyncio.run(run())
    assert isinstance(result, NotSent)
    assert result.failure is Failure.MISCONFIGURED
    assert [problem.code for problem in examination.problems] == ["credentials"]
