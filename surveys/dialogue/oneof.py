"""One choice out of several: by the first rule that finds any in what was written."""

from __future__ import annotations

import re
from dataclasses import replace

from surveys.dialogue.degrees import by_degree, degree_before
from surveys.dialogue.meanings import echoed, meant, meant_first
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
    words_within,
)
from surveys.dialogue.picks import BECAUSE, CORRECTED, DOUBT, EDGES, OTHER, Pick, another_number, beside, leading, named
from surveys.dialogue.polarity import clashes, contradicted, taken_back, wry_face
from surveys.dialogue.speech import bare, by_sound, by_typing, from_end, rather, standard, wry
from surveys.dialogue.spelling import CLAUSE_END, folded, legible, squeezed
from surveys.dialogue.surroundings import alone, at_another_time, by_another, strict
from surveys.dialogue.vocabulary import Vocabulary, alike, vocabulary
from surveys.questionnaire.form import Choice, Question

CERTAINTY = {"number": 1.0, "letter": 1.0, "numeral": 1.0, "label": 1.0, "synonym": 0.95}


def choose_one(question: Question, text: str) -> Pick | None:
    """Return the one choice `text` names, by the first rule that finds any."""
    known = vocabulary(question)
    shown = legible(text)
    said = folded(shown).replace("其它", "其他")
    exact = named(known, said)
    if exact:
        choice, rule = exact[0]
        plainly = all(found is choice for found, _ in exact) and "?" not in said and not wry_face(choice, shown)
        return Pick((choice,), rule, CERTAINTY[rule]) if plainly else None
    if len(said) <= LONGEST:
        if wry(shown, said):
            return None
        plain = standard(bare(said))
        if plain != said:
            exact = named(known, plain)
            if exact:
                return Pick((exact[0][0],), "wording", 0.85) if len(exact) == 1 else None
            said, shown = plain, plain if len(plain) != len(said) else shown
        again = repeated(question, known, said, shown)
        if again is not None:
            return again
        instead = rather(said)
        if instead is not None:
            found = named(known, instead)
            other = found[0][0] if len(found) == 1 else meant(question, squeezed(instead))
            return Pick((other,), "wording", 0.8) if other else None
    if len(said) <= LONGEST and strict(question) and at_another_time(question, said):
        return None
    first = leading(known, said, shown) or told_other(known, said, shown) or begun(question, known, said, shown)
    pick = first or contained(question, known, said, shown) or otherwise(question, known, said, shown)
    return None if pick is None or pick is DOUBT or wry_face(pick.choices[0], shown) else pick


def otherwise(question: Question, known: Vocabulary, said: str, shown: str) -> Pick | None:
    """Return the choice meant by words that name none: counted from the end, in other words, misspelt, in pinyin."""
    if len(said) > LONGEST:
        return None
    core = squeezed(said)
    offered = [choice for choice in question.choices if not choice.hidden]
    place = from_end(core)
    if place is not None and place <= len(offered):
        return Pick((offered[-place],), "wording", 0.9)
    if "?" not in said:
        choice = meant(question, core) or softened(known, core) or echoed(question, core)
        if choice is not None:
            return Pick((choice,), "wording", 0.85, comment=shown if WHEN_BESIDE.search(core) else "")
        first = meant_first(question, said)
        if first is not None:
            rest = said[first[1] :]
            return (
                None
                if at_odds(question, known, first[0], rest) or contradicted(question, said[: first[1]], rest)
                else Pick((first[0],), "wording", 0.8, comment=shown[first[1] :].strip(EDGES))
            )
    typed = by_typing(known, stripped(core)) or by_sound(known, core)
    if typed is None:
        return None
    choices = known.words.get(typed, ())
    choice = choices[0] if len(choices) == 1 else meant(question, typed) if not choices else None
    return Pick((choice,), "misspelt", 0.7) if choice else None


#: Words beside an answer that tell more than it.
WHEN_BESIDE = re.compile("去年|今年|前年|[次回]$")
SOFT_NO = re.compile("(?P<head>(?:我|觉得|感觉|对.{1,6})*)不太(?P<rated>满意|安全|支持|好)")
SOFT_NO_EN = re.compile("(?:im |i am |we are )?not (?:very |really |so |too |that )?(?P<rated>satisfied|happy|safe)")


