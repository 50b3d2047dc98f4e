"""The sheet of invitations: one card each, nothing fetched from elsewhere, no more of a name than a message shows."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest

from bot.reports.sheet import qr_code, render_sheet


def sheet(size: int, **changes: Any) -> dict[str, Any]:
    card = {"office_id": "R1", "surname": "王", "area": "<东街>", "language": "zh"}
    cards = [card | {"link": f"https://t.me/qingjiang_bot?start={n:032}"} | changes for n in range(size)]
    return {
        "offices": {"zh": "测评办", "en": "Survey Office"},
        "hotline": "0838-12345",
        "valid_until": "2026-12-02",
        "cards": cards,
    }


@pytest.mark.parametrize(("size", "per_page", "pages"), [(8, 8, 1), (9, 8, 2), (3, 1, 3), (10, 10, 1), (1, 8, 1)])
def test_each_resident_has_a_card_and_each_page_its_share(size: int, per_page: int, pages: int) -> None:
    page = render_sheet(sheet(size), per_page)
    assert page.count("<article") == page.count("<svg") == size
    assert page.count("<section") == pages
    assert len(set(re.findall(r"<svg.*?</svg>", page, re.DOTALL))) == size


def test_the_page_fetches_nothing_runs_nothing_and_says_so() -> None:
    page = render_sheet(sheet(2), 8)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" in page
    assert "<script" not in page
    assert "style=" not in page  # the policy would refuse it
    assert not re.search(r"(?:src|href)=|url\(|@import", page)


def test_values_are_escaped_and_a_chinese_card_has_no_english() -> None:
    page = render_sheet(sheet(1), 8)
    assert "&lt;东街&gt;" in page
    assert "王先生/女士" in page
    assert "Scan this code" not in page


def test_an_english_speaking_resident_reads_both_languages() -> None:
    page = render_sheet(sheet(1, language="en", surname="Smith"), 8)
    assert "For Smith" in page
    assert "请用手机扫码" in page
    assert "Scan this code" in page


def test_a_code_is_another_for_another_link() -> None:
    assert qr_code("https://t.me/a?start=1") == qr_code("https://t.me/a?start=1")
    assert qr_code("https://t.me/a?start=1") != qr_code("https://t.me/a?start=2")
