"""What each resident of the chaos run answers to which question: fixed beforehand, so that every answer is known."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from storage.resending import sent_again
from surveys.questionnaire.form import Kind, Question
from surveys.questionnaire.templates import template_form

FORM = "five_waters_2018"
#: Stands in every text a resident makes up; found in a log it gives the log away.
MARK = "芦苇荡"
#: The questions of Five Waters that not everybody is asked, and who is.
ASKED_IF: Mapping[str, Callable[[Mapping[str, Reply]], bool]] = {
    "q5": lambda said: said["q4"].value == "yes",
    "q5_other": lambda said: "q5" in said and "other" in said["q5"].value.split(),
    "q6": lambda said: said["q4"].value != "yes",
}
#: One resident in so many tells of a matter to be handled; one in so many reads English.
TELLS, ENGLISH = 19, 4


_NOTICES = tuple(sent_again(language) for language in ("zh", "en"))


@dataclass(frozen=True, slots=True)
class Reply:
    """What is typed, which button is tapped instead (from 0), and what the service must have recorded."""

    text: str
    index: int
    value: str


@dataclass(frozen=True, slots=True)
class Script:
    """One resident: `chat` is empty for those who talk by SMS; `path` names the questions in the order expected."""

    number: int
    phone: str
    chat: str
    taps: bool
    language: str
    replies: Mapping[str, Reply]
    path: tuple[str, ...]

    @property
    def office_id(self) -> str:
        """How the office calls the resident."""
        return f"R{self.number}"

    @property
    def survey(self) -> dict[str, str]:
        """The answers the survey must hold."""
        return {name: reply.value for name, reply in self.replies.items() if name.startswith("q")}


def question_in(text: str) -> str:
    """Return the name of the question a message puts, '' if it puts none."""
    return next((name for wording, name in _WORDINGS if wording in text), "")


def sent_once_more(text: str) -> bool:
    """Whether the message says that it is a second copy."""
    return any(text.startswith(notice) for notice in _NOTICES)


def plain(text: str) -> str:
    """Return the message without the line that says that it is a second copy."""
    return text.partition("\n")[2] if sent_once_more(text) else text


def wordings() -> Sequence[str]:
    """Return the wordings of all questions."""
    return [wording for wording, _ in _WORDINGS]


def make_scripts(residents: int, seed: int) -> list[Script]:
    """Return the scripts of residents 1 to `residents`: half by Telegram, of them half with buttons."""
    chance = random.Random(f"scripts {seed}")
    return [_script(number, chance) for number in range(1, residents + 1)]


def _script(number: int, chance: random.Random) -> Script:
    telegram, language = number % 2 == 1, "en" if number % ENGLISH == 0 else "zh"
    said: dict[str, Reply] = {}
    for question in template_form(FORM).questions:
        if question.name not in ASKED_IF or ASKED_IF[question.name](said):
            said[question.name] = _reply(question, number, language, telegram, chance)
    tells = number % TELLS == 0
    nothing = "none" if language == "en" else "没有"
    replies = {
        **said,
        "who": Reply("1", 0, "self"),
        "what": Reply(f"{MARK}的路灯坏了，编号{number}", 0, "") if tells else Reply(nothing, 0, ""),
        **({"pass_on": Reply("1", 0, "named")} if tells else {}),
    }
    path = (*(("who",) if telegram else ()), *said, "what", *(("pass_on",) if tells else ()))
    phone, chat = f"+86139{number:08d}", f"{710_000_000 + number}" if telegram else ""
    return Script(number, phone, chat, telegram and number % 4 == 1, language, replies, path)


def _reply(question: Question, number: int, language: str, telegram: bool, chance: random.Random) -> Reply:  # noqa: FBT001 - beside its kind
    shown = [choice for choice in question.choices if not choice.hidden]
    if question.kind is Kind.SELECT_ONE:
        index = chance.randrange(len(shown))
        typed = shown[index].label(language) if telegram and chance.random() < 0.5 else str(index + 1)
        return Reply(typed, index, shown[index].name)
    if question.kind is Kind.SELECT_MULTIPLE:
        chosen = sorted(chance.sample(range(len(shown)), 2))
        return Reply(
            " ".join(str(index + 1) for index in chosen), chosen[0], " ".join(shown[index].name for index in chosen)
        )
    text = f"在{MARK}捡垃圾{number}"
    return Reply(text, 0, text)


def _all_wordings() -> list[tuple[str, str]]:
    found = []
    for form in (FORM, "complaint", "identity"):
        for question in template_form(form).questions:
            if question.kind in {Kind.SELECT_ONE, Kind.SELECT_MULTIPLE, Kind.TEXT}:
                # The wording after what is filled in for each resident is enough to know it by.
                found += [(_fixed(label), question.name) for label in question.labels.values()]
    return found


def _fixed(label: str) -> str:
    head, hole, rest = label.partition("${")
    tail = rest.partition("}")[2]
    return max(head, tail, key=len) if hole else label


_WORDINGS = _all_wordings()
