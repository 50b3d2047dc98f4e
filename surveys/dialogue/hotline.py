"""Sentences that name the office's telephone, and what is said in their stead where none is set."""

from __future__ import annotations

from surveys.dialogue.draft import Draft
from surveys.language import Message


def by_phone(draft: Draft, told: Message, untold: Message) -> str:
    """Return `told` with the hotline in its place `{hotline}`, or `untold` where the office has set none."""
    hotline = draft.world.office.hotline
    return draft.words(told, hotline=hotline) if hotline else draft.words(untold)
