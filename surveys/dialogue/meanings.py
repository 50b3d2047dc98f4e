"""Which choice of a question is meant by what names none: "yes", "so so", "solved"; told by the labels."""

from __future__ import annotations

import re
from collections.abc import Mapping

from surveys.dialogue.senses import Sense, senses
from surveys.dialogue.spelling import CLAUSE_END, squeezed
from surveys.dialogue.vocabulary import alike, key, sayings
from surveys.kept import Kept
from surveys.questionnaire.form import Choice, Question

#: Labels that stand for not knowing.
_UNKNOWN = frozenset(
    [
        "不清楚",
        "不知道",
        "说不清",
        "说不清楚",
        "不了解",
        "说不准",
        "不好说",
        "不确定",
        "不晓得",
        "记不清",
        "没接触过",
        "dontknow",
        "cannotsay",
        "notsure",
        "hardtosay",
        "unsure",
        "cantsay",
        "donotknow",
        "noopinion",
    ]
)
_MIDDLE = frozenset("一般 中等 普通 还行 还可以 average fair neutral neither okay soso".split())  # noqa: SIM905
_RATED = re.compile("(?:满意|安全|好|支持|放心|satisfied|safe|good|happy)$")
_WOULD = frozenset("愿意 同意 支持 会 想 可以 需要 willing agree".split())  # noqa: SIM905
_STRONG = re.compile("^(?:很|非常|特别|十分|极|very|extremely|completely)")
_MILD = re.compile("^(?:较|基本|还算|有点|不太|fairly|basically|rather|notvery|notso|somewhat|alittle|quite)")
_NOT = re.compile("^(?:不太|不|没有|没|未|not ?|dis|un)")


def meanings(question: Question) -> Mapping[Sense, Choice]:
    """Return which choice each sense means for `question`, worked out once from its labels."""
    return _MEANINGS.of(question)


def _meanings(question: Question) -> dict[Sense, Choice]:
    words = {
        choice.name: tuple(key(label).replace(" ", "") for label in sayings(choice)) for choice in question.choices
    }
    found: dict[Sense, Choice] = {}
    # By its labels alone: whoever does not know of a thing may be one of those who say no.
    unknown = [
        c for c in question.choices if any(key(label).replace(" ", "") in _UNKNOWN for label in c.labels.values())
    ]
    if len(unknown) == 1:
        found[Sense.UNKNOWN] = unknown[0]
    rest = [c for c in question.choices if c not in unknown and not c.hidden]
    found |= _change(rest, words) or _state(rest, words) or _pair(rest, words) or _ladder(rest, words)
    return found


_MEANINGS = Kept(_meanings)
_Words = Mapping[str, tuple[str, ...]]


def _pair(rest: list[Choice], words: _Words) -> dict[Sense, Choice]:
    """Return yes and no: the one label is the other's negation, and neither is a rating."""
    if len(rest) != 2:
        return {}
    for yes, no in (rest, rest[::-1]):
        for this in words[yes.name]:
            for that in words[no.name]:
                bare = _NOT.sub("", that)
                if (this, that) in {("是", "否"), ("有", "没有"), ("yes", "no")} or (bare == this and that != this):
                    if _RATED.search(this):
                        return {}
                    found = {Sense.YES: yes, Sense.NO: no, Sense.NOD: yes}
                    if this in _WOULD:
                        found |= {Sense.ASSENT: yes, Sense.DISSENT: no}
                    return found
    return {}


def _state(rest: list[Choice], words: _Words) -> dict[Sense, Choice]:
    """Return solved, partly and not: told by the label for what is done in part."""
    partly = [c for c in rest if any(re.match("部分|partly|partially|正在", word) for word in words[c.name])]
    undone = [c for c in rest if any(re.match("未|没|not(?!very)|un", word) for word in words[c.name])]
    done = [c for c in rest if c not in partly and c not in undone]
    if len(partly) != 1 or len(undone) != 1 or len(done) != 1:
        return {}
    return {
        Sense.PARTLY: partly[0],
        Sense.UNDONE: undone[0],
        Sense.NO: undone[0],
        Sense.DONE: done[0],
        Sense.YES: done[0],
    }


