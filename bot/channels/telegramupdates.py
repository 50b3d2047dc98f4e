"""Telegram's updates and what a resident did by each; private chats only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegrambuttons import Tapped, read_data
from storage.inbox import Act, Inbound
from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.language import CHINESE, ENGLISH

NAME = "telegram"
KIND = "telegram"
#: The only kinds of update that Telegram is asked for.
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
#: Characters of a message that are read; Telegram allows no more.
LONGEST = 4096


class UnreadableUpdate(ValueError):
    """No update of Telegram's."""


def read_body(body: bytes) -> dict[str, Any]:
    """Return the update in the body of a post; raises UnreadableUpdate if it has no number."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableUpdate("the body is no JSON") from error
    if not isinstance(data, dict) or type(data.get("update_id")) is not int or not 0 <= data["update_id"] < 2**63:
        raise UnreadableUpdate("the body is no update with a number")
    return data


def read_update(data: Mapping[str, Any], now: datetime) -> Inbound | None:
    """Return what a resident did, None if the update is of no concern; raises UnreadableUpdate."""
    try:
        update = Update.de_json(dict(data), None)
        act, said, chat = _act(update)
        if type(chat) is not int:
            raise UnreadableUpdate("a chat without a number")  # noqa: TRY301 - as the library would, were it strict
    except Exception as error:  # the library fails in many ways at a shape it does not expect
        raise UnreadableUpdate("the update is not shaped as Telegram's are") from error
    if said is None:
        return None
    return Inbound(
        channel=NAME, provider_id=str(update.update_id), kind=KIND, sender=str(chat), at=now, act=act, **said
    )


def _act(update: Update) -> tuple[Act, dict[str, Any] | None, int]:
    if update.message is not None and _private(update.message):
        return Act.SAID, _message(update.message), update.message.chat.id
    if update.edited_message is not None and _private(update.edited_message):
        # A position that is shared live arrives as an edit every few seconds.
        moved = update.edited_message.location is not None
        return Act.EDITED, None if moved else _message(update.edited_message), update.edited_message.chat.id
    if update.callback_query is not None:
        return _tap(update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return Act.SAID, None, 0


def _private(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE and not (message.from_user and message.from_user.is_bot)


def _message(message: Message) -> dict[str, Any] | None:
    """Return words and attachments; a message without either counts if a person made it (a contact, dice, a poll)."""
    text, attachments = _clean(message.text or message.caption or ""), _attachments(message)
    made = message.contact or message.dice or message.poll or message.story or message.game
    if not text and not attachments and not made:
        return None  # a notice of Telegram's own: something was pinned, a timer was set
    return {"text": text, "attachments": attachments}


def _tap(query: CallbackQuery) -> tuple[Act, dict[str, Any] | None, int]:
    message = query.message
    data = read_data(query.data or "")
    if message is None or message.chat.type != ChatType.PRIVATE or data is None:
        return Act.SAID, None, 0
    guard, number, discreet = data
    shown = message if isinstance(message, Message) else None
    rows = shown.reply_markup.inline_keyboard if shown is not None and shown.reply_markup is not None else ()
    labels = (button.text for row in rows for button in row if button.callback_data == query.data)
    tapped = Tapped(
        callback=query.id,
        chat=message.chat.id,
        message=message.message_id,
        text=_clean(shown.text or "") if shown is not None else "",
        label=_clean(next(labels, "")),
        discreet=discreet,
        language=CHINESE if (query.from_user.language_code or "zh").lower().startswith("zh") else ENGLISH,
    )
    return Act.SAID, {"text": str(number), "tap": guard, "handle": tapped.handle()}, message.chat.id


def _membership(change: ChatMemberUpdated) -> tuple[Act, dict[str, Any] | None, int]:
    left = change.chat.type == ChatType.PRIVATE and change.new_chat_member.status == ChatMemberStatus.BANNED
    return Act.LEFT, {"text": ""} if left else None, change.chat.id


def _attachments(message: Message) -> tuple[Attachment, ...]:
    kinds = AttachmentKind
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (Attachment(kinds.PHOTO, largest.file_id, "image/jpeg", largest.file_size or 0),)
    if message.sticker:
        return (Attachment(kinds.STICKER, message.sticker.file_id, "", message.sticker.file_size or 0),)
    if message.location:
        return (Attachment(kinds.LOCATION, text=f"{message.location.latitude},{message.location.longitude}"),)
    if message.video_note:
        return (Attachment(kinds.VIDEO, message.video_note.file_id, "video/mp4", message.video_note.file_size or 0),)
    # An animation comes as a document as well: the first that fits is taken.
    for kind, file, usual in (
        (kinds.VOICE, message.voice, "audio/ogg"),
        (kinds.FILE, message.audio, "audio/mpeg"),
        (kinds.VIDEO, message.video, "video/mp4"),
        (kinds.VIDEO, message.animation, "video/mp4"),
        (kinds.FILE, message.document, "application/octet-stream"),
    ):
        if file is not None:
            return (Attachment(kind, file.file_id, (file.mime_type or usual)[:128], file.file_size or 0),)
    return ()


def _clean(text: str) -> str:
    """Replace half surrogate pairs: they could be neither sealed nor shown."""
    return text.encode("utf-8", "replace").decode()[:LONGEST]
