"""What was offered at an address and may still be taken up, as the one text a conversation's row keeps."""

from __future__ import annotations

from datetime import UTC, datetime

from surveys.dialogue.conversation import Conversation

#: Marks the end of an offer to delete everything, in seconds since 1970; the rest are residents offered 办理.
ERASURE = "erase@"


def offers_text(conversation: Conversation) -> str:
    """Return the offers of a conversation: resident ids and the end of an offer to delete, joined by commas."""
    parts = [str(resident) for resident in conversation.keep_offered]
    if conversation.erasure_until is not None:
        parts.append(f"{ERASURE}{conversation.erasure_until.timestamp():.0f}")
    return ",".join(parts)


def read_offers(text: str) -> tuple[tuple[int, ...], datetime | None]:
    """Return who was offered 办理, and until when 确认删除 is waited for."""
    if not text:
        return (), None
    parts = text.split(",")
    ends = [part.removeprefix(ERASURE) for part in parts if part.startswith(ERASURE)]
    until = datetime.fromtimestamp(int(ends[0]), UTC) if ends else None
    return tuple(int(part) for part in parts if not part.startswith(ERASURE)), until
