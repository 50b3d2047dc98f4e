"""Several choices at once: listed, counted off, all of them or all but some."""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveys.dialogue.mentions import LONGEST, clauses, doubtful, filler_only, mentions, stripped
from surveys.dialogue.oneof import CERTAINTY, told_other
from surveys.dialogue.picks import OTHER, PART_OF_MORE, Pick, named, number_named, several
from surveys.dialogue.speech import by_sound, by_typing, rather, standard
from surveys.dialogue.spelling import folded, legible, squeezed
from surveys.dialogue.vocabulary import Vocabulary, alike, key, sayings, vocabulary
from surveys.language import ENGLISH
from surveys.questionnaire.form import Choice, Question


def choose_several(question: Question, text: str, language: str) -> Pick | None:
    """Return all the choices `text` names."""
    known = vocabulary(question)
    shown = legible(text)
    said = folded(shown).replace("其它", "其他")
    exact = [item for item in named(known, said) if item[1] in {"label", "synonym", "number", "numeral", "letter"}]
    if exact:
        choice, rule = exact[0]
        return Pick((choice,), rule, CERTAINTY[rule]) if all(found is choice for found, _ in exact) else None
    if len(said) <= LONGEST and not _NUMBERS.fullmatch(said) and (group := grouped(known, question, said)) is not None:
        return group
    if re.search(r"\d\s*[~\-–—×*:]\s*\d|\d%", said) and PART_OF_MORE.search(said):
        return None
    pick = (
        several(known, said, shown, spelled=language == ENGLISH)
        or told_other(known, said, shown)
        or listed(known, said)
    )
    if pick is None and len(said) <= LONGEST:
        pick = spelled_otherwise(known, said)
    return pick


_N = "(?P<{}>[0-9]{{1,2}}|[一二两三四五六七八九十]{{1,2}})"
#: What most replies are: nothing of all this.
_NUMBERS = re.compile(r"[\d\s,.;/、]*")
#: 1到4, never 1-4: a dash may stand between two single choices.
_FROM_TO = re.compile(
    f"(?:选)?(?:第)?{_N.format('a')}(?:项|个|号)?(?:到|至)(?:第)?{_N.format('b')}(?:项|个|号)?(?:都有|都选|都参加过?|全选)?"
)
_FIRST_LAST = re.compile(
    f"(?:选)?(?:(?P<zh>前|后|最后|头)(?:面)?{_N.format('n')}(?:个|项)(?:都有|都选)?|(?:the )?(?P<en>first|last) "
    f"(?P<m>two|three|four|five|[2-9]))"
)
_ALL = re.compile(
    "(?:我)?(?:全部|全都|都|全|所有|统统)(?:的)?(?:都)?(?:选择?|勾|有|是|要|参加|参与|做)?(?:过|了)?(?:的)?|以上(?:全部|都有|全选|都选|都是)"
    "|每(?:个|项|样)都(?:有|选|参加过?|参与过?)"
    "|(?:i did |i chose |i took part in )?(?:all|everything)(?: of them| of these| of the above| the above)?"
)
_ALL_BUT = re.compile(
    "除了?(?P<zh>.{1,20}?)(?:以外|之外|外)?(?:[, ]*)(?:其他|其余|别的|剩下)?的?(?:我)?(?:全部?|都)(?:都)?"
    "(?:有|选|参加|参与|做)?(?:过|了)?"
    "|(?:all|everything)(?: of them)? (?:except|but|apart from|other than)(?: for)? (?P<en>.{1,40})"
)
_EXCLUSIVE = re.compile("都没有|都不|以上都没|没有参|none|no one|^无$|不清楚|不知道|说不清|dont know|not sure")


def grouped(known: Vocabulary, question: Question, said: str) -> Pick | None:
    """Return the choices of "1到4", "前三个", "都选", "除了2都有"; None where it is none of these.

    "All" is doubtful where there is an open "other": what would that be?
    """
    core = stripped(squeezed(said))
    offered = [choice for choice in question.choices if not choice.hidden]
    if reach := _FROM_TO.fullmatch(core):
        first, last = number_named(reach["a"]), number_named(reach["b"])
        if first is None or last is None or not first < last or {first, last} - known.numbers.keys():
            return None
        return Pick(tuple(known.numbers[n] for n in range(first, last + 1) if n in known.numbers), "several", 0.85)
    if ends := _FIRST_LAST.fullmatch(core):
        count = number_named(ends["n"] or ends["m"])
        if count is None or not 2 <= count < len(offered):
            return None
        front = (ends["zh"] or ends["en"]) in {"前", "头", "first"}
        return Pick(tuple(offered[:count] if front else offered[-count:]), "several", 0.85)
    whole = [c for c in offered if not any(_EXCLUSIVE.search(word) for word in map(key, sayings(c)))]
    if any(choice.name == OTHER for choice in offered) or len(whole) < 2:
        return None
    if _ALL.fullmatch(core):
        return Pick(tuple(whole), "several", 0.85)
    if but := _ALL_BUT.fullmatch(core):
        left_out = several(known, but["zh"] or but["en"], "", spelled=True)
        kept = [c for c in whole if left_out and c not in left_out.choices]
        return Pick(tuple(kept), "several", 0.85) if left_out and kept and len(kept) < len(whole) else None
    return None


def spelled_otherwise(known: Vocabulary, said: str) -> Pick | None:
    """Return the choices a list names in other spellings or with 过 inside: "巡和 捐款", "举报过污染"."""
    instead = rather(said)
    if instead is not None:
        return _spelled(known, [instead])
    listed_plainly = _spelled(known, re.split(r"[\s,.;:、/]+", said.strip(" .,")))
    return listed_plainly or _spelled(known, re.split(r"[\s,.;:、/]+|和|跟|与", said.strip(" .,")))


def _spelled(known: Vocabulary, parts: Sequence[str]) -> Pick | None:
    chosen: list[Choice] = []
    for part in filter(None, map(squeezed, map(standard, parts))):
        exact = named(known, part)
        word = by_sound(known, part) or by_typing(known, part) if not exact else None
        choices = [choice for choice, _ in exact] or list(known.words.get(word or part.replace("过", "", 1), ()))
        if len(choices) != 1:
            return None
        chosen.append(choices[0])
    unique = tuple({choice.name: choice for choice in chosen}.values())
    return Pick(unique, "misspelt", 0.7) if unique and len(unique) == len(chosen) else None


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
