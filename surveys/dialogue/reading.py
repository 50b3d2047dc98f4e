"""What a resident's reply means as an answer to the open question; a doubtful reply means nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from surveys.dialogue.amount import read_amount, read_amount_beside
from surveys.dialogue.day import read_day
from surveys.dialogue.further import read_further
from surveys.dialogue.mentions import LONGEST
from surveys.dialogue.numerals import written
from surveys.dialogue.oneof import choose_one
from surveys.dialogue.picks import AGAINST, CORRECTED, EDGES
from surveys.dialogue.quantities import plausible
from surveys.dialogue.someof import choose_several
from surveys.dialogue.spelling import folded, legible
from surveys.kept import Kept
from surveys.questionnaire.form import Kind, Question

#: Rules that leave no doubt: such a reply is an answer before it is anything else (a doubt, a refusal).
EXACT = frozenset({"number", "letter", "numeral", "label", "synonym"})


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as XForms text, the rule that found it, how sure it is (0–1), and what was said beside it.

    `other` is the free text of the choice that or_other adds. Rules: number, letter, numeral, label, synonym, leading,
    several, contained, wording (it says so in other words), misspelt; tap; amount, about; date,
    time; rank; place; default; sent; text.
    """

    value: str
    rule: str
    confidence: float
    comment: str = ""
    other: str = ""


def read_reply(question: Question, text: str, language: str, today: date) -> Reading | None:
    """Return what `text` answers to `question`, or None when it is doubtful and must be asked again.

    Commands and opt-out words are to be recognised before. The choices are those of `question` as it was put: where a
    choice filter applies, the caller passes the question with the choices that were offered.
    """
    if question.kind is Kind.TEXT:
        kept = storable(text)
        if STRAY.fullmatch(kept) and not COUNTED.search(_ASKED.of(question)):
            return None  # a number belongs to another question
        return Reading(kept, "text", 1.0) if kept else None
    if question.kind is Kind.SELECT_ONE:
        pick = choose_one(question, text)
    elif question.kind is Kind.SELECT_MULTIPLE:
        pick = choose_several(question, text, language)
    elif question.kind in {Kind.INTEGER, Kind.DECIMAL}:
        return amount(question, text)
    elif question.kind is Kind.DATE and not question.appearance:
        return day_stated(text, language, today)
    else:
        found = read_further(question, text, language, today)
        return Reading(*found) if found else None
    if pick is None:
        return None
    chosen = {choice.name for choice in pick.choices}
    value = " ".join(choice.name for choice in question.choices if choice.name in chosen)
    return Reading(value, pick.rule, pick.confidence, pick.comment, pick.other)


#: A bare number of an option; and what a question sounds like that may be answered by one in words of one's own.
STRAY = re.compile(r"[0-9]")
COUNTED = re.compile("几|多少|号|数|第|楼|number|how (?:many|much|old|long|often)|which|age|year|floor|code|count")


def storable(text: str) -> str:
    """Return a text as the resident wrote it, trimmed, without what no database or file can hold."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    return kept if any(unicodedata.category(c) not in {"Cf", "Mn", "Zs"} for c in kept) else ""


def amount(question: Question, text: str) -> Reading | None:
    """Return the number `text` states, a whole one where the question asks for that, and the remark beside it."""
    asked = _ASKED.of(question)
    shown = legible(text)
    said = folded(shown)
    found = read_amount(said, asked)
    comment = ""
    if found is None and len(said) <= LONGEST and (beside_it := read_amount_beside(said, asked)):
        found, comment = (beside_it[0], False), shown[beside_it[1] :].strip(EDGES)
    if found is None:
        return None
    value, about = found
    if not plausible(value, asked) and (value >= 0 or not question.constraint):
        return None  # a number below nought is left to the constraint, which says what may be
    if question.kind is Kind.INTEGER and value != value.to_integral_value():
        return None
    if comment:
        return Reading(written(value), "amount", 0.85, comment)
    return Reading(written(value), "about" if about else "amount", 0.7 if about else 1.0)


def day_stated(text: str, language: str, today: date) -> Reading | None:
    """Return the day `text` states, and the remark beside it when that states none."""
    shown = legible(text)
    said = folded(shown)
    day = read_day(said, language, today)
    if day:
        return Reading(day[0].isoformat(), "date", day[1])
    first = REMARK.match(said)
    day = read_day(first[1], language, today) if first and len(said) <= LONGEST else None
    if first is None or day is None or read_day(said[first.end() :], language, today) or "?" in said:
        return None
    rest = said[first.end() :]
    if re.search(r"\d", rest) or CORRECTED.search(rest) or AGAINST.match(rest):
        return None
    return Reading(day[0].isoformat(), "date", min(day[1], 0.85), shown[first.end() :].strip(EDGES))


#: What may be a day, and a remark behind punctuation that no date holds.
REMARK = re.compile(r"([^,;!()]{2,30})[,;!(]\s*(?=\S\S)")


def _wording(question: Question) -> str:
    bounds = f"{question.parameters.get('start', '')}-{question.parameters.get('end', '')}"
    return folded(legible(" ".join((*question.labels.values(), *question.hints.values(), bounds.strip("-")))))


_ASKED = Kept(_wording)
