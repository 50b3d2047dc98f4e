"""The sheet `survey`, row by row: questions with their groups, before their expressions are looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.language import CHINESE, ENGLISH, LANGUAGES, Message, message
from surveys.questionnaire.appearance import is_searched, remarks_on_appearance
from surveys.questionnaire.bounds import bound, outside
from surveys.questionnaire.choicesheet import Lists, is_no, is_yes
from surveys.questionnaire.columns import SheetRow
from surveys.questionnaire.draft import Condition, Draft, RepeatDraft
from surveys.questionnaire.findings import Findings
from surveys.questionnaire.form import ASKED, OF_CHOICES, Choice, Kind
from surveys.questionnaire.options import remarks_on_options
from surveys.questionnaire.paths import ABOVE
from surveys.questionnaire.prefill import remarks_on_default, settle
from surveys.questionnaire.rowtype import METADATA, RowType, row_type
from surveys.questionnaire.wording import remarks_on_wording

OTHER = "other"
#: The one choice of a question that only asks to be acknowledged; the standard stores `OK`.
SEEN = Choice(
    "OK",
    {ENGLISH: "OK", CHINESE: "知道了"},
    synonyms=(
        "好", "好的", "好了", "收到", "明白", "明白了", "可以", "行", "是", "是的", "同意", "看了", "看到了", "确认",
        "嗯", "okay", "yes", "understood", "got it", "agree", "i agree", "agreed", "noted", "confirm", "fine", "sure",
    ),
)  # fmt: skip
#: What `role` may say: the question that opens a complaint, and the one that stands for the whole survey.
ROLES = frozenset({"complaint", "key"})
MAX_CHOICES = 200
#: Appearances of a group whose questions are shown at once.
TOGETHER = frozenset({"field-list", "table-list", "grid"})

_NAME = re.compile(r"[^\W\d][\w.\-]*")
_AROUND = re.compile(r"\.\.|current\(|\./")


@dataclass(slots=True)
class _Group:
    name: str
    kind: str
    row: SheetRow
    names: set[str] = field(default_factory=set)
    repeat: str = ""  # the name of a repeat in keys of answers


class SurveySheet:
    """Reads the rows in order; `drafts`, and `groups` (their conditions and labels), are what it leaves."""

    def __init__(self, lists: Lists, languages: tuple[str, ...], findings: Findings) -> None:
        self.lists, self.languages, self.findings = lists, languages, findings
        self.broken: set[str] = set()  # names of rows that are refused themselves
        self.drafts: list[Draft] = []
        self.repeats: list[RepeatDraft] = []
        self.conditions: list[Condition] = []
        self._open: list[_Group] = []
        self._names: set[str] = set()
        self._top: set[str] = set()

    def read(self, rows: list[SheetRow]) -> None:
        """Read all rows, then look for groups left open and for an empty form."""
        for row in rows:
            if not is_yes(row.get("disabled")):
                self._row(row)
        for group in self._open:
            self.findings.error(
                "unbalanced_group",
                group.row.at("type"),
                message("The group “{name}” is never closed.", name=group.name),
                message("Add a row end {kind} after its last question.", kind=group.kind),
            )

    def _row(self, row: SheetRow) -> None:
        written = row.get("type")
        if not written:
            if row.get("name") or row.translated("label"):
                self.findings.error(
                    "missing_type",
                    row.at("type"),
                    message("The row has no type."),
                    message("Write one, for example text or select_one."),
                )
                self._refused(row)
            return
        kind = row_type(written)
        if kind.refusal and kind.fix:
            self.findings.error(kind.code, row.at("type"), kind.refusal, kind.fix)
            self.broken.add(row.get("name"))
            if not kind.group and row.get("name"):
                self._refused(row)
        if kind.role == "begin" or (kind.role == "refused" and kind.group):
            self._begin(row, kind)
        elif kind.role == "end":
            self._end(row, kind)
        elif kind.role == "metadata":
            self._metadata(row, kind)
        elif kind.kind is not None:
            self._question(row, kind, kind.kind)

    def _begin(self, row: SheetRow, kind: RowType) -> None:
        name = self._claimed(row) or "?"
        if row.get("relevant"):
            self.conditions.append(Condition(row.get("relevant"), row.at("relevant")))
        if kind.group != "repeat":
            self._open.append(_Group(name, kind.group, row))
            return
        unique = self._unique(row, name)
        self.repeats.append(RepeatDraft(row, unique, self._path(name), self._relevance(row), self._repeats()))
        self._open.append(_Group(name, kind.group, row, repeat=unique))

    def _end(self, row: SheetRow, kind: RowType) -> None:
        if self._open and self._open[-1].kind == kind.group:
            self._open.pop()
            return
        self.findings.error(
            "unbalanced_group",
            row.at("type"),
            message("Nothing is open that “{type}” could close.", type=row.get("type")),
            message("Delete the row, or add begin {kind} before the first question of the group.", kind=kind.group),
        )

    def _metadata(self, row: SheetRow, kind: RowType) -> None:
        name = row.get("name")
        if name and _NAME.fullmatch(name) and name not in self._siblings():
            draft = Draft(row, Kind.CALCULATE, name, self._path(name), (), name, metadata=True, repeats=self._repeats())
            draft.calculation = METADATA.get(kind.standard, "''")
            self.drafts.append(draft)

    def _question(self, row: SheetRow, kind: RowType, asked: Kind) -> None:
        name = self._claimed(row, f"note_{row.place.row}" if asked is Kind.NOTE else "")
        # A row without a name of its own is refused, and all else that is wrong with it is told at once.
        unique = self._unique(row, name) if name else f"row_{row.place.row}"
        name = name or unique
        draft = Draft(row, asked, unique, self._path(name), self._relevance(row), name)
        draft.repeats, draft.page = self._repeats(), self._page()
        draft.labels = row.translated("label") or row.translated("hint")
        draft.hints = row.translated("hint") if row.translated("label") else {}
        draft.guidance = row.translated("guidance_hint")
        draft.appearance = row.get("appearance").lower()
        draft.constraint, draft.constraint_messages = row.get("constraint"), row.translated("constraint_message")
        draft.calculation = row.get("calculation")
        draft.required = self._required(row)
        draft.role = self._role(row)
        draft.dimension = row.get("dimension")
        if kind.ranged:
            self._bounded(draft, kind)
        note = settle(draft, self.findings)
        if note is not None:
            self.drafts.append(note)
        remarks_on_wording(draft, self.languages, self.findings)
        self.drafts.append(draft)
        if kind.acknowledged:
            draft.choices = (SEEN,)
        elif draft.kind in OF_CHOICES:
            self._choices(draft, kind)
        if draft.kind in ASKED:
            remarks_on_default(draft, self.findings)
        remarks_on_appearance(draft, self.findings)

    def _refused(self, row: SheetRow) -> None:
        """Keep the texts and conditions of a row that cannot be asked: they are looked through with the others."""
        name = (self._claimed(row) if row.get("name") else "") or f"row_{row.place.row}"
        self.broken.add(row.get("name"))
        unique = name
        while unique in self._names:
            unique += "_"
        self._names.add(unique)
        draft = Draft(row, Kind.NOTE, unique, self._path(name), self._relevance(row), name, refused=True)
        draft.labels, draft.hints = row.translated("label"), row.translated("hint")
        draft.repeats = self._repeats()
        self.drafts.append(draft)

    def _bounded(self, draft: Draft, kind: RowType) -> None:
        bound(draft, kind.bounds, self.findings)
        if not draft.constraint_messages and draft.parameters:
            draft.constraint_messages = self._in_our_languages(outside(draft.parameters))

    def _choices(self, draft: Draft, kind: RowType) -> None:
        place = draft.row.at("type")
        found = self.lists.from_file(kind.list_name, draft.row) if kind.file else self.lists.get(kind.list_name)
        if found is None or not found.choices:
            absent = message("There is no table “{list}” with this form.", list=kind.list_name)
            hand_in = message("Hand the file in with the workbook, or add a sheet of that name.")
            unlisted = message("The choices sheet has no list “{list}”.", list=kind.list_name)
            add = message("Add the list to the choices sheet, or correct its name here.")
            if not self.findings.refused_at(place):
                self.findings.error(
                    "missing_list", place, absent if kind.file else unlisted, hand_in if kind.file else add
                )
            return
        draft.choices, draft.satisfied, draft.options = tuple(found.choices), tuple(found.satisfied), found.rows
        if len(found.choices) > MAX_CHOICES and not draft.row.get("choice_filter") and not is_searched(draft):
            self.findings.error(
                "too_many_choices",
                place,
                message("The list “{list}” has more than {limit} choices.", limit=MAX_CHOICES, list=kind.list_name),
                message("Nobody can choose from it on a phone: shorten it, use a choice_filter or appearance search."),
            )
        remarks_on_options(draft, self.findings)
        if kind.or_other:
            self._add_other(draft)

    def _add_other(self, draft: Draft) -> None:
        """Add the choice `other` and the question that asks which, as or_other means."""
        if all(choice.name != OTHER for choice in draft.choices):
            draft.choices = (*draft.choices, Choice(OTHER, self._in_our_languages(message("Other"))))
        name = f"{draft.name}_{OTHER}"
        condition = Condition(f"selected(${{{draft.name}}}, '{OTHER}')", draft.row.at("type"))
        self._siblings().add(name)
        self._names.add(name)
        text = Draft(draft.row, Kind.TEXT, name, self._path(name), (*draft.conditions, condition), name)
        text.repeats = draft.repeats
        text.labels, text.follows = (
            self._in_our_languages(message("Which other? Please say it in a few words.")),
            draft.name,
        )
        self.drafts.append(text)

    def _in_our_languages(self, sentence: Message) -> Mapping[str, str]:
        spoken = [language for language in self.languages if language in LANGUAGES] or [ENGLISH, CHINESE]
        return {language: sentence.text(language) for language in spoken}

    def _claimed(self, row: SheetRow, otherwise: str = "") -> str:
        """Return the row's name once it is known to be well formed and the only one in its group."""
        name = row.get("name") or otherwise
        if not name:
            self.findings.error(
                "missing_name",
                row.at("name"),
                message("The row has no name."),
                message("Give it a short name in Latin letters, for example q1."),
            )
            return ""
        if not _NAME.fullmatch(name):
            self.findings.error(
                "bad_name",
                row.at("name"),
                message("“{name}” cannot be a name.", name=name),
                message("Begin with a letter; use letters, digits, _ - and . without blanks."),
            )
        elif name in self._siblings():
            self.findings.error(
                "duplicate_name",
                row.at("name"),
                message("There is already a row called “{name}”.", name=name),
                message("Rename one of them."),
            )
            return ""
        self._siblings().add(name)
        return name

    def _unique(self, row: SheetRow, name: str) -> str:
        """Return the name under which answers are kept: the standard allows one name in several groups, we do not."""
        unique = name
        if name in self._names:
            unique = self._path(name).replace("/", "_")
            while unique in self._names:
                unique += "_"
            self.findings.warn(
                "renamed",
                row.at("name"),
                message(
                    "“{name}” is also the name of a question in another group; here it is kept as “{unique}”.",
                    unique=unique,
                    name=name,
                ),
                message("Give every question a name of its own."),
            )
        self._names.add(unique)
        return unique

    def _siblings(self) -> set[str]:
        return self._open[-1].names if self._open else self._top

    def _path(self, name: str) -> str:
        return "/".join([*(group.name for group in self._open), name])

    def _repeats(self) -> tuple[str, ...]:
        """Return the names of the open repeats, the outermost first."""
        return tuple(group.repeat for group in self._open if group.repeat)

    def _page(self) -> str:
        """Return the path of the group whose questions are to be put together, '' if there is none."""
        for depth in range(len(self._open), 0, -1):
            if TOGETHER & set(self._open[depth - 1].row.get("appearance").lower().split()):
                return "/".join(group.name for group in self._open[:depth])
        return ""

    def _relevance(self, row: SheetRow) -> tuple[Condition, ...]:
        """Return the conditions of the open groups and of the row; paths in those of groups begin further above."""
        found = []
        for depth, of in enumerate([*(group.row for group in self._open), row]):
            source, up = of.get("relevant"), len(self._open) - depth
            if source:
                source = f"{ABOVE}({up}, {source})" if up and _AROUND.search(source) else source
                found.append(Condition(source, of.at("relevant")))
        return tuple(found)

    def _required(self, row: SheetRow) -> str:
        cell = row.get("required")
        if is_no(cell):
            return ""
        return "true()" if is_yes(cell) else cell

    def _role(self, row: SheetRow) -> str:
        role = row.get("role").casefold()
        if role and role not in ROLES:
            self.findings.warn(
                "unknown_role",
                row.at("role"),
                message("The role “{role}” means nothing here.", role=role),
                message("Write complaint or key, or leave the cell empty."),
            )
            return ""
        return role
