"""Everything a person reads exists in both languages and keeps to one vocabulary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "surveys" / "locale" / "zh_CN"
ROOMS = ("bot", "scheduler", "storage", "surveys")
#: `_(...)`, `message(...)`, a draft's `words(...)` and the second argument of `translate(...)`.
KEYWORDS = {"_": None, "message": None, "words": None, "translate": (2,)}
#: A discipline matter, a ballot paper, one's boss, and the wrong word for the response rate.
FORBIDDEN = ("案件", "选票", "主管", "回收率")
#: What residents read: these catalogues, and the questionnaires that are shipped.
RESIDENTS = ("chat.po", "dialogue.po", "questionnaire.po", "reading.po")
#: A date is written in each language's own order and with its own zeros.
DATES = {"{year}-{mm}-{dd}"}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def templates() -> Mapping[str, str]:
    """Return every template in the code, with where it stands."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for file, line, template, _, _ in extract_from_dir(
            ROOT / room,
            method_map=[("**.py", "python")],
            keywords=KEYWORDS,
        ):
            found.setdefault(str(template), f"{room}/{file}:{line}")
    return found


@cache
def entries() -> Mapping[str, Mapping[str, str]]:
    """Return English → {catalogue: Chinese}."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale="zh_CN", abort_invalid=True):
                if entry.id:
                    found[str(entry.id)][path.name] = str(entry.string)
    return found


def test_the_extractor_sees_the_sentences_of_every_room_that_speaks() -> None:
    """A test that found nothing to check would prove nothing."""
    assert "docs/settings.md lists the settings." in templates()
    assert len(templates()) > 300


def test_every_sentence_in_the_code_has_its_chinese() -> None:
    missing = [f"{place}: {text}" for text, place in templates().items() if not any(entries().get(text, {}).values())]
    assert missing == []


def test_one_sentence_has_one_translation() -> None:
    differing = {text: dict(found) for text, found in entries().items() if len(set(found.values())) > 1}
    assert differing == {}


def test_both_languages_fill_in_the_same_names() -> None:
    """A name that is missing would keep something from the reader; one too many would be shown as it stands."""
    differing = [
        text
        for text, found in entries().items()
        for chinese in found.values()
        if text not in DATES and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(chinese))
    ]
    assert differing == []


@pytest.mark.parametrize("term", FORBIDDEN)
def test_a_forbidden_term_stands_in_no_sentence(term: str) -> None:
    sentences = [*templates(), *(chinese for found in entries().values() for chinese in found.values())]
    assert [sentence for sentence in sentences if term in sentence] == []


def test_residents_never_read_the_word_for_a_formal_complaint() -> None:
    """They report a matter (反映事项); the word stays out of what they are asked, too."""
    told = [chinese for found in entries().values() for name, chinese in found.items() if name in RESIDENTS]
    shipped = sorted((ROOT / "surveys" / "questionnaire" / "templates").glob("*.csv"))
    assert told
    assert shipped
    told.extend(path.read_text(encoding="utf-8") for path in shipped)
    assert [sentence for sentence in told if "投诉" in sentence] == []


def test_confirmed_is_never_called_by_the_word_for_reported_done_by_a_unit() -> None:
    """Officials read 已办结 as "the unit closed it": only the resident's word makes a case confirmed."""
    confirmed = [
        chinese for text, found in entries().items() if "confirmed" in text.lower() for chinese in found.values()
    ]
    assert confirmed
    assert [sentence for sentence in confirmed if "已办结" in sentence] == []
