"""Voice messages, pictures and places: an answer where words are asked for, and said plainly where they are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from surveys.dialogue.answering import answer_question
from surveys.dialogue.asking import put_question
from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.dialogue.draft import Draft
from surveys.dialogue.free import offer_to_pass_on, says_something
from surveys.dialogue.hotline import by_phone
from surveys.dialogue.interview import Interview, Mode
from surveys.dialogue.reading import storable
from surveys.dialogue.receiving import ask_for_it, asks_for_it, receive
from surveys.language import Message, message
from surveys.questionnaire.form import Kind

#: Channels whose messages are SMS: who speaks there did not find a microphone beside the keys.
BY_SMS = frozenset({"sms", "gateway"})
#: The question of the complaint questionnaire that holds a free message.
SAID = "said"


def things(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Return the attachments that say something; a sticker does not."""
    return tuple(attachment for attachment in attachments if attachment.kind is not AttachmentKind.STICKER)


def hear_attachments(draft: Draft, came: Sequence[Attachment], text: str, mode: Mode, floor: Interview | None) -> bool:
    """Take what came with a message (`text` is what was written beside it) for what it is here.

    False: it was not kept, which has been said, and the words beside it are still to be heard.
    """
    written = storable(text)
    if floor is None:
        return _without_a_question(draft, came, written)
    question = draft.world.form(floor.form).question(floor.position)
    if question.kind is Kind.TEXT:
        marked = draft.put(floor.changed(attached=(*floor.attached, (floor.id, question.name))))
        answer_question(draft, marked, _in_words(draft, came, written), mode)
        if draft.answered(floor.id, question.name):
            draft.keep(came, floor, question.name)
        else:
            say_not_kept(draft, came)
        return True
    if asks_for_it(question):
        if receive(draft, came, written, mode, floor, question, _in_words(draft, came, "")):
            return True
        say_not_kept(draft, came)
        if not written:
            ask_for_it(draft, floor, question)
        return not written
    say_not_kept(draft, came)
    if written:
        return False
    instead = message("Please answer with a number.") if question.choices else message("Please answer in writing.")
    draft.say(draft.words(instead), about=floor)
    if draft.channel in BY_SMS and any(a.kind is AttachmentKind.VOICE for a in came):
        # Who speaks instead of typing may not be able to: by telephone there is somebody who listens.
        told = by_phone(
            draft,
            message("If you would rather talk: reply person and we call you, or call {hotline}."),
            message("If you would rather talk: reply person and we call you."),
        )
        draft.say(told, about=floor)
    put_question(draft, floor)
    return True


def say_not_kept(draft: Draft, came: Sequence[Attachment]) -> None:
    """Say that what came with a message is of no use here, and gone."""
    draft.say(draft.words("We cannot make use of the {what} here and have not kept it.", what=_name(came[0].kind)))


def hear_sticker(draft: Draft, floor: Interview | None) -> None:
    """Meet a sticker with the open question, once; otherwise it counts as silence."""
    if floor is None or floor.nudged == floor.asked:
        return
    nudged = draft.put(replace(floor, nudged=floor.asked))
    draft.say(draft.words("Thank you! We still have this question for you:"), about=nudged)
    put_question(draft, nudged)


def _without_a_question(draft: Draft, came: Sequence[Attachment], written: str) -> bool:
    if not says_something(written):
        say_not_kept(draft, came)
        offer_to_pass_on(draft, "")
        return True
    offer = offer_to_pass_on(draft, written)
    if offer is not None:
        draft.keep(came, offer, SAID)
        begun = draft.conversation.interview(offer.id) or offer
        draft.put(begun.changed(attached=(*begun.attached, (offer.id, SAID))))
    return True


def _in_words(draft: Draft, came: Sequence[Attachment], written: str) -> str:
    """Return what stands for the attachments as an answer: the words beside them, else what they are; places always."""
    places = [draft.words("[place {place}]", place=a.text) for a in came if a.kind is AttachmentKind.LOCATION]
    others = [draft.words(_BRACKETED[a.kind]) for a in came if a.kind is not AttachmentKind.LOCATION]
    lines = [written, *places] if written else [*others, *places]
    return "\n".join(dict.fromkeys(lines))


def _name(kind: AttachmentKind) -> Message:
    return {
        AttachmentKind.VOICE: message("voice message"),
        AttachmentKind.PHOTO: message("picture"),
        AttachmentKind.VIDEO: message("video"),
        AttachmentKind.LOCATION: message("place"),
    }.get(kind, message("file"))


_BRACKETED = {
    AttachmentKind.VOICE: message("[voice message]"),
    AttachmentKind.PHOTO: message("[picture]"),
    AttachmentKind.VIDEO: message("[video]"),
    AttachmentKind.FILE: message("[file]"),
}
