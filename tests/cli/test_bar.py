"""The bar a command shows on a terminal while it works."""

from __future__ import annotations

import sys
from io import StringIO

import pytest

from bot.cli.perform import _bar


class Terminal(StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_bar_says_how_far_it_has_come_only_once_it_knows_how_much_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", shown := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PINGYI_LANGUAGE", "en")
    with _bar():
        pass
    written = shown.getvalue().replace("\x1b[?", "")  # how a cursor is hidden
    assert "Working" in written
    assert "?" not in written
    assert "/" not in written
    with _bar() as progress:
        progress(3, 40)
    assert "3/40" in shown.getvalue()
