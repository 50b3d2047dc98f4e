"""What is sent in answer to a question that asks for it: a picture, a voice message, a video, a file, a place."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.dialogue.answering import answer_sent
from surveys.dialogue.asking import put_question
from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview, Mode
from surveys.dialogue.place import read_place
from surveys.dialogue.reading import Reading
from surveys.language import message
from surveys.questionnaire.form import SENT, Kind, Question

_TAKEN = {
    Kind.IMAGE: frozenset({AttachmentKind.PHOTO}),
    Kind.AUDIO: frozenset({AttachmentKind.VOICE}),
    Kind.VIDEO: frozenset({AttachmentKind.VIDEO}),
    Kind.FILE: frozenset(AttachmentKind) - {AttachmentKind.STICKER, AttachmentKind.LOCATION},
}
#: Pictures and recordings are often sent as files, so that they keep their quality.
_AS_FILE = {Kind.IMAGE: "image/", Kind.AUDIO: "audio/", Kind.VIDEO: "video/"}
_ASKED_FOR = {
    Kind.IMAGE: message("Please send a picture."),
    Kind.AUDIO: message("Please send a voice message."),
    Kind.VIDEO: message("Please send a video."),
    Kind.FILE: message("Please send the file."),
    Kind.GEOPOINT: message("Please send the place from your map."),
}


def asks_for_it(question: Question) -> bool:
    """Whether the question is answered by sending something."""
    return question.kind in SENT or question.kind is Kind.GEOPOINT


def receive(  # noqa: PLR0917 - what came belongs together
    draft: Draft, came: Sequence[Attachment], written: str, mode: Mode, floor: Interview, question: Question, said: str
) -> bool:
    """Take what came as the answer to `question`; `said` names it in words. False: it is not what is asked for."""
    if question.kind is Kind.GEOPOINT:
        places = [read_place(_exact(a.text)) for a in came if a.kind is AttachmentKind.LOCATION]
        if not places or places[0] is None:
            return False
        answer_sent(draft, floor, Reading(places[0], "place", 1.0, comment=written), said, mode)
        return True
    fitting = [attachment for attachment in came if _fits(attachment, question.kind)]
    if not fitting:
        return False
    marked = draft.put(floor.changed(attached=(*floor.attached, (floor.id, question.name))))
    answer_sent(draft, marked, Reading(said, "sent", 1.0, comment=written), said, mode)
    draft.keep(fitting, floor, question.name)
    return True


def ask_for_it(draft: Draft, floor: Interview, question: Question) -> None:
    """Say what is asked for, and put the question again."""
    draft.say(draft.words(_ASKED_FOR[question.kind]), about=floor)
    put_question(draft, floor)


def _fits(attachment: Attachment, kind: Kind) -> bool:
    if attachment.kind in _TAKEN[kind]:
        return True
    return attachment.kind is AttachmentKind.FILE and attachment.media_type.startswith(_AS_FILE.get(kind, "-"))


def _exact(pair: str) -> str:
    """Return coordinates with a decimal point each: what a map sends is no house number."""
    return ",".join(part if "." in part else part + ".0" for part in pair.split(","))
