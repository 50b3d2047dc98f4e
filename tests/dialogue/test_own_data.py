"""MY DATA, DELETE MY DATA and the way into a chat: told and done only where nobody else can be the one who asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from player import OFFICE, Stage
from street import texts

from storage.offers import offers_text, read_offers
from surveys.consent.consent import Consent
from surveys.dialogue.conversation import Conversation, Person
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import Mode
from surveys.dialogue.turn import Turn
from surveys.dialogue.words import erase_word

SURE = (Person(1, "王", True, "given"),)
UNSURE = (Person(1, "王", False, "given"),)
SHARED = (*SURE, Person(2, "李", True, "given"))


def stage(people: tuple[Person, ...] = SURE) -> Stage:
    return Stage(people=list(people))


def said_to(
    here: Stage, text: str, *, telegram: str = "town_bot", channel: str = "sms", mode: Mode = Mode.SELF
) -> Turn:
    world = replace(here.world, office=replace(OFFICE, telegram=telegram))
    return hear(here.conversation, Heard(text, channel, mode), world)


@pytest.mark.parametrize("word", ["确认删除", "確認刪除", "DELETE ALL", "delete all.", " Delete All ", "“确认删除”"])
def test_the_phrase_is_read_however_it_is_spelled(word: str) -> None:
    assert erase_word(word)


@pytest.mark.parametrize("word", ["确认", "删除", "delete", "1", "是", "确认删除我的", "do not delete all"])
def test_nothing_less_than_the_phrase_deletes(word: str) -> None:
    here = stage()
    here.hear("删除我的数据")
    here.hear(word)
    assert all(turn.erased_residents == () for turn in here.turns)


def test_the_phrase_without_an_offer_offers_first() -> None:
    here = stage()
    assert "24 小时" in "".join(here.hear("确认删除"))
    here.hear("确认删除")
    assert here.turns[-1].erased_residents == (1,)


@pytest.mark.parametrize("people", [UNSURE, SHARED])
@pytest.mark.parametrize("text", ["我的数据", "删除我的数据", "确认删除"])
def test_on_a_shared_or_unconfirmed_number_a_person_calls(people: tuple[Person, ...], text: str) -> None:
    here = stage(people)
    here.hear(text)
    (call,) = here.turns[-1].calls
    assert call.reason == "data"
    assert here.turns[-1].conversation.erasure_until is None


@pytest.mark.parametrize("text", ["我的数据", "删除我的数据"])
def test_what_staff_enter_on_the_phone_neither_tells_nor_deletes(text: str) -> None:
    turn = said_to(stage(), text, mode=Mode.PHONE)
    assert turn.calls
    assert turn.conversation.erasure_until is None


def test_an_offer_made_to_one_does_not_stand_once_the_number_is_shared() -> None:
    here = stage()
    here.hear("删除我的数据")
    here.conversation = replace(here.conversation, people=SHARED)
    here.hear("确认删除")
    assert here.turns[-1].erased_residents == ()


def test_deleting_says_one_last_thing_and_asks_nothing_more() -> None:
    here = stage()
    here.invite()
    here.hear("1")
    here.hear("删除我的数据")
    here.hear("DELETE ALL")
    turn = here.turns[-1]
    (say,) = turn.says
    assert (say.resident, say.interview, say.opens) == (1, "", False)  # so that the opt-out does not hold it back
    assert [(entry.consent, entry.source) for entry in turn.consents] == [(Consent.STOPPED, "erased")]
    assert [wake.kind for wake in turn.wakes] == ["erase"]
    assert turn.conversation.people == ()
    assert all(interview.values == {} for interview in turn.conversation.interviews)
    assert here.wait(timedelta(days=60)) == []


@given(st.lists(texts, max_size=8))
def test_only_the_phrase_after_an_offer_deletes_anything(said: list[str]) -> None:
    here = stage()
    here.invite()
    for text in said:
        offered = here.conversation.erasure_until is not None
        here.hear(text)
        assert not here.turns[-1].erased_residents or (offered and erase_word(text))


@given(st.lists(st.integers(1, 10**9), max_size=4), st.none() | st.integers(0, 2**33))
def test_offers_come_back_as_they_were_written(kept: list[int], until: int | None) -> None:
    _, moment = read_offers(f"erase@{until}" if until is not None else "")
    talk = Conversation(address=1, keep_offered=tuple(kept), erasure_until=moment)
    assert read_offers(offers_text(talk)) == (tuple(kept), moment)


@pytest.mark.parametrize("text", ["TELEGRAM", "telegram", "电报", "用电报", "改用电报"])
@pytest.mark.parametrize(("people", "confirmed"), [(SURE, True), (UNSURE, False), (SHARED, False)])
def test_a_link_proves_who_opens_it_only_from_a_number_of_ones_own(
    people: tuple[Person, ...], text: str, *, confirmed: bool
) -> None:
    turn = said_to(stage(people), text)
    (invitation,) = turn.invitations
    assert (invitation.resident, invitation.source, invitation.confirmed) == (1, "asked", confirmed)
    assert f"https://t.me/town_bot?start={invitation.token}" in turn.says[0].text
    assert len(invitation.token) >= 26
    assert invitation.expires_at - stage().now == timedelta(hours=24)


def test_every_link_is_another() -> None:
    here = stage()
    first = said_to(here, "telegram")
    here.take(first)
    assert said_to(here, "telegram").invitations[0].token != first.invitations[0].token


@pytest.mark.parametrize(("telegram", "channel"), [("", "sms"), ("town_bot", "telegram")])
def test_no_link_where_there_is_no_bot_or_they_are_there_already(telegram: str, channel: str) -> None:
    turn = said_to(stage(), "telegram", telegram=telegram, channel=channel)
    assert turn.invitations == ()
    assert "t.me" not in turn.says[0].text
    assert turn.says[0].text


def test_opening_a_chat_puts_the_open_question_again_or_says_who_we_are() -> None:
    here = stage()
    assert "清江市测评办" in here.hear("/start")[0]
    here.invite()
    here.hear("1")
    answered = len(here.conversation.interviews[0].trail)
    assert "2/6" in here.hear("/start abcdef")[0]
    assert len(here.conversation.interviews[0].trail) == answered


def test_opening_a_chat_after_an_opt_out_tells_the_way_back_and_nothing_else() -> None:
    here = stage()
    here.hear("退订")
    assert "恢复" in "".join(here.hear("/start abcdef"))
    assert here.conversation.people[0].consent == "stopped"
    assert here.turns[-1].wakes == ()
