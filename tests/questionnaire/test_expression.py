"""Expressions of XLSForm mean what XPath 1.0 and the ODK XForms specification say."""

from __future__ import annotations

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from surveys.questionnaire import functions
from surveys.questionnaire.expression import Malformed, compile_expression
from surveys.questionnaire.functions import FUNCTIONS

NOW = datetime(2026, 10, 3, 9, 30, tzinfo=timezone(timedelta(hours=8)))
VALUES = {"a": "x", "age": "35", "many": "red blue", "born": "1990-02-28", "blank": "", "话": "路灯", "n": "0"}

#: (expression, text of its value, why), with `.` = "12".
TABLE = [
    # references and the current value
    ("${a}", "x", "an answer"),
    ("${ a }", "x", "blanks in the braces"),
    ("${话}", "路灯", "names in any script"),
    ("${nobody}", "", "no answer is an empty text"),
    (".", "12", "the current value"),
    ("(.)", "12", "the current value in parentheses"),
    (". + 1", "13", "the current value in a sum"),
    (".5 + .5", "1", "points of numbers are not the current value"),
    ("'a.b'", "a.b", "a point in a text is a point"),
    # numbers as XForms writes them
    ("5", "5", "not 5.0"),
    ("${age} + 0.5", "35.5", "decimals stay"),
    ("1 div 0", "", "infinity is nothing"),
    ("${a} + 1", "", "what is not a number is nothing"),
    ("${blank} + 1", "", "no answer is not zero"),
    ("0.1 + 0.2", "0.3", "no noise of binary fractions"),
    ("1000000 * 1000000", "1000000000000", "no exponent"),
    ("7 mod 4", "3", ""),
    ("-(3) - -4", "1", "minus signs"),
    ("2 + 3 * 4", "14", "precedence"),
    ("(2 + 3) * 4", "20", "parentheses"),
    ("10 - 2 - 3", "5", "from left to right"),
    # comparisons
    ("${age} = 35", "true", "a text equals the number it spells"),
    ("${age} = '35'", "true", ""),
    ("${age} = '35.0'", "false", "texts are compared as texts"),
    ("${age} = 35.0", "true", "numbers as numbers"),
    ("${age} != 36", "true", ""),
    ("${age} >= 35 and ${age} < 36", "true", ""),
    ("${blank} >= 18", "false", "no answer is neither above nor below"),
    ("${blank} < 18", "false", ""),
    ("${blank} = ''", "true", ""),
    ("${a} = ‘x’", "true", "curly quotes of a word processor"),
    ("${born} < today()", "true", "dates are compared as days"),
    ("${born} < '1990-03-01'", "true", ""),
    ("today() = '2026-10-03'", "true", ""),
    ("now() > today()", "true", "half past nine is after midnight"),
    # logic
    ("true() and not(false())", "true", ""),
    ("${a} = 'x' or ${a} = 'y' and false()", "true", "and binds closer than or"),
    ("not(${blank})", "true", "an empty text is false"),
    ("not(${n})", "false", "any other text is true, even 0"),
    ("boolean(0)", "false", ""),
    ("boolean-from-string('true')", "true", ""),
    ("boolean-from-string('yes')", "false", ""),
    ("if(${age} >= 18, 'adult', 'child')", "adult", ""),
    ("if(${blank} >= 18, 1, 2)", "2", ""),
    ("coalesce(${blank}, ${a}, 'z')", "x", "the first that is not empty"),
    ("coalesce(${blank}, '')", "", ""),
    ("once('new')", "12", "what is there stays"),
    ("checklist(2, -1, ${age} > 30, ${a} = 'x', false())", "true", "at least two hold"),
    ("checklist(-1, 1, true(), true())", "false", "at most one holds"),
    # choices
    ("selected(${many}, 'red')", "true", ""),
    ("selected(${many}, 're')", "false", "part of a name is not the name"),
    ("selected(${blank}, '')", "false", ""),
    ("count-selected(${many})", "2", ""),
    ("count-selected(${blank})", "0", ""),
    ("selected-at(${many}, 1)", "blue", "from 0"),
    ("selected-at(${many}, 5)", "", ""),
    # texts
    ("concat('a', 1, ${a})", "a1x", ""),
    ("concat('a')", "a", "one argument is enough"),
    ("string(5)", "5", ""),
    ("string-length(${many})", "8", ""),
    ("string-length(${话})", "2", "characters, not bytes"),
    ("contains(${many}, 'blue')", "true", ""),
    ("starts-with(${many}, 'red')", "true", ""),
    ("ends-with(${many}, 'blue')", "true", ""),
    ("substring('12345', 2, 3)", "234", "from 1, with a length"),
    ("substr('12345', 1, 3)", "23", "from 0, with an end"),
    ("substr('12345', -2)", "45", "from the end"),
    ("substr('12345', 0 div 0)", "", ""),
    ("substring-before('2026-10', '-')", "2026", ""),
    ("substring-after('2026-10', '-')", "10", ""),
    ("normalize-space('  a   b ')", "a b", ""),
    ("translate('abc', 'ab', 'AB')", "ABc", ""),
    ("join('、', 'a', 'b')", "a、b", ""),
    ("regex('13800000001', '1[0-9]{10}')", "true", ""),
    ("regex('x13800000001', '1[0-9]{10}')", "false", "the whole text must match"),
    ("regex('１', '\\d')", "false", "Latin digits only, as in Java"),
    # numbers
    ("number('12')", "12", ""),
    ("number('1e3')", "", "XPath knows no exponents"),
    ("int(3.9)", "3", ""),
    ("int(-3.9)", "-3", "towards zero"),
    ("int('x')", "", ""),
    ("round(2.5)", "3", ""),
    ("round(-2.5)", "-3", "halves away from zero"),
    ("round(2.345, 2)", "2.35", "as a person rounds"),
    ("2.345 = '2.345'", "true", "decimals are read exactly"),
    ("round(1250, -2)", "1300", ""),
    ("round(5, 99)", "", "more places than there are"),
    ("floor(-1.5)", "-2", ""),
    ("ceiling(1.2)", "2", ""),
    ("floor('x')", "", ""),
    ("abs(-2)", "2", ""),
    ("min(3, '1', 2)", "1", ""),
    ("max(3, '1', 2)", "3", ""),
    ("max(3, ${blank})", "", "one that is no number spoils it"),
    ("pow(2, 10)", "1024", ""),
    ("pow(-1, 0.5)", "", "no real number"),
    ("sqrt(9)", "3", ""),
    ("sqrt(-1)", "", ""),
    ("log(0)", "", ""),
    ("log10(1000)", "3", ""),
    ("exp(0)", "1", ""),
    ("exp(99999)", "", "too large to be told"),
    ("round(pi(), 2)", "3.14", ""),
    # dates
    ("today()", "2026-10-03", "the local day"),
    ("now()", "2026-10-03T09:30:00.000+08:00", ""),
    ("int((today() - ${born}) div 365.25)", "36", "an age in years"),
    ("date(today() + 1)", "2026-10-04", "days are counted"),
    ("date('2026-2-3')", "2026-02-03", ""),
    ("date('2026-02-30')", "", "no such day"),
    ("date('soon')", "", ""),
    ("date-time('2026-10-03')", "2026-10-03T00:00:00.000", ""),
    ("date-time('soon')", "", ""),
    ("format-date('2026-03-04', '%Y年%n月%e日')", "2026年3月4日", ""),
    ("format-date('2026-03-04', '%y-%m-%d %b %a %q')", "26-03-04 Mar Wed %q", "an unknown mark stays"),
    ("format-date-time('2026-03-04T05:06:07.089', '%H:%M:%S.%3 %h')", "05:06:07.089 5", ""),
    ("format-date('soon', '%Y')", "", ""),
    ("decimal-date-time('1970-01-02')", "1", "days since 1970"),
    ("decimal-date-time('2018-04-24T15:30:00.000+06:30')", "17645.375", "the example of the ODK documentation"),
    ("decimal-date-time('soon')", "", ""),
    ("decimal-time('2026-10-03T06:00:00')", "0.25", ""),
    ("decimal-time('soon')", "", ""),
    ("decimal-time('18:00:00.000+08:00')", "0.75", "the example of the specification: 6 pm"),
    ("decimal-time('12:00')", "0.5", "noon"),
    ("decimal-time('25:00')", "", "no such hour"),
    ("format-date-time('08:05:00', '%H:%M')", "08:05", "a time without a day"),
    # texts of other kinds
    (
        "digest('abc', 'SHA-256', 'hex')",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "FIPS 180-2",
    ),
    ("digest('abc', 'MD5')", "kAFQmDzST7DWlj99KOF/cg==", "base64 unless said otherwise"),
    ("digest('', 'SHA-1', 'hex')", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "of nothing too"),
    ("digest('abc', 'CRC')", "", "an algorithm the specification does not name"),
    ("digest('abc', 'MD5', 'octal')", "", "an encoding it does not name"),
    ("base64-decode('5ruh5oSP')", "满意", "UTF-8"),
    ("base64-decode('!')", "", "no base64"),
    # weights, and the circle
    ("weighted-checklist(2, 5, true(), 3, false(), 9)", "true", "3 lies between 2 and 5"),
    ("weighted-checklist(4, -1, ${a} = 'x', 3, ${blank} = 'x', 9)", "false", "3 is less than 4"),
    ("weighted-checklist(-1, 2, true(), 3)", "false", "more than 2"),
    ("exp10(2)", "100", ""),
    ("exp10(9999)", "", "too large to be told"),
    ("sin(0)", "0", ""),
    ("round(cos(pi()), 6)", "-1", ""),
    ("round(tan(pi() div 4), 6)", "1", ""),
    ("round(asin(1), 6)", "1.570796", ""),
    ("asin(2)", "", "no angle has that sine"),
    ("acos(1)", "0", ""),
    ("acos('x')", "", ""),
    ("round(atan(1), 6)", "0.785398", ""),
    ("round(atan2(1, -1), 6)", "2.356194", "in the second quadrant"),
]


