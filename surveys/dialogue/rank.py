"""An order of choices stated in a reply: "3 1 2", "卫生>治安>交通", "先B后A再C"."""

from __future__ import annotations

import re

from surveys.dialogue.picks import several
from surveys.dialogue.spelling import folded, legible
from surveys.dialogue.vocabulary import Vocabulary, vocabulary
from surveys.language import ENGLISH
from surveys.questionnaire.form import Choice, Question

#: Signs and words between the ranks; each is read as a comma.
_BETWEEN = re.compile(
    r"\s*(?:[>→➡/|]|-+>?|=>|大于|优先于|其次是?|然后是?|最后是?|接着是?|首先是?|第[一二三四五六七八九]位?是|"
    r"\b(?:then|next|before|over|first|second|third|last(?:ly)?|finally)\b:?)\s*"
)
_FIRST_AND_THEN = re.compile("[先后再]")
_TIE = re.compile(r"[=≈]|一样|并列|同样|\b(?:equal|same|tie[ds]?|both)\b")


def read_rank(question: Question, text: str, language: str) -> tuple[str, float] | None:
    """Return all names of choices in the order stated and how sure that is, None if it is not an order of them all.

    Where all but one are named, the one left is the last. What is said to be equal is no order.
    """
    known = vocabulary(question)
    shown = [choice for choice in question.choices if not choice.hidden]
    said = folded(legible(text))
    if _TIE.search(said):
        return None
    ranked = _lettered(known, said, len(shown)) or _named(known, said, language)
    if ranked is None:
        return None
    left = [choice for choice in shown if choice not in ranked]
    if len(left) > 1 or (left and len(shown) < 3) or any(choice not in shown for choice in ranked):
        return None
    return " ".join(choice.name for choice in (*ranked, *left)), 0.9 if left else 1.0


def _named(known: Vocabulary, said: str, language: str) -> tuple[Choice, ...] | None:
    listed = _BETWEEN.sub(",", said)
    pick = several(known, listed, listed, spelled=language == ENGLISH)
    if pick is None:
        listed = _FIRST_AND_THEN.sub(",", listed)
        pick = several(known, listed, listed, spelled=language == ENGLISH)
    return pick.choices if pick and not pick.comment and not pick.other else None


def _lettered(known: Vocabulary, said: str, count: int) -> tuple[Choice, ...] | None:
    """Return the choices of "cab": every letter of the list, once."""
    letters = "".join(c for c in said if c.isalnum())
    if len(letters) != count or set(letters) != set(known.letters) or letters in known.words:
        return None
    return tuple(known.letters[letter] for letter in letters)
