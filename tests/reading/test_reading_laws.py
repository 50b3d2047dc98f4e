"""Laws of reading that hold for any text and any list of choices."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from asked_questions import (
    AGE,
    CRIMES,
    FIVE,
    HEARD,
    INCOME,
    PART,
    POINTS,
    RESULT,
    SAFETY,
    SAY,
    SERVICE,
    SOLVED,
    WATER,
    WHEN,
    WHY,
)
from hypothesis import example, given
from hypothesis import strategies as st

from surveys.dialogue.corrections import correction
from surveys.dialogue.reading import Reading, read_reply
from surveys.dialogue.spelling import folded, legible, plain, squeezed
from surveys.dialogue.suspicion import suspicion
from surveys.dialogue.vocabulary import marks, shown, unclear_numbers, vocabulary
from surveys.dialogue.wishes import asks_back, wish
from surveys.dialogue.words import Command, command, refusal, stop_word
from surveys.questionnaire.form import Choice, Kind, Question

QUESTIONS = (AGE, CRIMES, FIVE, HEARD, INCOME, PART, POINTS, RESULT, SAFETY, SAY, SERVICE, SOLVED, WATER, WHEN, WHY)
TODAY = date(2026, 10, 3)
PIECES = [
    "满意",
    "不满意",
    "比较满意",
    "不",
    "没有",
    "很",
    "非常",
    "一般",
    "好",
    "较好",
    "1",
    "2",
    "3",
    "13",
    "10",
    "0",
    "A",
    "B",
    "h",
    "一",
    "三",
    "十",
    "第",
    "个",
    "月",
    "因为",
    "和",
    "、",
    ",",
    "。",
    "?",
    "吗",
    "吧",
    "的",
    "其他",
    ":",
    "钓鱼",
    "satisfied",
    "not",
    "very",
    "yes",
    "no",
    "10月3日",
    "昨天",
    "35岁",
    "about",
    "2026-",
    "①",
    "1️⃣",
    "Ⅱ",
    "\x00",
    "�",
    "👍",
    "-",
    ".",
    "/",
    "或",
    "还是",
    "我",
    "觉得",
    "诈骗",
    "以上",
    "多",
    "年",
]
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
)
#: Labels of two characters, none of which means a number, a negation or a degree.
LABELS = st.lists(
    st.text("东西南北春夏秋冬山水花鸟", min_size=2, max_size=2),
    min_size=1,
    max_size=26,
    unique=True,
)


def storable(text: str) -> bool:
    """Whether a database can hold the text."""
    return "\x00" not in text and text.encode("utf-8", "replace") == text.encode("utf-8", "surrogatepass")


@given(st.sampled_from(QUESTIONS), TEXTS, st.sampled_from(("zh", "en")))
@example(PART, "其他\ud800:", "zh")
@example(WHY, "6\x00\x00钓", "zh")
def test_any_text_is_read_as_one_of_the_questions_own_answers_or_not_at_all(
    question: Question, text: str, language: str
) -> None:
    reading = read_reply(question, text, language, TODAY)
    if reading is None:
        return
    assert 0 < reading.confidence <= 1
    assert reading.value
    assert all(storable(part) for part in (reading.value, reading.comment, reading.other))
    assert own(question, reading)
    assert reading.value == read_again(question, text, language)


def own(question: Question, reading: Reading) -> bool:
    """Whether the value is one the question can have."""
    names = [choice.name for choice in question.choices]
    match question.kind:
        case Kind.SELECT_ONE:
            return reading.value in names
        case Kind.SELECT_MULTIPLE:
            chosen = reading.value.split(" ")
            return chosen == [name for name in names if name in chosen]
        case Kind.INTEGER:
            return str(int(reading.value)) == reading.value
        case Kind.DECIMAL:
            return "e" not in reading.value.lower() and float(reading.value) == float(reading.value)
        case Kind.DATE:
            return date.fromisoformat(reading.value).isoformat() == reading.value
        case _:
            return reading.value == reading.value.strip()


def read_again(question: Question, text: str, language: str) -> str:
    """Return the value of a second reading of the same text."""
    reading = read_reply(question, text, language, TODAY)
    return reading.value if reading else ""


def question_of(labels: list[str], hidden: int, kind: Kind) -> Question:
    """Return a question whose last `hidden` choices are not offered."""
    offered = len(labels) - hidden
    choices = tuple(Choice(f"n{n}", {"zh": label}, hidden=n >= offered) for n, label in enumerate(labels))
    return Question("q", kind, "q", choices=choices)


@given(LABELS, st.integers(0, 3), st.sampled_from((Kind.SELECT_ONE, Kind.SELECT_MULTIPLE)))
def test_every_offered_choice_is_reached_by_its_number_letter_and_label(
    labels: list[str], hidden: int, kind: Kind
) -> None:
    question = question_of(labels, min(hidden, len(labels)), kind)
    for place, choice in enumerate(shown(question)):
        for reply in (str(place + 1), chr(ord("A") + place), choice.labels["zh"], f" {place + 1}。"):
            reading = read_reply(question, reply, "zh", TODAY)
            assert reading is not None, reply
            assert reading.value == choice.name


@given(LABELS, st.integers(1, 3), st.integers(0, 1000), st.sampled_from((Kind.SELECT_ONE, Kind.SELECT_MULTIPLE)))
def test_a_hidden_choice_is_reached_by_no_number_and_no_letter(
    labels: list[str], hidden: int, number: int, kind: Kind
) -> None:
    question = question_of(labels, min(hidden, len(labels)), kind)
    quiet = {choice.name for choice in question.choices if choice.hidden}
    for reply in (str(number), chr(ord("a") + number % 26), f"{number} 因为方便", f"第{number}个"):
        reading = read_reply(question, reply, "zh", TODAY)
        assert reading is None or not quiet & set(reading.value.split())
    for choice in question.choices:
        reading = read_reply(question, choice.labels["zh"], "zh", TODAY)
        assert reading is not None
        assert reading.value == choice.name


@given(LABELS, st.integers(0, 10**6))
def test_a_number_out_of_range_is_never_an_answer(labels: list[str], beyond: int) -> None:
    question = question_of(labels, 0, Kind.SELECT_ONE)
    for number in (0, len(labels) + 1 + beyond):
        for reply in (str(number), f"{number}。", f"选{number}", f"{number} {labels[0]}"):
            assert read_reply(question, reply, "zh", TODAY) is None, reply


@given(st.sampled_from((RESULT, SERVICE, FIVE, SAFETY, WATER)), st.data())
def test_a_label_denied_in_plain_words_is_never_taken_for_itself(question: Question, data: st.DataObject) -> None:
    choice = data.draw(st.sampled_from(question.choices))
    denial = data.draw(
        st.sampled_from(
            ("不是{}", "没有{}", "并非{}", "我不觉得{}", "谈不上{}", "不能说{}", "{}才怪", "{}吗", "如果{}就好")
        )
    )
    reading = read_reply(question, denial.format(choice.labels["zh"]), "zh", TODAY)
    assert reading is None or reading.value != choice.name


@given(st.sampled_from((RESULT, SERVICE, FIVE, SAFETY, WATER)), st.data())
def test_words_nobody_foresaw_around_a_rating_are_asked_about(question: Question, data: st.DataObject) -> None:
    """Only what is known to change nothing is let pass; whatever else stands there may turn it round."""
    choice = data.draw(st.sampled_from([c for c in question.choices if len(c.labels["zh"]) > 1]))
    strange = data.draw(st.text("龘麒麟饕餮魑魅蝴蝶葡萄", min_size=1, max_size=4))
    label = choice.labels["zh"]
    text = data.draw(st.sampled_from((f"{strange}{label}", f"{label}{strange}", f"{label}{strange}吧")))
    assert read_reply(question, text, "zh", TODAY) is None


@given(st.sampled_from((RESULT, SERVICE, FIVE, SAFETY, SOLVED, HEARD, WATER)), st.data())
def test_a_choice_that_is_asked_about_is_not_chosen(question: Question, data: st.DataObject) -> None:
    choice = data.draw(st.sampled_from(question.choices))
    frame = data.draw(st.sampled_from(("{}?", "{}？", "{}??", "{}吗？", " {} ?")))
    said = data.draw(st.sampled_from((choice.labels["zh"], choice.labels.get("en", "1"))))
    assert read_reply(question, frame.format(said), "zh", TODAY) is None


@given(st.lists(st.integers(1, 12), min_size=1, max_size=5, unique=True))
def test_what_rules_the_others_out_is_never_chosen_with_another(places: list[int]) -> None:
    labels = ("都没有", "以上都没有", "说不清", "None of these", "不知道")
    for label in labels:
        alone = replace(CRIMES, choices=(*CRIMES.choices, Choice("none", {"zh": label})))
        reading = read_reply(alone, " ".join(map(str, (*places, 13))), "zh", TODAY)
        assert reading is None
        assert read_reply(alone, "13", "zh", TODAY) == Reading("none", "number", 1.0)


@given(st.dates(date(2000, 1, 8), date(2100, 1, 1)))
def test_a_sunday_told_by_its_week_is_a_sunday_of_the_past_or_today(today: date) -> None:
    for said in ("上星期天", "上周日", "上个礼拜天", "上上周天", "这个星期天"):
        reading = read_reply(WHEN, said, "zh", today)
        if reading is not None:
            day = date.fromisoformat(reading.value)
            assert day.weekday() == 6
            assert day <= today
            assert (today - day).days < 21


@given(st.sampled_from((RESULT, SERVICE, FIVE, SAFETY, SOLVED, HEARD)), st.data())
def test_particles_and_courtesies_change_no_answer(question: Question, data: st.DataObject) -> None:
    choice = data.draw(st.sampled_from(question.choices))
    frame = data.draw(
        st.sampled_from(("{}吧", "{}。", "我觉得{}", "{},谢谢", "{}的", "我选{}", "那就{}吧", "「{}」", "{}啊!"))
    )
    reading = read_reply(question, frame.format(choice.labels["zh"]), "zh", TODAY)
    assert reading is not None
    assert reading.value == choice.name


def test_labels_that_are_numbers_are_the_numbers() -> None:
    assert marks(POINTS) == ("",) * 10
    assert marks(RESULT) == ("1", "2", "3", "4", "5")
    counted = question_of(["0", "1", "2", "3次以上"], 0, Kind.SELECT_ONE)
    assert marks(counted) == ("",) * 4
    assert [read_again(counted, reply, "zh") for reply in ("0", "1", "3", "3次以上", "4")] == [
        "n0",
        "n1",
        "n3",
        "n3",
        "",
    ]


def test_a_number_that_is_one_choices_place_and_anothers_label_answers_nothing() -> None:
    mixed = question_of(["没有", "1次", "2", "很多次"], 0, Kind.SELECT_ONE)
    assert unclear_numbers(mixed) == (1, 2)
    assert unclear_numbers(RESULT) == unclear_numbers(POINTS) == ()
    assert [read_again(mixed, reply, "zh") for reply in ("1", "2", "3", "4", "1次", "没有")] == [
        "",
        "",
        "n2",
        "n3",
        "n1",
        "n0",
    ]


def test_labels_that_are_letters_are_no_places() -> None:
    blood = question_of(["A", "B", "AB", "O"], 0, Kind.SELECT_ONE)
    assert [read_again(blood, letter, "zh") for letter in ("a", "B", "ab", "o", "c")] == ["n0", "n1", "n2", "n3", ""]


def test_own_marks_of_labels_are_heeded() -> None:
    marked = question_of(["A. 很好", "B. 一般", "C. 差"], 0, Kind.SELECT_ONE)
    assert [read_again(marked, reply, "zh") for reply in ("A", "b", "很好", "3", "C. 差")] == [
        "n0",
        "n1",
        "n0",
        "n2",
        "n2",
    ]
    swapped = question_of(["2. 很好", "1. 差劲"], 0, Kind.SELECT_ONE)
    assert [read_again(swapped, reply, "zh") for reply in ("1", "2", "差劲")] == ["n1", "n0", "n1"]


def test_a_word_that_two_choices_share_is_a_doubt() -> None:
    first, second = Choice("a", {"zh": "东"}, ("这边",)), Choice("b", {"zh": "西"}, ("这边",))
    question = Question("q", Kind.SELECT_ONE, "q", choices=(first, second))
    assert read_reply(question, "这边", "zh", TODAY) is None
    assert read_reply(replace(question, choices=(first,)), "这边", "zh", TODAY) is not None


def test_a_choice_without_label_is_said_by_its_name() -> None:
    question = Question("q", Kind.SELECT_ONE, "q", choices=(Choice("red", {}), Choice("blue", {})))
    assert read_again(question, "Blue", "en") == "blue"
    assert vocabulary(question).words.keys() == {"red", "blue"}


@given(st.text())
def test_folding_keeps_every_place_and_evening_out_is_done_once(text: str) -> None:
    even = legible(text)
    assert len(folded(even)) == len(even)
    assert legible(even) == even
    assert squeezed(squeezed(text)) == squeezed(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in even)


def test_the_plain_form_of_what_phones_send() -> None:
    rows = {
        "１": "1",
        "①": "1",
        "㈠": "(一)",
        "1️⃣": "1",
        "🔟": "10",
        "❸": "3",
        "➉": "10",
        "Ⅳ": "4",
        "ⅸ": "9",
        "Ａ！": "a!",
    }
    rows |= {"🅱": "b", "٣": "3", "½": "1⁄2", "滿意": "满意", "a\u200bb": "ab", "一\x00二": "一 二", "“好”": '"好"'}
    assert {text: plain(text) for text in rows} == rows


#: Pieces of what people say without naming an option, glued in any order.
SAYINGS = re.split(
    " ",
    "没 没有 不 巴适 得很 攒劲 撇 没麻达 了 晓不得 还行 将就 莫得 唔 太 才怪 "
    "除了 都 全选 前 后 三个 两个 到 第 题 改成 刚才 选错了 应该是 "
    "以后别发了 上周 上个月 三 天前 号 last Friday ago 块 毛 半 满分 /10 manyi bu satisifed so",
)
SPOKEN = st.lists(st.sampled_from([*SAYINGS, *PIECES]), max_size=12).map("".join)


@given(st.sampled_from(QUESTIONS), SPOKEN, st.sampled_from(("zh", "en")))
def test_what_people_say_is_read_as_an_answer_the_question_has_or_not_at_all(
    question: Question, text: str, language: str
) -> None:
    reading = read_reply(question, text, language, TODAY)
    if reading is None or not question.choices:
        return
    names = reading.value.split()
    assert set(names) <= {choice.name for choice in question.choices}
    assert len(names) == 1 or question.kind is Kind.SELECT_MULTIPLE
    assert len(set(names)) == len(names)


@given(st.text(max_size=80) | SPOKEN)
def test_any_text_is_a_command_a_wish_a_correction_or_none(text: str) -> None:
    assert command(text) is None or isinstance(command(text), Command)
    assert wish(text) is None or isinstance(wish(text), Command)
    assert isinstance(asks_back(text), bool)
    assert isinstance(refusal(text), bool)
    assert stop_word(text) in {None, "soft", "keyword"}
    found = correction(text)
    assert found is None or found.number >= 0


@pytest.mark.parametrize(
    "piece",
    [
        "我",
        "的",
        "着呢",
        "错了",
        "那个",
        "满意",
        "不",
        "没",
        "一",
        "(",
        "1 ",
        "1,",
        "a ",
        "not ",
        "very ",
        "除了",
        "今天",
        "第1题",
        "再",
        "好",
    ],
)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_long_message_of_one_piece_does_not_hang(question: Question, piece: str) -> None:
    """A pattern that goes back over its own steps would not come to an end here."""
    for length in (60, 80, 2000):
        for end in ("", "龘", " x", ",2"):
            text = (piece * length)[: length - len(end)] + end
            read_reply(question, text, "zh", TODAY)
            for heard in (stop_word, command, wish, asks_back, refusal, suspicion, correction):
                heard(text)


@given(LABELS, st.data())
def test_a_label_with_one_slip_is_never_another_label(labels: list[str], data: st.DataObject) -> None:
    """None of these characters sounds like another of them: a text with a foreign character in it names none."""
    question = Question(
        "q", Kind.SELECT_ONE, "q", choices=tuple(Choice(f"n{n}", {"zh": label}) for n, label in enumerate(labels))
    )
    label = data.draw(st.sampled_from(labels))
    slipped = label[0] + "龘"
    assert read_reply(question, slipped, "zh", TODAY) is None