@pytest.mark.parametrize(("source", "value", "why"), TABLE)
def test_an_expression_has_the_value_the_specification_gives_it(source: str, value: str, why: str) -> None:
    expression = compile_expression(source)
    assert expression.text(VALUES, NOW, "12") == value, why
    assert functions.text(expression.evaluate(VALUES, NOW, "12")) == value, "the short way and XPath agree"


def test_every_function_stands_in_the_table() -> None:
    sources = " ".join(source for source, _, _ in TABLE)
    assert [name for name in FUNCTIONS if f"{name}(" not in sources] == []


def test_once_takes_the_new_value_when_there_is_none() -> None:
    assert compile_expression("once(today())").text({}, NOW, "") == "2026-10-03"


def test_choice_name_is_the_label_that_the_caller_knows() -> None:
    expression = compile_expression("concat(jr:choice-name(${q}, '${q}'), '!')")
    assert expression.names == {"q"}
    assert expression.text({"q": "a"}, NOW, labels=lambda question, choice: f"{question}:{choice}") == "q:a!"
    assert expression.text({"q": "a"}, NOW) == "a!"


def test_choice_name_works_on_a_computed_value_and_inside_itself() -> None:
    expression = compile_expression("jr:choice-name(selected-at(${q}, 0), '${q}')")
    assert expression.text({"q": "b a"}, NOW, labels=lambda _, choice: choice.upper()) == "B"


