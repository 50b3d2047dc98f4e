"""Replies with several choices, numbers, days and words of their own, each with the reason for its reading."""

from __future__ import annotations

from datetime import date

import pytest
from asked_questions import AGE, CRIMES, INCOME, PART, SAY, STAYED, WHEN

from surveys.dialogue.reading import read_reply
from surveys.questionnaire.form import Kind, Question

TODAY = date(2026, 10, 3)

SEVERAL = [
    ("1", "save", "one"),
    ("13", "save clean", "digits run together; there is no choice 13"),
    ("31", "save clean", "in the form's order"),
    ("123", "save guard clean", "digits run together"),
    ("1、3", "save clean", "enumeration comma"),
    ("1,3", "save clean", "comma"),
    ("1，3", "save clean", "full-width comma"),
    ("1 3", "save clean", "blank"),
    ("1.3.5", "save clean plant", "dots"),
    ("1/3", "save clean", "slash"),
    ("1和3", "save clean", "and"),
    ("1、3和5", "save clean plant", "and"),
    ("1 and 3", "save clean", "and"),
    ("1 & 3", "save clean", "and"),
    ("1+3", "save clean", "plus"),
    ("①③", "save clean", "circled"),
    ("１、３", "save clean", "full width"),
    ("第一和第三", "save clean", "ordinals"),
    ("第1个和第3个", "save clean", "ordinals"),
    ("选1和3", "save clean", "choosing"),
    ("一、三", "save clean", "Chinese numerals"),
    ("一三", "save clean", "Chinese numerals"),
    ("A C", "save clean", "letters"),
    ("AC", "save clean", "letters run together"),
    ("a、c", "save clean", "letters"),
    ("ABC", "save guard clean", "letters run together"),
    ("节水和垃圾分类", "save sort", "a synonym and a label"),
    ("垃圾分类、植树", "sort plant", "labels"),
    ("垃圾分类 植树", "sort plant", "labels"),
    ("节约用水,清理河道", "save clean", "labels"),
    ("Saving water and planting trees", "save plant", "labels"),
    ("节水,3", "save clean", "a synonym and a number"),
    ("主要是植树和捐款", "plant give", "labels among fillers"),
    ("1、3谢谢", "save clean", "thanks"),
    ("10", None, "never 1 and 0"),
    ("9", None, "out of range"),
    ("19", None, "a digit out of range"),
    ("1、9", None, "a number out of range"),
    ("11", None, "a digit twice"),
    ("1 1", None, "a choice twice"),
    ("1-3", None, "a range or two"),
    ("1到3", "save guard clean", "from the first to the third; a dash may part two"),
    ("1~3", None, "a range"),
    ("1或3", None, "one or the other"),
    ("除了1都有", None, "all but one"),
    ("1和3没有", None, "a negation"),
    ("没有植树", None, "a negation"),
    ("都没有", None, "none"),
    ("全部", None, "all, perhaps"),
    ("1个", "save", "one of them"),
    ("3次", None, "three times"),
    ("bad", None, "a word, not letters"),
    ("4,垃圾分类", "sort", "number and label of one choice"),
    ("4 垃圾分类 5 植树", "sort plant", "numbers with their labels"),
    ("4 植树", "sort plant", "a number and another label"),
    ("参加过植树和垃圾分类", "sort plant", "labels among fillers"),
    ("没参加过植树", None, "a negation"),
    ("8", "other", "other"),
    ("1 8", "save other", "other among others"),
]

OTHERS = [
    ("8 钓鱼", "other", "钓鱼"),
    ("8、钓鱼", "other", "钓鱼"),
    ("H、钓鱼", "other", "钓鱼"),
    ("其他:钓鱼", "other", "钓鱼"),
    ("其它:钓鱼", "other", "钓鱼"),
    ("Other: Fishing", "other", "Fishing"),
    ("1、3、8钓鱼", "save clean other", "钓鱼"),
    ("1、3、其他:在河边捡垃圾", "save clean other", "在河边捡垃圾"),
    ("节水和其他,比如钓鱼", "save other", "比如钓鱼"),
]

TWELVE = [
    ("10", "k10", "there is a choice 10"),
    ("12", "k12", "the number that was offered"),
    ("1、12", "k1 k12", "listed"),
    ("13", "k1 k3", "there is no choice 13"),
    ("诈骗", "k3", "label"),
    ("诈骗和盗窃", "k1 k3", "labels"),
    ("盗窃、诈骗、赌博比较多", None, "more than a list"),
    ("123", None, "with twelve choices three digits are open"),
    ("103", None, "out of range"),
    ("没有诈骗", None, "a negation"),
]

