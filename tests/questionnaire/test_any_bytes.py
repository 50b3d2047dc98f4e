"""Whatever bytes are handed in, a form or a refusal comes back: never another failure."""

from __future__ import annotations

import contextlib
import zipfile
from io import BytesIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_workbooks import one_csv, sheets, xlsx

from surveys.problem import Refused
from surveys.questionnaire.form import Form
from surveys.questionnaire.record import form_text, read_form_text
from surveys.questionnaire.templates import names, template
from surveys.questionnaire.workbook import Table, read_table
from surveys.questionnaire.xlsform import read_form

MADE = sheets(
    """type|name|label::zh|label::en|relevant|constraint|required|calculation
    select_one yn or_other|a|甲|A?|||yes|
    begin group|g|||${a} = 'yes'|||
    integer|b|乙|B?||. > 0 and . < 9||
    end group||||||||
    calculate|c||||||${b} * 2
    date|d|丁|D?|${c} > 4|. <= today()||""",
    "list_name|name|label::zh|label::en\nyn|yes|是|Yes\nyn|no|否|No",
    "form_title|default_language\n表|zh",
)
EXCEL = xlsx(MADE)
TEXT = one_csv(MADE)
SEEDS = [EXCEL, TEXT, *map(template, names())]

quick = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def taken_or_refused(data: bytes) -> None:
    with contextlib.suppress(Refused):
        form = read_form("any.xlsx", data)
        assert isinstance(form, Form)
        assert read_form_text(form_text(form)) == form
    with contextlib.suppress(Refused):
        assert isinstance(read_table("any.csv", data), Table)


@quick
@given(st.binary(max_size=400))
def test_any_bytes_are_a_form_or_refused(data: bytes) -> None:
    taken_or_refused(data)


@quick
@given(st.sampled_from(SEEDS), st.data())
def test_a_damaged_file_is_a_form_or_refused(seed: bytes, data: st.DataObject) -> None:
    damaged = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
        damaged = damaged or bytearray(b"x")
    taken_or_refused(bytes(damaged))


@quick
@given(st.data())
def test_a_workbook_with_a_damaged_part_is_a_form_or_refused(data: st.DataObject) -> None:
    """The archive is whole, so the damage reaches the reader of the sheets."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(EXCEL)) as old, zipfile.ZipFile(out, "w") as new:
        parts = [part.filename for part in old.infolist()]
        chosen = data.draw(st.sampled_from(parts))
        for name in parts:
            content = bytearray(old.read(name))
            if name == chosen and content:
                at = data.draw(st.integers(0, len(content) - 1))
                content[at : at + data.draw(st.integers(0, 20))] = data.draw(
                    st.binary(max_size=6) | st.sampled_from([b"<", b"&x;", b'"', b"</c>", b"99999999", b"XFD1"])
                )
            new.writestr(name, bytes(content))
    taken_or_refused(out.getvalue())


cells = st.sampled_from(
    [
        "", "a", "b", "text", "integer", "note", "calculate", "select_one yn", "select_one yn or_other", "begin group",
        "end group", "begin repeat", "today", "${a}", "${a} = 'x'", ". > 1", "yes", "true()", "A?", "meta", "a b",
        "x" * 40, "${b", "jr:choice-name(${a}, '${a}')", "类型", "\u0007", "random()",
        "zh", "trigger", "select_multiple ${a}",
    ]
)  # fmt: skip
headers = st.lists(
    st.sampled_from(
        [
            "type", "name", "label", "label::en", "label::中文 (zh)", "hint", "relevant", "required", "constraint",
            "calculation", "choice_filter", "default", "read_only", "parameters", "appearance", "trigger", "disabled",
            "list_name", "hidden", "satisfied", "synonyms", "image", "repeat_count", "role", "odd header", "a::b::c",
        ]
    ),
    min_size=1, max_size=7, unique=True,
)  # fmt: skip
tables = headers.flatmap(
    lambda header: st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=6).map(
        lambda body: [header, *body]
    )
)


@quick
@given(tables, tables, tables)
def test_sheets_of_any_content_are_a_form_or_refused(
    survey: list[list[str]], choices: list[list[str]], setting: list[list[str]]
) -> None:
    taken_or_refused(one_csv({"survey": survey, "choices": choices, "settings": setting}))