def test_names_and_bare_words_are_told_apart() -> None:
    expression = compile_expression("district = ${area} and level = 'town'")
    assert (expression.names, expression.columns) == ({"area"}, {"district", "level"})
    assert expression.boolean({"area": "n"}, NOW, columns={"district": "n", "level": "town"})
    assert not expression.boolean({"area": "n"}, NOW, columns={"district": "s", "level": "town"})


def test_a_bare_word_without_a_column_is_the_word() -> None:
    assert compile_expression("pastel = yes").boolean({}, NOW, columns={"pastel": "yes"})


def test_characters_that_xml_cannot_carry_do_no_harm() -> None:
    strange = "x\x00\ud800\uffff"
    assert compile_expression("string-length(${a})").text({"a": strange}, NOW) == "1"
    assert compile_expression("concat(., ${a})").text({"a": strange}, NOW, strange) == "xx"


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("", "syntax", "ends too early"),
        ("${a} =", "syntax", "ends too early"),
        ("${a} == 'x'", "syntax", "Write = instead"),
        ("${a} = 'x' && ${b} = 'y'", "syntax", "Write and instead"),
        ("${a} = 'x' AND ${b} = 'y'", "syntax", "Write and instead"),
        ("${a} <> 'x'", "syntax", "Write != instead"),
        ("${a}＝'x'", "syntax", "Write = instead"),
        ("${a} = 'x", "syntax", "Close the quotation mark"),
        ("${a} = 'x'）", "syntax", "Write ) instead"),
        ("(${a} = 'x'", "syntax", "ends too early"),
        ("selected(${a} 'x')", "syntax", "Expected here: )"),
        ("${a} 'x'", "syntax", "character 6"),
        ("a/b", "syntax", "does not belong there"),
        ("a[1]", "syntax", "does not belong there"),
        ("@x", "syntax", "does not belong there"),
        ("1 | 2", "syntax", "does not belong there"),
        ("$a", "syntax", "does not belong there"),
        ("${}", "syntax", "names no question"),
        ("${last-saved#a}", "syntax", "names no question"),
        ("'\x01'", "syntax", "does not belong there"),
        ("and", "syntax", "does not belong there"),
        ("seleted(${a}, 'x')", "unknown_function", "Did you mean selected?"),
        ("pulldata('f', 'a', ${b}, 'c')", "arguments", "two of its columns as texts"),
        ("pulldata('f', 'a', 'b')", "arguments", "what to look for"),
        ("jr:itext('list-0')", "arguments", "the path of a row"),
        ("random()", "unsupported_function", "Draw by chance outside the form"),
        ("once(uuid())", "unsupported_function", "Draw by chance outside the form"),
        ("distance(${a})", "unsupported_function", "reckon with it afterwards"),
        ("instance('f')/root/item[name = ${a}]/label", "unsupported_function", "Use pulldata"),
        ("property('deviceid')", "unsupported_function", "no device to ask"),
        ("selected(${a})", "arguments", "1 arguments; it takes 2"),
        ("if(1, 2)", "arguments", "it takes 3"),
        ("round(1, 2, 3)", "arguments", "1–2"),
        ("join(',')", "arguments", "2–…"),
        ("today(1)", "arguments", "it takes 0"),
        ("jr:choice-name(${a})", "arguments", "the question it belongs to"),
        ("jr:choice-name(${a}, ${a})", "arguments", "the question it belongs to"),
        ("regex(., '[')", "syntax", "not a regular expression"),
        ("(" * 200 + "1" + ")" * 200, "syntax", "nested deeper"),
        ("-" * 200 + "1", "syntax", "nested deeper"),
        ("not(" * 200 + "1" + ")" * 200, "syntax", "nested deeper"),
        ("1" + " + 1" * 3000, "syntax", "longer than"),
    ],
)
def test_what_cannot_be_evaluated_is_found_before_it_is_used(source: str, code: str, said: str) -> None:
    with pytest.raises(Malformed) as caught:
        compile_expression(source)
    assert caught.value.code == code
    assert said in str(caught.value)


