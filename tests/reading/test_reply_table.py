"""The table of replies: written by somebody who had not read the reader, expectation and reason in every row."""

from __future__ import annotations

from collections import Counter

import pytest
from reply_table import Row, agrees, outcome, rows

TABLE = rows()
#: What the reader cannot do yet; each is asked again, which costs the resident a reply and spoils no answer.
BEYOND = {
    "农历八月十五": "another calendar",
    "巡河没去过，捐过款": "a list with one of its members denied",
    "A but not B": "a list with one of its members denied",
    "巡河撒，还捐过钱": "捐钱 for 捐款",
    "捐錢、巡河": "捐钱 for 捐款",
    "节水": "an abbreviation that no synonym gives",
    "人家满意我不满意": "two people's views in one clause",
    "满意？不满意！": "a question to oneself",
    "有病吧天天发，取消！": "取消 beside other words may mean anything",
}


@pytest.mark.parametrize(
    "row",
    [row for row in TABLE if not row.disputed and row.reply not in BEYOND],
    ids=lambda row: f"{row.question.name}-{row.reply}",
)
def test_a_reply_is_read_as_a_careful_human_reader_would(row: Row) -> None:
    assert agrees(row, outcome(row.question, row.reply)), row.reason


@pytest.mark.parametrize(
    "row", [row for row in TABLE if row.reply in BEYOND], ids=lambda row: f"{row.question.name}-{row.reply}"
)
def test_what_is_beyond_the_reader_is_asked_again_and_not_guessed(row: Row) -> None:
    assert outcome(row.question, row.reply) == "ASK", BEYOND[row.reply]


def test_a_disputed_expectation_says_why_and_there_are_few() -> None:
    disputed = [row for row in TABLE if row.disputed]
    assert len(disputed) <= len(TABLE) // 100
    assert all(len(row.disputed) > 20 for row in disputed)


def test_the_table_is_large_and_in_both_languages() -> None:
    chinese = sum(not row.reply.isascii() for row in TABLE)
    groups = Counter(row.group for row in TABLE)
    assert len(TABLE) >= 400
    assert 0.5 < chinese / len(TABLE) < 0.85
    assert groups["dialect"] >= 60
    assert all(row.reason for row in TABLE)
