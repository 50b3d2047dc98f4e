"""A resident who writes in the other language than the conversation has: the switch is offered in theirs."""

from __future__ import annotations

import re

from surveys.dialogue.draft import Draft
from surveys.dialogue.interview import Interview
from surveys.language import CHINESE, ENGLISH, translate

#: "ok", "yes", "A" and the name of a network are said in any language; a sentence is not.
_ENGLISH_WORDS = re.compile(r"[A-Za-z']{2,}")
_CHINESE = re.compile("[\u4e00-\u9fff]")


def other_language(text: str, language: str) -> str:
    """Return the language `text` is in, if that is another than `language`; '' if not, or if nobody can tell."""
    chinese = len(_CHINESE.findall(text))
    if language == ENGLISH:
        return CHINESE if chinese >= 2 else ""
    words = _ENGLISH_WORDS.findall(text)
    return ENGLISH if not chinese and len(words) >= 2 and sum(map(len, words)) >= 8 else ""


def offer_language(draft: Draft, interview: Interview, language: str) -> None:
    """Say, in `language`, how to go on in it, where the questionnaire has it."""
    if language not in draft.world.form(interview.form).languages:
        return
    if language == ENGLISH:
        draft.say(translate(ENGLISH, "To go on in English, reply English."), about=interview)
    else:
        draft.say(translate(CHINESE, "To go on in Chinese, reply 中文."), about=interview)
