"""Files that are not what they seem are refused in one clear line, within five seconds and 500 MB."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from made_workbooks import xlsx
from old_workbooks import compound, xls

from surveys.questionnaire.xlsform import read_form

#: What the child may use: seconds of processor time, and bytes of memory.
SECONDS, MEMORY = 5, 500_000_000
CHILD = f"""
import json, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from surveys.problem import Refused
from surveys.questionnaire.xlsform import inspect_form
name = sys.argv[1]
try:
    form, problems = inspect_form(name, open(name, "rb").read())
    said = {{"taken": [question.label("zh") for question in form.questions]}}
except Refused as refused:
    said = {{"codes": [p.code for p in refused.problems], "lines": [p.text() for p in refused.problems]}}
# Not ru_maxrss: that remembers what the process that started this one had in memory.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
said["memory"] = int(peak.split()[1]) * 1024
print(json.dumps(said))
"""


def read_apart(folder: Path, name: str, data: bytes) -> dict[str, object]:
    """Read a file in a process of its own, which is killed when it takes too long."""
    (folder / name).write_bytes(data)
    done = subprocess.run([sys.executable, "-c", CHILD, name], cwd=folder, capture_output=True, check=False, text=True)
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    said: dict[str, object] = json.loads(done.stdout)
    assert isinstance(said["memory"], int)
    assert said["memory"] < MEMORY
    return said


PLAIN = {"survey": [["type", "name", "label"], ["text", "q", "为什么?"]]}


def repacked(extra: dict[str, bytes], *, without: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx(PLAIN))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in {without, *extra}:
                new.writestr(part, old.read(part))
        for name, content in extra.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(body: bytes, dimension: bytes = b"A1:C2") -> bytes:
    return repacked(
        {
            "xl/worksheets/sheet1.xml": b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b'<dimension ref="' + dimension + b'"/><sheetData>' + body + b"</sheetData></worksheet>"
        }
    )


def many_small_bombs() -> bytes:
    """Return an archive whose every part passes for a picture, and which unpacks to 20 GB."""
    megabytes = zlib.compress(bytes(1_900_000), 9)
    assert len(megabytes) < 10_000
    return repacked({f"xl/media/image{n}.bin": bytes(1_900_000) for n in range(320)})


def strings(count: int, length: int) -> bytes:
    """Return a table of shared strings that packs a hundredfold."""
    one = b"<si><t>" + b"abcdefghij" * (length // 10) + b"</t></si>"
    return repacked(
        {
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + one * count
            + b"</sst>"
        }
    )


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(97, 106))
    + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
)
CELL = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.xlsx", b"", "empty"),
        ("bomb.xlsx", repacked({"xl/media/image1.bin": bytes(400_000_000)}), "bomb"),
        ("bombs.xlsx", many_small_bombs(), "bomb"),
        ("strings.xlsx", strings(300_000, 100), "bomb"),
        ("entities.xlsx", repacked({"xl/worksheets/sheet1.xml": ENTITIES}), "damaged"),
        ("macro.xlsm", repacked({"xl/vbaProject.bin": b"x"}), "macros"),
        ("old_macro.xls", xls(PLAIN, streams=["_VBA_PROJECT_CUR"]), "macros"),
        ("locked.xlsx", compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "encrypted"),
        ("locked.xls", xls(PLAIN, locked=True), "encrypted"),
        ("letter.xlsx", compound({"WordDocument": b"x"}), "not_a_table"),
        ("cut.xls", xls(PLAIN)[:3000], "damaged"),
        ("cut.xlsx", xlsx(PLAIN)[:2000], "damaged"),
        ("far.xlsx", sheet(CELL, b"A1:XFD1048576"), "too_many_rows"),
        ("wide.xlsx", sheet(b'<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>'), "too_many_columns"),
        ("page.xls", b"<html><table><tr><td>type</td></tr></table></html>", "not_a_table"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_table"),
        ("latin.csv", b"type,name,label\ntext,q,Caf\xe9?\xff\n", "encoding"),
        ("quotes.csv", b'type,name,label\ntext,q,"' + b"x" * 2_000_000, "bad_csv"),
        ("long.csv", b"type,name,label\n" + b"text,q,Q?\n" * 3_000_000, "too_many_rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_file_is_refused_in_one_line(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    said = read_apart(tmp_path, name, data)
    assert said["codes"] == [code]
    (line,) = said["lines"]  # type: ignore[misc]  # one line, read from JSON
    assert line.startswith(f"{name}")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("old.xls", xls(PLAIN)),
        ("old_named_new.xlsx", xls(PLAIN)),
        ("chinese.csv", "type,name,label\ntext,q,为什么?\n".encode("gb18030")),
        ("new_named_old.xls", xlsx(PLAIN)),
    ],
)
def test_a_file_under_the_wrong_name_or_encoding_is_read_all_the_same(tmp_path: Path, name: str, data: bytes) -> None:
    assert read_apart(tmp_path, name, data)["taken"] == ["为什么?"]


def test_an_old_workbook_says_the_same_as_a_new_one() -> None:
    made: dict[str, list[list[str | float]]] = {
        "survey": [["type", "name", "label"], ["select_one yn", "q", "好吗?"], ["integer", "n", "几个?"]],
        "choices": [["list_name", "name", "label"], ["yn", 1.0, "好"], ["yn", 2.0, "不好"]],
    }
    old, new = read_form("f.xls", xls(made)), read_form("f.xlsx", xlsx(made))
    assert old.questions == new.questions
    assert [choice.name for choice in old.question("q").choices] == ["1", "2"]
