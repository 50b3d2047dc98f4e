"""Sheets and settings that change nothing here, or whose names look like a slip."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from surveys.language import message
from surveys.questionnaire.findings import Findings, Place
from surveys.questionnaire.workbook import Table, Workbook

_FORM_ID = re.compile(r"[\w.:/+\-]+")
_NEEDED = ("survey", "choices", "settings")
_UNUSED = frozenset({"entities", "external_choices", "osm"})
#: Settings that promise a person something which does not happen here.
_PROMISES = frozenset({"public_key", "submission_url", "auto_send", "auto_delete", "instance_name"})
#: Every setting of the standard, and ours.
SETTINGS = frozenset({
    "form_title", "title", "set_form_title", "form_id", "id_string", "set_form_id", "version", "default_language",
    "allow_choice_duplicates", "style", "instance_xmlns", "namespaces", "name", "prefix", "delimiter", "sms_keyword",
    "sms_separator", "sms_allow_media", "sms_date_format", "sms_datetime_format", "sms_response", "client_editable",
    "clean_text_values", "omit_instanceid", "flat", *_PROMISES,
})  # fmt: skip


def remarks_on_sheets(workbook: Workbook, settings: Mapping[str, str], findings: Findings) -> None:
    """Note what of a workbook is not used."""
    names = {table.sheet.strip().casefold() for table in workbook.tables}
    for table in workbook.tables:
        plain = table.sheet.strip().casefold()
        near = get_close_matches(plain, [name for name in _NEEDED if name not in names], 1, 0.8)
        if plain in _UNUSED and table.rows:
            findings.warn(
                "ignored",
                Place(table.sheet),
                message("The sheet “{sheet}” is not used here.", sheet=table.sheet),
                message("Copy into the sheets survey and choices what residents shall be asked."),
            )
        elif near and len(workbook.tables) > 1:
            findings.warn(
                "unknown_sheet",
                Place(table.sheet),
                message("The sheet “{sheet}” is not used here.", sheet=table.sheet),
                message("Did you mean {name}?", name=near[0]),
            )
    _remarks_on_settings(workbook.table("settings"), settings, findings)


def _remarks_on_settings(table: Table | None, settings: Mapping[str, str], findings: Findings) -> None:
    if table is None or not table.rows:
        return
    row = table.rows[0].row
    for header in table.twice:
        what = message("Two columns are called “{name}”.", name=header)
        place = Place(table.sheet, table.header_row, header)
        findings.error("duplicate_header", place, what, message("Rename or delete one of them."))
    for header in table.headers:
        plain = "_".join(header.split()).casefold()
        if plain not in settings:
            continue
        if plain in {"form_id", "id_string"} and not _FORM_ID.fullmatch(settings[plain]):
            what = message("“{name}” cannot be a form_id.", name=settings[plain])
            fix = message("Use letters, digits, _ - and . without blanks.")
            findings.warn("bad_form_id", Place(table.sheet, row, header), what, fix)
        near = get_close_matches(plain, sorted(SETTINGS - set(settings)), 1, 0.86)
        if plain in _PROMISES:
            what = message("The setting “{name}” is not used here.", name=header)
            findings.warn("ignored", Place(table.sheet, row, header), what, message("Delete it."))
        elif plain not in SETTINGS and near:
            what = message("The setting “{name}” is not used here.", name=header)
            fix = message("Did you mean {name}?", name=near[0])
            findings.warn("unknown_setting", Place(table.sheet, row, header), what, fix)
