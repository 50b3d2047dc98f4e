"""What the rows of a residents file say, and what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from surveys.problem import Severity
from surveys.questionnaire.workbook import read_table
from surveys.residents.dates import read_birth_year, read_date
from surveys.residents.findings import LISTED
from surveys.residents.roster import Roster, read_roster

TODAY = date(2026, 11, 2)
HEADER = "office id,name,phone,stratum,area,language,birth_year,telegram,consent_source,consent_date,house"


def roster(*lines: str, header: str = HEADER) -> Roster:
    table = read_table("people.csv", "\n".join([header, *lines]).encode())
    return read_roster(table, region="CN", today=TODAY, file="people.csv")


def test_a_good_row_is_read_whole() -> None:
    found = roster("R1,王芳,138 1234 5678/13912345678,城区,东街,English,1968,是,form,2026/10/3,12栋")
    (row,) = found.rows
    assert found.problems == ()
    assert (row.office_id, row.name, row.stratum, row.area, row.language) == ("R1", "王芳", "城区", "东街", "en")
    assert row.phones == ("+8613812345678", "+8613912345678")
    assert (row.birth_year, row.telegram) == (1968, True)
    assert (row.consent_source, row.consent_on) == ("form", date(2026, 10, 3))
    assert row.attributes == {"house": "12栋"}


def test_chinese_headers_are_read_as_well_as_english_ones() -> None:
    found = roster(
        "R1,王芳,13812345678,城区,东街,中文,1968年,否,登记,2026年10月3日",
        header="编号,姓名,手机号码,层,村（社区）,语言,出生年份,Telegram,同意来源,同意日期",
    )
    assert found.problems == ()
    assert found.rows[0].area == "东街"
    assert found.rows[0].language == "zh"


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (",王芳,13812345678,城区,,,,,f,2026-10-03,", "missing", "office id"),
        ("R1,王芳,13812345678,,,,,,f,2026-10-03,", "missing", "stratum"),
        ("R1,王芳,1381234567,城区,,,,,f,2026-10-03,", "bad_phone", "phone"),
        ("R1,王芳,1.38E+10,城区,,,,,f,2026-10-03,", "bad_phone", "phone"),
        ("R1,王芳,13812345678,城区,,Klingon,,,f,2026-10-03,", "unknown_language", "language"),
        ("R1,王芳,13812345678,城区,,,1868,,f,2026-10-03,", "bad_birth_year", "birth_year"),
        ("R1,王芳,13812345678,城区,,,68,,f,2026-10-03,", "bad_birth_year", "birth_year"),
        ("R1,王芳,13812345678,城区,,,,,f,2026-13-03,", "bad_date", "consent_date"),
        ("R1,王芳,13812345678,城区,,,,,f,2026-11-03,", "bad_date", "consent_date"),
        (f"{'R' * 65},王芳,13812345678,城区,,,,,f,2026-10-03,", "too_long", "office id"),
    ],
)
def test_a_bad_row_is_named_with_its_field_and_left_out(line: str, code: str, field: str) -> None:
    found = roster("R0,李,13912345678,城区,,,,,f,2026-10-03,", line)
    (problem,) = found.errors
    assert (problem.code, problem.row, problem.field, problem.file) == (code, 3, field, "people.csv")
    assert problem.fix.text("zh") != problem.fix.text("en")
    assert [row.office_id for row in found.rows] == ["R0"]
    assert found.bad == 1


def test_a_second_row_with_the_same_id_names_the_first() -> None:
    found = roster("R1,王,13812345678,城区,,,,,f,2026-10-03,", "R1,李,13912345678,城区,,,,,f,2026-10-03,")
    (problem,) = found.errors
    assert (problem.code, problem.row) == ("duplicate_id", 3)
    assert "row 2" in problem.text()


def test_several_residents_may_share_a_number_with_a_warning() -> None:
    found = roster("R1,王,13812345678,城区,,,,,f,2026-10-03,", "R2,李,138-1234-5678,城区,,,,,f,2026-10-03,")
    assert len(found.rows) == 2
    assert found.shared == {"+8613812345678"}
    assert [(p.code, p.row, p.severity) for p in found.problems] == [("shared_phone", 3, Severity.WARNING)]


def test_a_row_without_number_or_consent_is_taken_with_warnings() -> None:
    found = roster("R1,王,,城区,,,,,,,")
    assert len(found.rows) == 1
    assert {problem.code for problem in found.problems} == {"no_phone", "no_consent"}
    assert found.errors == ()


def test_a_missing_column_stops_the_file_at_once() -> None:
    found = roster("王芳", header="name")
    assert {problem.field for problem in found.errors} == {"office_id", "stratum", "phones"}
    assert found.rows == ()


def test_two_columns_that_mean_the_same_are_refused() -> None:
    found = roster("R1,王,王,13812345678,城区", header="编号,name,姓名,手机,层")
    assert [problem.code for problem in found.errors] == ["duplicate_column"]


def test_a_finding_on_every_row_is_listed_and_then_counted() -> None:
    found = roster(*(f"R{at},王,1,城区,,,,,f,2026-10-03," for at in range(LISTED + 5)))
    assert len(found.errors) == LISTED + 1
    assert "5 more rows" in found.errors[-1].text()
    assert found.bad == LISTED + 5


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-03", date(2026, 10, 3)),
        ("2026/1/3", date(2026, 1, 3)),
        ("2026.10.3", date(2026, 10, 3)),
        ("2026年10月3日", date(2026, 10, 3)),
        ("20261003", date(2026, 10, 3)),
        ("2026-10-03 00:00:00", date(2026, 10, 3)),
        ("3.10.2026", None),
        ("2026-02-30", None),
        ("昨天", None),
    ],
)
def test_dates_are_read_as_offices_write_them(text: str, day: date | None) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1968", 1968),
        ("1968年", 1968),
        ("1968.0", 1968),
        ("1968-05-01", 1968),
        ("1800", None),
        ("2027", None),
        ("x", None),
    ],
)
def test_a_birth_year_is_one_somebody_alive_can_have(text: str, year: int | None) -> None:
    assert read_birth_year(text, 2026) == year
