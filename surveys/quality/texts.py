"""Texts in residents' own words that are nearly the same, found without comparing each with each.

Two texts are compared by the Jaccard similarity of their runs of three characters. If it reaches a threshold t, the
two sets share an element among the rarest |x| - ceil(t|x|) + 1 of each (prefix filter; Chaudhuri, Ganti and Kaushik
2006, Bayardo, Ma and Srikant 2007): only such pairs are looked at, and none is missed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import ceil
from unicodedata import category, normalize

from surveys.language import message
from surveys.quality.flag import TEXTS, Check, Flag, FlagKind
from surveys.quality.interviews import Interview, Places
from surveys.questionnaire.form import Form, Kind

#: Shorter texts, such as 没有意见, are common property.
SHORTEST = 10
ALIKE = 0.8
RUN = 3


def near_identical(form: Form, people: Sequence[Interview]) -> Check:
    """Return groups of respondents whose texts to one question are nearly the same."""
    places = Places(form)
    asked = {question.name for question in form.asked if question.kind is Kind.TEXT}
    said: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for person in people:
        for name, value in person.values.items():
            place = places.of(name)
            if place is not None and place.row in asked:
                text = plain(value)
                if len(text) >= SHORTEST:
                    said[place.row].append((person.key, text))
    flags = []
    for row, texts in said.items():
        for members in groups([text for _, text in texts]):
            keys = sorted({texts[member][0] for member in members})
            if len(keys) < 2:
                continue
            distinct = len({texts[member][1] for member in members})
            flags.append(
                Flag(
                    FlagKind.ALIKE,
                    message(
                        "{people} people wrote nearly the same to “{question}” ({distinct} wordings, spelling and "
                        "punctuation aside).",
                        people=len(keys),
                        question=row,
                        distinct=distinct,
                    ),
                    {"question": row, "people": len(keys), "wordings": distinct},
                    tuple(keys),
                )
            )
    count = sum(map(len, said.values()))
    return Check(
        kind=FlagKind.ALIKE,
        rule=message(
            "Texts of {shortest} characters or more from two or more people, of whose runs of {run} characters at "
            "least {percent} % are shared (Jaccard), blanks, punctuation and case aside.",
            shortest=SHORTEST,
            run=RUN,
            percent=f"{100 * ALIKE:.0f}",
        ),
        of=TEXTS,
        looked_at=count,
        flags=tuple(sorted(flags, key=lambda flag: (-len(flag.respondents), flag.respondents))),
        untested=None if count else message("There are no texts of {shortest} characters or more.", shortest=SHORTEST),
    )


def plain(text: str) -> str:
    """Return a text without blanks, punctuation, symbols and case, widths made equal."""
    folded = normalize("NFKC", text).casefold()
    return "".join(character for character in folded if category(character)[0] in "LNM")


def runs(text: str) -> frozenset[str]:
    """Return all runs of RUN characters; a shorter text is its own run."""
    return frozenset(text[at : at + RUN] for at in range(max(1, len(text) - RUN + 1)))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets, 1 for two empty ones."""
    return len(one & other) / len(one | other) if one or other else 1.0


def groups(texts: Sequence[str], threshold: float = ALIKE) -> list[tuple[int, ...]]:
    """Return the places of texts that hang together by pairs of at least this similarity, groups of two and more."""
    by_text: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        by_text[text].append(place)
    distinct = list(by_text)
    joined = _Sets(len(distinct))
    for one, other in pairs([runs(text) for text in distinct], threshold):
        joined.join(one, other)
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, text in enumerate(distinct):
        found[joined.find(number)] += by_text[text]
    return sorted(tuple(sorted(members)) for members in found.values() if len(members) > 1)


def pairs(sets: Sequence[frozenset[str]], threshold: float) -> Iterable[tuple[int, int]]:
    """Yield the pairs of sets whose Jaccard similarity reaches the threshold (above 0), each once."""
    frequency = Counter(element for one in sets for element in one)
    rarest = sorted(frequency, key=lambda element: (frequency[element], element))
    rank = {element: place for place, element in enumerate(rarest)}
    index: defaultdict[str, list[int]] = defaultdict(list)
    for number in sorted(range(len(sets)), key=lambda n: len(sets[n])):
        mine = sets[number]
        prefix = sorted(mine, key=rank.__getitem__)
        prefix = prefix[: len(mine) - ceil(threshold * len(mine) - 1e-9) + 1]
        candidates = {other for element in prefix for other in index[element]}
        for other in sorted(candidates):
            theirs = sets[other]
            if len(theirs) >= threshold * len(mine) - 1e-9 and similarity(mine, theirs) >= threshold:
                yield other, number
        for element in prefix:
            index[element].append(number)


class _Sets:
    """Numbers that are joined to sets (union-find with path halving)."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def find(self, number: int) -> int:
        above = self._above
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    def join(self, one: int, other: int) -> None:
        self._above[self.find(other)] = self.find(one)
