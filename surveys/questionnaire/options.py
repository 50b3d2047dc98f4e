"""Options of one question that could be taken for each other, or whose names are none."""

from __future__ import annotations

import re
from unicodedata import normalize

from surveys.language import message
from surveys.questionnaire.columns import SheetRow
from surveys.questionnaire.draft import Draft
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.form import Choice, Kind

_BLANK = re.compile(r"\s")


def remarks_on_options(draft: Draft, findings: Findings) -> None:
    """Look through the options of a question; a list that several questions share is told of once."""
    for choice in draft.choices:
        row = draft.options.get(choice.name)
        if row is not None and _BLANK.search(choice.name):
            _blank(draft, choice, row, findings)
    if not draft.row.get("choice_filter"):  # what a filter parts is never offered together
        _alike(draft, findings)


def _blank(draft: Draft, choice: Choice, row: SheetRow, findings: Findings) -> None:
    place = row.at("name")
    if place in findings.at("bad_name"):
        return
    fix = message("Write an underscore instead.")
    if draft.kind is Kind.SELECT_ONE:
        what = message("The name of the choice “{name}” has a blank.", name=choice.name)
        if place not in findings.at("blank_in_name"):
            findings.warn("blank_in_name", place, what, fix)
        return
    what = message("The choice “{name}” of a {type} has a blank in its name.", name=choice.name, type=draft.kind.value)
    findings.withdraw("blank_in_name", place)
    findings.error("bad_name", place, what, fix)


def _alike(draft: Draft, findings: Findings) -> None:
    """Note labels that read the same, and synonyms that are what another option is called."""
    labels: dict[tuple[str, str], Choice] = {}
    called: dict[str, Choice] = {}
    told_labels, told_synonyms = findings.at("same_label"), findings.at("synonym_taken")
    for choice in draft.choices:
        row = draft.options.get(choice.name)
        twin = ""
        for language, label in choice.labels.items():
            first = labels.setdefault((language, _plain(label)), choice)
            called.setdefault(_plain(label), choice)
            place = row.at("label", language) if row else None
            if first is choice or twin or place is None or place in told_labels:
                continue
            twin = first.name
            findings.warn(
                "same_label",
                place,
                message("The options “{first}” and “{second}” both read “{label}”.", first=twin, second=choice.name,
                        label=label),
                message("Word one of them differently: residents could not tell them apart."),
            )  # fmt: skip
    for choice in draft.choices:
        row = draft.options.get(choice.name)
        for synonym in choice.synonyms:
            other = called.setdefault(_plain(synonym), choice)
            if other.name == choice.name or row is None or row.at("synonyms") in told_synonyms:
                continue
            findings.error(
                "synonym_taken",
                row.at("synonyms"),
                message(
                    "The synonym “{synonym}” of “{name}” is also what “{other}” is called.",
                    synonym=synonym,
                    name=choice.name,
                    other=other.name,
                ),
                message("Leave it to one of them."),
            )


def _plain(text: str) -> str:
    return _BLANK.sub("", normalize("NFKC", text)).casefold()
