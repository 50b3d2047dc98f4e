"""The CSV table holds every figure and no spreadsheet runs anything in it."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.table import results_csv, safe
from surveys.language import CHINESE, ENGLISH
from surveys.statistics.results import compute_results
from tests.statistics.example_analysis import example_analysis


@pytest.mark.parametrize(
    ("cell", "written", "reason"),
    [
        ("=1+1", "'=1+1", "a formula"),
        ("+86 571", "'+86 571", "a sign"),
        ("-1", "'-1", "a text that looks like a number is no number of ours"),
        ("@SUM(A1)", "'@SUM(A1)", "Lotus function"),
        ("\t=1", "'\t=1", "a tab hides the sign"),
        ("\r=1", "'\r=1", "so does a carriage return"),
        ("\n=1", "'\n=1", "and a line feed"),
        ("  =1", "'  =1", "blanks are trimmed by some programs"),
        ("\u3000=1", "'\u3000=1", "and wide blanks"),
        ("=1", "'=1", "full-width signs are folded by some"),
        ("城关", "城关", "a word"),
        ("a=1", "a=1", "a sign within a text"),
        ("", "", "nothing"),
        (None, "", "nothing at all"),
        (-1.5, "-1.5", "our own numbers stay numbers"),
        (-0.0, "0", "there is no negative zero"),
        (0.123456789, "0.123457", "six decimals"),
        (1234567, "1234567", "a count in full"),
    ],
)
def test_a_cell_is_written(cell: str | float | None, written: str, reason: str) -> None:
    assert safe(cell) == written, reason


@given(st.text())
def test_no_text_reaches_a_spreadsheet_as_a_formula(text: str) -> None:
    assert not safe(text).lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "=", "+", "-", "@"))


def test_the_table_opens_as_utf8_and_every_row_has_every_column() -> None:
    text = results_csv(compute_results(example_analysis()), CHINESE)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[0][:4] == ["part", "item", "measure", "stratum"]


def test_the_table_holds_the_figures_of_the_results() -> None:
    results = compute_results(example_analysis())
    rows = list(csv.DictReader(StringIO(results_csv(results, ENGLISH).removeprefix("\ufeff"))))
    satisfied = results.question("q7").overall.satisfied
    assert satisfied is not None
    [row] = [r for r in rows if (r["item"], r["measure"], r["stratum"]) == ("q7", "satisfied_of_opinions", "")]
    assert float(row["value"]) == pytest.approx(satisfied.of_opinions.value, abs=1e-6)
    assert (row["denominator"], int(row["n"])) == ("those with an opinion", satisfied.of_opinions.n)
    [rate] = [r for r in rows if r["item"] == "confirmed"]
    assert (rate["count"], rate["n"], rate["denominator"]) == ("34", "43", "cases whose resident answered a callback")


def test_a_withheld_stratum_gives_its_reason_and_no_figure() -> None:
    rows = csv.DictReader(StringIO(results_csv(compute_results(example_analysis()), ENGLISH).removeprefix("\ufeff")))
    withheld = [row for row in rows if row["measure"] == "withheld"]
    assert withheld
    assert all(row["note"] and not row["value"] and not row["count"] for row in withheld)


def test_names_from_outside_are_made_harmless() -> None:
    analysis = example_analysis(size=200)
    strata = tuple(replace(s, name="=cmd|' /C calc'!A0" if s.name == "企业职工" else s.name) for s in analysis.strata)
    named = {s.name for s in strata}
    people = tuple(p if p.stratum in named else replace(p, stratum="=cmd|' /C calc'!A0") for p in analysis.respondents)
    text = results_csv(compute_results(replace(analysis, strata=strata, respondents=people)), CHINESE)
    cells = [cell for row in csv.reader(StringIO(text)) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith("=")]
