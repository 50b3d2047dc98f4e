"""What may be said for each choice of a question: its number, its letter, its labels and synonyms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from surveys.dialogue.numerals import chinese_number
from surveys.dialogue.spelling import folded, legible, squeezed
from surveys.kept import Kept
from surveys.questionnaire.form import Choice, Question

#: A label that begins with its own number: "10", "10分", "3次以上", "(3) 一般";
#: neither "18-29" nor "1.5小时".
OWN_NUMBER = re.compile(r"\(?(\d{1,3})\)?\s*(?:$|[.,):=](?!\d)|分(?!钟)|[个次年天人名件口](?!月))")
#: A mark before the words of a label, which a reply may leave out: "2. good", "A. 好".
OWN_MARK = re.compile(r"\(?(?:\d{1,3}|[a-z])(?:\)|\s*[.,):=])(?!\d)\s*")

#: Ways of saying a degree that are taken for one another, in replies and labels alike.
ALIKE = (
    ("比较", "较"),
    ("不怎么", "不太"),
    ("不咋", "不太"),
    ("不大满", "不太满"),
    ("不大好", "不太好"),
    ("不大支持", "不太支持"),
    ("不大安全", "不太安全"),
    ("不大清楚", "不清楚"),
    ("不太清楚", "不清楚"),
    ("十分", "非常"),
    ("其它", "其他"),
    ("参加过", "参与过"),
    ("参加了", "参与过"),
    ("没参加", "没参与"),
)


def shown(question: Question) -> tuple[Choice, ...]:
    """Return the choices that are offered, in order; the others are only accepted."""
    return tuple(choice for choice in question.choices if not choice.hidden)


def sayings(choice: Choice) -> tuple[str, ...]:
    """Return what a resident may say for `choice`, as written: its labels (else its name) and synonyms."""
    labels = tuple(label for label in choice.labels.values() if label.strip())
    return (labels or (choice.name,)) + choice.synonyms


@lru_cache(maxsize=8192)
def key(saying: str) -> str:
    """Return a label or synonym as it is compared: squeezed, without a leading own number or letter.

    For texts of a questionnaire only: what residents write is not kept in a cache.
    """
    said = folded(legible(saying))
    mark = OWN_MARK.match(said)
    if mark and squeezed(said[mark.end() :]):
        said = said[mark.end() :]
    return alike(squeezed(said))


def alike(said: str) -> str:
    """Return squeezed words with the degrees that are taken for one another made equal."""
    for way, common in ALIKE:
        if way in said:
            said = said.replace(way, common)
    return said


@lru_cache(maxsize=8192)
def own_number(label: str) -> int | None:
    """Return the number a label consists of or begins with, or None."""
    said = folded(legible(label))
    mark = OWN_NUMBER.match(said)
    return int(mark[1]) if mark else chinese_number(said)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The sayings of one question.

    `numbers` and `letters` lead to the shown choices only; `words` maps every key to the choices it may mean.
    `points` tells whether the numbers are the options' own (a scale), so that "8分" means what it says.
    """

    numbers: dict[int, Choice]
    letters: dict[str, Choice]
    words: dict[str, tuple[Choice, ...]]
    synonyms: frozenset[str]
    points: bool


def vocabulary(question: Question) -> Vocabulary:
    """Return what may be said for the choices of `question`, worked out once."""
    return _VOCABULARIES.of(question)


def vocabulary_of(question: Question) -> Vocabulary:
    """Work out what may be said for the choices of `question`.

    The shown choices are numbered 1 … n. Where every label is a number of its own ("10", "9", "8"), those are the
    numbers; where only some are, a number that could mean two choices means none.
    """
    options = shown(question)
    own = {choice.name: number_of(choice) for choice in options}
    points = bool(options) and None not in own.values() and len(set(own.values())) == len(own)
    numbers = {number: choice for choice in options if (number := own[choice.name]) is not None}
    words = words_of(question)
    if not points:
        places = dict(enumerate(options, start=1))
        unclear = {number for number, choice in numbers.items() if places.get(number, choice) is not choice}
        numbers = {place: choice for place, choice in places.items() if place not in unclear}
        words = {word: choices for word, choices in words.items() if word not in map(str, unclear)}
    synonyms = frozenset(key(saying) for choice in question.choices for saying in choice.synonyms)
    letters = {chr(ord("a") + place): choice for place, choice in enumerate(options[:26])}
    if any(len(word) == 1 and word.isascii() and word.isalpha() for word in words):
        letters = {}  # blood groups A, B, O: a letter is a label there
    for choice in options:
        letter = own_letter(choice)
        if letter and letters.get(letter, choice) is not choice:
            del letters[letter]
    return Vocabulary(numbers, letters, words, synonyms, points)


_VOCABULARIES = Kept(vocabulary_of)


def words_of(question: Question) -> dict[str, tuple[Choice, ...]]:
    """Return every key with the choices it may mean."""
    words: dict[str, tuple[Choice, ...]] = {}
    for choice in question.choices:
        for word in map(key, sayings(choice)):
            if word and all(choice is not known for known in words.get(word, ())):
                words[word] = (*words.get(word, ()), choice)
    for word, choices in tuple(words.items()):
        for variant in variants(word):
            words.setdefault(variant, choices)
    return words


#: The beginnings of a label that say the same, and what may be put in their place.
VARIANTS = (
    (re.compile("没有(?=..)"), ("没", "未")),
    (re.compile("未(?=..)"), ("没", "没有", "还没", "尚未")),
    (re.compile("已(?!经)(?=..)"), ("已经", "都")),
    (re.compile("not (?=satisfied|safe|solved)"), ("un",)),
    (re.compile("dissatisfied$"), ("unsatisfied", "not satisfied")),
    (re.compile("unsafe$"), ("not safe",)),
    (re.compile("unsatisfied$"), ("not satisfied", "dissatisfied")),
)


def variants(word: str) -> tuple[str, ...]:
    """Return other ways of writing a label that mean nothing else."""
    return tuple(
        word[: found.start()] + other + word[found.end() :]
        for pattern, others in VARIANTS
        if (found := pattern.match(word))
        for other in others
    )


def number_of(choice: Choice) -> int | None:
    """Return the own number of `choice`, in whatever language its labels say it, or None."""
    found = {own_number(label) for label in (tuple(choice.labels.values()) or (choice.name,))} - {None}
    return found.pop() if len(found) == 1 else None


def own_letter(choice: Choice) -> str:
    """Return the letter a label of `choice` begins with ("A. 好" → "a"), or ""."""
    for label in choice.labels.values():
        if mark := OWN_MARK.match(folded(legible(label))):
            letter = mark[0].strip("( ")[0]
            return letter if letter.isalpha() else ""
    return ""


def marks(question: Question) -> tuple[str, ...]:
    """Return the number to print before each shown choice: 1 … n, or "" where the labels bring their own."""
    options = shown(question)
    return ("",) * len(options) if vocabulary(question).points else tuple(str(n) for n in range(1, len(options) + 1))


def unclear_numbers(question: Question) -> tuple[int, ...]:
    """Return the numbers that answer nothing: one label begins with them, another has that place ("1 没有 2 1次")."""
    known = vocabulary(question)
    return tuple(
        place for place in range(1, len(shown(question)) + 1) if not known.points and place not in known.numbers
    )
