"""The description of a carrier's HTTP gateway: its tables and keys, and what they may hold (docs/gateway.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from bot.channels.approved import LONGEST_VARIABLE, Approved, Template
from bot.channels.gatewaytext import ALWAYS, HEADER_PLACES, MESSAGE_PLACES, places
from storage.failure import Failure

#: What the content of a signature on the carrier's posts may be made of.
POSTS_PLACES = frozenset({"timestamp", "body", "path", "target", "method", "secret"})
ACCEPTED, DELIVERED = "accepted", "delivered"


def _codes(value: Any) -> Any:
    """Take numbers for codes as well: carriers write 0 and "0"."""
    if isinstance(value, list | tuple):
        return tuple(_code(item) for item in value)
    return (_code(value),)


def _code(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else value


Codes = Annotated[tuple[str, ...], BeforeValidator(_codes)]
Url = Annotated[str, Field(pattern=r"^https?://[^/\s{}]+(/\S*)?$", max_length=2000)]
Format = Literal["json", "form"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Call(_Part):
    """One request to the gateway; texts have places. A GET carries `body` as its query."""

    url: Url
    method: Literal["GET", "POST"] = "POST"
    format: Format = "json"
    headers: Mapping[str, str] = {}
    body: Mapping[str, Any] = {}

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        _only(self.headers, HEADER_PLACES, "headers")
        _only([self.url, self.body], self._allowed(), "url or body")
        return self

    @classmethod
    def _allowed(cls) -> frozenset[str]:
        return ALWAYS


class Ok(_Part):
    """The value at `path` that means success."""

    path: str
    equals: Codes = Field(alias="is")


class Send(Call):
    """How a message is sent, and how the answer is read."""

    number: Literal["e164", "digits", "national"] = "national"
    country: str = Field("86", pattern=r"^[1-9]\d{0,2}$")
    sender: str = ""
    longest: int = Field(500, ge=70, le=2000)
    id: str = ""
    ok: Ok | None = None
    code: str = ""
    errors: Mapping[str, Failure] = {}

    @classmethod
    def _allowed(cls) -> frozenset[str]:
        return ALWAYS | MESSAGE_PLACES

    @property
    def code_path(self) -> str:
        """Where an answer says why it refuses."""
        return self.code or (self.ok.path if self.ok else "")


class Sign(_Part):
    """The signature we put on requests: over `content`, into a header or a field of the body."""

    kind: Literal["hmac", "digest"] = "hmac"
    algorithm: Literal["sha256", "sha1", "md5"] = "sha256"
    content: str
    encoding: Literal["hex", "HEX", "base64"] = "hex"
    header: str = ""
    field: str = ""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if bool(self.header) == bool(self.field):
            raise ValueError("a signature goes either into a header or into a field")
        if self.field and "body" in places(self.content):
            raise ValueError("a signature inside the body cannot cover {body}")
        if self.kind == "digest" and "secret" not in places(self.content):
            raise ValueError("a digest without {secret} proves nothing")
        allowed = ALWAYS | {"body", "path", "target", "method"}
        _only(self.content, allowed if self.header else allowed | MESSAGE_PLACES, "content")
        return self


class Posts(_Part):
    """How the carrier signs what it posts to us, and what it wants to be answered."""

    header: str
    timestamp: str
    algorithm: Literal["sha256", "sha1", "md5"] = "sha256"
    content: str = "{timestamp}\n{method}\n{target}\n{body}"
    encoding: Literal["hex", "HEX", "base64"] = "hex"
    window: int = Field(300, ge=10, le=3600)
    answer: str = ""
    answer_type: str = "text/plain"

    @field_validator("content")
    @classmethod
    def _covers(cls, value: str) -> str:
        _only(value, POSTS_PLACES, "content")
        if not {"timestamp", "body"} <= set(places(value)):
            raise ValueError("without {timestamp} and {body} anybody could change or repeat what is posted")
        return value


class Poll(Call):
    """A request repeated every `seconds`."""

    seconds: float = Field(15, ge=0.05, le=3600)


class Confirm(Call):
    """A request that tells the carrier which items were kept: `{ids}` is their list."""

    @classmethod
    def _allowed(cls) -> frozenset[str]:
        return ALWAYS | {"ids"}


class Incoming(_Part):
    """Where messages or reports come from and what their fields are called; `items` is the path of their list."""

    mode: Literal["post", "poll"] = "post"
    format: Format = "json"
    poll: Poll | None = None
    confirm: Confirm | None = None
    items: str = ""
    id: str = ""

    @model_validator(mode="after")
    def _polled(self) -> Self:
        if (self.mode == "poll") != (self.poll is not None):
            raise ValueError('mode "poll" and the table [….poll] go together')
        if self.confirm and self.mode != "poll":
            raise ValueError("only what is polled is confirmed")
        if self.confirm and not self.id:
            raise ValueError("what is confirmed needs an id")
        return self


class Inbound(Incoming):
    """Messages of residents. Without an `id` of the carrier one is made from number, time and text."""

    sender: str = Field(alias="from")
    text: str
    time: str = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.id and not self.time:
            raise ValueError("messages need an id, or at least a time to tell them apart by")
        return self


class Receipts(Incoming):
    """Delivery reports: `states` maps the carrier's status to accepted, delivered or what kind of failure it is."""

    attempt: str = ""
    status: str
    states: Mapping[str, Failure | Literal["accepted", "delivered"]]

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.id and not self.attempt:
            raise ValueError("reports name a message by id or by attempt")
        return self


