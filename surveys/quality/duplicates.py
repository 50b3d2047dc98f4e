"""Answers that may be one person's twice: from one chat or number, or word for word the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from surveys.language import message
from surveys.quality.flag import RESPONDENTS, Check, Flag, FlagKind
from surveys.quality.interviews import Interview, Places, unit_of
from surveys.quality.texts import plain
from surveys.questionnaire.form import Form, Kind

#: Shorter words of one's own are shared by chance.
SHORTEST = 4
#: So many answers besides the text must agree.
FEWEST = 3


def duplicates(form: Form, people: Sequence[Interview]) -> Check:
    """Return respondents who share a chat or number, and those with equal answers and the same words of their own."""
    return Check(
        kind=FlagKind.DUPLICATES,
        rule=message(
            "Two or more respondents answered from one chat or number; or they gave the same {fewest} or more answers "
            "and the same text of {shortest} characters or more.",
            fewest=FEWEST,
            shortest=SHORTEST,
        ),
        of=RESPONDENTS,
        looked_at=len(people),
        flags=(*_shared(people), *_equal(form, people)),
        untested=None if people else message("Nobody answered."),
    )


def _shared(people: Sequence[Interview]) -> list[Flag]:
    by: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        if person.paradata.address:
            by[person.paradata.address].append(person.key)
    return [
        Flag(
            FlagKind.DUPLICATES,
            message("{people} respondents answered from one chat or number.", people=len(keys)),
            {"people": len(keys), "shared": "address"},
            tuple(sorted(keys)),
        )
        for _, keys in sorted(by.items())
        if len(keys) > 1
    ]


def _equal(form: Form, people: Sequence[Interview]) -> list[Flag]:
    places = Places(form)
    open_rows = {question.name for question in form.asked if question.kind is Kind.TEXT}
    by: defaultdict[tuple[tuple[str, str, str], ...], list[str]] = defaultdict(list)
    for person in people:
        chosen, said = [], []
        for name, value in person.values.items():
            place = places.of(name)
            if place is None:
                continue
            # Of two people who rated the same units in another order the answers are compared unit by unit.
            unit = unit_of(person.paradata.units, place.unit) if place.unit else ""
            where = unit or name.partition("@")[2]
            if place.row in open_rows:
                said.append((place.row, where, plain(value)))
            else:
                chosen.append((place.row, where, value))
        if len(chosen) >= FEWEST and any(len(text) >= SHORTEST for _, _, text in said):
            by[tuple(sorted(chosen + said))].append(person.key)
    return [
        Flag(
            FlagKind.DUPLICATES,
            message(
                "{people} respondents gave the same {answers} answers, their own words among them.",
                people=len(keys),
                answers=len(answers),
            ),
            {"people": len(keys), "answers": len(answers), "shared": "answers"},
            tuple(sorted(keys)),
        )
        for answers, keys in sorted(by.items(), key=lambda item: item[1])
        if len(keys) > 1
    ]
