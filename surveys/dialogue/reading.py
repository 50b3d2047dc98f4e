"""What a resident's reply means as an answer to the open question; a doubtful reply means nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from surveys.dialogue.amount import read_amount
from surveys.dialogue.day import read_day
from surveys.dialogue.degrees import by_degree, degree_before
from surveys.dialogue.mentions import (
    AGREEING,
    LONGEST,
    NODS,
    clauses,
    core_choice,
    doubtful,
    filler_only,
    mentions,
    stripped,
    turned,
)
from surveys.dialogue.numerals import written
from surveys.dialogue.picks import BECAUSE, DOUBT, EDGES, OTHER, PART_OF_MORE, Pick, beside, leading, named, several
from surveys.dialogue.spelling import CLAUSE_END, folded, legible, squeezed
from surveys.dialogue.vocabulary import Vocabulary, alike, vocabulary
from surveys.language import ENGLISH
from surveys.questionnaire.form import Choice, Kind, Question

#: Rules that leave no doubt: such a reply is an answer before it is anything else (a doubt, a refusal).
EXACT = frozenset({"number", "letter", "numeral", "label", "synonym"})

CERTAINTY = {"number": 1.0, "letter": 1.0, "numeral": 1.0, "label": 1.0, "synonym": 0.95}
LONE_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?=[\s,.;:!、]|$)")


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer as XForms text, the rule that found it, how sure it is (0–1), and what was said beside it.

    `other` is the free text of the choice that or_other adds. Rules: number, letter, numeral, label, synonym, leading,
    several, contained; tap; amount, about; date; text.
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
        return Reading(kept, "text", 1.0) if kept else None
    if question.kind is Kind.SELECT_ONE:
        pick = choose_one(question, text)
    elif question.kind is Kind.SELECT_MULTIPLE:
        pick = choose_several(question, text, language)
    elif question.kind in {Kind.INTEGER, Kind.DECIMAL}:
        return amount(question, text)
    elif question.kind is Kind.DATE:
        day = read_day(folded(legible(text)), language, today)
        return Reading(day[0].isoformat(), "date", day[1]) if day else None
    else:
        return None
    if pick is None:
        return None
    chosen = {choice.name for choice in pick.choices}
    value = " ".join(choice.name for choice in question.choices if choice.name in chosen)
    return Reading(value, pick.rule, pick.confidence, pick.comment, pick.other)


def storable(text: str) -> str:
    """Return a text as the resident wrote it, trimmed, without what no database or file can hold."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    return kept if any(unicodedata.category(c) not in {"Cf", "Mn", "Zs"} for c in kept) else ""


def amount(question: Question, text: str) -> Reading | None:
    """Return the number `text` states, a whole one where the question asks for that."""
    asked = " ".join((*question.labels.values(), *question.hints.values()))
    found = read_amount(folded(legible(text)), folded(legible(asked)))
    if found is None:
        return None
    value, about = found
    if question.kind is Kind.INTEGER and value != value.to_integral_value():
        return None
    return Reading(written(value), "about" if about else "amount", 0.7 if about else 1.0)


def choose_one(question: Question, text: str) -> Pick | None:
    """Return the one choice `text` names, by the first rule that finds any."""
    known = vocabulary(question)
    shown = legible(text)
    said = folded(shown).replace("其它", "其他")
    exact = named(known, said)
    if exact:
        choice, rule = exact[0]
        return Pick((choice,), rule, CERTAINTY[rule]) if all(found is choice for found, _ in exact) else None
    first = leading(known, said, shown) or told_other(known, said, shown) or begun(known, said, shown)
    if first:
        return None if first is DOUBT else first
    return contained(known, said, shown)


def told_other(known: Vocabulary, said: str, shown: str) -> Pick | None:
    """Return the choice "other" when its words begin the text and the rest says what: "其他:钓鱼"."""
    for word, choices in sorted(known.words.items(), key=lambda item: -len(item[0])):
        if len(choices) == 1 and choices[0].name == OTHER and said.startswith(word):
            rest = said[len(word) :]
            if word[-1].isascii() and rest[:1].isalpha() and rest[:1].isascii():
                continue
            stated = shown[len(word) :].strip(EDGES + "的是")
            if squeezed(stated) and not said.startswith(("其他人", "其他都", "其他没", "其他不")):
                return Pick(choices, "contained", 0.9, other=stated)
    return None


