"""What came with the words of a message that is kept: sealed beside them, so that it is heard again as it was."""

from __future__ import annotations

import json
from dataclasses import asdict

from storage.codec import compact
from storage.inbox import Act, Inbound
from storage.vault import Vault
from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.dialogue.hear import Heard
from surveys.dialogue.interview import Mode


def seal_extra(vault: Vault, row: str, message: Inbound) -> bytes | None:
    """Return what came with the words, sealed for the inbox row `row`; None if it was words alone."""
    if message.act is Act.SAID and message.mode is Mode.SELF and not message.tap and not message.attachments:
        return None
    came = {
        "act": message.act.value,
        "mode": message.mode.value,
        "tap": message.tap,
        "attachments": [asdict(attachment) for attachment in message.attachments],
    }
    return vault.seal("inbox.extra", row, compact(came))


def open_extra(vault: Vault, row: str, sealed: bytes | None, text: str, channel: str) -> tuple[Act, Heard]:
    """Return what the resident did, and what is to be heard."""
    if sealed is None:
        return Act.SAID, Heard(text, channel)
    came = json.loads(vault.open("inbox.extra", row, sealed))
    attachments = tuple(
        Attachment(**{**attachment, "kind": AttachmentKind(attachment["kind"])}) for attachment in came["attachments"]
    )
    return Act(came["act"]), Heard(text, channel, Mode(came["mode"]), came["tap"], attachments)
