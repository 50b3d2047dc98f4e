"""Reading an XLSForm workbook into a Form, or saying everything that is wrong with it at once.

Our own checks come first, because they know sheet, row, column and the fix; then pyxform, the reference implementation
of the standard, must accept the workbook too, so that whatever is asked here also opens in other tools.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from surveys.language import CHINESE, ENGLISH, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.beside import Lists, looked_up, tables_beside
from surveys.questionnaire.choicesheet import filter_columns, is_yes, read_lists
from surveys.questionnaire.columns import CHOICES, SURVEY, TRANSLATED, Column, columns, language_code, rows
from surveys.questionnaire.draft import Condition, Draft, RepeatDraft
from surveys.questionnaire.findings import Findings, Place
from surveys.questionnaire.form import ASKED, Choice, Form, Question, Repeat
from surveys.questionnaire.references import References
from surveys.questionnaire.rowtype import OF_SURVEYCTO, row_type
from surveys.questionnaire.sheets import remarks_on_sheets
from surveys.questionnaire.surveysheet import SurveySheet
from surveys.questionnaire.workbook import Table, Workbook, read_workbook

_NOTHING: Mapping[str, bytes] = {}
_HAN = re.compile("[\u3400-\u9fff]")
_ROW_OF_PYXFORM = re.compile(r"\[row : (\d+)\]")
_DIRECTORY = re.compile(r"^.*[\\/]")


def read_form(filename: str, data: bytes, beside: Mapping[str, bytes] = _NOTHING) -> Form:
    """Return the questionnaire in a workbook; raises Refused with all that is wrong.

    `filename` is an .xlsx or .xls, or an XLSForm in one .csv; `beside` holds the tables handed in with it, by name.
    """
    return inspect_form(filename, data, beside)[0]


def inspect_form(
    filename: str, data: bytes, beside: Mapping[str, bytes] = _NOTHING
) -> tuple[Form, tuple[Problem, ...]]:
    """Return the questionnaire and what is worth knowing about it (warnings); raises Refused as `read_form` does."""
    workbook = read_workbook(filename, data)
    findings = Findings(filename)
    form = _read(workbook, tables_beside(workbook, beside), findings, digest_of(data, beside))
    if form is None:
        raise Refused(findings.problems)
    return form, tuple(findings.problems)


def digest_of(data: bytes, beside: Mapping[str, bytes] = _NOTHING) -> str:
    """Return the identity of a form: the SHA-256 of its file, or of its file and the tables beside it."""
    if not beside:
        return hashlib.sha256(data).hexdigest()
    parts = [data, *(part for name in sorted(beside) for part in (name.encode(), beside[name]))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _read(workbook: Workbook, tables: Mapping[str, Table], findings: Findings, digest: str) -> Form | None:
    survey = _survey(workbook)
    choices = workbook.table("choices") or Table("choices", (), [])
    settings = _settings(workbook)
    remarks_on_sheets(workbook, settings, findings)
    if survey is None:
        findings.error(
            "no_survey",
            Place(""),
            message("The workbook has no sheet called survey."),
            message("Name the sheet with the questions “survey”."),
        )
        return None
    asked_columns, choice_columns = columns(survey, SURVEY, findings), columns(choices, CHOICES, findings)
    incomplete = False
    for table, meant, needed in ((survey, asked_columns, "type"), (choices, choice_columns, "name")):
        if table.headers and needed not in (column.name for column in meant):
            incomplete = True
            findings.error(
                "missing_column",
                Place(table.sheet, table.header_row, needed),
                message("The column “{name}” is missing.", name=needed),
                message("Add it to the header row."),
            )
    if incomplete:
        return None  # everything below would be reported once for every row
    default, languages = _languages(settings, survey, choices, (*asked_columns, *choice_columns))
    listed = read_lists(
        rows(choices, choice_columns, default),
        filter_columns({column.name: column.header for column in choice_columns}),
        findings,
        languages=languages,
        duplicates_allowed=is_yes(settings.get("allow_choice_duplicates", "")),
    )
    lists = Lists(listed, tables, default, languages, findings)
    sheet = SurveySheet(lists, languages, findings)
    sheet.read(rows(survey, asked_columns, default))
    known = [*(column.name for column in choice_columns), *sorted(lists.columns)]
    references = References(sheet.drafts, sheet.conditions, known, findings, broken=sheet.broken, repeats=sheet.repeats)
    references.check()
    used = looked_up(references.sources(), tables, findings)
    if not findings.refused() and not any(draft.kind in ASKED for draft in sheet.drafts):
        findings.error(
            "no_question",
            Place(survey.sheet),
            message("The form asks nothing."),
            message("Add at least one question."),
        )
    if findings.refused() or not _accepted_by_pyxform(
        survey, asked_columns, choices, choice_columns, settings, findings
    ):
        return None
    drafts = [draft for draft in references.in_order() if not draft.metadata or draft.name in references.used]
    name = settings.get("form_id") or settings.get("id_string") or PurePath(_DIRECTORY.sub("", workbook.filename)).stem
    title = settings.get("form_title") or settings.get("title") or name
    titles = {language: settings.get(f"form_title_{language}", "") for language in languages}
    return Form(
        digest=digest,
        name=name,
        titles={default: title, **{language: words for language, words in titles.items() if words}},
        languages=languages,
        default_language=default or languages[0],
        questions=tuple(_question(draft, references.filters) for draft in drafts),
        settings=settings,
        satisfied={draft.name: draft.satisfied for draft in drafts if draft.satisfied},
        tables=used,
        repeats=tuple(_repeat(draft) for draft in sheet.repeats),
    )


def _survey(workbook: Workbook) -> Table | None:
    """Return the sheet of questions: `survey`, or the only sheet if it looks like one."""
    found = workbook.table("survey")
    if found is None and len(workbook.tables) == 1:
        only = workbook.tables[0]
        return only if {"type", "name"} <= {header.casefold() for header in only.headers} else None
    return found


def _settings(workbook: Workbook) -> dict[str, str]:
    table = workbook.table("settings")
    first = table.rows[0].cells if table and table.rows else {}
    return {"_".join(header.split()).casefold(): cell for header, cell in first.items() if cell}


def _languages(
    settings: Mapping[str, str], survey: Table, choices: Table, meant: Iterable[Column]
) -> tuple[str, tuple[str, ...]]:
    """Return (the language of texts without one, all languages); a language that cannot be told is ''.

    Without default_language a form that has only plain labels is taken to be Chinese if they are written so.
    """
    labels = [column for column in meant if column.name in TRANSLATED]
    named = list(dict.fromkeys(column.language for column in labels if column.language))
    plain = [column.header for column in labels if not column.language]
    if "default_language" in settings:
        default = language_code(settings["default_language"])
    elif plain:
        texts = (row.cells.get(header, "") for table in (survey, choices) for row in table.rows for header in plain)
        default = CHINESE if any(map(_HAN.search, texts)) else ENGLISH
        if default in named:
            return "", tuple(named)
    else:
        default = named[0] if named else ENGLISH
    return default, tuple(named if default in named else [default, *named])


def _question(draft: Draft, filters: set[str]) -> Question:
    row, narrows = draft.row, draft.row.get("choice_filter")
    own = not draft.follows
    choices = draft.choices
    if not narrows or not filters:
        choices = tuple(replace(choice, columns={}) for choice in choices)
    else:
        choices = tuple(_with_columns(choice, filters) for choice in choices)
    return Question(
        name=draft.name,
        kind=draft.kind,
        path=draft.path,
        labels=draft.labels,
        hints=draft.hints,
        choices=choices,
        relevant=_all_of(draft.conditions),
        constraint=draft.constraint if own else "",
        constraint_messages=draft.constraint_messages if own else {},
        required=draft.required,
        required_messages=row.translated("required_message") if own else {},
        calculation=draft.calculation,
        role=draft.role,
        row=row.place.row,
        choice_filter=narrows if own else "",
        default=draft.default,
        guidance=draft.guidance,
        appearance=draft.appearance,
        parameters=draft.parameters,
        repeats=draft.repeats,
        page=draft.page,
    )


def _repeat(draft: RepeatDraft) -> Repeat:
    return Repeat(
        name=draft.name,
        path=draft.path,
        labels=draft.row.translated("label"),
        count=draft.row.get("repeat_count"),
        relevant=_all_of(draft.conditions),
        parents=draft.parents,
    )


def _all_of(conditions: tuple[Condition, ...]) -> str:
    """Return the expression that all conditions hold."""
    sources = [condition.source for condition in conditions]
    return sources[0] if len(sources) == 1 else " and ".join(f"({source})" for source in sources)


def _with_columns(choice: Choice, filters: set[str]) -> Choice:
    return replace(choice, columns={name: cell for name, cell in choice.columns.items() if name in filters})


def _accepted_by_pyxform(  # noqa: PLR0917 - both sheets with their columns
    survey: Table,
    asked_columns: tuple[Column, ...],
    choices: Table,
    choice_columns: tuple[Column, ...],
    settings: Mapping[str, str],
    findings: Findings,
) -> bool:
    """Let pyxform read the same cells; what it says against them becomes a finding at the row it names."""
    from pyxform.xls2xform import convert

    book: dict[str, Any] = {"sheet_names": ["survey", "choices", "settings"]}
    for name, table, meant in (("survey", survey, asked_columns), ("choices", choices, choice_columns)):
        if table.headers:
            book[name] = _as_pyxform(table, meant)
            book[f"{name}_header"] = [dict.fromkeys(column.canonical for column in meant)]
    if settings:
        book["settings"], book["settings_header"] = [dict(settings)], [dict.fromkeys(settings)]
    try:
        convert(book, validate=False)
    except Exception as error:  # noqa: BLE001 - a library for trusted files: whatever it stumbles over is a refusal
        said = str(error).strip() or type(error).__name__
        found = _ROW_OF_PYXFORM.search(said)
        row = int(found[1]) + survey.header_row - 1 if found else 0
        findings.error(
            "not_xlsform",
            Place("choices" if "choices sheet" in said else survey.sheet, row),
            message("The form is not valid XLSForm: {reason}", reason=" ".join(said.split())),
            message("Correct it as the message says."),
        )
    return not findings.refused()


def _as_pyxform(table: Table, meant: tuple[Column, ...]) -> list[dict[str, str]]:
    """Return the rows as pyxform reads them itself: blank ones kept, so that its row numbers are right."""
    last = table.rows[-1].row if table.rows else table.header_row
    found: list[dict[str, str]] = [{} for _ in range(table.header_row, last)]
    for row in table.rows:
        cells = {column.canonical: row.cells[column.header] for column in meant if row.cells[column.header]}
        if "type" in cells:
            cells["type"] = row_type(cells["type"]).standard or cells["type"]
            if cells["type"] in OF_SURVEYCTO:
                continue
        found[row.row - table.header_row - 1] = cells
    return found
