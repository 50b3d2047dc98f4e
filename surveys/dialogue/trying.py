"""Talking a questionnaire through with one made-up resident: the very dialogue, without a database.

The office, the case of a callback and what hidden questions hold are samples. A minute passes before each reply.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from surveys.campaign.plan import CampaignKind, CampaignState, Plan
from surveys.cases.case import Case, CaseState
from surveys.dialogue import waking
from surveys.dialogue.asking import move_on
from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.dialogue.conversation import Conversation, Person
from surveys.dialogue.draft import Draft
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import Interview, Purpose, Stage
from surveys.dialogue.opening import open_interview
from surveys.dialogue.pages import page_of
from surveys.dialogue.samples import OFFICE, SAMPLES, given_samples
from surveys.dialogue.turn import Turn, Urgency
from surveys.dialogue.world import Campaign, World
from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.questionnaire.form import ASKED, Form
from surveys.questionnaire.keys import is_count, is_more, parted, row_of
from surveys.questionnaire.templates import template_form

RESIDENT, CAMPAIGN, CASE = 1, "try", "try"
PACE = timedelta(minutes=1)
_DAYS = timedelta(days=21)

_SIGN = re.compile(r"<\s*(?P<what>[a-z]+)(?:\s+(?P<number>\d{1,3}))?\s*>(?P<beside>.*)", re.IGNORECASE)
_COORDINATES = re.compile(r"(-?\d{1,2}(?:\.\d+)?)\s*[,， ]\s*(-?\d{1,3}(?:\.\d+)?)")
_PLACE = "31.12783,104.39865"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the resident does next: writes `text`, taps button `tap`, or sends `sent` with the text beside it."""

    text: str
    tap: int = 0
    sent: AttachmentKind | None = None
    place: str = ""  # of a location: latitude and longitude
    written: str = ""  # as it stands in the file


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the transcript; `options` are the labels of its buttons."""

    by: str  # "office" or "resident"
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """How far the talk has come.

    `asked` are the keys of the questions put, in order, one that is put anew after "back" once more.
    """

    form: Form
    channel: str
    purpose: Purpose
    world: World
    conversation: Conversation
    interview: Interview
    guard: str = ""
    asked: tuple[str, ...] = ()
    opened: int = 0
    lines: tuple[Line, ...] = ()
    tapped_wrongly: bool = False

    @property
    def complete(self) -> bool:
        """Whether the questionnaire was gone through to its end."""
        return self.interview.stage is Stage.COMPLETE

    @property
    def over(self) -> bool:
        """Whether nothing is open any more: what is said next would be a free message."""
        return self.conversation.floor is None

    def answers(self) -> dict[str, str]:
        """Return question path → answer as XForms text, in the order of the form."""
        return {path_of(self.form, kept): value for kept, value in self._kept() if self._asks(kept)}

    def computed(self) -> dict[str, str]:
        """Return path → value of what was calculated or filled in."""
        return {
            path_of(self.form, kept): value
            for kept, value in self._kept()
            if not self._asks(kept) and not is_more(kept) and not is_count(kept)
        }

    def asked_paths(self) -> list[str]:
        """Return the paths of the questions put, in order."""
        return [path_of(self.form, kept) for kept in self.asked]

    def _asks(self, kept: str) -> bool:
        if is_more(kept) or is_count(kept):
            return False
        question = next((q for q in self.form.questions if q.name == row_of(kept)), None)
        return question is not None and question.kind in ASKED

    def _kept(self) -> list[tuple[str, str]]:
        places = {question.name: place for place, question in enumerate(self.form.questions)}
        known = [(kept, value) for kept, value in self.interview.values.items() if row_of(kept) in places]
        return sorted(known, key=lambda answer: _stands(self.form, answer[0], places))


def _stands(form: Form, kept: str, places: Mapping[str, int]) -> tuple[int, ...]:
    """Return what sorts answers as the form asks them: instance by instance where a repeat begins."""
    name, indices = parted(kept)
    repeats = next(question.repeats for question in form.questions if question.name == name)
    begins = [min(places[q.name] for q in form.questions if repeat in q.repeats) for repeat in repeats]
    return (*(number for pair in zip(begins, indices, strict=False) for number in pair), places[name])


def page(trial: Trial) -> tuple[str, ...]:
    """Return the keys of the questions that are put together, () where one is put alone."""
    draft = Draft(trial.conversation, trial.world, urgency=Urgency.REPLY)
    return tuple(question.name for question in page_of(draft, trial.interview))


def path_of(form: Form, kept: str) -> str:
    """Return the path under which an answer is published, inside repeats with the number: `household[2]/age`.

    The question whether another instance of a repeat follows is `household[2]+`.
    """
    return form.path(kept) + ("+" if is_more(kept) else "")


def read_replies(text: str, file: str = "") -> tuple[Reply, ...]:
    """Return the replies of a file, one a line; `# …` is a remark. Refused with each line that means nothing."""
    found: list[Reply] = []
    problems: list[Problem] = []
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            found.append(read_reply(line.strip()))
        except Refused as refused:
            problems += [replace(problem, file=file, row=row) for problem in refused.problems]
    if problems:
        raise Refused(problems)
    return tuple(found)


def read_reply(line: str) -> Reply:
    """Return one reply: words, `<tap 2>`, or what can be sent: `<voice>`, `<photo>` with words beside it."""
    sign = _SIGN.fullmatch(line)
    if sign is None:
        return Reply(line, written=line)
    what, number = sign["what"].lower(), int(sign["number"] or 0)
    if what == "tap" and number and not sign["beside"].strip():
        return Reply(str(number), tap=number, written=line)
    place = _COORDINATES.fullmatch(sign["beside"].strip())
    if what == AttachmentKind.LOCATION and not number and place:
        return Reply("", sent=AttachmentKind.LOCATION, place=",".join(place.groups()), written=line)
    if what in set(AttachmentKind) and not number:
        return Reply(sign["beside"].strip(), sent=AttachmentKind(what), written=line)
    kinds = ", ".join(f"<{kind.value}>" for kind in AttachmentKind)
    raise Refused(
        [
            Problem(
                "unknown_sign",
                message("{line} is nothing a resident can do.", line=line[:60]),
                message("Write <tap 2>, one of {kinds}, or words.", kinds=kinds),
            )
        ]
    )


def begin(form: Form, *, language: str, channel: str, now: datetime, given: Mapping[str, str] | None = None) -> Trial:
    """Begin to talk `form` through; `now` is aware, `given` fills hidden questions beside the samples."""
    purpose = _purpose(form)
    world = _world(form, purpose, now, language)
    known = {**given_samples(form, language, now), **(given or {})}
    person = Person(RESIDENT, SAMPLES["surname"][language], confirmed=True, consent="given")
    conversation = Conversation(address=1, people=(person,), language=language, channel=channel)
    if purpose is Purpose.CALLBACK:
        turn = waking.call_back_resident(conversation, CASE, world)
    else:
        draft = Draft(conversation, world, urgency=Urgency.BULK, channel=channel)
        if purpose is Purpose.IDENTITY:
            asking = Interview("try", purpose, RESIDENT, form.digest, language=language, begun=True, given=known)
            move_on(draft, draft.put(asking))
        else:
            open_interview(
                draft,
                purpose=purpose,
                resident=RESIDENT,
                form=form.digest,
                about=CAMPAIGN,
                campaign=CAMPAIGN,
                given=known,
                late_after=now + 2 * _DAYS,
            )
        turn = draft.turn()
    first = next(i for i in turn.conversation.interviews if i.purpose is purpose)
    trial = Trial(form, channel, purpose, world, conversation, first.changed(asked=0))
    return _after(trial, turn)


def replied(trial: Trial, reply: Reply) -> Trial:
    """Return the trial after `reply` and what was said to it."""
    now = trial.world.now + PACE
    world = replace(trial.world, now=now)
    said = replace(
        trial, world=world, lines=(*trial.lines, Line("resident", reply.written or reply.text)), tapped_wrongly=False
    )
    if reply.tap and not trial.guard:
        return replace(said, tapped_wrongly=True)  # there is no button: nothing can have been tapped
    came: tuple[Attachment, ...] = ()
    if reply.sent is not None:
        place = (reply.place or _PLACE) if reply.sent is AttachmentKind.LOCATION else ""
        came = (Attachment(reply.sent, f"file-{reply.sent.value}", "", 1000, place),)
    heard = Heard(reply.text, trial.channel, tap=trial.guard if reply.tap else "", attachments=came)
    turn = hear(trial.conversation, heard, world)
    return replace(_after(said, turn), tapped_wrongly=turn.stale)


def _after(trial: Trial, turn: Turn) -> Trial:
    """Commit a turn as storage would: what has ended leaves the address."""
    after = turn.conversation
    mine = after.interview(trial.interview.id) or trial.interview
    asked = trial.asked
    if mine.position and mine.begun and mine.asked != trial.opened:
        put = page(replace(trial, conversation=after, interview=mine)) or (mine.position,)
        # A page that is not understood goes on one question at a time: those have been put already.
        before = trial.interview.trail
        asked = (*asked, *(name for name in put if name not in asked or name in before))
    live = tuple(i for i in after.interviews if i.stage in waking.LIVE)
    cases = {**trial.world.cases, **{case.id: case for case in turn.cases}}
    lines = tuple(Line("office", say.text, say.options if trial.channel == "telegram" else ()) for say in turn.says)
    guards = [say.guard for say in turn.says if say.opens]
    return replace(
        trial,
        conversation=replace(after, interviews=live),
        world=replace(trial.world, cases=cases),
        interview=mine,
        opened=mine.asked,
        asked=asked,
        lines=(*trial.lines, *lines),
        guard=(guards[-1] if trial.channel == "telegram" else "") if guards else trial.guard,
    )


def _purpose(form: Form) -> Purpose:
    named = form.settings.get("purpose", "")
    return Purpose(named) if named in set(Purpose) else Purpose.SURVEY


def _world(form: Form, purpose: Purpose, now: datetime, language: str) -> World:
    def find(key: str) -> Form:
        return form if key in {form.digest, purpose.value} else template_form(key)

    plan = Plan(
        name=CAMPAIGN,
        kind=CampaignKind.SURVEY,
        organiser=OFFICE.name(language),
        legal_basis="",
        delete_on=(now + 20 * _DAYS).date(),
        starts_at=now,
        closes_at=now + _DAYS,
        zone=OFFICE.zone,
        titles=form.titles,
        form=form.digest,
        ask_complaint=False,
    )
    done = Case(
        CASE,
        "261103482913",
        RESIDENT,
        1,
        CaseState.STAFF_RESOLVED,
        "",
        now - _DAYS,
        unit=CASE,
        round=1,
        resolved_at=now - timedelta(days=1),
        resolution=SAMPLES["what_was_done"][language],
    )
    return World(
        now=now,
        office=OFFICE,
        names=_Names(),
        form=find,
        campaigns={CAMPAIGN: Campaign(CAMPAIGN, plan, CampaignState.RUNNING)},
        cases={CASE: done} if purpose is Purpose.CALLBACK else {},
        units=lambda _unit, spoken: SAMPLES["unit"][spoken],
    )


class _Names:
    """Names that follow from what they name: nobody gets these messages."""

    def name(self, *parts: object, length: int = 20) -> str:
        """Return letters and digits that follow from `parts`."""
        return sha256("|".join(map(str, parts)).encode()).hexdigest()[:length]

    def digits(self, *parts: object, length: int) -> str:
        """Return decimal digits that follow from `parts`."""
        return str(int(sha256("|".join(map(str, parts)).encode()).hexdigest(), 16))[:length]
