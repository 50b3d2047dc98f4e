"""Do answers differ by the way they came? Weighted differences between modes, and what may be read into them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from surveys.dialogue.interview import Mode
from surveys.language import Message, message
from surveys.modes.ways import order
from surveys.questionnaire.form import Form
from surveys.statistics.design import Design, Margin
from surveys.statistics.disclosure import SMALLEST_CELL, Withheld, withheld_cells
from surveys.statistics.estimates import NOTHING, Estimate, Survey
from surveys.statistics.tabulation import Tabulated, mean_column, opinions_column, tabulate

if TYPE_CHECKING:
    from surveys.statistics.answers import Weighted

#: Errors smaller than this are rounding: nobody's answer differs, and no interval can be had.
_NEGLIGIBLE = 1e-12
SATISFIED, MEAN = "satisfied_of_opinions", "mean"

DRAWN = message(
    "Who was asked in which way was drawn by lot: a difference can be put down to the way of asking, as far as people "
    "answered in the way they were assigned."
)
NOT_DRAWN = message(
    "Different people answer in different ways: a difference between ways of answering is no effect of the way, "
    "unless it was drawn by lot who is asked how."
)


@dataclass(frozen=True, slots=True)
class ModeDifference:
    """One question in one mode against the reference: `difference` = mode − reference, both weighted.

    `measure` is satisfied_of_opinions (shares) or mean. `n` and `n_reference` count usable answers. Where `withheld`
    says why, the estimates are absent.
    """

    question: str
    labels: Mapping[str, str]
    measure: str
    mode: str
    reference: str
    n: int
    n_reference: int
    value: Estimate | None = None
    reference_value: Estimate | None = None
    difference: Estimate | None = None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class ModeEffects:
    """All differences between modes; none where everybody answered in one. `causal` only if mode was randomised."""

    causal: bool
    note: Message
    reference: str
    differences: tuple[ModeDifference, ...]


def mode_effects(
    form: Form | None, people: Sequence[Weighted], *, randomised: bool, margins: tuple[Margin, ...] = ()
) -> ModeEffects:
    """Return the differences of every satisfied share and mean between the reference mode and each other one.

    The reference is answering oneself in the chat if enough did so, else the commonest mode. Errors are those of a
    contrast of two domains of the one design, so that people of both modes within a stratum count once. There is no
    finite population correction: the question is what a way of asking does, not what these residents have said, and who
    was asked in which way stays chance (Neyman) where all residents are asked.
    """
    modes = [person.respondent.mode for person in people]
    counted = Counter(modes)
    reference = reference_of(counted)
    note = DRAWN if randomised else NOT_DRAWN
    if form is None or len(counted) < 2:
        return ModeEffects(randomised, note, reference, ())
    tables = [
        table
        for table in tabulate(form, [person.respondent for person in people])
        if table.has_numbers or (table.has_options and table.satisfied)
    ]
    columns = {name: values for table in tables for name, values in _columns(table).items()}
    design = replace(Design.of([person.unit for person in people]), margins=margins, populations=None)
    survey = Survey(design, columns, modes)
    shares = [name for table in tables if not table.has_numbers for name in _columns(table)]
    means = [name for table in tables if table.has_numbers for name in _columns(table)]
    values = survey.shares(shares, grouped=True) | survey.means(means, grouped=True)
    differences = [
        _difference(table, mode, reference, modes, survey, values)
        for table in tables
        for mode in sorted(counted, key=order)
        if mode != reference
    ]
    return ModeEffects(randomised, note, reference, tuple(found for found in differences if found is not None))


def _difference(  # noqa: PLR0917 - one cell of a table: its row, its column, what it is made of
    table: Tabulated,
    mode: str,
    reference: str,
    modes: Sequence[str],
    survey: Survey,
    values: Mapping[str, Mapping[str, Estimate]],
) -> ModeDifference | None:
    ((column, answers),) = _columns(table).items()
    sizes = Counter(of for of, value in zip(modes, answers, strict=True) if value is not None)
    if not sizes[mode] or not sizes[reference]:
        return None
    cell = ModeDifference(
        question=table.question.name,
        labels=table.question.labels,
        measure=MEAN if table.has_numbers else SATISFIED,
        mode=mode,
        reference=reference,
        n=sizes[mode],
        n_reference=sizes[reference],
    )
    hidden = withheld_cells(dict(sizes))
    if reasons := [hidden[name] for name in (mode, reference) if name in hidden]:
        return replace(cell, withheld=reasons[0])
    found = survey.difference("mean", column, reference, mode)
    if found.se is None or found.se <= _NEGLIGIBLE:
        found = replace(found, low=None, high=None, interval="")
    elif not table.has_numbers and found.low is not None and found.high is not None:
        found = replace(found, low=max(-1.0, found.low), high=min(1.0, found.high))
    of = values.get(column, {})
    return replace(cell, value=of.get(mode, NOTHING), reference_value=of.get(reference, NOTHING), difference=found)


def _columns(table: Tabulated) -> dict[str, list[float | None]]:
    """Return the one column of a question that modes are compared by."""
    if table.has_numbers:
        return {mean_column(table.question.name): table.numbers()}
    name = opinions_column(table.question.name)
    share = table.shares()[name]
    numbers: list[float | None] = [None] * table.people
    for place in share.among.tolist():
        numbers[place] = 0.0
    for place in share.hits.tolist():
        numbers[place] = 1.0
    return {name: numbers}


def reference_of(counted: Mapping[str, int]) -> str:
    """Return the mode that others are compared with: answering oneself in the chat, else the commonest."""
    if counted.get(Mode.SELF.value, 0) >= SMALLEST_CELL:
        return Mode.SELF.value
    return min(counted, key=lambda mode: (-counted[mode], order(mode)), default="")
