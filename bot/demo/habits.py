"""How different people type the same answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from random import Random

from bot.demo.letters import Asked
from surveys.language import CHINESE
from surveys.questionnaire.form import Choice, Kind

NUMERALS = "一二三四五六七八九十"
KEYCAP = "\ufe0f\u20e3"
FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}


class Habit(StrEnum):
    """A way of typing."""

    DIGIT = "digit"
    FULL_WIDTH = "full_width"
    KEYCAP = "keycap"
    NUMERAL = "numeral"
    LABEL = "label"
    CHATTY = "chatty"  # with a word more than needed
    ELDER = "elder"  # in sentences
    CLUMSY = "clumsy"  # with typing errors


def put(habit: Habit, asked: Asked, value: str, rng: Random, *, again: bool = False) -> str:
    """Return what somebody of this habit types for `value` (choice names as XForms text).

    Asked `again`, everybody falls back on the plain number.
    """
    question = asked.question
    offered = [choice.name for choice in question.choices if not choice.hidden]
    names = value.split(" ") if question.kind is Kind.SELECT_MULTIPLE else [value]
    if any(name not in offered for name in names):  # an answer that is accepted and not offered is said in words
        choice = question.choice(value)
        return choice.label(asked.language) if choice else value
    places = [offered.index(name) + 1 for name in names]
    if question.kind is Kind.SELECT_MULTIPLE:
        return _several(habit, places)
    if again:
        return str(places[0])
    choice = next(choice for choice in question.choices if choice.name == value)
    if asked.language != CHINESE:
        return choice.label(asked.language) if habit in {Habit.LABEL, Habit.ELDER} else str(places[0])
    return _ONE[habit](places[0], choice, rng)


def _several(habit: Habit, places: list[int]) -> str:
    if habit is Habit.FULL_WIDTH:
        return "、".join(str(place).translate(FULL_WIDTH) for place in places)
    if habit is Habit.NUMERAL:
        return "和".join(NUMERALS[place - 1] for place in places)
    return ("、" if habit is Habit.ELDER else " ").join(map(str, places))


def _elder(_place: int, choice: Choice, rng: Random) -> str:
    frame = rng.choice(("我觉得{}吧", "嗯,{}", "我看{}", "要我说啊,{}", "{}的,谢谢你们"))
    return frame.replace("{}", choice.label(CHINESE))


def _clumsy(place: int, choice: Choice, rng: Random) -> str:
    label = choice.label(CHINESE)
    return rng.choice((f"{place}{place}", f"q{place}", f"{place}、。", f"{label}{label[-1]}", f"{place} "))


_ONE: Mapping[Habit, Callable[[int, Choice, Random], str]] = {
    Habit.DIGIT: lambda place, _choice, _rng: str(place),
    Habit.FULL_WIDTH: lambda place, _choice, _rng: str(place).translate(FULL_WIDTH),
    Habit.KEYCAP: lambda place, _choice, _rng: f"{place}{KEYCAP}",
    Habit.NUMERAL: lambda place, _choice, _rng: NUMERALS[place - 1],
    Habit.LABEL: lambda _place, choice, _rng: choice.label(CHINESE),
    Habit.CHATTY: lambda place, _choice, rng: rng.choice(("选{}", "{}。", "我选{}", "{}吧")).replace("{}", str(place)),
    Habit.ELDER: _elder,
    Habit.CLUMSY: _clumsy,
}