def _change(rest: list[Choice], words: _Words) -> dict[Sense, Choice]:
    """Return better, the same and worse."""

    def labelled(pattern: str) -> list[Choice]:
        return [c for c in rest if any(re.search(pattern, word) for word in words[c.name])]

    better, worse = labelled("改善|好转|变好|better|improved"), labelled("变差|变坏|恶化|worse")
    same = labelled("差不多|没变|没有变|无变化|不变|一样|same")
    if not better or not worse or set(map(id, better)) & set(map(id, worse)):
        return {}
    found: dict[Sense, Choice] = {Sense.SAME: same[0]} if len(same) == 1 else {}
    for choices, much, plain in (
        (better, Sense.MUCH_BETTER, Sense.BETTER),
        (worse, Sense.MUCH_WORSE, Sense.WORSE),
    ):
        strong = [c for c in choices if any(re.match("明显|大有|much|alot|大幅|显著", word) for word in words[c.name])]
        weak = [c for c in choices if c not in strong]
        if len(strong) == len(weak) == 1:
            found |= {much: strong[0], plain: weak[0]}
        elif len(choices) == 1:
            found |= {much: choices[0], plain: choices[0]}
    return found


def _ladder(rest: list[Choice], words: _Words) -> dict[Sense, Choice]:
    """Return the ends and the middle of a rating, and plain good and bad where there is one rung of each."""
    # By labels alone: a middling word that an office accepts for a better rung makes that rung no middle.
    middle = [c for c in rest if any(key(label).replace(" ", "") in _MIDDLE for label in c.labels.values())]
    rungs = [c for c in rest if c not in middle]
    bare = {c.name: [_STRONG.sub("", _MILD.sub("", word)) for word in words[c.name]] for c in rungs}
    if not rungs or not all(any(_RATED.search(word) for word in words[c.name]) for c in rungs):
        return {}
    low = [
        c
        for c in rungs
        if any(_NOT.match(b) or word.startswith("不") for b, word in zip(bare[c.name], words[c.name], strict=True))
    ]
    high = [c for c in rungs if c not in low]
    if not low or not high or len(middle) > 1:
        return {}
    found = {Sense.MIDDLE: middle[0]} if middle else {}
    for choices, end, plain in ((high, Sense.BEST, Sense.GOOD), (low, Sense.WORST, Sense.POOR)):
        if len(choices) == 1:
            found |= {end: choices[0], plain: choices[0]}
            continue
        strong = [c for c in choices if any(_STRONG.match(word) for word in words[c.name])]
        full = [c for c in choices if not any(_MILD.match(word) for word in words[c.name])]
        ends = strong or full
        if len(ends) == 1:
            found[end] = ends[0]
    return found


#: A plain question for yes or no, its predicate at the end.
_ASKS = re.compile("([\u4e00-\u9fff]{4,40}?)了?吗")
_DENIED = re.compile("(?:还|一直|根本)?(?:没有?|不|未)(?P<rest>..+)")


def echoed(question: Question, said: str) -> Choice | None:
    """Return yes or no where squeezed words repeat the predicate of the question: "修好了" to "路灯修好了吗?"."""
    known = meanings(question)
    asked = next((found[1] for found in map(_ASKS.fullmatch, map(squeezed, question.labels.values())) if found), "")
    if Sense.NOD not in known or not asked or re.search("[不没未无]", asked):
        return None
    core = re.sub("[了的呀啊嘛啦吧]+$", "", re.sub("^(?:已经|早就|都|早)", "", said))
    if len(core) >= 2 and asked.endswith(core):
        return known[Sense.YES]
    denied = _DENIED.fullmatch(core)
    return known[Sense.NO] if denied and asked.endswith(denied["rest"]) else None


def meant(question: Question, said: str) -> Choice | None:
    """Return the one choice that squeezed words mean without naming it, or None."""
    heard = senses(alike(said))
    if not heard:
        return None
    known = meanings(question)
    found = {known[sense].name: known[sense] for sense in heard if sense in known}
    return next(iter(found.values())) if len(found) == 1 else None


def meant_first(question: Question, text: str) -> tuple[Choice, int] | None:
    """Return the choice the first clause of a folded text means, and where the rest begins; None if it means none."""
    end = CLAUSE_END.search(text)
    if not end or "?" in text:
        return None
    head, rest = squeezed(text[: end.start()]), squeezed(text[end.end() :])
    choice = meant(question, head)
    if choice is None and Sense.ASSENT in senses(head):
        choice = meant(question, rest)  # "要得,整得好": what is agreed to first does not matter
    return (choice, end.end()) if choice and rest else None
