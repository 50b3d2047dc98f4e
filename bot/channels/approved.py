"""Texts a carrier has approved: mainland carriers send only what fits a template with a registered signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Characters a variable may stand for unless the carrier's description says otherwise.
LONGEST_VARIABLE = 35
VARIABLE = re.compile(r"\{([A-Za-z0-9_]{1,32})\}")
#: A variable that brought a second signature would be refused by the carrier.
BRACKETS = re.compile("[【】]")


@dataclass(frozen=True, slots=True)
class Fitting:
    """The template a text fits, with what its variables stand for, in the order of the template."""

    template: str
    variables: Mapping[str, str]
    content: str  # the text without the signature before it


class Template:
    """One approved text: words, and variables written `{1}` or `{name}` between them.

    Raises ValueError when it cannot be matched for certain: no words, two variables side by side, one name twice.
    """

    def __init__(self, name: str, text: str) -> None:
        parts = VARIABLE.split(_even(text))
        self.name, self.words, self.variables = name, tuple(parts[::2]), tuple(parts[1::2])
        if not any(word.strip() for word in self.words):
            raise ValueError("a template consists of more than variables")
        if not all(self.words[1:-1]):
            raise ValueError("between two variables there must be words")
        if len(set(self.variables)) < len(self.variables):
            raise ValueError("each variable stands once")
        self.weight = sum(map(len, self.words))

    def match(self, text: str, longest: int) -> tuple[str, ...] | None:
        """Return what the variables stand for, each of 1 to `longest` characters, or None if the text does not fit.

        Of several ways the one with the earliest words is taken. For each word in turn every place is noted where
        it may end, so the work is words times length of the text, whatever the text.
        """
        first, *others = self.words
        if not text.startswith(first):
            return None
        if not others:
            return () if text == first else None
        reached = [{len(first): 0}]  # where a word may end, and where the one before it ended then
        for number, word in enumerate(others, start=1):
            last = number == len(others)
            ends = self._ends(text, word, sorted(reached[-1]), longest, last=last)
            if not ends:
                return None
            reached.append(ends)
        return self._variables(text, reached)

    @staticmethod
    def _ends(text: str, word: str, before: list[int], longest: int, *, last: bool) -> dict[int, int]:
        """Return where `word` may end when the word before it ends at one of the places `before` (sorted)."""
        found: dict[int, int] = {}
        place = len(text) - len(word) if last else text.find(word, before[0] + 1)
        at = 0
        while place >= 0:
            while at < len(before) and place - before[at] > longest:
                at += 1
            if at == len(before):
                break
            if place > before[at] and text.startswith(word, place):
                found[place + len(word)] = before[at]
            if last:
                break
            place = text.find(word, place + 1)
        return found

    def _variables(self, text: str, reached: list[dict[int, int]]) -> tuple[str, ...]:
        """Walk back from the end of the text; the earliest end is taken wherever there is a choice."""
        values: list[str] = []
        end = min(reached[-1])
        for word, ends in zip(reversed(self.words), reversed(reached), strict=True):
            before = ends[end]
            if ends is reached[0]:
                break
            values.append(text[before : end - len(word)])
            end = before
        return tuple(reversed(values))


class Approved:
    """All approved templates of one sender. `signature` is the registered name, without its brackets 【】.

    A text may begin with that signature or not; with another one it fits nothing.
    """

    def __init__(
        self, templates: Iterable[Template], *, signature: str = "", longest_variable: int = LONGEST_VARIABLE
    ) -> None:
        # The most words first: a template that is mostly variables must not take what another says outright.
        self._templates = sorted(templates, key=lambda template: -template.weight)
        self._longest = longest_variable
        self.signature = signature

    def __len__(self) -> int:
        return len(self._templates)

    def match(self, text: str) -> Fitting | None:
        """Return the template with the most words that the whole text fits, or None."""
        content = unsigned(_even(text), self.signature)
        for template in self._templates:
            values = template.match(content, self._longest)
            if values is not None and not any(map(BRACKETS.search, values)):
                return Fitting(template.name, dict(zip(template.variables, values, strict=True)), content)
        return None


def unsigned(text: str, signature: str) -> str:
    """Return `text` without 【signature】 before it."""
    return text.removeprefix(f"【{signature}】") if signature else text


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
