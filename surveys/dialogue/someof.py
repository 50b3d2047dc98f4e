"""Several choices at once: listed, counted off, all of them or all but some."""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveys.dialogue.mentions import LONGEST, clauses, doubtful, filler_only, mentions, stripped
from surveys.dialogue.oneof import CERTAINTY, told_other
from surveys.dialogue.picks import OTHER, PART_OF_MORE, Pick, named, number_named, several
from surveys.dialogue.speech import by_sound, by_typing, rather, standard
from surveys.dialogue.spelling import folded, legible, squeezed
from surveys.dialogue.vocabulary import Vocabulary, alike, key, vocabulary
from surveys.language import ENGLISH
from surveys.questionnaire.form import Choice, Question


def choose_several(question: Question, text: str, language: str) -> Pick | None:
    """Return all the choices `text` names; None where one of them rules the others out."""
    pick = _named_by(question, text, language)
    if pick is not None and len(pick.choices) > 1 and any(map(exclusive, pick.choices)):
        return None
    return pick


def exclusive(choice: Choice) -> bool:
    """Whether a choice stands alone by its labels: none of these, not known, rather not said."""
    return any(_ALONE.fullmatch(squeezed(key(label))) for label in choice.labels.values())


_ALONE = re.compile(
    "(?:以上|上述|上面|这些|其中)?(?:几项|几个|各项)?(?:都|均|全|全都|一项|一个|一样|哪个|哪样|什么|啥)*(?:都|也)?(?:没有?|无|不是|不需要|不用|不符合|不选|未|莫得)"
    "(?:以上|上述|任何)?(?:参加|参与|去|做|用|遇到|碰到|听说|见|接触|选|发生)?过?(?:任何|以上|其中)*(?:一项|一个|一种|选项|情况|活动|问题|意见|困难)*(?:了|的)?"
    "|没(?:有)?(?:什么|啥|要|需要)?(?:需要|要)?(?:改进|改善|提升|反映|说)的?"
    "|(?:我)?(?:不清楚|不知道|不晓得|说不清楚?|不了解|不确定|记不清楚?|不好说|不愿(?:意)?(?:回答|说|透露)|拒绝回答)"
    "|(?:都|全|各方面都?)(?:很|挺|非常)?(?:好|满意)"
    "|none(?: of (?:these|those|the above|them|it))?|nothing(?: of (?:these|the above))?|no|neither"
    "|no (?:problems?|opinion|answer|activity|activities)"
    "|(?:i )?(?:do not|dont) know|(?:i am |im )?(?:not sure|unsure)|(?:i )?(?:cannot|cant) say|hard to say"
    "|(?:i )?(?:have |ve )?(?:never|havent|have not|did not|didnt)"
    "(?: taken part| been| used| done| heard)?(?: in)?(?: any| of| these| them| it)*"
    "|(?:id )?(?:rather not|prefer not to) (?:say|answer)"
)


def _named_by(question: Question, text: str, language: str) -> Pick | None:
    known = vocabulary(question)
    shown = legible(text)
    said = folded(shown).replace("其它", "其他")
    exact = [item for item in named(known, said) if item[1] in {"label", "synonym", "number", "numeral", "letter"}]
    if exact:
        choice, rule = exact[0]
        plainly = all(found is choice for found, _ in exact) and "?" not in said
        return Pick((choice,), rule, CERTAINTY[rule]) if plainly else None
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
    whole = [c for c in offered if not exclusive(c)]
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


#: Rubbish that is no matter to be improved but a word of abuse.
_REVILED = re.compile("垃圾(?:服务|政府|社区|单位|态度|部门|人|公司|工作|领导|物业)")


def listed(known: Vocabulary, said: str) -> Pick | None:
    """Return the choices mentioned in a sentence that is nothing but a list of them among fillers."""
    if "?" in said or len(said) > LONGEST:
        return None
    chosen: list[Choice] = []
    for clause in clauses(said):
        rest = clause
        for mention in mentions(known, clause):
            if len(mention.choices) != 1 or doubtful(mention) or _REVILED.search(mention.clause):
                return None
            chosen.append(mention.choices[0])
            rest = rest.replace(mention.word, " ")
        if not all(filler_only(part) for part in AROUND.sub(" ", alike(rest)).split()):
            return None
    unique = tuple({choice.name: choice for choice in chosen}.values())
    return Pick(unique, "contained", 0.75) if unique else None
