"""What staff do with voice messages, pictures and places of a case: see what there is, and write one to a file."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.progress import Progress
from bot.house import House
from storage.attachments import Stored, body_of, of_case
from storage.cases import case_by_number
from surveys.language import Message, message
from surveys.problem import Problem, Refused

#: What a file of unknown kind is called.
UNKNOWN = ".bin"
#: Endings that differ between machines, or that the machine's list lacks.
ENDINGS = {"audio/ogg": ".ogg", "image/jpeg": ".jpg", "audio/amr": ".amr", "video/mp4": ".mp4", "text/plain": ".txt"}


class WriteAttachment(BaseModel):
    """Write attachment `index` (1 is the first) of a case to `out`: a new file, or a folder it is put into."""

    model_config = ConfigDict(frozen=True)
    number: str
    index: int = Field(ge=1)
    out: Path


def write_attachment(house: House, order: WriteAttachment, progress: Progress) -> dict[str, Any]:
    """Write one attachment to a file that only its owner can read; an existing one is never written over."""
    del progress
    vault = house.database.vault
    with house.database.read() as connection:
        case = case_by_number(connection, vault, order.number.strip())
        found = of_case(connection, case.id) if case else []
        if case is None or order.index > len(found):
            raise Refused([_missing(order)])
        chosen = found[order.index - 1]
        if chosen.state != "kept":
            raise Refused([_not_here(order, chosen)])
        body = body_of(connection, vault, chosen)
    path = order.out
    if path.is_dir():
        # The name is ours: what a resident or a provider calls a file never reaches this machine's folders.
        path = path / f"{case.number}-{order.index}{ending(chosen.media_type)}"
    _write(path, body)
    return {"number": case.number, "index": order.index, "media_type": chosen.media_type, "file": str(path)}


def listed(house: House, found: Sequence[Stored]) -> list[dict[str, Any]]:
    """Return a case's attachments as staff see them, numbered as `pingyi case attachment` takes them."""
    zone = ZoneInfo(house.office.zone)
    return [
        {
            "index": index,
            "kind": one.kind,
            "kind_words": kind_words(one.kind).text(house.language),
            "media_type": one.media_type,
            "size": one.size,
            "state": one.state,
            "state_words": state_words(one.state).text(house.language),
            "at": one.at.astimezone(zone).isoformat(timespec="minutes"),
        }
        for index, one in enumerate(found, 1)
    ]


def ending(media_type: str) -> str:
    """Return how a file of this media type ends, `.bin` if that is not known."""
    plain = media_type.partition(";")[0].strip().lower()
    return ENDINGS.get(plain) or mimetypes.guess_extension(plain, strict=True) or UNKNOWN


def kind_words(kind: str) -> Message:
    """Return what an attachment is called."""
    return {
        "voice": message("voice message"),
        "photo": message("picture"),
        "video": message("video"),
        "location": message("place"),
    }.get(kind, message("file"))


def state_words(state: str) -> Message:
    """Return whether an attachment can be had."""
    return {
        "kept": message("kept"),
        "waiting": message("being fetched"),
    }.get(state, message("could not be fetched"))


def _write(path: Path, body: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(body)
    except OSError as error:
        what = message("The file cannot be written: {reason}.", reason=error.strerror or type(error).__name__)
        fix = message("Name a file that does not exist yet, in a folder that does.")
        raise Refused([Problem("unwritable", what, fix, str(path))]) from None


def _missing(order: WriteAttachment) -> Problem:
    return Problem(
        code="attachment_missing",
        what=message("Case {number} has no attachment {index}.", number=order.number, index=order.index),
        fix=message("`pingyi case show` lists the attachments of a case."),
    )


def _not_here(order: WriteAttachment, chosen: Stored) -> Problem:
    return Problem(
        code="attachment_not_here",
        what=message("Attachment {index}: {state}.", index=order.index, state=state_words(chosen.state)),
        fix=message(
            "What is still being fetched is there in a while; the rest is lost, the resident can send it again."
        ),
    )
