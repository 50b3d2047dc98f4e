"""Buttons under a Telegram message: what is written on them, what they carry, and what a tap on one brings back."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from unicodedata import east_asian_width

#: Buttons a message may have.
MOST_BUTTONS = 100
#: Columns of a phone's screen that are shared out among the buttons of a row, each with its own margin.
ROW_COLUMNS = 40
MARGIN_COLUMNS = 6
MOST_IN_A_ROW = 5
#: Guard, number of the option, and whether the choice must not be shown: `k3v8x2.2` or `k3v8x2.2d`. The Bot API
#: lets a button carry 64 bytes.
_DATA = re.compile(r"([\x21-\x7e]{1,40})\.([1-9][0-9]?|100)(d?)", re.ASCII)


def keyboard(options: Sequence[str], guard: str, *, discreet: bool) -> dict[str, Any] | None:
    """Return the inline keyboard of a question as the Bot API takes it, None if it has to do without.

    Without a guard nobody could tell later which question a tap belongs to; the text lists the numbers anyhow.
    """
    flag = "d" if discreet else ""
    if not options or len(options) > MOST_BUTTONS or not _DATA.fullmatch(f"{guard}.{len(options)}{flag}"):
        return None
    buttons = [
        {"text": label or str(number), "callback_data": f"{guard}.{number}{flag}"}
        for number, label in enumerate(options, start=1)
    ]
    wide = _in_a_row(options)
    return {"inline_keyboard": [buttons[start : start + wide] for start in range(0, len(buttons), wide)]}


def read_data(data: str) -> tuple[str, int, bool] | None:
    """Return guard, number and discretion of a tapped button, None if it is none of ours."""
    found = _DATA.fullmatch(data)
    return (found[1], int(found[2]), bool(found[3])) if found else None


@dataclass(frozen=True, slots=True)
class Tapped:
    """What it takes to answer a tap: the callback's id, the message it was under and the label that was tapped.

    `text` is the message as it stands, empty if Telegram no longer shows it; `language` is of the resident's phone.
    """

    callback: str
    chat: int
    message: int
    text: str
    label: str
    discreet: bool
    language: str

    def handle(self) -> str:
        """Return it as an Inbound carries it."""
        return json.dumps(asdict(self), ensure_ascii=False)


def read_handle(handle: str) -> Tapped | None:
    """Return what `Tapped.handle` made, None of anything else."""
    try:
        return Tapped(**json.loads(handle))
    except (ValueError, TypeError):
        return None


def _in_a_row(options: Sequence[str]) -> int:
    """How many buttons share a row: as many as can be read, and no row left almost empty."""
    widest = max(sum(2 if east_asian_width(character) in "WF" else 1 for character in label) for label in options)
    fit = max(1, min(MOST_IN_A_ROW, ROW_COLUMNS // (widest + MARGIN_COLUMNS)))
    rows = -(-len(options) // fit)
    return -(-len(options) // rows)
