"""The staff of the simulated office: they do what staff do, with the very actions the command line has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.actions.calls import AnswerCall, CloseCall, ListCalls, answer, close, list_calls
from bot.actions.cases import (
    AssignCase,
    ContactedCase,
    ListCases,
    ResolveCase,
    assign_case,
    contacted_case,
    list_cases,
    resolve_case,
)
from bot.actions.progress import silent
from bot.demo.people import People
from bot.demo.persona import Persona
from bot.demo.units import UNITS, topic_of
from bot.house import House
from surveys.cases.case import CaseState

#: Cases staff have to see to.
OPEN = (CaseState.RECEIVED, CaseState.ASSIGNED, CaseState.CONTACTED, CaseState.REOPENED)
#: Handlers of every unit, one after the other as a case comes back.
HANDLERS = ("张工", "李科长", "王主任")
#: Questions a member of staff reads out in one call at most.
LONGEST_CALL = 30


@dataclass(slots=True)
class Desk:
    """What staff remember: when each case was given to its unit in the present round.

    Whoever handles a matter for real knows how it stands: `people` are asked.
    """

    house: House
    people: People
    given: dict[tuple[str, int], datetime] = field(default_factory=dict)

    def work(self, now: datetime) -> None:
        """See to every case and every call that waits."""
        owners = {persona.case: persona for persona in self.people.met.values() if persona.case}
        listed = list_cases(self.house, ListCases(states=OPEN, limit=10_000), silent)["cases"]
        for case in sorted(listed, key=lambda case: str(case["number"])):
            self._see_to(case["number"], case["text"], case["state"], owners.get(case["number"]), now)
        self._call()

    def _see_to(self, number: str, text: str, state: str, owner: Persona | None, now: datetime) -> None:
        if owner is None or owner.matter is None:
            return
        matter, round_ = owner.matter, owner.reported
        unit = topic_of(text).unit
        handler = HANDLERS[round_ % len(HANDLERS)]
        given = self.given.get((number, round_))
        if given is None:
            assign_case(self.house, AssignCase(number=number, unit=unit, handler=handler), silent)
            self.given[number, round_] = now
            return
        if state != CaseState.CONTACTED.value and now >= given + matter.contact_after:
            contacted_case(self.house, ContactedCase(number=number, by=handler), silent)
            owner.heard_from_unit = True
        if matter.resolve_after is not None and now >= given + matter.resolve_after:
            owner.reported += 1
            what = matter.report(owner.reported)
            order = ResolveCase(number=number, what=what, by=f"{UNIT_NAMES[unit]}{handler}")
            resolve_case(self.house, order, silent)

    def _call(self) -> None:
        met = {persona.resident.office_id: persona for persona in self.people.met.values()}
        waiting = list_calls(self.house, ListCalls(), silent)["calls"]
        # In an order of their own: the numbers of calls follow from the order in which messages came in.
        for call in sorted(waiting, key=lambda call: (str(call["office_id"]), int(call["call"]))):
            persona = met.get(call["office_id"])
            question = call["question"]
            for _ in range(LONGEST_CALL):
                said = persona.answer_by_phone(question) if persona and question else ""
                if not said:
                    break
                order = AnswerCall(call=call["call"], reply=said)
                question = answer(self.house, order, silent)["question"]
            close(self.house, CloseCall(call=call["call"]), silent)
            if persona is not None:
                # What is opened on the phone is read out, not sent: this is how the caller learns its number.
                persona.case = persona.case or self._opened_by(persona)

    def _opened_by(self, persona: Persona) -> str:
        """Return the number of a new case in the words of somebody just called, '' if there is none."""
        known = {other.case for other in self.people.met.values()}
        listed = list_cases(self.house, ListCases(states=(CaseState.RECEIVED,), limit=10_000), silent)["cases"]
        matter = persona.matter.text if persona.matter else ""
        new = [str(case["number"]) for case in listed if case["text"] == matter and case["number"] not in known]
        return min(new, default="")


UNIT_NAMES = {unit[0]: unit[1] for unit in UNITS}
