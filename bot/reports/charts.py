"""Charts of shares: dots with intervals, bars with intervals, the way from drawn to complete, case rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from markupsafe import Markup

from bot.reports.svg import INK, PAPER, QUIET, RULE, WIDE, Drawing, text_width, wrap

BAR = "#2f7dc4"
PALE = "#dbe9f6"
TRUTH = "#8a1c6f"


@dataclass(frozen=True, slots=True)
class Span:
    """A share with its interval and, in simulations, the truth; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None
    truth: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of dots or bars: label, share, the figure to print, and a remark."""

    label: str
    span: Span
    words: str
    note: str = ""
    strong: bool = False


def dots(rows: Sequence[Row], width: float, name: str, title: str, description: str) -> Markup:
    """Draw a dot with its 95 % interval for every row on one scale; a row without figures says why."""
    size = 15 if width >= WIDE else 16
    drawing = Drawing(width)
    low, high = scale_ends(rows)
    beside = width >= WIDE
    left = min(max((text_width(r.label, size) for r in rows), default=0) + 16, width * 0.3) if beside else 8
    right = width * 0.35 if beside else 8
    # A remark that does not fit behind its figures goes below them, in as many lines as it takes.
    below = any(text_width(r.words, size) + text_width(r.note, size - 2) + 34 > right for r in rows)
    notes = {row.label: wrap(row.note, size - 2, (right - 18) if beside else width) for row in rows}
    more = 16 * (max((len(lines) for lines in notes.values()), default=1) - 1)
    step = (50 + more if below else 38) if beside else 74 + more
    bottom = len(rows) * step + 12

    def across(share: float) -> float:
        return left + (share - low) / (high - low) * (width - left - right)

    ticks(drawing, (low, high), across, bottom, size)
    for number, row in enumerate(rows):
        top = number * step + 8
        y = top + ((step - more) / 2 if beside else 40)
        weight = "700" if row.strong else "400"
        if beside:
            drawing.text(left - 14, y + 5, row.label, size, text_anchor="end", font_weight=weight)
            x, up = width - right + 18, 4 if below and row.note and row.words else -5
            drawing.text(x, y - up, row.words, size, font_weight=weight)
            if below or not row.words:
                for place, line in enumerate(notes[row.label]):
                    drawing.text(x, y + (15 if row.words else 5) + 16 * place, line, size - 2, QUIET)
            else:
                drawing.text(width, y + 5, row.note, size - 2, QUIET, text_anchor="end")
        else:
            drawing.text(0, top + 16, row.label, size, font_weight="600")
            drawing.text(width, top + 16, row.words, size, text_anchor="end", font_weight=weight)
            for place, line in enumerate(notes[row.label]):
                drawing.text(width, top + 62 + 16 * place, line, size - 3, QUIET, text_anchor="end")
        whisker(drawing, row, across, y)
    return drawing.svg(bottom + 34, name, title, description)


def scale_ends(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the tenths that enclose every interval, 0 to 1 if there is none."""
    spans = [row.span for row in rows]
    values = [v for s in spans for v in (s.value, s.low, s.high, s.truth) if v is not None]
    if not values:
        return 0.0, 1.0
    low, high = floor(min(values) * 10) / 10, ceil(max(values) * 10) / 10
    return (low, high) if high > low else (max(low - 0.1, 0.0), min(low + 0.1, 1.0))


def ticks(
    drawing: Drawing,
    ends: tuple[float, float],
    across: Callable[[float], float],
    bottom: float,
    size: float,
) -> None:
    """Draw the scale: a line at every tenth, a figure below every one that has room."""
    low, high = ends
    tenths = range(round(low * 10), round(high * 10) + 1)
    every = 1 if len(tenths) <= 7 else 2
    for tenth in tenths:
        x = across(tenth / 10)
        drawing.line(x, 0, x, bottom, RULE, stroke_width=1)
        if (tenth - tenths.start) % every == 0:
            drawing.text(x, bottom + 20, f"{tenth * 10}%", size - 2, QUIET, text_anchor="middle")


def whisker(drawing: Drawing, row: Row, across: Callable[[float], float], y: float) -> None:
    """Draw a row's interval, its dot, and a hollow diamond for the simulated truth."""
    span = row.span
    if span.low is not None and span.high is not None:
        low, high = across(span.low), across(span.high)
        drawing.line(low, y, high, y, BAR, stroke_width=5 if row.strong else 3)
        for end in (low, high):
            drawing.line(end, y - 6, end, y + 6, BAR, stroke_width=2)
    if span.value is not None:
        drawing.add("circle", cx=across(span.value), cy=y, r=8 if row.strong else 6, fill=INK, stroke=PAPER)
    if span.truth is not None:
        diamond(drawing, across(span.truth), y)