class Evidence(Call):
    """A question what became of an attempt. What the carrier does not list after `absent_after` it never had."""

    items: str = ""
    attempt: str
    id: str = ""
    ok: Ok | None = None
    absent_after: float = Field(20, ge=0)

    @classmethod
    def _allowed(cls) -> frozenset[str]:
        return ALWAYS | {"attempt", "to", "sender"}


class Wording(_Part):
    """One approved text."""

    id: str
    text: str = Field(max_length=2000)

    @field_validator("text")
    @classmethod
    def _certain(cls, value: str) -> str:
        Template("", value)
        return value


class Templates(_Part):
    """The approved texts, here or in a TOML file of its own (beside this one) with the same list."""

    signature: str = Field("", pattern="^[^【】]*$")
    longest_variable: int = Field(LONGEST_VARIABLE, ge=1, le=2000)
    file: str = ""
    approved: tuple[Wording, ...] = ()


class GatewayFile(_Part):
    """The whole description."""

    send: Send
    sign: Sign | None = None
    posts: Posts | None = None
    inbound: Inbound | None = None
    receipts: Receipts | None = None
    evidence: Evidence | None = None
    templates: Templates | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        posted = [part for part in (self.inbound, self.receipts) if part and part.mode == "post"]
        if posted and not self.posts:
            raise ValueError("what is posted needs [posts]: how the carrier signs it")
        if self.templates is None and {"template", "variables", "values"} & set(places(self.send.body)):
            raise ValueError("{template} and its variables need [templates]")
        return self

    @property
    def needs_secret(self) -> bool:
        """Whether anything is signed or carries the secret."""
        calls = [self.send, self.evidence, *(part.poll for part in (self.inbound, self.receipts) if part)]
        carried = any("secret" in places([call.url, call.headers, call.body]) for call in calls if call)
        return bool(self.sign or self.posts or carried)

    def approved(self) -> Approved | None:
        """Return the approved texts, None if the carrier sends any."""
        if self.templates is None:
            return None
        return Approved(
            [Template(wording.id, wording.text) for wording in self.templates.approved],
            signature=self.templates.signature,
            longest_variable=self.templates.longest_variable,
        )


def _only(value: Any, allowed: frozenset[str], where: str) -> None:
    strange = sorted(set(places(value)) - allowed)
    if strange:
        known = ", ".join(f"{{{name}}}" for name in sorted(allowed))
        raise ValueError(f"{where} cannot hold {{{strange[0]}}}; known: {known}")
