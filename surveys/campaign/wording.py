"""Wording that asks for a particular answer, in anything the staff write to residents."""

from __future__ import annotations

import re

from surveys.campaign.leading import CHINESE, DENSE_ENGLISH, ENGLISH, REPORTED_EN, REPORTED_ZH
from surveys.dialogue.spelling import folded, legible
from surveys.language import message
from surveys.problem import Problem

SENTENCE_END = re.compile(r"[.!?;\n]")
#: Signs that hold digits apart: without them "1-10分" would read as 110.
RANGE_SIGNS = "-~/:"
CLAUSE_SIGNS = ",.;:!?"


def leading_phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of `text` that ask for a particular answer, as they stand there, in order.

    Width, case, blanks and punctuation put between the characters make no difference ("请·打 满.分"). A warning
    against such requests ("如有人要求您打满分,请告诉我们") is none, nor is a scale that is explained.
    """
    shown = legible(text)
    even = folded(shown)
    spans: list[tuple[int, int]] = []
    for view, patterns, reported in (
        (dense(even), CHINESE, REPORTED_ZH),
        (dense(even), DENSE_ENGLISH, REPORTED_EN),
        (worded(even), ENGLISH, REPORTED_EN),
    ):
        letters, places = view
        for pattern in patterns:
            for match in pattern.finditer(letters):
                start, end = places[match.start()], places[match.end() - 1] + 1
                if not reported.search(sentence_before(even, start)):
                    spans.append((start, end))
    return tuple(dict.fromkeys(shown[start:end] for start, end in outermost(spans)))


def check_wording(text: str, *, file: str = "", field: str = "") -> tuple[Problem, ...]:
    """Return one problem that names the words of `text` which ask for a particular answer, or none."""
    found = leading_phrases(text)
    if not found:
        return ()
    return (
        Problem(
            code="leading_wording",
            what=message(
                "The text asks for a particular answer: {words}.", words=", ".join(f"“{words}”" for words in found)
            ),
            fix=message("Take these words out: say what is asked, and leave the answer to the resident."),
            file=file,
            field=field,
        ),
    )


def dense(even: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a folded text without anything between them, and their places.

    A sign between two digits stays as "-"; an end of clause that is followed by a digit stays too, so that
    "满意10分钟" and "1。10分" keep their parts.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, c in enumerate(even):
        if c.isalnum():
            gap = even[places[-1] + 1 : place] if places else ""
            if (
                c.isdecimal()
                and letters
                and letters[-1].isdecimal()
                and any(s in RANGE_SIGNS + CLAUSE_SIGNS for s in gap)
            ):
                letters.append("-")
                places.append(place - 1)
            letters.append(c)
            places.append(place)
    return "".join(letters), places


def worded(even: str) -> tuple[str, list[int]]:
    """Return the words of a folded text parted by one blank, ends of clauses as "|", and their places."""
    letters: list[str] = []
    places: list[int] = []
    for place, c in enumerate(even):
        if c in "'’‘":
            continue
        sign = c if c.isalnum() else "|" if c in CLAUSE_SIGNS + "()" else "/" if c == "/" else " "
        if sign == " " and (not letters or letters[-1] in " |"):
            continue
        if sign == "|" and letters and letters[-1] == " ":
            letters[-1] = "|"
            continue
        letters.append(sign)
        places.append(place)
    return "".join(letters), places


def sentence_before(even: str, start: int) -> str:
    """Return what stands before a place in its sentence."""
    return SENTENCE_END.split(even[:start])[-1]


def outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, without those that lie within another."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept
