"""Where the office has set no telephone, none is named: not even as "our office"."""

from __future__ import annotations

from dataclasses import replace

import pytest
from player import OFFICE, Stage

from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.dialogue.conversation import Person
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.linking import stranger_text


@pytest.fixture
def stage() -> Stage:
    stage = Stage(people=[Person(1, "王", confirmed=True, consent="given")])
    stage.invite()
    return stage


@pytest.mark.parametrize("text", ["帮助", "人工", "骗子?", "我的数据", "嗯嗯嗯哈哈"])
def test_a_telephone_that_is_not_there_is_not_named(stage: Stage, text: str) -> None:
    world = stage.world
    plan = replace(stage.plan, verify_by="")
    campaigns = {"water": replace(world.campaigns["water"], plan=plan)}
    world = replace(world, office=replace(OFFICE, hotline=""), campaigns=campaigns)
    talk = replace(stage.conversation, interviews=tuple(replace(i, tries=2) for i in stage.conversation.interviews))
    (say,) = hear(talk, Heard(text, "sms"), world).says
    assert not any(word in say.text for word in ("拨打", "致电", "咨询电话", "办公室", "{hotline}"))


def test_who_speaks_instead_of_typing_is_offered_a_call_alone(stage: Stage) -> None:
    world = replace(stage.world, office=replace(OFFICE, hotline=""))
    voice = (Attachment(AttachmentKind.VOICE, "v", "", 1000, ""),)
    (say,) = hear(stage.conversation, Heard("", "sms", attachments=voice), world).says
    assert "请回复 人工，我们打给您。" in say.text


def test_a_chat_nobody_knows_is_told_no_number_either(stage: Stage) -> None:
    world = replace(stage.world, office=replace(OFFICE, hotline=""))
    assert "call" not in stranger_text(world)
    assert "call 0838-12345" in stranger_text(stage.world)
