"""A drawing surface: SVG made of presentation attributes alone, with every text escaped."""

from __future__ import annotations

from unicodedata import east_asian_width

from markupsafe import Markup

FONT = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, Heiti SC, sans-serif"

INK = "#1b2733"
QUIET = "#52606d"
RULE = "#cfd6dd"
PAPER = "#ffffff"

#: At this width and above labels stand beside what they name, below it above it.
WIDE = 700


def text_width(text: str, size: float) -> float:
    """Return about how wide a text runs, in the units of `size`: a wide character is square, others about half."""
    return size * sum(1.0 if east_asian_width(character) in "WF" else 0.56 for character in text)


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines no wider than `width`; between Chinese characters anywhere, else at blanks."""
    lines, line, run = [], "", 0.0
    for piece in pieces(text):
        breadth = text_width(piece, size)
        if line and run + breadth > width:
            lines.append(line.rstrip())
            line, run = "", 0.0
            piece = piece.lstrip()  # noqa: PLW2901 - a new line does not begin with a blank
            breadth = text_width(piece, size)
        line += piece
        run += breadth
    return [*lines, line.rstrip()]


def pieces(text: str) -> list[str]:
    """Split a text where a line may be broken; closing punctuation stays with what it closes."""
    found: list[str] = []
    for character in text:
        wide = east_asian_width(character) in "WF"
        fresh = not found or (wide and character not in "。，、；：？！）》”’") or found[-1][-1] == " "
        if fresh or (not wide and east_asian_width(found[-1][-1]) in "WF"):
            found.append(character)
        else:
            found[-1] += character
    return found


class Drawing:
    """Shapes put down one after the other; `height` is given at the end, when it is known."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._shapes: list[Markup] = []

    def add(self, name: str, **attributes: str | float) -> None:
        """Put down one shape; an underscore in an attribute's name stands for its hyphen."""
        self._shapes.append(Markup("<{}{}/>").format(Markup(name), written(attributes)))  # noqa: S704 - our own names

    def rect(self, x: float, y: float, width: float, height: float, fill: str, **more: str | float) -> None:
        """Put down a rectangle."""
        self.add("rect", x=x, y=y, width=max(width, 0), height=height, fill=fill, **more)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str, **more: str | float) -> None:
        """Put down a line."""
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **more)

    def text(self, x: float, y: float, words: str, size: float, fill: str = INK, **more: str | float) -> None:
        """Put down a text whose baseline starts at (x, y)."""
        attributes = written({"x": x, "y": y, "font_size": size, "fill": fill, **more})
        self._shapes.append(Markup("<text{}>{}</text>").format(attributes, words))

    def svg(self, height: float, name: str, title: str, description: str) -> Markup:
        """Return the picture; `name` makes its ids, `title` and `description` are what a screen reader says."""
        head = written({"viewBox": f"0 0 {self.width:g} {height:g}", "width": "100%", "font_family": FONT})
        told = Markup('<title id="{0}-t">{1}</title><desc id="{0}-d">{2}</desc>').format(name, title, description)
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{0}-t {0}-d"{1}>{2}{3}</svg>',
        ).format(name, head, told, Markup("").join(self._shapes))


def written(attributes: dict[str, str | float]) -> Markup:
    """Return attributes as they stand in a tag, numbers to one decimal."""
    parts = [
        Markup(' {}="{}"').format(name.replace("_", "-"), value if isinstance(value, str) else f"{round(value, 1):g}")
        for name, value in attributes.items()
    ]
    return Markup("").join(parts)
