"""Golden conversations: what residents read, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from player import play, transcripts


@pytest.mark.parametrize("path", transcripts(), ids=lambda path: path.stem)
def test_a_golden_conversation_is_said_again_word_for_word(path: Path, request: pytest.FixtureRequest) -> None:
    """With --write-golden the files are written anew, for a person to read the difference."""
    text = path.read_text(encoding="utf-8")
    played = play(text)
    if request.config.getoption("--write-golden"):
        path.write_text(played, encoding="utf-8")
    assert played == path.read_text(encoding="utf-8")


def test_there_are_golden_conversations() -> None:
    assert len(transcripts()) >= 10