def test_a_long_sum_is_evaluated_or_refused_but_never_breaks() -> None:
    with contextlib.suppress(Malformed):  # either is right: libxml2 bounds the nesting
        assert compile_expression("1" + "+1" * 1500).text({}, NOW) == "1501"


names = st.sampled_from(["${a}", "${b}", "."])
literals = st.sampled_from(["'x'", "''", "'3'", "'2026-01-01'", "3", "2.345", "0", "12345678901234567890"])
atoms = names | literals
comparisons = st.builds("{} {} {}".format, atoms, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), atoms)
selections = st.builds("selected({}, {})".format, names, literals)
sums_and_calls = (
    st.builds("({} {} {})".format, atoms, st.sampled_from(["+", "-", "*"]), atoms)
    | st.builds("{}({})".format, st.sampled_from(["number", "int", "round", "abs", "floor", "count-selected"]), atoms)
    | st.builds("{}({}, {})".format, st.sampled_from(["coalesce", "min", "max", "join"]), atoms, atoms)
    | st.builds("{}({})".format, st.sampled_from(["count-non-empty", "sum"]), atoms)
)
conditions = st.recursive(
    comparisons | selections | sums_and_calls | st.sampled_from(["true()", "false()"]) | atoms,
    lambda inner: (
        st.builds("({} and {})".format, inner, inner)
        | st.builds("({} or {})".format, inner, inner)
        | st.builds("not({})".format, inner)
        | st.builds("if({}, {}, {})".format, inner, inner, inner)
    ),
    max_leaves=6,
)
answers = st.sampled_from(
    [
        "",
        "x",
        "3",
        "3.0",
        " 3 ",
        "-2",
        "x 3",
        "2026-01-01",
        "2026-10-03T10:00:00",
        "1e3",
        "Infinity",
        "2.345",
        "12345678901234567890",
    ]
)


