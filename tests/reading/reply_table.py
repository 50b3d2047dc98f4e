"""The table of replies, written without knowing the reader, and what a conversation would make of each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from surveys.dialogue.reading import EXACT, read_reply
from surveys.dialogue.suspicion import suspicion
from surveys.dialogue.wishes import asks_back, wish
from surveys.dialogue.words import command, refusal, stop_word
from surveys.questionnaire.form import Choice, Form, Kind, Question
from surveys.questionnaire.walk import check

HERE = Path(__file__).parent
TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
#: What the column `constraint` says in words.
CONSTRAINTS = {
    "score": ". >= 1 and . <= 10",
    "age": ". >= 16 and . <= 120",
    "people": ". >= 1 and . <= 20",
    "paid": ". >= 0 and . <= 100000",
    "happened": ". <= '2026-11-02'",
}
KINDS = {"yes_no": Kind.SELECT_ONE}
#: The bounds of the numbers that are read off a scale.
SCALES = {"mark": {"start": "0", "end": "10", "step": "1"}}


@dataclass(frozen=True)
class Row:
    """One reply to a question, and what a careful human reader makes of it."""

    question: Question
    reply: str
    expected: str
    group: str
    reason: str
    disputed: str = ""


def questions() -> dict[str, Question]:
    """Return the questions of the table by id; none has a synonym: the words are the reader's own."""
    with (HERE / "replies_questions.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: question(row) for row in csv.DictReader(file)}


def question(row: dict[str, str]) -> Question:
    parts = [option.split(":") for option in row["options"].split("|") if option]
    choices = [Choice(name.lstrip("*"), {"zh": zh, "en": en}, hidden=name[0] == "*") for name, zh, en in parts]
    return Question(
        row["id"],
        KINDS.get(row["kind"]) or Kind(row["kind"]),
        row["id"],
        {"zh": row["text_zh"], "en": row["text_en"]},
        choices=tuple(choices),
        constraint=CONSTRAINTS.get(row["id"], ""),
        required="true()" if row["required"] == "yes" else "",
        parameters=SCALES.get(row["id"], {}),
    )


def days() -> dict[str, date]:
    """Return on which day the questions are answered that tell so."""
    with (HERE / "replies_questions.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: date.fromisoformat(row["today"]) for row in csv.DictReader(file) if row["today"]}


def rows() -> list[Row]:
    """Return the table."""
    known = questions()
    with (HERE / "replies.csv").open(encoding="utf-8", newline="") as file:
        return [
            Row(known[row["question"]], row["reply"], row["expected"], row["group"], row["reason"],
                row.get("disputed") or "")
            for row in csv.DictReader(file)
        ]  # fmt: skip


DAYS = days()
FORM = Form("table", "table", {"zh": "table"}, ("zh", "en"), "zh", tuple(questions().values()))


def language_of(text: str) -> str:
    """Return the language of the conversation a reply is taken to belong to."""
    return "en" if text.isascii() and any(c.isalpha() for c in text) else "zh"


def outcome(question: Question, text: str) -> str:
    """Return what a conversation makes of a reply, in the words of the column `expected`."""
    if stop_word(text):
        return "STOP"
    wanted = command(text)
    if wanted is not None:
        return wanted.name
    language = language_of(text)
    reading = read_reply(question, text, language, DAYS.get(question.name, TODAY))
    if suspicion(text) and not (reading and reading.rule in EXACT | {"amount"}):
        return "DOUBT"
    if reading is None:
        if wish(text) is not None:
            return str(wish(text)).upper()
        if asks_back(text):
            return "HELP"
        return "REFUSAL" if refusal(text) else "ASK"
    if check(FORM, question, reading.value, {}, NOW, language) is not None:
        return "ASK"
    if reading.other:
        return f"COMMENT:{reading.value}"
    return f"COMMENT:{reading.value}" if reading.comment else reading.value


def agrees(row: Row, found: str) -> bool:
    """Whether `found` is what was expected; a comment kept beside a plain answer does no harm."""
    if row.expected.startswith("COMMENT:"):
        return found == row.expected
    expected = row.expected.strip() if row.question.kind is Kind.TEXT else row.expected
    return found.removeprefix("COMMENT:") == expected
