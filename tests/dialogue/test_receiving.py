"""A question that asks for a picture, a voice message, a file or a place takes that, keeps it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from player import reopened

from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.trying import begin
from surveys.dialogue.turn import Turn
from surveys.questionnaire.form import Form, Kind, Question

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=timezone(timedelta(hours=8)))


def send(kind: Kind, *came: Attachment, words: str = "", required: str = "") -> Turn:
    """Return the turn in which `came` answers a question of `kind`."""
    asked = Question("q", kind, "q", {"en": "Show us?"}, required=required)
    form = Form("d" * 64, "f", {"en": "F"}, ("en",), "en", (asked, Question("r", Kind.TEXT, "r", {"en": "And?"})))
    trial = begin(form, language="en", channel="telegram", now=NOW)
    return hear(trial.conversation, Heard(words, "telegram", attachments=came), trial.world)


def sent(kind: AttachmentKind, media_type: str = "", text: str = "") -> Attachment:
    return Attachment(kind, "reference", media_type, 1000, text)


@pytest.mark.parametrize(
    ("asked", "came", "value"),
    [
        (Kind.IMAGE, sent(AttachmentKind.PHOTO), "[picture]"),
        (Kind.IMAGE, sent(AttachmentKind.FILE, "image/jpeg"), "[file]"),
        (Kind.AUDIO, sent(AttachmentKind.VOICE), "[voice message]"),
        (Kind.AUDIO, sent(AttachmentKind.FILE, "audio/mpeg"), "[file]"),
        (Kind.VIDEO, sent(AttachmentKind.VIDEO), "[video]"),
        (Kind.FILE, sent(AttachmentKind.FILE, "application/pdf"), "[file]"),
    ],
)
def test_what_is_asked_for_is_the_answer_and_is_kept_with_it(asked: Kind, came: Attachment, value: str) -> None:
    turn = send(asked, came, words="by the gate")
    (answer,) = turn.answers
    assert (answer.question, answer.value, answer.rule, answer.comment) == ("q", value, "sent", "by the gate")
    assert [(kept.attachment, kept.question) for kept in turn.attachments] == [(came, "q")]


@pytest.mark.parametrize(
    ("asked", "came", "said"),
    [
        (Kind.IMAGE, sent(AttachmentKind.VOICE), "Please send a picture."),
        (Kind.IMAGE, sent(AttachmentKind.FILE, "application/pdf"), "Please send a picture."),
        (Kind.AUDIO, sent(AttachmentKind.PHOTO), "Please send a voice message."),
        (Kind.VIDEO, sent(AttachmentKind.PHOTO), "Please send a video."),
        (Kind.GEOPOINT, sent(AttachmentKind.PHOTO), "Please send the place from your map."),
        (Kind.FILE, sent(AttachmentKind.LOCATION, text="31.1,104.2"), "Please send the file."),
    ],
)
def test_something_else_is_not_kept_and_the_question_is_put_again(asked: Kind, came: Attachment, said: str) -> None:
    turn = send(asked, came)
    assert (turn.answers, turn.attachments) == ((), ())
    assert said in turn.says[0].text
    assert "Show us?" in turn.says[0].text


@pytest.mark.parametrize(
    ("place", "value"),
    [("31.12783,104.39865", "31.12783 104.39865 0 0"), ("31,104", "31 104 0 0"), ("-33.5,-70.25", "-33.5 -70.25 0 0")],
)
def test_a_place_from_the_map_is_kept_as_coordinates_and_not_as_an_attachment(place: str, value: str) -> None:
    turn = send(Kind.GEOPOINT, sent(AttachmentKind.LOCATION, text=place), words="our house")
    assert [(answer.value, answer.comment) for answer in turn.answers] == [(value, "our house")]
    assert turn.attachments == ()


def test_words_alone_are_no_picture_and_are_asked_for_again() -> None:
    turn = send(Kind.IMAGE, words="It is broken, I cannot send one")
    assert turn.answers == ()
    assert "(Please send a picture)" in turn.says[0].text


def test_several_pictures_are_all_kept() -> None:
    turn = send(Kind.IMAGE, sent(AttachmentKind.PHOTO), sent(AttachmentKind.PHOTO), sent(AttachmentKind.VOICE))
    assert [kept.attachment.kind for kept in turn.attachments] == [AttachmentKind.PHOTO, AttachmentKind.PHOTO]


def test_the_words_a_list_was_searched_by_survive_their_record() -> None:
    form = Form("d" * 64, "f", {"en": "F"}, ("en",), "en", (Question("r", Kind.TEXT, "r", {"en": "And?"}),))
    interview = begin(form, language="en", channel="sms", now=NOW).interview
    searching = replace(interview, sought="north", form="five_waters_2018")
    assert reopened(searching).sought == "north"
