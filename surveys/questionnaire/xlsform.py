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

from surveys.language import CHINESE, ENGLISH, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.beside import Lists, looked_up, tables_beside
from surveys.questionnaire.choicesheet import filter_columns, is_yes, read_lists
from surveys.questionnaire.columns import CHOICES, SURVEY, TRANSLATED, Column, columns, language_code, rows
from surveys.questionnaire.comparing import remarks_on_comparisons
from surveys.questionnaire.draft import Condition, Draft, RepeatDraft
from surveys.questionnaire.examined import Examined, Rows
from surveys.questionnaire.findings import Findings, Place, in_order
from surveys.questionnaire.form import ASKED, Choice, Form, Question, Repeat
from surveys.questionnaire.references import References
from surveys.questionnaire.sheets import remarks_on_sheets
from surveys.questionnaire.standard import ask_pyxform
from surveys.questionnaire.surveysheet import SurveySheet
from surveys.questionnaire.workbook import Table, Workbook, read_workbook

_NOTHING: Mapping[str, bytes] = {}
_HAN = re.compile("[\u3400-\u9fff]")
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
    examined = examine_form(filename, data, beside)
    if examined.refused:
        raise Refused(examined.problems)
    return examined.form, examined.problems


def examine_form(filename: str, data: bytes, beside: Mapping[str, bytes] = _NOTHING) -> Examined:
    """Return all that is known of a workbook, even of one that is refused.

    Raises Refused only where there is nothing to look at: no workbook, no sheet of questions, a column missing.
    """
    workbook = read_workbook(filename, data)
    findings = Findings(filename)
    read = _read(workbook, tables_beside(workbook, beside), findings, digest_of(data, beside))
    problems = in_order(findings.problems)
    if read is None:
        raise Refused(problems)
    return Examined(read[0], problems, read[1])


def digest_of(data: bytes, beside: Mapping[str, bytes] = _NOTHING) -> str:
    """Return the identity of a form: the SHA-256 of its file, or of its file and the tables beside it."""
    if not beside:
        return hashlib.sha256(data).hexdigest()
    parts = [data, *(part for name in sorted(beside) for part in (name.encode(), beside[name]))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _read(workbook: Workbook, tables: Mapping[str, Table], findings: Findings, digest: str) -> tuple[Form, Rows] | None:
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
    default, languages = _languages(
        settings, (survey, choices), (*asked_columns, *choice_columns), workbook.table("settings"), findings
    )
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
    remarks_on_comparisons(references.sources(), references.by_name, findings)
    used = looked_up(references.sources(), tables, findings)
    if not findings.refused() and not any(draft.kind in ASKED for draft in sheet.drafts):
        findings.error(
            "no_question",
            Place(survey.sheet),
            message("The form asks nothing."),
            message("Add at least one question."),
        )
    if not findings.refused():
        ask_pyxform(survey, asked_columns, choices, choice_columns, settings, findings)
    drafts = [draft for draft in references.in_order() if not draft.metadata or draft.name in references.used]
    doubtful = _doubtful(drafts, findings) if findings.problems else frozenset()
    if findings.refused():
        drafts = [_sound(draft, findings) for draft in drafts]
    name = settings.get("form_id") or settings.get("id_string") or PurePath(_DIRECTORY.sub("", workbook.filename)).stem
    title = settings.get("form_title") or settings.get("title") or name
    titles = {language: settings.get(f"form_title_{language}", "") for language in languages}
    form = Form(
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
    options = {(draft.name, option): row for draft in drafts for option, row in draft.options.items()}
    chosen_from = {option.place for option in options.values()}
    unused = {
        name: tuple((choice, found.rows[choice.name]) for choice in found.choices)
        for name, found in listed.items()
        if not any(row.place in chosen_from for row in found.rows.values())
    }
    return form, Rows({draft.name: draft.row for draft in drafts}, options, doubtful, unused)


def _doubtful(drafts: Iterable[Draft], findings: Findings) -> frozenset[str]:
    """Return the questions whose own condition, or that of a group around them, is known to be wrong."""
    wrong = findings.errors() | findings.at("unknown_option")
    return frozenset(draft.name for draft in drafts if any(condition.place in wrong for condition in draft.conditions))


def _sound(draft: Draft, findings: Findings) -> Draft:
    """Return the draft without the expressions that are refused: the rest can still be looked at."""
    wrong = findings.errors()
    draft.conditions = tuple(condition for condition in draft.conditions if condition.place not in wrong)
    if draft.row.at("constraint") in wrong:
        draft.constraint = ""
    return draft


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
    settings: Mapping[str, str],
    tables: tuple[Table, Table],
    meant: Iterable[Column],
    sheet: Table | None,
    findings: Findings,
) -> tuple[str, tuple[str, ...]]:
    """Return (the language of texts without one, all languages); a language that cannot be told is ''.

    Without default_language a form that has only plain labels is taken to be Chinese if they are written so.
    """
    labels = [column for column in meant if column.name in TRANSLATED]
    named = list(dict.fromkeys(column.language for column in labels if column.language))
    plain = [column.header for column in labels if not column.language]
    if "default_language" in settings:
        default = language_code(settings["default_language"])
        if sheet is not None and named and not plain and default not in named:
            header = next(h for h in sheet.headers if "_".join(h.split()).casefold() == "default_language")
            written = next(column.written for column in labels if column.language)
            findings.warn(
                "unknown_language",
                Place(sheet.sheet, sheet.rows[0].row, header),
                message("No text is in the default language “{language}”.", language=settings["default_language"]),
                message("Write one that has columns, for example {language}.", language=written),
            )
            default = named[0]
    elif plain:
        texts = (row.cells.get(header, "") for table in tables for row in table.rows for header in plain)
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
        dimension=draft.dimension,
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