def diamond(drawing: Drawing, x: float, y: float, r: float = 7) -> None:
    """Draw the sign of the simulated truth."""
    corners = f"{x:.1f},{y - r:.1f} {x + r:.1f},{y:.1f} {x:.1f},{y + r:.1f} {x - r:.1f},{y:.1f}"
    drawing.add("polygon", points=corners, fill=PAPER, fill_opacity=0.6, stroke=TRUTH, stroke_width=2.5)


def bars(rows: Sequence[Row], width: float, reach: float, name: str, title: str, description: str) -> Markup:  # noqa: PLR0917 - a chart's size, then its words
    """Draw a bar from zero for every row, its 95 % interval as a whisker at its end; `reach` ends the scale."""
    size = 15 if width >= WIDE else 16
    drawing = Drawing(width)
    beside = width >= WIDE
    # The same margins for every question, so that the zeros of all charts stand below each other.
    left, right = (width * 0.2, width * 0.19) if beside else (0.0, 8.0)
    unit = (width - left - right) / max(reach, 0.05)
    y = 0.0
    for row in rows:
        if beside:
            for number, text in enumerate(lines := wrap(row.label, size, left - 14)):
                drawing.text(left - 14, y + 24 + 9 * (1 - len(lines)) + 18 * number, text, size, text_anchor="end")
            drawing.text(width, y + 24, row.words, size, text_anchor="end")
        else:
            drawing.text(0, y + 18, row.label, size)
            drawing.text(width, y + 18, row.words, size, text_anchor="end")
            y += 20
        draw_bar(drawing, row.span, (left, y + 7), unit)
        y += 38 if beside else 42
    drawing.line(left, 0, left, y, INK, stroke_width=1.5)
    return drawing.svg(max(y, 1), name, title, description)


def draw_bar(drawing: Drawing, span: Span, at: tuple[float, float], unit: float) -> None:
    """Draw one bar with its whisker and the simulated truth, its upper left corner at (left, top)."""
    left, top = at
    thick = 24.0
    middle = top + thick / 2
    drawing.rect(left, top, (span.value or 0) * unit, thick, "#8fbce6")
    if span.low is not None and span.high is not None:
        low, high = left + span.low * unit, left + span.high * unit
        drawing.line(low, middle, high, middle, INK, stroke_width=2)
        for end in (low, high):
            drawing.line(end, middle - 5, end, middle + 5, INK, stroke_width=2)
    if span.truth is not None:
        diamond(drawing, left + span.truth * unit, middle, 6)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from drawn to complete: people, and the words beside the bar."""

    label: str
    people: int
    words: str


def funnel(steps: Sequence[Step], width: float, name: str, title: str, description: str) -> Markup:
    """Draw how many are left at every step, what falls away shown pale."""
    size = 16
    drawing = Drawing(width)
    most = max((step.people for step in steps), default=0) or 1
    beside = width >= WIDE
    left = max((text_width(step.label, size) for step in steps), default=0) + 18 if beside else 0
    right = max((text_width(step.words, size) for step in steps), default=0) + 18 if beside else 0
    room = width - left - right
    y, before = 0.0, most
    for step in steps:
        if beside:
            drawing.text(left - 16, y + 26, step.label, size, text_anchor="end", font_weight="600")
            drawing.text(width - right + 16, y + 26, step.words, size)
        else:
            drawing.text(0, y + 18, step.label, size, font_weight="600")
            drawing.text(width, y + 18, step.words, size - 1, text_anchor="end")
            y += 24
        drawing.rect(left, y + 4, room * before / most, 34, PALE)
        drawing.rect(left, y + 4, room * step.people / most, 34, BAR)
        y += 50
        before = step.people
    return drawing.svg(max(y - 4, 1), name, title, description)


@dataclass(frozen=True, slots=True)
class Part:
    """A rate that was counted, not estimated: its name, share, figure, and the sentence that names both parts."""

    label: str
    share: float | None
    words: str
    sentence: str
    colour: str


def rates(parts: Sequence[Part], width: float, name: str, title: str, description: str) -> Markup:
    """Draw rates under each other on the same length, every denominator written out."""
    drawing = Drawing(width)
    y = 0.0
    for part in parts:
        drawing.text(0, y + 20, part.label, 17, font_weight="600")
        drawing.text(width, y + 20, part.words, 19, text_anchor="end", font_weight="700")
        drawing.rect(0, y + 30, width, 22, "#eceff2")
        drawing.rect(0, y + 30, (part.share or 0) * width, 22, part.colour)
        y += 72
        for text in wrap(part.sentence, 15, width):
            drawing.text(0, y, text, 15, QUIET)
            y += 20
        y += 12
    return drawing.svg(max(y - 16, 1), name, title, description)
