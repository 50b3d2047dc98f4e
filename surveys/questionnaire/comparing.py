"""Answers that an expression compares with options their question does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from surveys.language import message
from surveys.questionnaire.draft import Draft
from surveys.questionnaire.findings import Findings, Place
from surveys.questionnaire.form import Kind

_NAME = r"\$\{\s*([^{}]+?)\s*\}"
_TEXT = r"(?:'([^']*)'|\"([^\"]*)\")"
_EQUAL = re.compile(rf"{_NAME}\s*(!?=)\s*{_TEXT}")
_TURNED = re.compile(rf"{_TEXT}\s*(!?=)\s*{_NAME}")
_SELECTED = re.compile(rf"\bselected\s*\(\s*{_NAME}\s*,\s*{_TEXT}\s*\)")
_CHOSEN = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE})


def remarks_on_comparisons(
    sources: Iterable[tuple[str, Place, bool]], drafts: Mapping[str, Draft], findings: Findings
) -> None:
    """Look through every expression; `sources` are (expression, place, whether it is a choice filter)."""
    seen: set[Place] = set()
    for source, place, _ in sources:
        if place in seen:
            continue
        seen.add(place)
        equal = [(name, one or two) for name, _, one, two in _EQUAL.findall(source)]
        equal += [(name, one or two) for one, two, _, name in _TURNED.findall(source)]
        for name, text in equal:
            draft = drafts.get(name)
            if draft and _options(draft) and text:
                _unknown(draft, text.split() if draft.kind is Kind.SELECT_MULTIPLE else [text], place, findings)
                if draft.kind is Kind.SELECT_MULTIPLE and " " not in text:
                    findings.warn(
                        "whole_selection",
                        place,
                        message("Several options of “{name}” may be chosen: it equals “{option}” only if that is the "
                                "only one.", name=name, option=text),
                        message("Write {expression}.", expression=f"selected(${{{name}}}, '{text}')"),
                    )  # fmt: skip
        for name, one, two in _SELECTED.findall(source):
            draft = drafts.get(name)
            if draft and (one or two):
                _unknown(draft, [one or two], place, findings)


def _options(draft: Draft) -> frozenset[str]:
    """Return the names of the options of a question, none of another row."""
    return frozenset(choice.name for choice in draft.choices) if draft.kind in _CHOSEN else frozenset()


def _unknown(draft: Draft, names: list[str], place: Place, findings: Findings) -> None:
    options = _options(draft)
    for name in names if options else ():
        if name in options:
            continue
        near = get_close_matches(name, sorted(options), 1) or [o for o in sorted(options) if o.lower() == name.lower()]
        what = message("“{option}” is no option of “{name}”.", option=name, name=draft.name)
        known = message("Write one of: {known}.", known=", ".join(sorted(options)[:8]))
        fix = message("Did you mean {name}?", name=near[0]) if near else known
        findings.warn("unknown_option", place, what, fix)