def begun(known: Vocabulary, said: str, shown: str) -> Pick | None:
    """Return the choice whose words are the first clause, when the rest does not speak against it."""
    end = CLAUSE_END.search(said)
    if not end or "?" in said:
        return None
    head = alike(squeezed(said[: end.start()]))
    choices = known.words.get(head) or known.words.get(stripped(head), ())
    rest = said[end.end() :]
    if head in AGREEING or stripped(head) in NODS or len(choices) != 1 or not squeezed(rest):
        return None
    if not BECAUSE.match(squeezed(rest)) and turned(choices[0], rest):
        return DOUBT
    pick = beside(known, choices[0], rest, shown[end.end() :].strip(EDGES))
    return pick if pick is DOUBT else replace(pick, rule="contained", confidence=0.85)


def contained(known: Vocabulary, said: str, shown: str) -> Pick | None:
    """Return the one choice whose words a sentence contains, unless anything around them leaves a doubt."""
    if "?" in said or len(said) > LONGEST:
        return None
    core = core_choice(known, said)
    if core:
        return Pick((core[0],), "contained", core[1])
    parts = clauses(said)
    found = [(mention, place) for place, clause in enumerate(parts) for mention in mentions(known, clause)]
    if not found or any(doubtful(mention) for mention, _ in found):
        return None
    meant: list[tuple[Choice, float]] = []
    for mention, place in found:
        if turned(mention.choices[0], "".join((mention.after, *parts[place + 1 :]))):
            return None
        degree = degree_before(mention.before)
        if degree == "还" and mention.word[0] in "不没未":
            degree = ""  # still not
        one = (mention.choices[0], 0.8) if not degree and len(mention.choices) == 1 else None
        if degree:
            one = by_degree(known, mention.word, degree)
        if one is None:
            return None
        meant.append(one)
    choice, confidence = meant[0]
    if any(other is not choice for other, _ in meant[1:]):
        return None
    for number in LONE_NUMBER.findall(said):
        if known.numbers.get(int(number), choice) is not choice:
            return None
    first = found[0][0]
    bare = len(found) == 1 and filler_only(first.before) and filler_only(first.after) and len(parts) == 1
    return Pick((choice,), "contained", confidence, comment="" if bare else shown)


def choose_several(question: Question, text: str, language: str) -> Pick | None:
    """Return all the choices `text` names."""
    known = vocabulary(question)
    shown = legible(text)
    said = folded(shown).replace("其它", "其他")
    exact = [item for item in named(known, said) if item[1] in {"label", "synonym", "number", "numeral", "letter"}]
    if exact:
        choice, rule = exact[0]
        return Pick((choice,), rule, CERTAINTY[rule]) if all(found is choice for found, _ in exact) else None
    if re.search(r"\d\s*[~\-–—×*:]\s*\d|\d%", said) and PART_OF_MORE.search(said):
        return None
    pick = several(known, said, shown, spelled=language == ENGLISH) or told_other(known, said, shown)
    if pick:
        return pick
    return listed(known, said)


#: What may stand around labels that are listed in a sentence without changing which are meant.
AROUND = re.compile(
    "我们?|参加过|参加|参与过|参与|做过|去过|有|还有|和|跟|与|及|以及|问题|方面|这些|这几项|几项|几个|都|两个|主要|and|the|both|problems?"
)


def listed(known: Vocabulary, said: str) -> Pick | None:
    """Return the choices mentioned in a sentence that is nothing but a list of them among fillers."""
    if "?" in said or len(said) > LONGEST:
        return None
    chosen: list[Choice] = []
    for clause in clauses(said):
        rest = clause
        for mention in mentions(known, clause):
            if len(mention.choices) != 1 or doubtful(mention):
                return None
            chosen.append(mention.choices[0])
            rest = rest.replace(mention.word, " ")
        if not all(filler_only(part) for part in AROUND.sub(" ", alike(rest)).split()):
            return None
    unique = tuple({choice.name: choice for choice in chosen}.values())
    return Pick(unique, "contained", 0.75) if unique else None