def softened(known: Vocabulary, core: str) -> Choice | None:
    """Return the choice "not" where "not very" is said, nothing milder is offered, and only one choice is negative.

    "不是很满意" may also be the middle, where there is one.
    """
    said = alike(stripped(core))
    match = SOFT_NO.fullmatch(said)
    if match:
        no, milder = "不" + match["rated"], "不太" + match["rated"]
        return known.words[no][0] if no in known.words and milder not in known.words else None
    plainly = re.fullmatch("不(?:是|算)?(?:很|太|那么)?满意", said)
    only_two = {choice.name for choices in known.words.values() for choice in choices}
    if plainly and len(only_two) == 2 and "不满意" in known.words:
        return known.words["不满意"][0]
    if SOFT_NO_EN.fullmatch(said):
        for word in ("dissatisfied", "not satisfied", "unsafe") if "not very satisfied" not in known.words else ():
            plain = word.removeprefix("dis").removeprefix("un").removeprefix("not ")
            if word in known.words and said.endswith(plain) and " that " not in said and " really " not in said:
                return known.words[word][0]
    return None


def repeated(question: Question, known: Vocabulary, said: str, shown: str) -> Pick | None:
    """Return the choice that is said more than once, in the same or other words, and nothing else."""
    twice = re.fullmatch(r"(.{1,8}?)(?:\s*\1)+", said)
    parts = [twice[1]] if twice else [part for part in CLAUSE_END.split(said) if squeezed(part)]
    if "?" in said or (len(parts) < 2 and not twice) or len(parts) > 4 or (twice and twice[1].strip() in AGREEING):
        return None
    if twice and len(twice[1].strip()) < 2 and (" " not in said or not twice[1].strip().isdecimal()):
        return None  # 22 is no 2, 好好 no 好
    meant_by = []
    for part in parts:
        found = named(known, part)
        meant_by.append(found[0][0] if len(found) == 1 else meant(question, squeezed(part)))
    choice = meant_by[0]
    same = choice is not None and all(other is choice for other in meant_by)
    if choice is None or not same:
        return None
    told_more = not twice and not all(named(known, part) for part in parts)
    return Pick((choice,), "wording", 0.85, comment=shown.strip(EDGES) if told_more else "")


def at_odds(question: Question, known: Vocabulary, choice: Choice, rest: str) -> bool:
    """Whether the words beside a choice name or mean another one, or turn it round."""
    if any(choice not in choices for choices in words_within(known, rest)) or CORRECTED.search(rest):
        return True
    if taken_back(rest) or clashes(question, choice, rest):
        return True
    other = [meant(question, clause) for clause in clauses(rest)]
    return any(found is not None and found is not choice for found in other)


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


def begun(question: Question, known: Vocabulary, said: str, shown: str) -> Pick | None:
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
    if clashes(question, choices[0], rest) or contradicted(question, head, rest):
        return DOUBT
    pick = beside(known, choices[0], rest, shown[end.end() :].strip(EDGES))
    return pick if pick is DOUBT else replace(pick, rule="contained", confidence=0.85)


#: Between what is rated and what is told of it there may be no more than a blank or a dash.
_LOOSE = re.compile(r" - | -(?=[a-z])|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def contained(question: Question, known: Vocabulary, said: str, shown: str) -> Pick | None:
    """Return the one choice whose words a sentence contains, unless anything around them leaves a doubt."""
    if "?" in said or len(said) > LONGEST:
        return None
    core = core_choice(known, said)
    if core:
        return None if by_another(question, said) else Pick((core[0],), "contained", core[1])
    parts = clauses(said)
    if (loose := clauses(_LOOSE.sub(",", said))) != parts and not any(map(filler_only, loose)):
        parts = loose
    found = [(mention, place) for place, clause in enumerate(parts) for mention in mentions(known, clause)]
    if not found or any(doubtful(mention) or not alone(question, known, mention) for mention, _ in found):
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
    others = ",".join(part for place, part in enumerate(parts) if place not in {place for _, place in found})
    if taken_back(others) or clashes(question, choice, others):
        return None
    if another_number(known, choice, said):
        return None
    first = found[0][0]
    bare = len(found) == 1 and filler_only(first.before) and filler_only(first.after) and len(parts) == 1
    return Pick((choice,), "contained", confidence, comment="" if bare else shown)
