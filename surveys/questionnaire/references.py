"""What expressions and texts refer to: every name known, nothing ahead of its question, no circle."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter

from surveys.language import message
from surveys.questionnaire.columns import TRANSLATED
from surveys.questionnaire.draft import Condition, Draft, RepeatDraft
from surveys.questionnaire.expression import Expression, compile_expression
from surveys.questionnaire.findings import Findings, Place
from surveys.questionnaire.form import ASKED, Kind
from surveys.questionnaire.node import Malformed

_REFERENCE = re.compile(r"\$\{\s*([^{}]+?)\s*\}")
_COMPUTED = frozenset({Kind.CALCULATE, Kind.HIDDEN})
#: Cells of a question row that hold an expression; `relevant` stands in the conditions, with those of the groups.
_CELLS = ("constraint", "choice_filter")


class References:
    """Looks through the drafts of one survey sheet."""

    def __init__(
        self,
        drafts: list[Draft],
        groups: list[Condition],
        columns: Iterable[str],
        findings: Findings,
        *,
        broken: Iterable[str] = (),
        repeats: Iterable[RepeatDraft] = (),
    ) -> None:
        self.drafts, self.groups, self.findings = drafts, groups, findings
        self.columns = frozenset(columns) | {"name"}
        self.broken = frozenset(broken)  # rows that are refused themselves: what refers to them is no second mistake
        self.repeats = {repeat.name: repeat for repeat in repeats}
        self.by_name = {draft.name: draft for draft in drafts}
        self.elements = {step for draft in drafts for step in draft.path.split("/")}
        self.at = {draft.name: place for place, draft in enumerate(drafts)}
        written = [draft.written_name for draft in drafts]
        self.ambiguous = {name for name, count in Counter(written).items() if count > 1}
        self.filters: set[str] = set()  # columns of choices that some filter asks for
        self.used: set[str] = set()
        self.order: list[str] = []  # all names, each after those it is computed from
        self.last_asked: dict[str, str] = {}  # name → the last question that its value depends on

    def check(self) -> None:
        """Compile every expression; look at every reference."""
        for condition in self.groups:
            self._expression(condition)
        for repeat in self.repeats.values():
            if repeat.count:
                self._expression(repeat.count)
        seen = {condition.place for condition in self.groups}
        for draft in self.drafts:
            for condition in self._conditions(draft):
                if condition.place not in seen:
                    self._expression(condition, filters=condition.place == draft.row.at("choice_filter"))
            self._texts(draft)
        self._settle_order()
        counts = [repeat.count for repeat in self.repeats.values() if repeat.count]
        for condition in (*self.groups, *counts):
            self._ahead(condition, self._place_of(condition))
        for draft in self.drafts:
            for column in ("relevant", "choice_filter"):
                if draft.kind not in _COMPUTED and draft.row.get(column) and not draft.follows:
                    self._ahead(Condition(draft.row.get(column), draft.row.at(column)), self.at[draft.name])

    def in_order(self) -> list[Draft]:
        """Return the drafts with calculations after those they use; questions keep their places."""
        if len(self.order) < len(self.by_name):
            return self.drafts  # a circle: nothing can be computed
        ordered = iter(name for name in self.order if self.by_name[name].kind in _COMPUTED)
        return [self.by_name[next(ordered)] if draft.kind in _COMPUTED else draft for draft in self.drafts]

    def sources(self) -> Iterator[tuple[str, Place, bool]]:
        """Return every expression with its place, and whether it is a choice filter."""
        for draft in self.drafts:
            filtered = draft.row.at("choice_filter")
            for condition in self._conditions(draft):
                yield condition.source, condition.place, condition.place == filtered

    def _conditions(self, draft: Draft) -> Iterator[Condition]:
        yield from draft.conditions
        if draft.follows:
            return
        for column in _CELLS:
            if draft.row.get(column):
                yield Condition(draft.row.get(column), draft.row.at(column))
        if draft.required not in {"", "true()"}:
            yield Condition(draft.required, draft.row.at("required"))
        if draft.calculation:
            yield Condition(draft.calculation, draft.row.at("calculation"))
        if draft.default:
            yield Condition(draft.default, draft.row.at("default"))

    def _expression(self, condition: Condition, *, filters: bool = False) -> None:
        expression = self._compiled(condition)
        if expression is None:
            return
        for name in sorted(expression.names):
            if name not in self.repeats or name in expression.looked:
                self._known(name, condition.place)
        self._ways(expression, condition.place)
        for word in sorted(expression.columns):
            if not filters:
                self.findings.error(
                    "syntax",
                    condition.place,
                    message("“{word}” is neither a reference nor a text.", word=word),
                    message(
                        "Write {reference} for a question, or {text} for a text.",
                        reference=f"${{{word}}}",
                        text=f"'{word}'",
                    ),
                )
            elif word not in self.columns:
                self.findings.warn(
                    "unknown_column",
                    condition.place,
                    message("The choices sheet has no column “{word}”; it is read as the text.", word=word),
                    message("Write {text} if a text is meant.", text=f"'{word}'"),
                )
        if filters:
            self.filters |= expression.columns & self.columns

    def _ways(self, expression: Expression, place: Place) -> None:
        """Look whether paths lead through rows that there are."""
        for step in sorted(expression.steps - self.elements):
            near = get_close_matches(step, self.elements, 1)
            what = message("There is no row called “{name}” that a path could lead to.", name=step)
            fix = message("Did you mean {name}?", name=near[0]) if near else message("Correct the name.")
            self.findings.error("unknown_name", place, what, fix)
        self.used |= expression.steps

    def _compiled(self, condition: Condition) -> Expression | None:
        try:
            return compile_expression(condition.source)
        except Malformed as reason:
            self.findings.malformed(condition.place, reason)
            return None

    def _texts(self, draft: Draft) -> None:
        if draft.follows:
            return
        for column in sorted(TRANSLATED):
            for language, text in draft.row.translated(column).items():
                for name in _REFERENCE.findall(text):
                    self._known(name, draft.row.at(column, language))
        for choice in draft.choices:
            row = draft.options.get(choice.name)
            for language, text in choice.labels.items():
                for name in _REFERENCE.findall(text):
                    self._known(name, row.at("label", language) if row else draft.row.at("type"))

    def _known(self, name: str, place: Place) -> None:
        self.used.add(name)
        if name in self.ambiguous:
            self.findings.error(
                "ambiguous_name",
                place,
                message("Several questions are called “{name}”.", name=name),
                message("Rename them, so that it is clear which is meant."),
            )
        elif name not in self.by_name and name not in self.broken:
            near = get_close_matches(name, self.by_name, 1)
            what = message("There is no question called “{name}”.", name=name)
            fix = message("Did you mean {name}?", name=near[0]) if near else message("Correct the name.")
            self.findings.error("unknown_name", place, what, fix)

    def _needs(self, draft: Draft) -> list[str]:
        """Return what a computed row is computed from."""
        sources = [draft.calculation, *(condition.source for condition in draft.conditions)]
        found = [expression for source in sources if source and (expression := _sound(source))]
        # What only stands for its instances may be the row itself, or one beside it: of an instance before this one.
        names = {name for expression in found for name in expression.names - expression.looked}
        apart = {n for n in names & self.by_name.keys() if not {*draft.repeats} & {*self.by_name[n].repeats}}
        looked = {name for expression in found for name in expression.looked}
        return sorted(apart | (looked & self.by_name.keys()))

    def _settle_order(self) -> None:
        """Put calculations after what they need, as near to their rows as can be; report one that needs itself."""
        needs = {draft.name: self._needs(draft) if draft.kind in _COMPUTED else [] for draft in self.drafts}
        while True:
            sorter = TopologicalSorter(needs)
            try:
                sorter.prepare()
                break
            except CycleError as error:
                first = min((self.by_name[name] for name in error.args[1]), key=lambda draft: self.at[draft.name])
                self.findings.error(
                    "cycle",
                    first.row.at("calculation"),
                    message("The calculation of “{name}” needs its own result.", name=first.name),
                    message("Break the circle."),
                )
                needs |= {name: [] for name in error.args[1]}  # and look for what else is wrong
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=self.at.__getitem__)
            self.order += ready
            sorter.done(*ready)
        for name in self.order:
            if self.by_name[name].kind in ASKED:
                self.last_asked[name] = name
            known = [self.last_asked[need] for need in needs[name] if need in self.last_asked]
            if known:
                self.last_asked[name] = max(known, key=self.at.__getitem__)

    def _ahead(self, condition: Condition, here: int) -> None:
        """Report a condition that depends on an answer not given yet when it is looked at."""
        expression = _sound(condition.source)
        for name in sorted(expression.looked) if expression else ():
            late = self.last_asked.get(name)
            if late and self.at[late] >= here:
                self.findings.error(
                    "forward_reference",
                    condition.place,
                    message("The condition looks at “{name}”, which is not answered before.", name=late),
                    message("Move that question up, or use another condition."),
                )

    def _place_of(self, group: Condition) -> int:
        """Return the index of the first question at or after a group's row."""
        return next(
            (i for i, draft in enumerate(self.drafts) if draft.row.place.row >= group.place.row), len(self.drafts)
        )


def _sound(source: str) -> Expression | None:
    """Return the expression compiled, None of one that is reported as malformed already."""
    try:
        return compile_expression(source)
    except Malformed:
        return None
