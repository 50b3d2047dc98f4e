"""What a column of a workbook means: its header in any of the spellings people use, and its language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from surveys.language import message
from surveys.questionnaire.findings import Findings, Place
from surveys.questionnaire.workbook import Table

#: Header spellings → column, for the sheets `survey` and `choices`.
SURVEY: Mapping[str, str] = {
    "type": "type", "command": "type",
    "name": "name", "tag": "name", "value": "name",
    "label": "label", "caption": "label",
    "hint": "hint",
    "guidance_hint": "guidance_hint",
    "image": "image", "big-image": "big-image", "audio": "audio", "video": "video",
    "relevant": "relevant", "relevance": "relevant",
    "required": "required",
    "required_message": "required_message", "requiredmsg": "required_message", "jr_requiredmsg": "required_message",
    "constraint": "constraint",
    "constraint_message": "constraint_message", "constraining_message": "constraint_message",
    "constraint-msg": "constraint_message",
    "jr_constraintmsg": "constraint_message",
    "calculation": "calculation", "calculate": "calculation",
    "choice_filter": "choice_filter",
    "default": "default",
    "read_only": "read_only", "readonly": "read_only",
    "disabled": "disabled",
    "appearance": "appearance",
    "parameters": "parameters",
    "repeat_count": "repeat_count", "repeat-count": "repeat_count", "count": "repeat_count", "jr_count": "repeat_count",
    "trigger": "trigger",
    "save_to": "save_to",
    "role": "role",
    "dimension": "dimension",
}  # fmt: skip
CHOICES: Mapping[str, str] = {
    "list_name": "list_name",
    "name": "name", "value": "name",
    "label": "label", "caption": "label",
    "image": "image", "big-image": "big-image", "audio": "audio", "video": "video",
    "synonyms": "synonyms",
    "hidden": "hidden",
    "satisfied": "satisfied",
    "points": "points",
}  # fmt: skip
MEDIA = ("image", "big-image", "audio", "video")
TRANSLATED = frozenset({"label", "hint", "guidance_hint", "constraint_message", "required_message", *MEDIA})
#: Columns of the standard that change nothing in a conversation.
_NO_MATTER = frozenset({
    "autoplay", "rows", "no_app_error_string", "noapperrorstring", "compact_tag", "sms_field", "sms_option",
    "sms_separator", "sms_allow_media", "sms_date_format", "sms_datetime_format", "sms_response", "accuracythreshold",
})  # fmt: skip
_PREFIXES = frozenset({"bind", "body", "control", "media"})

#: Names of languages that the registry of names spells otherwise.
_OTHER_NAMES = {
    "中文": "zh", "汉语": "zh", "简体中文": "zh", "普通话": "zh", "繁體中文": "zh", "mandarin": "zh", "chinese": "zh",
    "simplified chinese": "zh", "chinese (simplified)": "zh", "英文": "en", "英语": "en", "藏文": "bo", "藏语": "bo",
    "维文": "ug", "维语": "ug", "蒙文": "mn", "壮语": "za", "彝语": "ii", "kiswahili": "sw", "farsi": "fa",
    "tagalog": "tl", "kirundi": "rn",
}  # fmt: skip
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_IN_BRACKETS = re.compile(r"[(（]\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*[)）]\s*$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the header as written, what it means, its language as written and as a code ('' = none given)."""

    header: str
    name: str
    written: str = ""
    language: str = ""

    @property
    def canonical(self) -> str:
        """The header as the standard spells it."""
        return f"{self.name}::{self.written}" if self.written else self.name


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row by meaning: `texts` by column, `translations` by column and language code; empty cells are left out.

    `headers` holds the first header of each column, `spoken` the header by (column, language).
    """

    place: Place
    texts: Mapping[str, str]
    translations: Mapping[str, Mapping[str, str]]
    headers: Mapping[str, str]
    spoken: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def get(self, column: str) -> str:
        """Return the text of a column, '' if empty or missing."""
        return self.texts.get(column, "")

    def translated(self, column: str) -> Mapping[str, str]:
        """Return the texts of a column by language."""
        return self.translations.get(column, {})

    def at(self, column: str, language: str = "") -> Place:
        """Return the place of a cell, named by the header as written; for want of one in `language` as it should be."""
        written = self.spoken.get((column, language))
        if not written and language:
            written = f"{column}::{language}"
        return self.place.at(written or self.headers.get(column, column))


def columns(table: Table, known: Mapping[str, str], findings: Findings) -> tuple[Column, ...]:
    """Return what each header means; two that mean the same are an error."""
    found: list[Column] = []
    for header in table.twice:
        findings.error(
            "duplicate_header",
            Place(table.sheet, table.header_row, header),
            message("Two columns are called “{name}”.", name=header),
            message("Rename or delete one of them."),
        )
    for header in table.headers:
        column = _column(header, known)
        twin = next((c for c in found if (c.name, c.language) == (column.name, column.language)), None)
        if twin:
            findings.error(
                "duplicate_header",
                Place(table.sheet, table.header_row, header),
                message("The columns “{first}” and “{second}” mean the same.", first=twin.header, second=header),
                message("Delete one of them."),
            )
        else:
            found.append(column)
    _misspelt(table, found, known, findings)
    return tuple(found)


def _misspelt(table: Table, found: list[Column], known: Mapping[str, str], findings: Findings) -> None:
    """Say which headers look like one of the standard's and are none: what stands below them would go unread."""
    there = {column.name for column in found}
    for column in found:
        plain = "_".join(column.name.split("::")[0].split()).casefold()
        if column.name in known.values() or plain in _NO_MATTER or table.sheet.casefold() == "choices":
            continue  # a column of choices may have any name: a filter asks for it
        near = get_close_matches(plain, sorted(set(known) - there), 1, 0.84)
        if near:
            findings.warn(
                "unknown_column",
                Place(table.sheet, table.header_row, column.header),
                message("The column “{name}” means nothing here.", name=column.header),
                message("Did you mean {name}?", name=known[near[0]]),
            )