AMOUNTS = [
    (AGE, "35", "35", 1.0, "digits"),
    (AGE, "３５", "35", 1.0, "full width"),
    (AGE, "35岁", "35", 1.0, "unit"),
    (AGE, "35周岁", "35", 1.0, "unit"),
    (AGE, "我今年35岁了", "35", 1.0, "a sentence"),
    (AGE, "三十五", "35", 1.0, "Chinese numeral"),
    (AGE, "三十五岁", "35", 1.0, "Chinese numeral"),
    (AGE, "六十八", "68", 1.0, "Chinese numeral"),
    (AGE, "I'm 68", "68", 1.0, "a sentence"),
    (AGE, "I am 35 years old", "35", 1.0, "a sentence"),
    (AGE, "thirty-five", "35", 1.0, "words"),
    (AGE, "about 20", "20", 0.7, "rough"),
    (AGE, "大概70岁", "70", 0.7, "rough"),
    (AGE, "70左右", "70", 0.7, "rough"),
    (AGE, "35.0", "35", 1.0, "a needless nought"),
    (AGE, "35.5", None, 0, "no whole number"),
    (AGE, "二十多", None, 0, "a range"),
    (AGE, "60多岁", None, 0, "a range"),
    (AGE, "三十几", None, 0, "a range"),
    (AGE, "20-30", None, 0, "a range"),
    (AGE, "20到30", None, 0, "a range"),
    (AGE, "六七十岁", None, 0, "a range"),
    (AGE, "over 60", None, 0, "a bound"),
    (AGE, "60以上", None, 0, "a bound"),
    (AGE, "不到60", None, 0, "a bound"),
    (AGE, "至少60", None, 0, "a bound"),
    (AGE, "more than 60", None, 0, "a bound"),
    (AGE, "60+", None, 0, "a bound"),
    (AGE, "35 or 36", None, 0, "two"),
    (AGE, "35 36", None, 0, "two"),
    (AGE, "属虎的", None, 0, "no number"),
    (AGE, "你猜", None, 0, "no number"),
    (AGE, "3个月", None, 0, "a span the question does not name"),
    (AGE, "x35", None, 0, "part of a code"),
    (AGE, "-5", None, 0, "nobody is younger than nought"),
    (STAYED, "3年", "3", 1.0, "the question's unit"),
    (STAYED, "三年", "3", 1.0, "the question's unit"),
    (STAYED, "住了20年", "20", 1.0, "a sentence"),
    (STAYED, "20 years", "20", 1.0, "the question's unit"),
    (STAYED, "一百零五", "105", 1.0, "Chinese numeral"),
    (STAYED, "3个月", None, 0, "months where years are asked"),
    (STAYED, "two weeks", None, 0, "weeks where years are asked"),
    (STAYED, "3年半", None, 0, "and a half"),
    (STAYED, "1,200", "1200", 1.0, "thousands"),
    (STAYED, "1.5万", "15000", 1.0, "ten thousands"),
    (STAYED, "两万五", "25000", 1.0, "unsaid unit"),
    (INCOME, "3.5", "3.5", 1.0, "decimal"),
    (INCOME, "3.50", "3.5", 1.0, "needless nought"),
    (INCOME, "三点五", "3.5", 1.0, "Chinese decimal"),
    (INCOME, "0.25", "0.25", 1.0, "below one"),
    (INCOME, "5", "5", 1.0, "whole"),
    (INCOME, "3,5", None, 0, "a comma that is neither"),
    (INCOME, "三四亩", None, 0, "a range"),
]

