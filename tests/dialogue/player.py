"""Plays a golden conversation: no database, and the state goes through its serialised form between all lines.

A file reads like a transcript. `> ` is what the resident writes, `< ` what is said back, `@ ` what else happens
(invite; wait 24h; assign UNIT; resolve WHAT; tap 2, or tap 2 of 1 for a button of the first question put; voice, photo
or sticker with the words beside it; change WORDS), `# ` a remark, and the lines above the first blank line set the
scene: `form` is a template or a file of conversations/forms, `units` how many units there are to rate, and `channel:
telegram` shows the buttons below a message as `[ `.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from storage.codec import NamedCodec
from storage.vault import Keys, Vault
from surveys.campaign.office import Office
from surveys.campaign.plan import CampaignKind, CampaignState, Plan
from surveys.cases.case import Case
from surveys.cases.progress import CLOSED, Moved, assign, resolve
from surveys.consent.holdings import Holdings
from surveys.dialogue import waking
from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.dialogue.changing import hear_change
from surveys.dialogue.conversation import Conversation, Person
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import Interview
from surveys.dialogue.surname import surname
from surveys.dialogue.turn import Event, Say, Turn, Wake
from surveys.dialogue.world import Campaign, World
from surveys.questionnaire.form import Form
from surveys.questionnaire.templates import template_form
from surveys.questionnaire.xlsform import read_form
from surveys.units.directory import Unit
from surveys.units.given import units_given

START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning in Shanghai
UNITS = {"chengguan": ("城管局", "Urban Management"), "shuiwu": ("水务局", "Water Bureau")}
RATED = (
    Unit("a", "城管局", "Urban Management", "一类", duties="市容环卫、户外广告。"),
    Unit("b", "水务局", "Water Bureau", "一类", duties="供水排水。"),
    Unit("c", "交警大队", "Traffic Police", "二类"),
)
OFFICE = Office(names={"zh": "清江市测评办", "en": "Qingjiang Survey Office"}, hotline="0838-12345")
VAULT = Vault(Keys.from_seed("golden"))
CODEC = NamedCodec(VAULT)


@cache
def form_called(name: str) -> Form:
    """Return a form of conversations/forms, else the template of that name."""
    own = Path(__file__).parents[1] / "conversations" / "forms" / f"{name}.csv"
    return read_form(own.name, own.read_bytes()) if own.exists() else template_form(name)


@dataclass
class Stage:
    """One address and its world, moved by stimuli."""

    form: str = "five_waters_2018"
    people: list[Person] = field(default_factory=list)
    language: str = "zh"
    now: datetime = START
    ask_complaint: bool = True
    cases: dict[str, Case] = field(default_factory=dict)
    wakes: list[Wake] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    channel: str = "simulator"
    units: int = 0
    pace: timedelta = timedelta(minutes=1)  # between what is said to the resident and the reply
    conversation: Conversation = field(init=False)

    def __post_init__(self) -> None:
        self.conversation = Conversation(address=1, people=tuple(self.people), language=self.language)

    @property
    def plan(self) -> Plan:
        return Plan(
            name="water",
            kind=CampaignKind.SURVEY,
            organiser="清江市测评办" if self.language == "zh" else "Qingjiang Survey Office",
            legal_basis="《清江市政务服务评议办法》",
            delete_on=date(2027, 11, 1),
            starts_at=START,
            closes_at=START + timedelta(days=21),
            zone="Asia/Shanghai",
            titles={"zh": "五水共治群众评议", "en": "Five Waters survey"},
            form=self.form,
            ask_complaint=self.ask_complaint,
            verify_by="0838-12345",
        )

    @property
    def world(self) -> World:
        state = CampaignState.RUNNING if self.now < self.plan.closes_at else CampaignState.CLOSED
        return World(
            now=self.now,
            office=OFFICE,
            names=VAULT,
            form=form_called,
            campaigns={"water": Campaign("water", self.plan, state)},
            cases=self.cases,
            units=lambda unit, language: UNITS[unit][0 if language == "zh" else 1],
            holdings=lambda _: Holdings(numbers=1, interviews=1, answers=2, since=START, delete_on=self.plan.delete_on),
        )

    def invite(self) -> list[str]:
        campaign = self.world.campaigns["water"]
        given = units_given(RATED[: self.units]) if self.units else {}
        return self.take(waking.invite(self.conversation, campaign, self.people[0].resident, self.world, given))

    def hear(self, text: str, **came: Any) -> list[str]:
        self.now += self.pace
        return self.take(hear(self.conversation, Heard(text, self.channel, **came), self.world))

    def tap(self, number: int, of: int = 0) -> list[str]:
        """Tap a button of the `of`-th message with buttons, of the newest if that is 0."""
        return self.hear(str(number), tap=self.buttons[of - 1].guard)

    @property
    def buttons(self) -> list[Say]:
        """Every message that was put with buttons, in order."""
        return [say for turn in self.turns for say in turn.says if say.guard]

    def send(self, kind: str, caption: str = "") -> list[str]:
        """Send something that is not words, or not words alone."""
        place = "31.12783,104.39865" if kind == "location" else ""
        return self.hear(caption, attachments=(Attachment(AttachmentKind(kind), f"file-{kind}", "", 1000, place),))

    def change(self, text: str) -> list[str]:
        """Change a message sent before."""
        self.now += self.pace
        return self.take(hear_change(self.conversation, Heard(text, "simulator"), self.world))

    def wait(self, by: timedelta) -> list[str]:
        until, said = self.now + by, []
        while due := sorted((w for w in self.wakes if w.due_at <= until), key=lambda w: (w.due_at, w.key)):
            wake = due[0]
            self.wakes.remove(wake)
            self.now = max(self.now, wake.due_at)
            said += self.wake(wake)
        self.now = until
        return said

    def wake(self, wake: Wake) -> list[str]:
        if wake.kind == "callback":
            case = self.cases[wake.subject]
            return self.take(waking.call_back_resident(self.conversation, case.id, self.world))
        interview = self.conversation.interview(wake.subject)
        if wake.kind == "case_due" or interview is None or wake.guard not in {-1, interview.turn}:
            return []
        acts = {"remind": waking.remind, "resume": waking.resume, "expire": waking.expire}
        return self.take(acts[wake.kind](self.conversation, interview, self.world))

    def unit_acts(self, verb: str, what: str) -> None:
        case = max(self.cases.values(), key=lambda c: c.opened_at)
        if verb == "assign":
            moved = assign(case, unit=what, handler="周工", now=self.now, office=OFFICE)
        else:
            moved = resolve(case, what=what, by="周工", now=self.now)
        assert isinstance(moved, Moved), moved
        self.cases[case.id] = moved.case
        if verb == "resolve":
            due = self.now + OFFICE.callback_after
            self.wakes.append(Wake("callback", due, case.id, f"callback|{case.id}|{moved.case.round}"))

    def take(self, turn: Turn) -> list[str]:
        """Commit a turn as storage would, and read the state back from its serialised form."""
        self.turns.append(turn)
        self.events += turn.events
        self.cases |= {case.id: case for case in turn.cases}
        self.wakes += [wake for wake in turn.wakes if wake.key not in self.keys]
        self.keys |= {wake.key for wake in turn.wakes}
        after = turn.conversation
        live = [i for i in after.interviews if i.stage in waking.LIVE]
        open_cases = {c.id: c.resident for c in self.cases.values() if c.state not in CLOSED}
        self.conversation = replace(
            after,
            interviews=tuple(reopened(interview) for interview in live),
            people=tuple(
                replace(p, open_cases=tuple(sorted(c for c, r in open_cases.items() if r == p.resident)))
                for p in after.people
            ),
        )
        return [line for say in turn.says for line in say.text.split("\n")]


def reopened(interview: Interview) -> Interview:
    """Return the interview as it comes back out of its sealed blob."""
    row = SimpleNamespace(
        id=interview.id,
        purpose=interview.purpose.value,
        resident_id=interview.resident,
        campaign_id=interview.campaign,
        case_id=interview.case,
        stage=interview.stage.value,
        turn=interview.turn,
        mode=interview.mode.value,
        state=CODEC.seal_interview(interview),
    )
    opened = CODEC.open_interview(row)
    assert opened == interview
    return opened


def play(text: str) -> str:
    """Return the transcript with everything said back written anew."""
    scene, _, rest = text.partition("\n\n")
    stage = set_scene(scene)
    lines = [scene, ""]
    for line in rest.splitlines():
        if line.startswith(("<", "[ ")):
            continue
        lines.append(line)
        before = len(stage.turns)
        if line.startswith("> "):
            stage.hear(line[2:])
        elif line.startswith("@ "):
            verb, _, what = line[2:].partition(" ")
            if verb == "invite":
                stage.invite()
            elif verb == "tap":
                number, _, of = what.partition(" of ")
                stage.tap(int(number), int(of or 0))
            elif verb in {kind.value for kind in AttachmentKind}:
                stage.send(verb, what)
            elif verb == "change":
                stage.change(what)
            elif verb == "wait":
                amount, unit = int(what[:-1]), what[-1]
                stage.wait(timedelta(**{{"h": "hours", "d": "days", "m": "minutes"}[unit]: amount}))
            else:
                stage.unit_acts(verb, what)
        for say in [say for turn in stage.turns[before:] for say in turn.says]:
            lines += [f"< {part}" for part in say.text.split("\n")]
            if stage.channel == "telegram" and say.options and say.guard:
                lines.append(f"[ {' | '.join(say.options)} ]")
        if line.startswith(("> ", *HEARD)) and stage.turns:
            lines += remarks(stage.turns[-1])
    lines.append(f"<< cases: {', '.join(sorted(c.state.value for c in stage.cases.values())) or 'none'}")
    return "\n".join(lines) + "\n"


#: Lines that let the resident do something else than write.
HEARD = ("@ tap", "@ change", *(f"@ {kind.value}" for kind in AttachmentKind))


def remarks(turn: Turn) -> list[str]:
    """Return what a reader of a transcript cannot see from what was said."""
    found = [f"<< for staff: {turn.for_staff}"] if turn.for_staff else []
    if turn.stale:
        found.append("<< stale")
    found += [f"<< kept: {kept.attachment.kind.value} for {kept.question}" for kept in turn.attachments]
    return found + [
        f"<< attachment of {change.question}: {'of the case' if change.case else 'dropped'}"
        for change in turn.attachment_changes
    ]


def set_scene(scene: str) -> Stage:
    """Return the stage that the head of a transcript describes."""
    people: list[Person] = []
    settings: dict[str, str] = {}
    for line in scene.splitlines():
        if line.startswith("#"):
            continue
        name, _, value = line.partition(": ")
        if name == "resident":
            full, _, tie = value.partition(", ")
            people.append(Person(len(people) + 1, surname(full), tie != "unconfirmed", "given"))
        else:
            settings[name] = value
    return Stage(
        form=settings.get("form", "five_waters_2018"),
        channel=settings.get("channel", "simulator"),
        units=int(settings.get("units", "0")),
        people=people,
        language=settings.get("language", "zh"),
        ask_complaint=settings.get("ask complaint", "yes") == "yes",
    )


def transcripts() -> list[Path]:
    """Return the golden conversations."""
    return sorted(Path(__file__).parents[1].joinpath("conversations").glob("*.txt"))
