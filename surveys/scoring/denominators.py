"""What every figure of a score is a share or a mean of: forms counted by why they count, and said in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from surveys.language import Message, message
from surveys.scoring.cells import REASONS, Cells
from surveys.scoring.rule import Combine, ScoringRule
from surveys.scoring.unitscore import Ballots, said
from surveys.statistics.disclosure import withheld_cells


def counted_forms(cells: Cells, units: int) -> list[Ballots]:
    """Return the forms of every unit by why they count or not."""
    import numpy as np

    kinds = len(REASONS) + 1
    counted = np.bincount(cells.unit * kinds + cells.reason, minlength=units * kinds).reshape(units, kinds)
    return [
        Ballots(
            forms=sum(row),
            valid=row[0],
            invalid={why.value: row[place] for place, why in enumerate(REASONS, 1) if row[place]},
        )
        for row in counted.tolist()
    ]


def added(ballots: Sequence[Ballots]) -> Ballots:
    """Return the forms of all units together."""
    reasons = [why.value for why in REASONS if any(why.value in one.invalid for one in ballots)]
    return Ballots(
        forms=sum(one.forms for one in ballots),
        valid=sum(one.valid for one in ballots),
        invalid={reason: sum(one.invalid.get(reason, 0) for one in ballots) for reason in reasons},
    )


def told(ballots: Sequence[Ballots], smallest: int) -> tuple[list[Ballots], Ballots]:
    """Return the forms of every unit and of all together as they are published: small counts by reason withheld.

    A reason may tell what was said. Together it is named only if what units withhold of it is not left over either.
    """
    shown = [_told(one, withheld_cells(one.invalid, smallest)) for one in ballots]
    everything, named = added(ballots), added(shown).invalid
    rest = {reason: count - named.get(reason, 0) for reason, count in everything.invalid.items()}
    few = {reason for reason, count in rest.items() if 0 < count < smallest}
    return shown, _told(everything, {*few, *withheld_cells(everything.invalid, smallest)})


def _told(one: Ballots, hidden: Collection[str]) -> Ballots:
    """Return forms without the counts of hidden reasons."""
    named = {reason: count for reason, count in one.invalid.items() if reason not in hidden}
    return replace(one, invalid=named, unnamed=sum(one.invalid.values()) - sum(named.values()))


def denominators(rule: ScoringRule, ballots: Ballots) -> tuple[Message, ...]:
    """Name what scores, n and n effective are taken over."""
    usual = message("valid answers on valid forms, without “don't know” and without unanswered")
    return (
        message(
            "The mean of a question is taken over: {what}.",
            what=said(rule.denominators) if rule.denominators else usual,
        ),
        message(
            "Rating forms: one respondent on one unit; {forms} in all, {valid} of them valid.",
            forms=ballots.forms,
            valid=ballots.valid,
        ),
        message("n: respondents with a valid form on the unit; n effective: what they are worth after weighting."),
    )


def notes_of(rule: ScoringRule, ballots: Ballots, *, pooled: bool) -> tuple[Message, ...]:
    """Say which reasons are on and how many forms they took out, and that groups could not be told.

    `ballots` are the forms as they are published.
    """
    notes: list[Message] = [
        message(
            "Rating forms do not count with {why}: {count} of {forms}.",
            why=why.words,
            count=ballots.invalid.get(why.value, 0),
            forms=ballots.forms,
        )
        if why.value in ballots.invalid or not ballots.unnamed
        else message("Rating forms do not count with {why}.", why=why.words)
        for why in rule.invalid
    ]
    if ballots.unnamed:
        notes.append(
            message(
                "Forms that do not count, {why}: {count} of {forms}.",
                why=ballots.unnamed_words,
                count=ballots.unnamed,
                forms=ballots.forms,
            )
        )
    if pooled:
        notes.append(
            message("The rule weighs evaluator groups, but the ratings name none of them: all count as one group.")
        )
    return (*notes, said(rule.notes)) if rule.notes else tuple(notes)


def notes_of_unit(rule: ScoringRule, shares: Sequence[float], absent: Sequence[str]) -> tuple[Message, ...]:
    """Say of one unit which groups have no score and which dimensions no valid vote.

    `shares` are the parts of the groups in the score, empty without groups; `absent` names dimensions.
    """
    groups = [part for part in rule.groups if part.weight > 0] if shares else []
    notes = [
        message(
            "No score from the group “{group}”; the weights of the others are scaled up.",
            group=said(part.labels, part.name),
        )
        for part, share in zip(groups, shares, strict=True)
        if not share > 0
    ]
    if rule.combine is Combine.MEAN:
        notes += [
            message(
                "No valid vote on “{dimension}”; the weights of the others are scaled up.",
                dimension=said(rule.dimension(name).labels, name),
            )
            for name in absent
        ]
    return tuple(notes)
