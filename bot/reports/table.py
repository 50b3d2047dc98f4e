"""The results as one long CSV table that a spreadsheet opens safely."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from io import StringIO
from unicodedata import normalize

from bot.reports import phrases
from surveys.language import translate
from surveys.modes.effect import SATISFIED
from surveys.statistics.estimates import Estimate
from surveys.statistics.figures import CellFigures, QuestionFigures, ResponseFigures
from surveys.statistics.record import DECIMALS
from surveys.statistics.results import Results

#: A text that begins like this is run as a formula by spreadsheets (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. Column names stay the same in every language; `label`, `denominator` and `note` are words.

    `part` is response, answers, modes or cases; `item` a question or a rate; `measure` an option or what is measured.
    """

    part: str
    item: str
    measure: str
    stratum: str = ""
    label: str = ""
    denominator: str = ""
    n: int | None = None
    count: int | None = None
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


def results_csv(results: Results, language: str) -> str:
    """Return the table as CSV text (RFC 4180) with labels in `language`; a byte-order mark tells Excel it is UTF-8."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([field.name for field in fields(Line)])
    for line in lines(results, language):
        writer.writerow([safe(value) for value in asdict(line).values()])
    return "\ufeff" + out.getvalue()


def safe(value: str | float | None) -> str:
    """Return a cell as text; a text a spreadsheet would run as a formula gets an apostrophe before it.

    Blanks before the sign and its full-width forms (＝) count as well, since programs trim and fold them. Numbers
    are our own and stay numbers, negative ones too.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        bare = normalize("NFKC", value).lstrip(" ")
        return f"'{value}" if bare.startswith(FORMULA) or value.startswith(FORMULA) else value
    return f"{round(value, DECIMALS) + 0.0:.15g}"


def lines(results: Results, language: str) -> Iterator[Line]:
    """Return every published figure, one a line."""
    if results.campaign.simulated:
        yield Line("campaign", results.campaign.name, "simulated", note=translate(language, "Simulated data"))
    for row in (results.response, *results.response_by_stratum) if results.surveyed else ():
        yield from response_lines(row, language)
    for question in results.questions:
        for cell in (question.overall, *question.strata):
            yield from cell_lines(question, cell, language)
    yield from mode_lines(results, language)
    for rate in results.cases.rates:
        yield Line(
            part="cases",
            item=rate.key,
            measure="share",
            label=rate.name.text(language),
            denominator=rate.denominator_words.text(language),
            n=rate.denominator,
            count=rate.numerator,
            value=rate.share,
        )
    for state, count in results.cases.by_state.items():
        label = phrases.named(phrases.CASE_STATES, state, language)
        yield Line("cases", "state", state, label=label, n=results.cases.total, count=count)


def response_lines(row: ResponseFigures, language: str) -> Iterator[Line]:
    """Return dispositions and all outcome rates of one stratum, of people and of base weights."""
    for disposition in row.dispositions:
        yield Line(
            part="response",
            item="disposition",
            measure=disposition.code,
            stratum=row.stratum,
            label=disposition.words.text(language),
            n=row.released,
            count=disposition.count,
        )
    for item, rates in (("rate", row.rates), ("weighted_rate", row.weighted)):
        for name, value in asdict(rates).items():
            label = "e" if name == "e" else name.upper()
            yield Line("response", item, name, row.stratum, label=label, n=row.released, value=value)


def cell_lines(question: QuestionFigures, cell: CellFigures, language: str) -> Iterator[Line]:
    """Return one question's figures in one stratum, or the reason they are withheld."""
    asked = phrases.label(question.labels, question.name, language)
    if cell.withheld:
        note = cell.withheld.words.text(language)
        yield Line("answers", question.name, "withheld", cell.stratum, label=asked, n=cell.n, note=note)
        return
    answered = translate(language, "all who answered")
    for option in cell.options:
        label = phrases.label(option.labels, option.name, language)
        yield estimated(question.name, option.name, cell.stratum, (label, answered), option.count, option.share)
    if cell.satisfied:
        label = translate(language, "Satisfied share")
        opinions = translate(language, "those with an opinion")
        count = cell.satisfied.count
        by = (
            ("satisfied_of_opinions", opinions, cell.satisfied.of_opinions),
            ("satisfied_of_answers", answered, cell.satisfied.of_answers),
        )
        for measure, denominator, share in by:
            yield estimated(question.name, measure, cell.stratum, (label, denominator), count, share)
    if cell.mean:
        yield estimated(question.name, "mean", cell.stratum, (asked, answered), None, cell.mean)


def mode_lines(results: Results, language: str) -> Iterator[Line]:
    """Return the differences between ways of answering; a positive one is above the reference that the note names."""
    for row in results.mode_effects.differences:
        found = row.difference
        against = phrases.named(phrases.MODES, row.reference, language)
        yield Line(
            part="modes",
            item=row.question,
            measure=row.mode,
            label=phrases.label(row.labels, row.question, language),
            denominator=translate(language, "those with an opinion") if row.measure == SATISFIED else "",
            n=row.n,
            value=found.value if found else None,
            se=found.se if found else None,
            low=found.low if found else None,
            high=found.high if found else None,
            note=row.withheld.words.text(language) if row.withheld else against,
        )


def estimated(  # noqa: PLR0917 - the columns of the table in their order
    item: str,
    measure: str,
    stratum: str,
    words: tuple[str, str],
    count: int | None,
    estimate: Estimate,
) -> Line:
    """Return the line of an estimate; `words` are its label and its denominator."""
    return Line(
        part="answers",
        item=item,
        measure=measure,
        stratum=stratum,
        label=words[0],
        denominator=words[1],
        n=estimate.n,
        count=count,
        value=estimate.value,
        se=estimate.se,
        low=estimate.low,
        high=estimate.high,
    )