DAYS = [
    ("2026-10-03", "2026-10-03", "zh", "ISO"),
    ("2026/10/3", "2026-10-03", "zh", "slashes"),
    ("2026.10.3", "2026-10-03", "zh", "dots"),
    ("20261003", "2026-10-03", "zh", "run together"),
    ("2026年10月3日", "2026-10-03", "zh", "written out"),
    ("2026年10月3号", "2026-10-03", "zh", "written out"),
    ("二〇二六年十月三日", "2026-10-03", "zh", "Chinese numerals"),
    ("10月3日", "2026-10-03", "zh", "nearest year"),
    ("十月三号", "2026-10-03", "zh", "Chinese numerals"),
    ("12月30日", "2026-12-30", "zh", "nearest year"),
    ("5月1日", None, "zh", "this year or the next"),
    ("去年12月30日", "2025-12-30", "zh", "last year"),
    ("10/3", "2026-10-03", "zh", "month first"),
    ("9/28", "2026-09-28", "zh", "month first"),
    ("昨天", "2026-10-02", "zh", "yesterday"),
    ("是昨天来的", "2026-10-02", "zh", "a sentence"),
    ("今天上午", "2026-10-03", "zh", "part of the day"),
    ("前天", "2026-10-01", "zh", "two days ago"),
    ("大前天", "2026-09-30", "zh", "three days ago"),
    ("明天", "2026-10-04", "zh", "tomorrow"),
    ("yesterday", "2026-10-02", "en", "yesterday"),
    ("Today.", "2026-10-03", "en", "today"),
    ("the day before yesterday", "2026-10-01", "en", "two days ago"),
    ("3 October 2026", "2026-10-03", "en", "day first"),
    ("October 3rd, 2026", "2026-10-03", "en", "month first"),
    ("Oct 3", "2026-10-03", "en", "nearest year"),
    ("28/9", "2026-09-28", "en", "only the second can be a month"),
    ("10/3", None, "en", "3 October or 10 March"),
    ("10/10", "2026-10-10", "en", "the same either way"),
    ("2月30日", None, "zh", "no such day"),
    ("2026-13-01", None, "zh", "no such month"),
    ("0001-01-01", None, "zh", "in nobody's life"),
    ("上个月", None, "zh", "no day"),
    ("3号", None, "zh", "which month"),
    ("农历八月十五", None, "zh", "another calendar"),
    ("昨天或前天", None, "zh", "two"),
    ("last week", None, "en", "no day"),
    ("忘了", None, "zh", "no day"),
    ("", None, "zh", "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "why"), SEVERAL)
def test_a_list_of_choices_is_read_or_asked_again(text: str, expected: str | None, why: str) -> None:
    reading = read_reply(PART, text, "zh", TODAY)
    assert (reading.value if reading else None) == expected, why


@pytest.mark.parametrize(("text", "expected", "why"), TWELVE)
def test_with_twelve_choices_a_two_digit_number_is_what_was_offered(text: str, expected: str | None, why: str) -> None:
    reading = read_reply(CRIMES, text, "zh", TODAY)
    assert (reading.value if reading else None) == expected, why


@pytest.mark.parametrize(("text", "value", "other"), OTHERS)
def test_the_text_of_other_is_kept_apart(text: str, value: str, other: str) -> None:
    reading = read_reply(PART, text, "zh", TODAY)
    assert reading is not None
    assert (reading.value, reading.other, reading.comment) == (value, other, "")


@pytest.mark.parametrize(("text", "value"), [("AC", "save clean"), ("ac", None), ("a, c", "save clean"), ("be", None)])
def test_small_letters_run_together_may_be_an_english_word(text: str, value: str | None) -> None:
    reading = read_reply(PART, text, "en", TODAY)
    assert (reading.value if reading else None) == value


def test_an_explanation_after_a_list_is_kept() -> None:
    reading = read_reply(PART, "1、3 因为就在门口", "zh", TODAY)
    assert reading is not None
    assert (reading.value, reading.comment) == ("save clean", "因为就在门口")


@pytest.mark.parametrize(("question", "text", "value", "confidence", "why"), AMOUNTS)
def test_a_number_is_taken_as_stated_or_asked_again(
    question: Question, text: str, value: str | None, confidence: float, why: str
) -> None:
    reading = read_reply(question, text, "zh", TODAY)
    assert (reading.value if reading else None) == value, why
    assert reading is None or reading.confidence == confidence, why


@pytest.mark.parametrize(("text", "value", "language", "why"), DAYS)
def test_a_day_is_taken_as_stated_or_asked_again(text: str, value: str | None, language: str, why: str) -> None:
    reading = read_reply(WHEN, text, language, TODAY)
    assert (reading.value if reading else None) == value, why


@pytest.mark.parametrize("today", [date.min, date.max, date(2024, 2, 29)])
def test_the_ends_of_the_calendar_do_no_harm(today: date) -> None:
    for text in ("前天", "大后天", "2月29日", "12/31", "1月1日", "去年1月1日"):
        read_reply(WHEN, text, "zh", today)


def test_words_of_ones_own_are_kept_as_written() -> None:
    reading = read_reply(SAY, "  Ｐark 的灯 １ 盏不亮！\n谢谢 ", "zh", TODAY)
    assert reading is not None
    assert (reading.value, reading.rule) == ("Ｐark 的灯 １ 盏不亮！\n谢谢", "text")


@pytest.mark.parametrize("text", ["", "  ", "\n", "\x00", "\u200b\ufe0f", "\x07\x08"])
def test_a_message_without_anything_visible_is_no_text(text: str) -> None:
    assert read_reply(SAY, text, "zh", TODAY) is None


@pytest.mark.parametrize("kind", [Kind.NOTE, Kind.CALCULATE, Kind.HIDDEN])
def test_what_is_not_asked_has_no_answer(kind: Kind) -> None:
    assert read_reply(Question("n", kind, "n"), "1", "zh", TODAY) is None
