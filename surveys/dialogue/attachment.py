"""What comes with a message besides words: a voice message, a picture, a place on the map."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AttachmentKind(StrEnum):
    """What it is, as far as a conversation treats it differently."""

    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    FILE = "file"
    LOCATION = "location"
    STICKER = "sticker"


@dataclass(frozen=True, slots=True)
class Attachment:
    """`reference` is the provider's name for it, to fetch it by; a location is in `text` as `latitude,longitude`.

    `size` is in bytes, 0 if the provider did not say.
    """

    kind: AttachmentKind
    reference: str = ""
    media_type: str = ""
    size: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """What becomes of attachments kept before: they belong to `case` as well, or without one are dropped.

    They are those of one answer, that to `question`.
    """

    resident: int
    interview: str
    question: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """An attachment that belongs to an open answer (`interview`, `question`) or to a `case`."""

    attachment: Attachment
    resident: int
    interview: str = ""
    question: str = ""
    case: str = ""
