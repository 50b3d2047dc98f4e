"""Degrees of a rating (很, 比较, fairly): which rung of a ladder a label with an added degree means, if any."""

from __future__ import annotations

import re

from surveys.dialogue.vocabulary import Vocabulary
from surveys.questionnaire.form import Choice

#: Degrees by rank: 1 very, 2 utterly; 0 those that leave it open how much.
DEGREES = {
    **dict.fromkeys(("很", "真"), 1),
    **dict.fromkeys(
        (
            "非常",
            "特别",
            "极其",
            "极",
            "极度",
            "超级",
            "超",
            "太",
            "最",
            "万分",
            "百分百",
            "完全",
            "根本",
            "压根",
            "一点也",
            "一点都",
            "1点也",
            "1点都",
        ),
        2,
    ),
    **dict.fromkeys(
        (
            "较",
            "挺",
            "蛮",
            "相当",
            "还",
            "还算",
            "基本",
            "基本上",
            "大体",
            "大体上",
            "大致",
            "勉强",
            "有点",
            "有点儿",
            "有些",
        ),
        0,
    ),
    **dict.fromkeys(("稍", "稍微", "略", "略微", "一点", "多少", "大部分", "部分", "越来越", "更", "更加"), 0),
    **dict.fromkeys(("very", "really", "highly", "so", "real"), 1),
    **dict.fromkeys(("extremely", "completely", "totally", "absolutely", "fully", "most", "perfectly", "entirely"), 2),
    **dict.fromkeys(
        ("quite", "fairly", "rather", "somewhat", "pretty", "mostly", "partly", "partially", "slightly"), 0
    ),
    **dict.fromkeys(
        ("reasonably", "moderately", "kind of", "sort of", "a bit", "a little", "more or less", "bit", "more"), 0
    ),
}
BY_LENGTH = tuple(sorted(DEGREES, key=len, reverse=True))
#: Softer degrees that leave a plain label standing where the scale knows no degrees (满意 / 一般 / 不满意).
MILD = frozenset({"较", "挺", "蛮", "相当", "quite", "fairly", "pretty"})
#: Degrees below "very" that leave the plain rung where the only other is a stronger one; 相当 and quite do not.
LIGHT = frozenset({"较", "挺", "蛮", "基本", "基本上", "fairly"})
MILDER = re.compile("较|基本|还算|fairly|basically|rather|somewhat|quite")
STRONGER = re.compile("很|非常|特别|极|very|extremely|completely")
MIDDLE = frozenset({"一般", "普通", "差不多", "average", "fair", "neutral", "ok", "okay", "so so", "neither"})
NOT_PREFIX = re.compile("不太|不|没有|没|not |dis|un")


def degree_before(before: str) -> str:
    """Return the degree that `before` ends in, or ""."""
    if before.endswith("还是"):
        return ""
    for degree in BY_LENGTH:
        if before.endswith(degree):
            front = before[: -len(degree)]
            if not degree.isascii() or not front or not front[-1].isalnum() or not front[-1].isascii():
                return degree
    return ""


def by_degree(vocabulary: Vocabulary, word: str, degree: str) -> tuple[Choice, float] | None:
    """Return what `word` with an added degree means on this scale and how sure it is, or None when that is open.

    "非常满意" is 满意 where nothing stronger is offered, and 很满意 where that is; "很满意" is open where the
    stronger rung is 非常满意.
    """
    choices = vocabulary.words[word]
    if len(choices) != 1 or word in MIDDLE or degree_at_front(word):
        return None
    if not degree:
        return choices[0], 0.8
    rank = DEGREES[degree]
    if degree == "还算":
        lower = [found for light in ("较", "基本") for found in (vocabulary.words.get(light + word, ()),) if found]
        return (lower[0][0], 0.75) if len(lower) == 1 and len(lower[0]) == 1 else None
    prefixes = {
        other[: -len(word)].strip(): other_choices
        for other, other_choices in vocabulary.words.items()
        if other != word and other.endswith(word) and other[: -len(word)].strip() in DEGREES
    }
    if rank == 0:
        same = [other for other in vocabulary.words if stem(other) == stem(word) and negative(other) == negative(word)]
        graded = any(degree_within(other) for other in same)
        milder = any(MILDER.match(other) for other in same)
        if degree in LIGHT and not milder and any(STRONGER.match(other) for other in same):
            return choices[0], 0.7  # 比较满意 below 非常满意, where nothing else lies between
        return (choices[0], 0.7) if degree in MILD and not graded else None
    stronger = {prefix: found for prefix, found in prefixes.items() if DEGREES[prefix]}
    if not stronger:
        return choices[0], 0.75
    (prefix, found), *more = stronger.items()
    fits = DEGREES[prefix] <= rank or uses_very(vocabulary, word)
    return (found[0], 0.7) if not more and len(found) == 1 and fits else None


def uses_very(vocabulary: Vocabulary, word: str) -> bool:
    """Whether the scale's other end is worded with 很, so that 很 is as strong as it gets: 非常满意 … 很不满意."""
    return any(other.startswith("很") and stem(other) == stem(word) for other in vocabulary.words)


def negative(word: str) -> bool:
    """Whether a label says the opposite of its stem: 很不满意, dissatisfied."""
    return bool(re.search("不|没|not |dis|un", word))


def degree_at_front(word: str) -> bool:
    """Whether a label already begins with a degree, so that a further one makes no sense of it."""
    return any(word.startswith(degree) and word != degree for degree in BY_LENGTH if not degree.isascii())


def degree_within(word: str) -> bool:
    """Whether a label says a degree of its stem: 较好, 不太满意, very safe."""
    rest = NOT_PREFIX.sub("", word, count=1)
    return word.startswith("不太") or any(rest.startswith(d) and rest != d for d in BY_LENGTH)


def stem(word: str) -> str:
    """Return a label without its negation and degree: 不太满意, 非常满意 → 满意."""
    rest = word
    for _ in range(2):
        rest = NOT_PREFIX.sub("", rest, count=1) if NOT_PREFIX.match(rest) else rest
        degree = next((d for d in BY_LENGTH if rest.startswith(d) and rest.strip() != d), "")
        rest = rest[len(degree) :].strip()
    return rest
