"""What Telegram posts is read as what a resident did, and nothing else is taken for it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram_provider import NOW, TelegramProvider

from bot.channels.channel import LARGEST_BODY, Rejected
from bot.channels.telegrambuttons import MOST_BUTTONS, keyboard, read_data, read_handle
from storage.inbox import Act, Inbound
from surveys.dialogue.attachment import Attachment, AttachmentKind
from tests.emulators.telegram import LONGEST_DATA

PROVIDER = TelegramProvider()
CHAT = {"id": 1001, "type": "private", "first_name": "王"}
RESIDENT = {"id": 1001, "is_bot": False, "first_name": "王", "language_code": "zh-hans"}
BOT = {"id": 1000, "is_bot": True, "first_name": "Pingyi", "username": "pingyi_bot"}


def parsed(**content: Any) -> Inbound | None:
    """Return what an update means, None if nothing."""
    found = PROVIDER.channel().parse(PROVIDER.update("u", **content))
    assert len(found) <= 1
    return found[0] if found else None


def said(**fields: Any) -> dict[str, Any]:
    return {"message_id": 7, "date": 1_772_413_200, "chat": CHAT, "from": RESIDENT, **fields}


def file(name: str, **fields: Any) -> dict[str, Any]:
    return {"file_id": name, "file_unique_id": name, **fields}


def test_words_are_taken_as_they_were_typed() -> None:
    assert parsed(message=said(text="还可以嘛 👍")) == Inbound(
        "telegram", PROVIDER.id("u"), "telegram", "1001", "还可以嘛 👍", NOW
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"voice": file("v", duration=3, mime_type="audio/ogg", file_size=900)}, ("voice", "v", "audio/ogg", 900)),
        (
            {
                "photo": [
                    file("s", width=90, height=90),
                    file("l", width=800, height=600, file_size=5),
                    file("m", width=320, height=320),
                ]
            },
            ("photo", "l", "image/jpeg", 5),
        ),
        ({"video": file("f", width=1, height=1, duration=2)}, ("video", "f", "video/mp4", 0)),
        ({"video_note": file("n", length=1, duration=2)}, ("video", "n", "video/mp4", 0)),
        (
            {"animation": file("a", width=1, height=1, duration=2), "document": file("a")},  # Telegram sends both
            ("video", "a", "video/mp4", 0),
        ),
        ({"document": file("d", mime_type="application/pdf")}, ("file", "d", "application/pdf", 0)),
        ({"audio": file("u", duration=2)}, ("file", "u", "audio/mpeg", 0)),
        (
            {"sticker": file("k", width=1, height=1, is_animated=False, is_video=False, type="regular")},
            ("sticker", "k", "", 0),
        ),
    ],
)
def test_what_comes_with_a_message_is_named_for_fetching(
    fields: dict[str, Any], expected: tuple[str, str, str, int]
) -> None:
    kind, reference, media_type, size = expected
    inbound = parsed(message=said(caption="看这里", **fields))
    assert inbound is not None
    assert inbound.text == "看这里"
    assert inbound.attachments == (Attachment(AttachmentKind(kind), reference, media_type, size),)


def test_a_place_is_kept_as_latitude_and_longitude() -> None:
    inbound = parsed(message=said(location={"latitude": 30.25, "longitude": 120.125}))
    assert inbound is not None
    assert inbound.attachments == (Attachment(AttachmentKind.LOCATION, text="30.25,120.125"),)


def test_a_contact_is_heard_and_not_read() -> None:
    """The resident did say something, but somebody else's number is none of our business."""
    inbound = parsed(message=said(contact={"phone_number": "+8613900000001", "first_name": "李"}))
    assert inbound is not None
    assert inbound.text == ""
    assert inbound.attachments == ()


@pytest.mark.parametrize(
    "content",
    [
        {"message": said(text="1") | {"chat": {"id": -5, "type": "group", "title": "x"}}},  # we are in no groups
        {"message": said(text="1") | {"from": BOT}},  # a machine
        {"message": said(pinned_message=said(text="1"))},  # a notice of Telegram's own
        {"edited_message": said(location={"latitude": 1.0, "longitude": 2.0}, edit_date=1)},  # a position shared live
        {"channel_post": said(text="1")},
        {"poll_answer": {"poll_id": "1", "option_ids": [0], "option_persistent_ids": ["a"]}},
        {"something_new": {"x": 1}},
        {},
    ],
)
def test_what_is_of_no_concern_is_taken_and_not_heard(content: dict[str, Any]) -> None:
    assert parsed(**content) is None


def test_a_changed_message_is_no_new_message() -> None:
    inbound = parsed(edited_message=said(text="3", edit_date=1_772_413_300))
    assert inbound is not None
    assert (inbound.act, inbound.text) == (Act.EDITED, "3")


@pytest.mark.parametrize(("status", "left"), [("kicked", True), ("member", False)])
def test_blocking_the_bot_is_leaving_and_coming_back_is_nothing(status: str, *, left: bool) -> None:
    until = {"until_date": 0} if status == "kicked" else {}
    change = {
        "chat": CHAT,
        "from": RESIDENT,
        "date": 1_772_413_200,
        "old_chat_member": {"user": BOT, "status": "member"},
        "new_chat_member": {"user": BOT, "status": status, **until},
    }
    inbound = parsed(my_chat_member=change)
    assert (inbound is not None) == left
    if inbound is not None:
        assert (inbound.act, inbound.sender, inbound.text) == (Act.LEFT, "1001", "")


def tap(data: str, **changes: Any) -> dict[str, Any]:
    buttons = [[{"text": "满意", "callback_data": "guard1.1"}, {"text": "一般", "callback_data": "guard1.2"}]]
    message = said(text="满意吗?", reply_markup={"inline_keyboard": buttons}) | {"from": BOT}
    query = {"id": "c1", "from": RESIDENT, "message": message, "chat_instance": "1", "data": data}
    return query | changes