@settings(deadline=None)
@given(conditions, answers, answers, answers)
def test_the_short_way_and_xpath_always_agree(source: str, a: str, b: str, current: str) -> None:
    expression = compile_expression(source)
    assert expression._quick is not None, "the law is about expressions that have a short way"
    values = {"a": a, "b": b}
    by_xpath = expression.evaluate(values, NOW, current)
    assert expression.boolean(values, NOW, current) == functions.truth(by_xpath)
    assert expression.text(values, NOW, current) == functions.text(by_xpath)


plain = st.sampled_from(["", "x", "3", "-2.5", "07"])
sums = st.recursive(
    st.sampled_from(["$a", "$b", "'x'", "'3'", "4", "0.5"]),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "=", "!=", "<", ">", "and", "or"]), inner)
        | st.builds("{}({})".format, st.sampled_from(["not", "boolean", "string", "number", "floor", "ceiling"]), inner)
        | st.builds("concat({}, {})".format, inner, inner)
        | st.builds("contains({}, {})".format, inner, inner)
    ),
    max_leaves=5,
)


@settings(deadline=None)
@given(sums, plain, plain)
def test_plain_xpath_means_what_an_independent_engine_says(source: str, a: str, b: str) -> None:
    ours = compile_expression(source.replace("$a", "${a}").replace("$b", "${b}"))
    theirs = etree.XPath(source)(etree.Element("x"), a=a, b=b)
    assert ours.text({"a": a, "b": b}, NOW) == functions.text(
        theirs if isinstance(theirs, bool | float) else str(theirs)
    )


@settings(deadline=None)
@given(st.text(max_size=30) | conditions)
def test_any_text_is_an_expression_or_malformed(source: str) -> None:
    with contextlib.suppress(Malformed):
        assert isinstance(compile_expression(source).text(VALUES, NOW, "12"), str)


def test_one_expression_serves_many_conversations_at_once() -> None:
    expression = compile_expression("concat(${a}, '-', once(${b}), '-', format-date(today(), '%d'))")

    def asked(number: int) -> bool:
        now = NOW + timedelta(days=number % 20)
        said = expression.text({"a": str(number), "b": str(-number)}, now, "" if number % 2 else "kept")
        return said == f"{number}-{-number if number % 2 else 'kept'}-{now.day:02}"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(asked, range(4000)))
