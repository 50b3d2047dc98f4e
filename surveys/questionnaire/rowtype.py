"""What the `type` cell of a survey row says: a question, the edge of a group, or something not asked here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from surveys.language import Message, message
from surveys.questionnaire.form import Kind

_SPELLINGS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("text", "string", "q string", "add text prompt"),
    Kind.INTEGER: ("integer", "int", "q int", "add integer prompt"),
    Kind.DECIMAL: ("decimal", "q decimal", "add decimal prompt"),
    Kind.DATE: ("date", "q date", "add date prompt"),
    Kind.NOTE: ("note", "q note", "add note prompt"),
    Kind.CALCULATE: ("calculate", "q calculate", "add calculate prompt"),
    Kind.HIDDEN: ("hidden",),
}
_KINDS = {spelling: kind for kind, spellings in _SPELLINGS.items() for spelling in spellings}
_ONE = "select_one|select one from|select one using|select one|select1|add select one prompt using"
_MANY = (
    "select_multiple|select multiple from|select multiple using|select multiple|select all that apply from"
    "|select all that apply|add select multiple prompt using"
)
_SELECT = re.compile(
    rf"(?:(?P<one>{_ONE})|(?P<many>{_MANY}))(?: (?P<list>\S+))?(?P<other> (?:or_other|or other|or specify other))?"
)
_EDGE = re.compile(r"(?P<edge>begin|end)[ _](?P<what>group|lgroup|repeat|looped group|loop)\b.*")
_FROM_FILE = re.compile(r"select[_ ](?:one|multiple)[_ ](?:from[_ ]file|external)\b.*")

#: Rows a form application fills by itself; a phone conversation has no use for them, so they are passed over.
#: One that an expression refers to is computed by the expression given here.
METADATA: Mapping[str, str] = {
    **dict.fromkeys(("start", "start time", "get start time", "end", "end time", "get end time"), "once(now())"),
    **dict.fromkeys(("today", "get today"), "today()"),
    **dict.fromkeys(
        (
            "deviceid", "device id", "get device id", "imei", "phonenumber", "phone number", "get phone number",
            "subscriberid", "subscriber id", "get subscriber id", "simserial", "sim id", "get sim id", "username",
            "email", "uri:deviceid", "uri:phonenumber", "uri:subscriberid", "uri:simserial", "uri:username",
            "uri:email", "audit", "start-geopoint", "background-audio", "background-geopoint", "csv-external",
            "xml-external",
        ),
        "''",
    ),
}  # fmt: skip

_LEAVE_OUT = message("Leave the row out, or ask for it with a text question.")
_WRITE_OUT = message("Write the questions out as often as they are needed.")
_INTO_CHOICES = message("Copy the list into the choices sheet and use select_one or select_multiple.")
_RANGE = message("Use integer with a constraint, for example . >= 0 and . <= 10.")
#: Types of the standard that a phone conversation cannot ask yet, and what to use.
UNSUPPORTED: Mapping[str, Message] = {
    **dict.fromkeys(
        ("time", "datetime", "date time", "q date time", "add date time prompt"), message("Use date or text.")
    ),
    **dict.fromkeys(("acknowledge", "trigger", "q acknowledge"), message("Use note, or select_one with one choice.")),
    "range": _RANGE,
    "percentage": _RANGE,
    "rank": message("Use select_one for the most important choice, or select_multiple."),
    **dict.fromkeys(("geopoint", "gps", "location", "geotrace", "geoshape", "q geopoint", "q location"), _LEAVE_OUT),
    **dict.fromkeys(("image", "photo", "audio", "video", "file", "barcode", "osm", "add image prompt"), _LEAVE_OUT),
}


@dataclass(frozen=True, slots=True)
class RowType:
    """What a row is; `refusal` and `fix` when it cannot be taken."""

    role: Literal["question", "begin", "end", "metadata", "refused"]
    kind: Kind | None = None
    list_name: str = ""
    or_other: bool = False
    group: str = ""
    standard: str = ""
    code: str = ""
    refusal: Message | None = None
    fix: Message | None = None


def row_type(written: str) -> RowType:
    """Read the cell; case and blanks do not matter."""
    plain = " ".join(written.split())
    lower = plain.lower()
    kind = _KINDS.get(lower)
    if kind:
        return RowType("question", kind, standard=kind.value)
    if lower in METADATA:
        return RowType("metadata", standard=lower)
    edge = _EDGE.fullmatch(lower)
    if edge:
        what = "group" if edge["what"] == "group" else "repeat"
        if what == "repeat" and edge["edge"] == "begin":
            return _unsupported("repeat", _WRITE_OUT, group="repeat")
        role: Literal["begin", "end"] = "begin" if edge["edge"] == "begin" else "end"
        return RowType(role, group=what, standard=f"{edge['edge']} {what}")
    if _FROM_FILE.fullmatch(lower):
        return _unsupported(plain.split()[0], _INTO_CHOICES)
    select = _SELECT.fullmatch(lower)
    if select:
        # The list's name keeps its case: it is cut from the text as written.
        first, last = select.span("list")
        return _select(plain, plain[first:last] if first >= 0 else "", select)
    first_word = lower.split(" ")[0] if lower else ""
    fix = UNSUPPORTED.get(lower) or UNSUPPORTED.get(first_word)
    if fix:
        return _unsupported(first_word if first_word in UNSUPPORTED else lower, fix)
    near = get_close_matches(lower, [*_KINDS, "select_one", "select_multiple", "begin group", "end group"], 1, 0.7)
    return RowType(
        "refused",
        code="unknown_type",
        refusal=message("There is no question type “{type}”.", type=plain),
        fix=message("Did you mean {name}?", name=near[0])
        if near
        else message("Use text, integer, decimal, date, note, select_one, select_multiple, calculate or begin group."),
    )


def _select(plain: str, list_name: str, found: re.Match[str]) -> RowType:
    if not list_name or list_name.lower() == "or_other":
        return RowType(
            "refused",
            code="missing_list",
            refusal=message("“{type}” names no list of choices.", type=plain),
            fix=message("Write the list's name behind it, for example select_one yes_no."),
        )
    if "${" in list_name or list_name.lower().endswith((".csv", ".xml", ".geojson")):
        return _unsupported(plain, _INTO_CHOICES)
    kind = Kind.SELECT_ONE if found["one"] else Kind.SELECT_MULTIPLE
    other = bool(found["other"])
    standard = f"{kind.value} {list_name}" + (" or_other" if other else "")
    return RowType("question", kind, list_name, other, standard=standard)


def _unsupported(name: str, fix: Message, group: str = "") -> RowType:
    what = message("“{type}” is not supported in a phone conversation yet.", type=name)
    return RowType("refused", group=group, code="unsupported_type", refusal=what, fix=fix)
