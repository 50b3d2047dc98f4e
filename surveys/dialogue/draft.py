"""A turn while it is being decided: what has been said and done so far, and the world it is decided in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from surveys.campaign.contact import next_opening
from surveys.campaign.plan import Plan
from surveys.cases.case import Case
from surveys.consent.consent import Consent, ConsentEntry
from surveys.consent.invitation import Invitation
from surveys.dialogue.attachment import Attachment, AttachmentChange, KeptAttachment
from surveys.dialogue.conversation import Conversation, Person
from surveys.dialogue.interview import Interview
from surveys.dialogue.turn import Answer, Event, LinkChange, Say, StaffCall, Turn, Urgency, Wake
from surveys.dialogue.world import World
from surveys.language import Message, translate
from surveys.questionnaire.keys import is_more


class Draft:
    """Collects the effects of one stimulus; `turn()` makes them a value.

    Everything said in one turn goes out as one message: residents pay attention, and offices pay, per message.
    """

    def __init__(
        self, conversation: Conversation, world: World, *, urgency: Urgency, channel: str = "", heard: bool = False
    ) -> None:
        """Begin a turn; `heard`: a message came in by `channel` from the address itself."""
        # Spelled out: every turn comes by here, and `replace` takes three times as long.
        self.conversation = Conversation(
            conversation.address,
            conversation.people,
            conversation.interviews,
            conversation.language,
            conversation.turn + 1,
            conversation.keep_offered,
            channel if heard else conversation.channel,
            world.now if heard else conversation.heard_at,
            conversation.burst,
            conversation.erasure_until,
        )
        self.world = world
        self.channel = channel
        self._urgency = urgency
        self._lines: list[str] = []
        self._options: tuple[str, ...] = ()
        self._guard = ""
        self._about: Interview | None = None
        self._opens = False
        self._addressee = 0
        self._campaign = ""
        self._events: list[Event] = []
        self._wakes: list[Wake] = []
        self._answers: list[Answer] = []
        self._erased: list[tuple[str, str]] = []
        self._cases: dict[str, Case] = {}
        self._consents: list[ConsentEntry] = []
        self._links: list[LinkChange] = []
        self._calls: list[StaffCall] = []
        self._invitations: list[Invitation] = []
        self._erased_residents: list[int] = []
        self._attachments: list[KeptAttachment] = []
        self._attachment_changes: list[AttachmentChange] = []
        self._for_staff = ""

    @property
    def language(self) -> str:
        """The language spoken at this address."""
        return self.conversation.language

    def words(self, template: str | Message, /, **fields: object) -> str:
        """Return a sentence in the language spoken here."""
        if isinstance(template, Message):
            return translate(self.language, template.template, **{**template.fields, **fields})
        return translate(self.language, template, **fields)

    def say(self, text: str, *, about: Interview | None = None, to: int = 0, campaign: str = "") -> None:
        """Add a line to what goes back; `about` names the interview it belongs to, or `campaign` alone does."""
        if text:
            self._lines.append(text)
        if about is not None:
            self._about = about
        self._addressee = to or self._addressee
        self._campaign = campaign or self._campaign

    def ask(self, text: str, interview: Interview, options: tuple[str, ...], guard: str = "") -> None:
        """Add the open question; buttons may offer `options`, and carry `guard`."""
        self.say(text, about=interview)
        self._options = options
        self._guard = guard
        self._opens = True

    @property
    def asked(self) -> bool:
        """Whether a question has been put in this turn: one is enough."""
        return self._opens

    def put(self, interview: Interview) -> Interview:
        """Store an interview's new state and return it."""
        self.conversation = self.conversation.with_interview(interview)
        return interview

    def put_person(self, person: Person) -> None:
        """Store what is now known of a person at this address."""
        self.conversation = self.conversation.with_person(person)

    def event(self, kind: str, interview: Interview | None = None, **about: str | int) -> None:
        """Record that something happened; case, resident, campaign and actor are its subjects, the rest is data."""
        subjects = {name: about.pop(name) for name in ("case", "resident", "campaign", "actor") if name in about}
        self._events.append(
            Event(
                kind=kind,
                at=self.world.now,
                resident=int(subjects.get("resident") or (interview.resident if interview else 0)),
                interview=interview.id if interview else "",
                campaign=str(subjects.get("campaign") or (interview.campaign if interview else "")),
                case=str(subjects.get("case") or (interview.case if interview else "")),
                actor=str(subjects.get("actor", "resident" if self._urgency is Urgency.REPLY else "system")),
                data=about,
            )
        )

    def wake(self, wake: Wake) -> None:
        """Ask the clock for something later."""
        self._wakes.append(wake)

    def answer(self, answer: Answer) -> None:
        """Store an answer."""
        self._answers.append(answer)

    def erase(self, interview: Interview, question: str) -> None:
        """Take an answer back, with what came with it; that a repeat goes on was never kept as one."""
        if is_more(question):
            return
        taken = (interview.id, question)
        self._erased.append(taken)
        self._answers = [a for a in self._answers if (a.interview, a.question) != taken]
        if taken in interview.attached:
            self.change_attachments(AttachmentChange(interview.resident, interview.id, question))

    def answered(self, interview: str, question: str) -> bool:
        """Whether this turn has stored an answer to a question."""
        return any((a.interview, a.question) == (interview, question) for a in self._answers)

    def keep(self, attachments: Sequence[Attachment], interview: Interview, question: str) -> None:
        """Keep what came with an answer."""
        self._attachments += [
            KeptAttachment(attachment, interview.resident, interview.id, question) for attachment in attachments
        ]

    def change_attachments(self, change: AttachmentChange) -> None:
        """Say what becomes of attachments kept before."""
        self._attachment_changes.append(change)

    def case(self, case: Case) -> None:
        """Store a case's new state."""
        self._cases[case.id] = case

    def known_case(self, case_id: str) -> Case:
        """Return a case as it stands in this turn."""
        return self._cases.get(case_id) or self.world.cases[case_id]

    def consent(self, resident: int, consent: Consent, source: str) -> None:
        """Log what a resident said of being written to, and let it stand at once."""
        self._consents.append(ConsentEntry(resident, consent, source, self.channel, self.world.now))
        self.put_person(replace(self.conversation.person(resident), consent=consent.value))

    def link(self, change: LinkChange) -> None:
        """Note what was learnt of the tie between a resident and this address."""
        self._links.append(change)

    def invite(self, invitation: Invitation) -> None:
        """Let whoever opens a chat by this link be tied to its resident."""
        self._invitations.append(invitation)

    def erase_resident(self, resident: int) -> None:
        """Have everything about a resident deleted."""
        self._erased_residents.append(resident)

    def call(self, call: StaffCall) -> None:
        """Queue a call by a person."""
        self._calls.append(call)

    def for_staff(self, reason: str) -> None:
        """Keep the message for a person to look at; `reason` is a closed code."""
        self._for_staff = self._for_staff or reason

    def plan(self, interview: Interview) -> Plan | None:
        """Return the plan of the interview's campaign, None for those that belong to none."""
        campaign = self.world.campaigns.get(interview.campaign)
        return campaign.plan if campaign else None

    def daytime(self, moment: datetime, interview: Interview | None = None) -> datetime:
        """Return `moment` or the next one outside quiet hours."""
        plan = self.plan(interview) if interview else None
        office = self.world.office
        if plan:
            return next_opening(moment, plan.zone, plan.day_opens, plan.day_closes)
        return next_opening(moment, office.zone, office.day_opens, office.day_closes)

    def later(self, by: timedelta, interview: Interview | None = None) -> datetime:
        """Return the instant `by` from now, moved out of quiet hours."""
        return self.daytime(self.world.now + by, interview)

    def turn(self) -> Turn:
        """Return everything decided, as a value."""
        about = self._about
        first = self.conversation.people[0].resident if self.conversation.people else 0
        says: tuple[Say, ...] = ()
        if self._lines:
            says = (
                Say(
                    text="\n".join(self._lines),
                    urgency=self._urgency,
                    key=f"{self.conversation.address}|{self.conversation.turn}",
                    # Never nobody's: an opt-out finds what is still to be said by its resident.
                    resident=self._addressee or (about.resident if about else first),
                    interview=about.id if about else "",
                    campaign=about.campaign if about else self._campaign,
                    case=about.case if about else "",
                    options=self._options,
                    opens=self._opens,
                    guard=self._guard,
                ),
            )
        return Turn(
            conversation=self.conversation,
            events=tuple(self._events),
            says=says,
            wakes=tuple(self._wakes),
            answers=tuple(self._answers),
            erased=tuple(self._erased),
            cases=tuple(self._cases.values()),
            consents=tuple(self._consents),
            links=tuple(self._links),
            calls=tuple(self._calls),
            invitations=tuple(self._invitations),
            erased_residents=tuple(self._erased_residents),
            attachments=tuple(self._attachments),
            attachment_changes=tuple(self._attachment_changes),
            for_staff=self._for_staff,
        )
