"""Headers are understood in the spellings people use, and languages by any of their names."""

from __future__ import annotations

import pytest

from surveys.questionnaire.columns import SURVEY, columns, language_code
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.workbook import Table


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("English (en)", "en"), ("en", "en"), ("English", "en"), ("ENGLISH", "en"), ("en-GB", "en"), ("英语", "en"),
        ("中文 (zh)", "zh"), ("中文（zh）", "zh"), ("zh", "zh"), ("zh-CN", "zh"), ("zh_Hans", "zh"), ("Chinese", "zh"),
        ("中文", "zh"), ("Simplified Chinese", "zh"), ("Swahili (sw)", "sw"), ("swahili", "sw"), ("Kiswahili", "sw"),
        ("French", "fr"), ("Français (fr)", "fr"), ("français", "fr"), ("Español", "es"), ("藏语", "bo"),
        ("维吾尔语", "ug"),
        ("Klingonese", "klingonese"), ("West  Side", "west side"),
    ],
)  # fmt: skip
def test_a_language_has_one_code_however_it_is_written(written: str, code: str) -> None:
    assert language_code(written) == code


@pytest.mark.parametrize(
    ("header", "name", "language"),
    [
        ("label", "label", ""),
        ("Label", "label", ""),
        ("label::English (en)", "label", "en"),
        ("label:English", "label", "en"),
        ("label :: 中文", "label", "zh"),
        ("label：：中文", "label", "zh"),
        ("caption::en", "label", "en"),
        ("hint::zh", "hint", "zh"),
        ("relevance", "relevant", ""),
        ("bind:relevant", "relevant", ""),
        ("bind::required", "required", ""),
        ("bind::jr:constraintMsg::en", "constraint_message", "en"),
        ("constraint message::zh", "constraint_message", "zh"),
        ("Choice Filter", "choice_filter", ""),
        ("media::image::en", "image", "en"),
        ("media::big-image", "big-image", ""),
        ("guidance_hint::zh", "guidance_hint", "zh"),
        ("jr:count", "repeat_count", ""),
        ("my own notes", "my own notes", ""),
    ],
)
def test_a_header_means_one_column(header: str, name: str, language: str) -> None:
    (column,) = columns(Table("survey", (header,), []), SURVEY, Findings("f"))
    assert (column.name, column.language) == (name, language)
