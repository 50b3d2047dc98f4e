"""Two machines that answer one another stop within a few messages; a person in a hurry is never taken for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from player import START, Stage
from street import Street, fitting

from surveys.dialogue.conversation import Person
from surveys.dialogue.loops import MOST, SAME, Burst, broken
from surveys.dialogue.turn import Turn

WHO = Person(1, "王", True, "given")
QUICK = timedelta(seconds=2)


def loops(here: Stage) -> list[Turn]:
    return [turn for turn in here.turns if any(event.kind == "LoopBroken" for event in turn.events)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("您好，我正在开会，稍后联系您。", "an automatic reply"),
        ("I am driving and will call back.", "the same in English"),
        ("你是谁?", "a machine that asks back"),
    ],
)
@pytest.mark.parametrize("asked", [True, False], ids=["question open", "nothing asked"])
def test_a_machine_that_says_the_same_gets_a_few_replies_and_staff_one_note(
    text: str, reason: str, *, asked: bool
) -> None:
    """It replies to every message of ours, for as long as there is one to reply to."""
    here = Stage(people=[WHO], pace=QUICK)
    said = here.invite() if asked else ["你好"]
    replies = 0
    while said and replies < 50:
        said = here.hear(text)
        replies += bool(said)
    assert replies < SAME, reason
    assert len(loops(here)) == 1
    assert here.turns[-1].for_staff == "loop"
    here.hear(text)
    assert (here.turns[-1].says, here.turns[-1].for_staff) == ((), "")  # once is enough


def test_a_machine_that_says_something_else_each_time_is_stopped_too() -> None:
    """A counter or the time of day in its text: then it is the number of messages that tells."""
    here = Stage(people=[WHO], pace=QUICK)
    here.invite()
    replies = sum(bool(here.hear(f"自动回复第{n}号,请勿回复本消息")) for n in range(60))
    assert replies <= MOST
    assert len(loops(here)) == 1


def test_the_same_stretched_over_hours_is_no_loop_by_number() -> None:
    here = Stage(people=[WHO], pace=timedelta(minutes=1))
    here.invite()
    for n in range(60):
        here.hear(f"这个第{n}号问题我不太明白")
    assert loops(here) == []


@settings(deadline=None, max_examples=60)
@given(st.lists(fitting, min_size=20, max_size=40))
def test_whoever_answers_fast_is_no_machine(replies: list[tuple[str, str]]) -> None:
    """Forty fitting replies within seconds, the same ones in a row among them."""
    here = Street(people=[WHO], pace=timedelta(milliseconds=100))
    here.invite()
    here.live(replies)
    assert loops(here) == []


def test_going_back_and_forth_thirty_times_is_no_loop() -> None:
    here = Stage(people=[WHO], pace=QUICK)
    here.invite()
    for _ in range(30):
        here.hear("1")
        here.hear("上一题")
    assert loops(here) == []


def test_pleasantries_are_not_answered_and_so_are_no_loop() -> None:
    here = Stage(people=[WHO], pace=QUICK)
    for _ in range(60):
        assert here.hear("谢谢") == []
    assert loops(here) == []


@given(st.sampled_from(["退订", "STOP", "td"]), st.integers(0, 12))
def test_stop_works_inside_a_loop(stop: str, more: int) -> None:
    here = Stage(people=[WHO], pace=QUICK)
    here.invite()
    for _ in range(SAME + more):
        here.hear("我在开会")
    assert len(here.hear(stop)) == 1
    assert here.conversation.people[0].consent == "stopped"
    assert here.hear("我在开会") == []


@pytest.mark.parametrize("way", ["an hour", "a tap", "an exact answer"])
def test_the_silence_ends(way: str) -> None:
    """With time, or as soon as it is plain that a person has come to the phone."""
    here = Stage(people=[WHO], pace=QUICK)
    here.invite()
    for _ in range(SAME):
        here.hear("我在开会")
    assert here.hear("什么意思") == []
    if way == "an hour":
        here.now += timedelta(hours=1)
        assert here.hear("什么意思呢") != []
    elif way == "a tap":
        assert any("2/6" in line for line in here.tap(1))
    else:
        assert any("2/6" in line for line in here.hear("2"))
    assert here.hear("帮助") != []


def test_a_sticker_in_the_silence_gets_none_either() -> None:
    here = Stage(people=[WHO], pace=QUICK)
    here.invite()
    for _ in range(SAME):
        here.hear("我在开会")
    assert here.send("sticker") == []


@given(
    st.integers(0, 99),
    st.integers(0, 99),
    st.integers(0, 99_999),
    st.none() | st.just(START),
)
def test_a_burst_is_kept_as_one_number_of_32_bits(count: int, same: int, words: int, since: object) -> None:
    burst = Burst(count, since, same, words)  # type: ignore[arg-type]  # Hypothesis types the union as object
    assert Burst.unpacked(burst.packed(), burst.since) == burst
    assert burst.packed() < 2**31


def test_a_broken_loop_is_silent_for_an_hour_and_counts_anew_afterwards() -> None:
    silence = broken(START)
    assert silence.silent(START + timedelta(minutes=59))
    assert not silence.silent(START + timedelta(hours=1))
    later = silence.counted(START + timedelta(hours=2), 7, comparable=True)
    assert (later.count, later.same, later.loop) == (1, 1, False)
