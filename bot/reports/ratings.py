"""Ratings as stacked bars centred on the neutral option, the satisfied right, don't-know apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.reports.svg import INK, PAPER, QUIET, WIDE, Drawing, text_width, wrap

#: Blue against orange stays apart for every kind of colour blindness; shades from the far end to the middle.
POSITIVE = ("#12508f", "#6aa5dc", "#a9cbeb")
NEGATIVE = ("#a34a00", "#eb9440", "#f6c592")
NEUTRAL = "#d5d9de"
UNKNOWN = "#f3f4f6"
DASHES = "#8793a0"
DARK = frozenset({POSITIVE[0], NEGATIVE[0]})


@dataclass(frozen=True, slots=True)
class Segment:
    """One option of a rating: label, share, and the figure to print."""

    label: str
    share: float
    words: str


@dataclass(frozen=True, slots=True)
class Rating:
    """One row of diverging bars; `positive` and `negative` run from the far end towards the middle."""

    label: str
    note: str
    positive: tuple[Segment, ...]
    neutral: tuple[Segment, ...]
    negative: tuple[Segment, ...]
    dont_know: tuple[Segment, ...]


def shade(colours: Sequence[str], place: int, among: int) -> str:
    """Return the colour of the `place`-th of `among` options, the far end darkest."""
    return colours[place if among <= len(colours) else place * len(colours) // among]


def diverging(rows: Sequence[Rating], width: float, name: str, title: str, description: str) -> Markup:
    """Draw stacked bars centred on the neutral option, don't-know apart at the right."""
    size = 15 if width >= WIDE else 16
    gap, thick = 18, 34
    drawing = Drawing(width)
    left = max((arm(row.negative, row.neutral) for row in rows), default=0.0)
    right = max((arm(row.positive, row.neutral) for row in rows), default=0.0)
    aside = max((sum(s.share for s in row.dont_know) for row in rows), default=0.0)
    unit = (width - (2 * gap if aside else 0)) / max(left + right + aside, 0.01)
    centre = left * unit
    y = 0.0
    for row in rows:
        for number, text in enumerate(wrap(row.label, size + 2, width)):
            y += 26 if number == 0 else 24
            drawing.text(0, y, text, size + 2, font_weight="600")
        y += 22
        for text in wrap(row.note, size - 1, width):
            drawing.text(0, y, text, size - 1, QUIET)
            y += 20
        y -= 6
        place_bar(drawing, row, (centre, y, thick), unit)
        # The middle is marked above and below, so that no figure is struck through.
        drawing.line(centre, y - 6, centre, y, INK, stroke_width=2)
        drawing.line(centre, y + thick, centre, y + thick + 6, INK, stroke_width=2)
        y = legend(drawing, row, y + thick + 27, width, size)
        y += 20
    return drawing.svg(max(y - 8, 1), name, title, description)


def arm(segments: Sequence[Segment], neutral: Sequence[Segment]) -> float:
    """Return how far a bar reaches to one side, half of the neutral option included."""
    return sum(segment.share for segment in segments) + sum(segment.share for segment in neutral) / 2


def coloured(row: Rating) -> list[tuple[Segment, str]]:
    """Return the options from the worst to the best, each with its colour."""
    return [
        *((s, shade(NEGATIVE, i, len(row.negative))) for i, s in enumerate(row.negative)),
        *((s, NEUTRAL) for s in row.neutral),
        *reversed([(s, shade(POSITIVE, i, len(row.positive))) for i, s in enumerate(row.positive)]),
    ]


def place_bar(
    drawing: Drawing,
    row: Rating,
    at: tuple[float, float, float],
    unit: float,
) -> None:
    """Draw one bar at (centre, top, thickness), a percentage in every segment that has room for it."""
    centre, y, thick = at
    width, size = drawing.width, 15
    x = centre - arm(row.negative, row.neutral) * unit
    segments = [(x, segment, colour) for x, segment, colour in run(x, coloured(row), unit)]
    x = width - sum(segment.share for segment in row.dont_know) * unit
    segments += run(x, [(segment, UNKNOWN) for segment in row.dont_know], unit)
    for start, segment, colour in segments:
        broad = segment.share * unit
        edge = {"stroke": DASHES, "stroke_dasharray": "3 3"} if colour == UNKNOWN else {"stroke": PAPER}
        drawing.rect(start, y, broad, thick, colour, **edge)
        if broad > text_width(segment.words, size) + 6:
            ink = PAPER if colour in DARK else INK
            drawing.text(start + broad / 2, y + thick / 2 + size / 3, segment.words, size, ink, text_anchor="middle")


def run(x: float, segments: Sequence[tuple[Segment, str]], unit: float) -> list[tuple[float, Segment, str]]:
    """Place segments one after the other."""
    placed = []
    for segment, colour in segments:
        placed.append((x, segment, colour))
        x += segment.share * unit
    return placed


def legend(drawing: Drawing, row: Rating, y: float, width: float, size: float) -> float:
    """Name every option with its colour and figure, best first; return where the next thing may stand."""
    x = 0.0
    entries = [*reversed(coloured(row)), *((segment, UNKNOWN) for segment in row.dont_know)]
    for segment, colour in entries:
        words = f"{segment.label} {segment.words}"
        broad = 20 + text_width(words, size - 1) + 18
        if x and x + broad - 18 > width:
            x, y = 0.0, y + 24
        edge = DASHES if colour == UNKNOWN else colour
        drawing.rect(x + 0.5, y - 11.5, 13, 13, colour, stroke=edge)
        drawing.text(x + 20, y, words, size - 1)
        x += broad
    return y + 8