def rows(table: Table, meant: tuple[Column, ...], default_language: str) -> list[SheetRow]:
    """Return the rows by meaning; a text without a language is in `default_language` unless that has its own column."""
    headers = {column.name: column.header for column in reversed(meant)}
    ordered = sorted(meant, key=lambda column: not column.language)
    spoken = {
        (column.name, column.language or default_language): column.header
        for column in reversed(ordered)
        if column.name in TRANSLATED
    }
    found = []
    for row in table.rows:
        texts: dict[str, str] = {}
        translations: dict[str, dict[str, str]] = {}
        for column in ordered:
            cell = row.cells[column.header]
            if not cell:
                continue
            if column.name in TRANSLATED:
                translations.setdefault(column.name, {}).setdefault(column.language or default_language, cell)
            else:
                texts[column.name] = cell
        found.append(SheetRow(Place(table.sheet, row.row), texts, translations, headers, spoken))
    return found


def _column(header: str, known: Mapping[str, str]) -> Column:
    parts = [part.strip() for part in re.split("::?", header.replace("：", ":").replace("jr:", "jr_"))]
    if len(parts) > 1 and parts[0].casefold() in _PREFIXES:
        parts = parts[1:]
    name = known.get("_".join(parts[0].split()).casefold())
    if name is None or len(parts) > 2 or (len(parts) == 2 and name not in TRANSLATED):
        return Column(header, header)
    if len(parts) == 1 or not parts[1]:
        return Column(header, name)
    return Column(header, name, parts[1], language_code(parts[1]))


def language_code(name: str) -> str:
    """Return the code of a language as people name it: `English (en)` and `en-GB` → `en`, `中文` → `zh`.

    A name that no registry has is its own code, in lower case.
    """
    bracketed = _IN_BRACKETS.search(name)
    if bracketed:
        return _primary(bracketed[1])
    plain = " ".join(name.split()).casefold()
    known = _OTHER_NAMES.get(plain) or _registered_names().get(plain)
    if known:
        return known
    return _primary(name) if _CODE.fullmatch(name.strip()) else plain


def _primary(code: str) -> str:
    """Return the language of a code, without script and country."""
    return re.split("[-_]", code.strip())[0].lower()


@cache
def _registered_names() -> Mapping[str, str]:
    """Return the names of languages in English, Chinese and themselves → code (Unicode CLDR)."""
    from babel import Locale

    names: dict[str, str] = {}
    for code in ("zh", "en"):
        for language, name in Locale(code).languages.items():
            if "_" not in language:
                names.setdefault(name.casefold(), language)
    for language in (
        "fr",
        "es",
        "pt",
        "ar",
        "ru",
        "de",
        "it",
        "ja",
        "ko",
        "vi",
        "th",
        "id",
        "sw",
        "hi",
        "ne",
        "ug",
        "bo",
    ):
        names.setdefault((Locale(language).get_language_name(language) or language).casefold(), language)
    return names
