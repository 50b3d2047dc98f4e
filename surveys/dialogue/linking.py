"""Moving into a chat: the link a resident asks for, and what is said when the chat is opened."""

from __future__ import annotations

from datetime import timedelta

from surveys.consent.invitation import Invitation
from surveys.dialogue.asking import put_question
from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview
from surveys.dialogue.world import World
from surveys.language import LANGUAGES, message, translate

#: A link told in a conversation is followed at once or not at all.
LINK_VALID = timedelta(hours=24)
#: Characters of a token: 160 bits in base32, below what a start parameter may have (64).
TOKEN_LENGTH = 32


def opens_chat(text: str) -> bool:
    """Whether the message is what Telegram sends when a chat is opened, with or without a token."""
    return text.startswith("/start") and text[6:7] in {"", " "}


def chat_link(bot: str, token: str) -> str:
    """Return the link that opens the chat with `bot` and hands over `token`."""
    return f"https://t.me/{bot}?start={token}"


def welcome(draft: Draft, floor: Interview | None) -> None:
    """Answer an opened chat: who we are and how to stop, or the question that is open here."""
    if floor is not None:
        put_question(draft, floor, resuming=bool(floor.trail))
        return
    draft.say(
        draft.words(
            "[{office}] Welcome. In this chat we ask what you think of public services, and whether what you told us "
            "of has been solved. Reply report to tell us something, person for a call, STOP for no more messages.",
            office=draft.world.office.name(draft.language),
        )
    )


def welcome_stopped(draft: Draft) -> None:
    """Answer an opened chat whose people have opted out: they opened it themselves, so they are told the way back."""
    draft.say(draft.words("You have opted out of our messages. To get them again, reply START."))


def invite_to_telegram(draft: Draft, floor: Interview | None) -> None:
    """Give the resident a link of their own; it proves who opens it only where nobody else reads this address."""
    office, people = draft.world.office, draft.conversation.people
    if not office.telegram or not people:
        draft.say(draft.words("We are not on Telegram; we go on here."), about=floor)
        return
    if draft.channel == "telegram":
        draft.say(draft.words("You are writing to us by Telegram already."), about=floor)
        return
    person = draft.conversation.person(floor.resident) if floor else people[0]
    token = draft.world.names.name(
        "invitation", draft.conversation.address, draft.conversation.turn, length=TOKEN_LENGTH
    )
    draft.invite(
        Invitation(
            token=token,
            resident=person.resident,
            source="asked",
            confirmed=person.confirmed and not draft.conversation.shared,
            expires_at=draft.world.now + LINK_VALID,
        )
    )
    draft.event("ChatOffered", floor, resident=person.resident)
    draft.say(
        draft.words(
            "Open this link on your phone to go on by Telegram: {link}\n"
            "It is for you alone, works once and for 24 hours.",
            link=chat_link(office.telegram, token),
        ),
        about=floor,
        to=person.resident,
    )


def stranger_text(world: World) -> str:
    """Return what a chat nobody is linked to is told, once a day, in both languages."""
    hotline = world.office.hotline
    told = message(
        "[{office}] We do not know this chat yet. Please open the link or scan the code you have from us; each "
        "works once and for a limited time. For a new one call {hotline}.",
        hotline=hotline,
    )
    untold = message(
        "[{office}] We do not know this chat yet. Please open the link or scan the code you have from us; each "
        "works once and for a limited time."
    )
    said = told if hotline else untold
    return "\n".join(
        translate(language, said.template, **{**said.fields, "office": world.office.name(language)})
        for language in LANGUAGES
    )
