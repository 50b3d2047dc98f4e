"""Charts of scores: a dot with its interval for every unit, and the ranks each may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from markupsafe import Markup

from bot.reports.charts import BAR, PALE, TRUTH
from bot.reports.svg import INK, PAPER, QUIET, RULE, WIDE, Drawing, text_width, wrap

#: Steps a scale may be ruled in.
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Dot:
    """One unit: label, score with its interval (None where there is none), and the figures to print."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Ranks:
    """One unit: label, the ranks from `first` to `last` it may have, and what is printed beside them."""

    label: str
    first: int
    last: int
    words: str


def scale(dots: Sequence[Dot], lowest: float | None, highest: float | None) -> tuple[float, float, float]:
    """Return both ends and the step of a scale that holds every interval, within what a score can be."""
    values = [value for dot in dots for value in (dot.value, dot.low, dot.high) if value is not None]
    low, high = (min(values), max(values)) if values else (lowest or 0.0, highest or 100.0)
    step = next((step for step in STEPS if (high - low) / step <= MOST_TICKS - 2), STEPS[-1])
    start, end = floor(low / step) * step, ceil(high / step) * step
    if end <= start:
        start, end = start - step, end + step
    # A scale does not promise scores that cannot be had.
    start = start if lowest is None else max(start, min(lowest, low))
    end = end if highest is None else min(end, max(highest, high))
    return start, end, step


def score_dots(  # noqa: PLR0917 - what is drawn, its scale, then its words
    dots: Sequence[Dot],
    width: float,
    ends: tuple[float, float, float],
    mark: tuple[float, str] | None,
    name: str,
    title: str,
) -> Markup:
    """Draw a dot with its 95 % interval for every unit; a dashed line stands at the pass mark (value, words)."""
    drawing = Drawing(width)
    low, high, step = ends
    beside = width >= WIDE
    size = 15 if beside else 16
    left, right = _margins([dot.label for dot in dots], [dot.words for dot in dots], width, size)
    tall = 36 if beside else 64
    bottom = len(dots) * tall + 8

    def across(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (width - left - right)

    at = ceil(low / step - 1e-9) * step
    while at <= high + 1e-9:
        drawing.line(across(at), 0, across(at), bottom, RULE, stroke_width=1)
        drawing.text(across(at), bottom + 20, f"{at:g}", size - 2, QUIET, text_anchor="middle")
        at += step
    if mark is not None and low <= mark[0] <= high:
        # On a phone figures stand above the lines, so that the mark is drawn beside the lines only.
        for top, foot in [(0, bottom)] if beside else [(row * tall + 24, row * tall + 48) for row in range(len(dots))]:
            x = across(mark[0])
            drawing.line(x, top, x, foot, TRUTH, stroke_width=2, stroke_dasharray="6 4")
        half = text_width(mark[1], size) / 2
        middle = min(max(across(mark[0]), half), width - half)
        drawing.text(middle, bottom + 38, mark[1], size - 2, TRUTH, text_anchor="middle", font_weight="600")
    for number, dot in enumerate(dots):
        y = _labelled(drawing, dot.label, dot.words, (number * tall, left, right), size)
        if dot.low is not None and dot.high is not None:
            drawing.line(across(dot.low), y, across(dot.high), y, BAR, stroke_width=3)
            for end in (dot.low, dot.high):
                drawing.line(across(end), y - 6, across(end), y + 6, BAR, stroke_width=2)
        if dot.value is not None:
            drawing.add("circle", cx=across(dot.value), cy=y, r=6, fill=INK, stroke=PAPER)
    told = "; ".join(f"{dot.label}: {dot.words}" for dot in dots)
    return drawing.svg(bottom + (44 if mark is not None else 28), name, title, told)


def rank_bars(rows: Sequence[Ranks], width: float, of: int, name: str, title: str) -> Markup:
    """Draw for every unit the ranks it may have, of `of`: bars that share a rank are ties."""
    drawing = Drawing(width)
    beside = width >= WIDE
    size = 15 if beside else 16
    left, right = _margins([row.label for row in rows], [row.words for row in rows], width, size)
    tall = 32 if beside else 60
    bottom = len(rows) * tall + 8
    unit = (width - left - right) / max(of, 1)
    every = max(1, ceil(of / (24 if beside else 10)))
    for rank in range(1, of + 1):
        x = left + (rank - 1) * unit
        drawing.line(x, 0, x, bottom, RULE, stroke_width=1)
        if (rank - 1) % every == 0:
            drawing.text(x + unit / 2, bottom + 20, str(rank), size - 2, QUIET, text_anchor="middle")
    drawing.line(left + of * unit, 0, left + of * unit, bottom, RULE, stroke_width=1)
    for number, row in enumerate(rows):
        y = _labelled(drawing, row.label, row.words, (number * tall, left, right), size)
        x, broad = left + (row.first - 1) * unit, (row.last - row.first + 1) * unit
        drawing.rect(x + 2, y - 9, broad - 4, 18, PALE if row.last > row.first else BAR, stroke=BAR, rx=4)
    told = "; ".join(f"{row.label}: {row.words}" for row in rows)
    return drawing.svg(bottom + 28, name, title, told)


def _margins(labels: Sequence[str], words: Sequence[str], width: float, size: float) -> tuple[float, float]:
    """Return the room left and right of a chart; on a phone labels and figures stand above the lines."""
    if width < WIDE:
        return 10.0, 10.0
    left = min(max((text_width(label, size) for label in labels), default=0) + 20, width * 0.3)
    right = min(max((text_width(told, size - 1) for told in words), default=0) + 20, width * 0.36)
    return left, right


def _labelled(drawing: Drawing, label: str, words: str, at: tuple[float, float, float], size: float) -> float:
    """Write label and figures of a row; return the height at which its line is drawn."""
    top, left, right = at
    if drawing.width < WIDE:
        drawing.text(0, top + 16, wrap(label, size, drawing.width * 0.5)[0], size, font_weight="600")
        drawing.text(drawing.width, top + 16, words, size - 2, text_anchor="end")
        return top + 36
    y = top + 22
    lines = wrap(label, size, left - 16)[:2]
    for number, line in enumerate(lines):
        drawing.text(left - 14, y + 5 + 17 * number - 8.5 * (len(lines) - 1), line, size, text_anchor="end")
    told = wrap(words, size - 1, right - 14)[:2]
    for number, line in enumerate(told):
        drawing.text(drawing.width - right + 14, y + 5 + 16 * number - 8 * (len(told) - 1), line, size - 1, QUIET)
    return y
