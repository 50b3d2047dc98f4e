"""Item nonresponse: what questions were left without an answer, and how."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from surveys.language import message
from surveys.quality.flag import RESPONDENTS, Check, Flag, FlagKind
from surveys.quality.interviews import Interview, Places
from surveys.questionnaire.form import Choice, Form
from surveys.statistics.dont_know import bare, is_dont_know

#: Who was asked fewer questions is not judged.
FEWEST = 5
#: This share of what was asked, left without an answer.
MOST = 0.5

ANSWERED, REFUSED, DONT_KNOW, SKIPPED, UNREADABLE = "answered", "refused", "dont_know", "skipped", "unreadable"

#: Among the options that are no opinion: those that refuse. What does not apply is an answer.
REFUSALS: Final = frozenset(
    {
        *("refused", "refuse", "declined", "decline", "rathernotsay", "prefernottosay", "noanswer", "nr"),
        *("拒绝回答", "不愿回答", "不愿评价", "不便回答"),
    },
)
NOT_APPLICABLE: Final = frozenset({"na", "notapplicable", "不适用"})


@dataclass(frozen=True, slots=True)
class ItemNonresponse:
    """What became of one question, all instances of a repeat together, among those it was put to.

    `put` is the sum of the other counts. `refused` and `dont_know` are options that were chosen; `skipped` was left
    out by the respondent, `unreadable` because the reply could not be made out.
    """

    question: str
    labels: Mapping[str, str]
    put: int
    answered: int
    refused: int
    dont_know: int
    skipped: int
    unreadable: int


def item_nonresponse(form: Form, people: Sequence[Interview]) -> tuple[tuple[ItemNonresponse, ...], Check]:
    """Return the counts of every question that was put to anybody, and who left half of theirs without an answer."""
    places = Places(form)
    silent = {question.name: silences(question.choices) for question in form.asked}
    by_row: defaultdict[str, Counter[str]] = defaultdict(Counter)
    flags = []
    tested = 0
    for person in people:
        mine: Counter[str] = Counter()
        for row, became in outcomes(person, places, silent):
            by_row[row][became] += 1
            mine[became] += 1
        put = mine.total()
        missing = put - mine[ANSWERED]
        if put < FEWEST:
            continue
        tested += 1
        if missing >= MOST * put:
            flags.append(_flag(person.key, put, missing, mine))
    check = Check(
        kind=FlagKind.NONRESPONSE,
        rule=message(
            "At least {fewest} questions put, and {percent} % of them or more refused, answered by don't know, "
            "skipped or unreadable.",
            fewest=FEWEST,
            percent=f"{100 * MOST:.0f}",
        ),
        of=RESPONDENTS,
        looked_at=tested,
        flags=tuple(flags),
        untested=None if tested else message("Nobody was asked {fewest} questions or more.", fewest=FEWEST),
    )
    table = tuple(
        ItemNonresponse(
            question=question.name,
            labels=question.labels,
            put=by_row[question.name].total(),
            **{kind: by_row[question.name][kind] for kind in (ANSWERED, REFUSED, DONT_KNOW, SKIPPED, UNREADABLE)},
        )
        for question in form.asked
        if question.name in by_row
    )
    return table, check


def _flag(key: str, put: int, missing: int, mine: Mapping[str, int]) -> Flag:
    evidence = message(
        "{missing} of {put} questions without an answer: {refused} refused, {dont_know} don't know, {skipped} skipped, "
        "{unreadable} unreadable.",
        missing=missing,
        put=put,
        refused=mine[REFUSED],
        dont_know=mine[DONT_KNOW],
        skipped=mine[SKIPPED],
        unreadable=mine[UNREADABLE],
    )
    numbers: dict[str, float | str] = {"put": put, "missing": missing}
    numbers |= {kind: mine[kind] for kind in (REFUSED, DONT_KNOW, SKIPPED, UNREADABLE)}
    return Flag(FlagKind.NONRESPONSE, evidence, numbers, (key,))


def outcomes(person: Interview, places: Places, silent: Mapping[str, Mapping[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield (row, what became of it) for every question known to have been put to a person."""
    for name, value in person.values.items():
        place = places.of(name)
        if place is not None:
            yield place.row, silent.get(place.row, {}).get(value, ANSWERED)
    left = (person.paradata.skipped | person.paradata.unread) - person.respondent.values.keys()
    for name in left:
        place = places.of(name)
        if place is not None:
            yield place.row, UNREADABLE if name in person.paradata.unread else SKIPPED


def silences(choices: Sequence[Choice]) -> dict[str, str]:
    """Return the options that give no answer, each with its kind."""
    found = {}
    for choice in choices:
        texts = {bare(text) for text in (choice.name, *choice.labels.values())}
        if not is_dont_know(choice) or texts & NOT_APPLICABLE:
            continue
        found[choice.name] = REFUSED if texts & REFUSALS else DONT_KNOW
    return found
