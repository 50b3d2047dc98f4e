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
    Kind.TEXT: (
        "text", "string", "q string", "add text prompt", "barcode", "q barcode", "add barcode prompt",
    ),
    Kind.INTEGER: ("integer", "int", "q int", "add integer prompt"),
    Kind.DECIMAL: ("decimal", "q decimal", "add decimal prompt"),
    Kind.DATE: ("date", "q date", "add date prompt"),
    Kind.TIME: ("time", "q time", "add time prompt"),
    Kind.DATETIME: ("datetime", "date time", "q datetime", "q date time", "add datetime prompt",
                    "add date time prompt"),
    Kind.GEOPOINT: ("geopoint", "gps", "location", "q geopoint", "q location", "add location prompt"),
    Kind.IMAGE: ("image", "photo", "q image", "q picture", "add image prompt", "add photo prompt"),
    Kind.AUDIO: ("audio", "q audio", "add audio prompt"),
    Kind.VIDEO: ("video", "q video", "add video prompt"),
    Kind.FILE: ("file", "add file prompt"),
    Kind.NOTE: ("note", "q note", "add note prompt"),
    Kind.CALCULATE: ("calculate", "calculate_here", "q calculate", "add calculate prompt"),
    Kind.HIDDEN: ("hidden",),
}  # fmt: skip
_KINDS = {spelling: kind for kind, spellings in _SPELLINGS.items() for spelling in spellings}
#: What pyxform calls a kind where that differs from its own first spelling.
_STANDARD = {Kind.DATETIME: "dateTime"}
_KEPT_AS_WRITTEN = frozenset({"barcode"})
ACKNOWLEDGE = ("acknowledge", "trigger", "q acknowledge", "add acknowledge prompt")

#: Types that are a whole number within bounds: spelling → parameters of a range (None: those of the row).
RANGES: Mapping[str, Mapping[str, str] | None] = {
    "range": None,
    "percentage": {"start": "0", "end": "100"},
    "number of days in last month": {"start": "0", "end": "31"},
    "number of days in last six months": {"start": "0", "end": "183"},
    "number of days in last year": {"start": "0", "end": "365"},
}

_ONE = "select_one|select one from|select one using|select one|select1|q select1|add select one prompt using"
_MANY = (
    "select_multiple|select multiple from|select multiple using|select multiple|select all that apply from"
    "|select all that apply|q select|add select multiple prompt using"
)
_RANK = "rank|odk:rank"
_SELECT = re.compile(
    rf"(?:(?P<one>{_ONE})|(?P<many>{_MANY})|(?P<rank>{_RANK}))"
    r"(?: (?P<list>\S+))?(?P<other> (?:or_other|or other|or specify other))?"
)
_FROM_FILE = re.compile(r"select[_ ](?:(?P<one>one)|multiple)[_ ]from[_ ]file(?: (?P<file>\S+))?(?P<other> or_other)?")
_EXTERNAL = re.compile(r"select[_ ]one[_ ]external\b.*")
_EDGE = re.compile(r"(?P<edge>begin|end)[ _](?P<what>group|repeat|lgroup|looped group|loop)\b.*")

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

#: The same of SurveyCTO, which pyxform does not know.
OF_SURVEYCTO = frozenset(
    {
        "caseid", "comments", "text audit", "audio audit", "speed violations count", "speed violations list",
        "speed violations audit", "devicephonenum", "sensor_statistic", "sensor_stream",
    }
)  # fmt: skip
_LINES = message("Write one select_one for each line.")
#: Kobo's own frames around questions, which pyxform does not know either.
_OF_KOBO = re.compile(r"(?P<edge>begin|end)[ _](?P<what>score|rank|kobomatrix)\b.*|(?:score__row|rank__level)")

_LEAVE_OUT = message("Leave the row out, or ask for it with a text question.")
_WRITE_OUT = message("Write the questions out as often as they are needed, or use begin repeat.")
_INTO_CHOICES = message("Copy the list into the choices sheet and use select_one or select_multiple.")
#: Types of the standard that a phone conversation cannot ask, and what to use.
UNSUPPORTED: Mapping[str, Message] = {
    **dict.fromkeys(
        ("geotrace", "geoshape", "q geotrace", "q geoshape", "add geotrace prompt", "add geoshape prompt"),
        message("Ask for one place with geopoint, or leave the row out."),
    ),
    "osm": _LEAVE_OUT,
}


@dataclass(frozen=True, slots=True)
class RowType:
    """What a row is; `refusal` and `fix` when it cannot be taken.

    `list_name` is that of the choices; `file` says that the list is a table beside the workbook. `bounds` are those of
    a range. `standard` is the type as pyxform spells it.
    """

    role: Literal["question", "begin", "end", "metadata", "refused"]
    kind: Kind | None = None
    list_name: str = ""
    or_other: bool = False
    group: str = ""
    standard: str = ""
    code: str = ""
    refusal: Message | None = None
    fix: Message | None = None
    file: bool = False
    ranged: bool = False
    bounds: Mapping[str, str] | None = None
    acknowledged: bool = False


def row_type(written: str) -> RowType:
    """Read the cell; case and blanks do not matter."""
    plain = " ".join(written.split())
    lower = plain.lower()
    kind = _KINDS.get(lower)
    if kind:
        return RowType(
            "question", kind, standard=lower if lower in _KEPT_AS_WRITTEN else _STANDARD.get(kind, kind.value)
        )
    if lower in ACKNOWLEDGE:
        return RowType("question", Kind.SELECT_ONE, standard="acknowledge", acknowledged=True)
    if lower in RANGES:
        return RowType("question", Kind.INTEGER, standard=lower, ranged=True, bounds=RANGES[lower])
    if lower in METADATA or lower in OF_SURVEYCTO:
        return RowType("metadata", standard=lower)
    edge = _EDGE.fullmatch(lower)
    if edge:
        what = {"group": "group", "loop": "loop"}.get(edge["what"], "repeat")
        if what == "loop" and edge["edge"] == "begin":
            return _unsupported("loop", _WRITE_OUT, group="loop")
        role: Literal["begin", "end"] = "begin" if edge["edge"] == "begin" else "end"
        return RowType(role, group=what, standard=f"{edge['edge']} {what}")
    kobo = _OF_KOBO.fullmatch(lower)
    if kobo and kobo["edge"] == "end":
        return RowType("end", group=kobo["what"])
    if kobo:
        return _unsupported(lower.split(" ")[0], _LINES, group=kobo["what"] or "")
    if _EXTERNAL.fullmatch(lower):
        return _unsupported("select_one_external", _INTO_CHOICES)
    from_file = _FROM_FILE.fullmatch(lower)
    if from_file:
        return _from_file(plain, from_file)
    select = _SELECT.fullmatch(lower)
    if select:
        # The list's name keeps its case: it is cut from the text as written.
        first, last = select.span("list")
        return _select(plain, plain[first:last] if first >= 0 else "", select)
    first_word = lower.split(" ")[0] if lower else ""
    fix = UNSUPPORTED.get(lower) or UNSUPPORTED.get(first_word)
    if fix:
        return _unsupported(first_word if first_word in UNSUPPORTED else lower, fix)
    known = [*_KINDS, *ACKNOWLEDGE, *RANGES, "select_one", "select_multiple", "rank"]
    near = get_close_matches(lower, [*known, "begin group", "end group", "begin repeat", "end repeat"], 1, 0.7)
    return RowType(
        "refused",
        code="unknown_type",
        refusal=message("There is no question type “{type}”.", type=plain),
        fix=message("Did you mean {name}?", name=near[0])
        if near
        else message("Use text, integer, decimal, date, note, select_one, select_multiple, calculate or begin group."),
    )


def _from_file(plain: str, found: re.Match[str]) -> RowType:
    first, last = found.span("file")
    name = plain[first:last] if first >= 0 else ""
    if not name:
        return _without_list(plain)
    if not name.lower().endswith(".csv"):
        return _unsupported(plain, message("Use a list saved as CSV, or copy it into the choices sheet."))
    kind = Kind.SELECT_ONE if found["one"] else Kind.SELECT_MULTIPLE
    other = bool(found["other"])
    standard = f"{kind.value}_from_file {name}"
    return RowType("question", kind, name, other, standard=standard, file=True)


def _select(plain: str, list_name: str, found: re.Match[str]) -> RowType:
    if not list_name or list_name.lower() == "or_other":
        return _without_list(plain)
    if "${" in list_name:
        return _unsupported(plain, _INTO_CHOICES)
    kind = Kind.SELECT_ONE if found["one"] else Kind.SELECT_MULTIPLE if found["many"] else Kind.RANK
    if list_name.lower().endswith((".csv", ".xml", ".geojson")):
        # A slip that pyxform forgives too: the file named behind select_one.
        fix = message("Write {type}.", type=f"{kind.value}_from_file {list_name}")
        return RowType("refused", code="unsupported_type", refusal=_not_here(plain), fix=fix)
    other = bool(found["other"])
    if other and kind is Kind.RANK:
        return _unsupported(plain, message("Leave or_other out: what is ranked must be listed."))
    standard = f"{kind.value} {list_name}" + (" or_other" if other else "")
    return RowType("question", kind, list_name, other, standard=standard)


def _without_list(plain: str) -> RowType:
    return RowType(
        "refused",
        code="missing_list",
        refusal=message("“{type}” names no list of choices.", type=plain),
        fix=message("Write the list's name behind it, for example select_one yes_no."),
    )


def _not_here(name: str) -> Message:
    return message("“{type}” is not supported in a phone conversation.", type=name)


def _unsupported(name: str, fix: Message, group: str = "") -> RowType:
    return RowType("refused", group=group, code="unsupported_type", refusal=_not_here(name), fix=fix)