def test_a_tap_is_the_number_of_its_option_under_the_guard_of_its_question() -> None:
    inbound = parsed(callback_query=tap("guard1.2"))
    assert inbound is not None
    assert (inbound.act, inbound.text, inbound.tap, inbound.sender) == (Act.SAID, "2", "guard1", "1001")
    tapped = read_handle(inbound.handle)
    assert tapped is not None
    assert (tapped.callback, tapped.chat, tapped.message) == ("c1", 1001, 7)
    assert (tapped.text, tapped.label, tapped.discreet, tapped.language) == ("满意吗?", "一般", False, "zh")


def test_a_tap_on_a_message_telegram_no_longer_shows_still_counts() -> None:
    inbound = parsed(callback_query=tap("guard1.2", message={"chat": CHAT, "message_id": 7, "date": 0}))
    assert inbound is not None
    assert (inbound.text, inbound.tap) == ("2", "guard1")


@pytest.mark.parametrize(
    "data", ["", "2", "guard1.", "guard1.0", "guard1.101", ".2", "guard1.2x", "a b.1", "g" * 41 + ".1"]
)
def test_a_button_that_is_none_of_ours_does_nothing(data: str) -> None:
    assert parsed(callback_query=tap(data)) is None


@given(
    guard=st.from_regex(r"[A-Za-z0-9_.|-]{1,40}", fullmatch=True),
    options=st.lists(st.text(max_size=30), min_size=1, max_size=MOST_BUTTONS),
    discreet=st.booleans(),
)
def test_every_button_fits_and_comes_back_as_its_own_option(guard: str, options: list[str], *, discreet: bool) -> None:
    made = keyboard(options, guard, discreet=discreet)
    assert made is not None
    buttons = [button for row in made["inline_keyboard"] for button in row]
    assert len(buttons) == len(options)
    for number, (button, label) in enumerate(zip(buttons, options, strict=True), start=1):
        assert button["text"] == (label or str(number))
        assert len(button["callback_data"].encode()) <= LONGEST_DATA
        assert read_data(button["callback_data"]) == (guard, number, discreet)


@pytest.mark.parametrize(
    ("options", "guard"),
    [((), "g"), (("是",), ""), (("是",), "g" * 41), (("是",), "问题"), (("是",) * (MOST_BUTTONS + 1), "g")],
)
def test_a_question_does_without_buttons_rather_than_with_wrong_ones(options: tuple[str, ...], guard: str) -> None:
    assert keyboard(options, guard, discreet=False) is None


@pytest.mark.parametrize(
    ("options", "shape"),
    [
        (("是", "否"), [2]),
        (("很满意", "满意", "一般", "不满意", "很不满意"), [2, 2, 1]),
        (tuple("12345678"), [4, 4]),
        (("村里的污水已经全部接管处理", "还有一部分没有接管"), [1, 1]),
    ],
)
def test_short_labels_share_rows_and_long_ones_do_not(options: tuple[str, ...], shape: list[int]) -> None:
    made = keyboard(options, "g", discreet=False)
    assert made is not None
    assert [len(row) for row in made["inline_keyboard"]] == shape


@pytest.mark.parametrize("secret", ["", "wrong", PROVIDER.secret + "x", PROVIDER.secret[:-1], "密", "\udcff"])
def test_without_the_right_secret_nothing_is_read(secret: str) -> None:
    request = PROVIDER.update("u", message=said(text="1"))
    with pytest.raises(Rejected) as refused:
        PROVIDER.channel().parse(replace(request, headers={"x-telegram-bot-api-secret-token": secret}, body=b"{"))
    assert refused.value.status == 403


def test_a_post_is_refused_unread_when_it_is_longer_than_any_of_telegrams() -> None:
    request = PROVIDER.message("m1", "x" * LARGEST_BODY)
    with pytest.raises(Rejected) as refused:
        PROVIDER.channel().parse(replace(request, headers={}))
    assert refused.value.status == 413


@pytest.mark.parametrize("body", TelegramProvider.malformed)
def test_what_telegram_never_posts_is_rejected(body: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        PROVIDER.channel().parse(PROVIDER.signed(PROVIDER.message("m", "1"), body))
    assert refused.value.status == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=2)
        | st.dictionaries(
            st.sampled_from(["message", "chat", "id", "type", "text", "from", "data", "callback_query", "date"]), inside
        )
    ),
    max_leaves=12,
)


@given(
    content=st.dictionaries(st.sampled_from(["message", "callback_query", "edited_message", "my_chat_member"]), JSON)
)
def test_no_shape_of_an_update_raises_anything_but_rejected(content: dict[str, Any]) -> None:
    body = json.dumps({"update_id": 1, **content}).encode()
    try:
        found = PROVIDER.channel().parse(PROVIDER.signed(PROVIDER.message("m", "1"), body))
    except Rejected as rejected:
        assert rejected.status == 400  # noqa: PT017 - either outcome is right
    else:
        assert all(inbound.provider_id == "1" for inbound in found)


@given(text=st.text(min_size=1, max_size=300))
def test_any_text_comes_in_so_that_it_can_be_sealed(text: str) -> None:
    inbound = parsed(message=said(text=text))
    assert inbound is not None
    assert inbound.text == text.encode("utf-8", "replace").decode()


def test_telegram_reports_no_deliveries() -> None:
    with pytest.raises(Rejected) as refused:
        PROVIDER.channel().parse_receipt(PROVIDER.signed(PROVIDER.message("m", "1"), b"{}"))
    assert refused.value.status == 404
