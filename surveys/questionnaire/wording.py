"""What is said of a question: its label and messages, in every language of the form."""

from __future__ import annotations

from surveys.language import message
from surveys.questionnaire.columns import MEDIA
from surveys.questionnaire.draft import Draft
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.form import ASKED, Kind

_SHOWN = ASKED | {Kind.NOTE}


def remarks_on_wording(draft: Draft, languages: tuple[str, ...], findings: Findings) -> None:
    """Note what is missing of what a question or note says, and what of it is not sent."""
    if draft.kind not in _SHOWN:
        return
    if not draft.labels:
        findings.error(
            "missing_label",
            draft.row.at("label"),
            message("“{name}” has no label: there is nothing to say to the resident.", name=draft.name),
            message("Write the question in the label column."),
        )
        return
    _translated(draft, languages, findings)
    for column in MEDIA:
        if draft.row.translated(column):
            findings.warn(
                "ignored",
                draft.row.at(column),
                message("The {what} of “{name}” is not sent; its text is.", what=column, name=draft.name),
                message("Say in the label what the resident needs to know."),
            )
    if not draft.row.get("constraint") and draft.row.translated("constraint_message"):
        findings.warn(
            "message_without_constraint",
            draft.row.at("constraint_message"),
            message("“{name}” has a constraint message but no constraint.", name=draft.name),
            message("Write the constraint, or delete the message."),
        )


def _translated(draft: Draft, languages: tuple[str, ...], findings: Findings) -> None:
    """Say which texts of a row lack a language that the form has."""
    for column in ("label", "hint", "guidance_hint", "constraint_message", "required_message"):
        texts = draft.labels if column == "label" else draft.row.translated(column)
        missing = [language for language in languages if language not in texts]
        if texts and missing and "" not in texts:
            absent = ", ".join(missing)
            what = message("“{name}” is not translated into: {languages}.", name=draft.name, languages=absent)
            place = draft.row.at(column, missing[0])
            fix = message("Fill in the column “{column}”.", column=place.field)
            findings.warn("missing_translation", place, what, fix)
