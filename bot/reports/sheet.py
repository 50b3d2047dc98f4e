"""The sheet of invitations: a card for each resident, with a code to scan, to be printed on A4 and cut apart."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from math import ceil
from typing import Any

from markupsafe import Markup

from bot.reports.page import environment
from surveys.language import CHINESE, ENGLISH, translate

#: Height of an A4 page within its margins (mm), less what the line between two cards takes.
PAGE_HEIGHT = 276
#: Side of a code (mm) beside its text, by the number of columns; below 30 a camera does not tell the squares apart.
LARGEST_CODE, SMALLEST_CODE = {1: 70, 2: 36}, 30
#: A hyphen at which no line ends: dates and numbers stay whole.
HYPHEN = "\N{NON-BREAKING HYPHEN}"


def render_sheet(sheet: Mapping[str, Any], per_page: int) -> str:
    """Return the sheet as one HTML text without script or address outside itself; `sheet` is the action's result."""
    columns = 1 if per_page <= 3 else 2
    rows = ceil(per_page / columns)
    height = PAGE_HEIGHT // rows
    code = max(SMALLEST_CODE, min(LARGEST_CODE[columns], height - 8))
    style = files("bot.reports").joinpath("templates/sheet.css").read_text(encoding="utf-8")
    style += f".page {{ grid-template: repeat({rows}, {height}mm) / repeat({columns}, 1fr); }}\n"
    style += f".code svg {{ width: {code}mm; height: {code}mm; }}\n"
    cards = [_card(card, sheet) for card in sheet["cards"]]
    return (
        environment()
        .get_template("sheet.html")
        .render(
            title=translate(CHINESE, "Telegram invitations"),
            style=Markup(style),  # noqa: S704 - our own file and three numbers
            policy=f"default-src 'none'; style-src 'sha256-{_digest(style)}'",
            pages=[cards[start : start + per_page] for start in range(0, len(cards), per_page)],
        )
    )


def qr_code(link: str) -> Markup:
    """Return a QR code of `link` as SVG that stands in a page; a quarter of it may be dirty or creased."""
    import segno

    code = segno.make(link, error="q", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=2, lineclass=None, svgclass=None))  # noqa: S704 - paths only


def _card(card: Mapping[str, Any], sheet: Mapping[str, Any]) -> dict[str, Any]:
    languages = (CHINESE, ENGLISH) if card["language"] == ENGLISH else (CHINESE,)
    return {
        "code": qr_code(card["link"]),
        "office": " ".join(sheet["offices"].get(language, "") for language in languages).strip(),
        "name": translate(languages[-1], "For {surname}", surname=card["surname"]),
        "office_id": card["office_id"],
        "area": card["area"],
        "link": card["link"].removeprefix("https://"),
        "sentences": [
            {"language": "zh-Hans" if language == CHINESE else "en", "text": _sentences(language, sheet)}
            for language in languages
        ],
    }


def _sentences(language: str, sheet: Mapping[str, Any]) -> str:
    return translate(
        language,
        "Scan this code with your phone (Telegram), or open the link, to answer our questions in a chat. The code is "
        "for you alone, works once and until {day}; questions: {hotline}.",
        day=sheet["valid_until"].replace("-", HYPHEN),
        hotline=sheet["hotline"].replace("-", HYPHEN) or translate(language, "our office"),
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
