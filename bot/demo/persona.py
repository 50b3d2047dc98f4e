"""One resident with a phone: what they make of each message, what they answer, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.demo.calendar import GRID, WIDE_GRID, on_grid
from bot.demo.conduct import Conduct, Temper
from bot.demo.habits import put
from bot.demo.letters import Asked, asked, is_publicity, offers_to_keep, registered
from bot.demo.matter import Fix, Matter
from bot.demo.town import Resident
from surveys.language import CHINESE
from surveys.questionnaire.form import Kind

#: When people look at their phones.
WAKES, SLEEPS = time(7, 0), time(22, 0)
NOTHING_ELSE = {"zh": "没有", "en": "none"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a phone will send, and when."""

    at: datetime
    text: str


@dataclass(slots=True)
class Persona:
    """Somebody at the phone of `resident`; everything they do follows from `rng` and what they were sent.

    `opinions` are their true answers. `reported` holds how often the unit has said that their matter is done,
    `heard_from_unit` whether it has been in touch; both are told to them, not asked.
    """

    resident: Resident
    opinions: Mapping[str, str]
    conduct: Conduct
    matter: Matter | None
    rng: Random
    zone: ZoneInfo
    case: str = ""
    reported: int = 0
    heard_from_unit: bool = False
    reply: Reply | None = None
    begun: bool = False
    gone: bool = False
    written: bool = False
    reminders: int = 0
    open: tuple[str, str] = ("", "")
    said: dict[str, int] = field(default_factory=dict)

    def hear(self, text: str, now: datetime) -> None:
        """Take a message in; perhaps plan a reply."""
        self.case = registered(text) or self.case
        question = asked(text)
        if question is None:
            self._hear_statement(text, now)
            return
        if self.gone or self.conduct.temper is Temper.SILENT:
            return
        key = (question.form, question.question.name)
        if key == self.open and self.reply is not None:
            return  # a reminder; they mean to answer already
        again, self.open = key == self.open, key
        if question.form == "callback":
            self._be_called_back(question, now, again=again)
        elif question.form == "complaint":
            self._say(now, self._about_matter(question))
        elif not self.begun:
            self._be_invited(question, now)
        elif self.conduct.leaves_after is not None and len(self.said) >= self.conduct.leaves_after:
            self.gone = True
        else:
            self._say(now, self._answer(question, again=again))

    def due(self, now: datetime) -> str | None:
        """Return the text that is to be sent by now, once."""
        if self.reply is None or self.reply.at > now:
            return None
        text = self.reply.text
        self.reply = None
        return text

    def answer_by_phone(self, text: str) -> str:
        """Return what they say when a member of staff reads a question out to them."""
        question = asked(text)
        return self._answer(question, again=True) if question else ""

    def _hear_statement(self, text: str, now: datetime) -> None:
        if offers_to_keep(text) and self.conduct.keeps_case:
            self.gone = False
            self._say(now, "办理" if self.resident.language == CHINESE else "keep")
        elif is_publicity(text) and not self.begun:
            if self.conduct.on_publicity:
                self._say(now, self.conduct.on_publicity)
        elif self.conduct.writes_later and self.begun and self.matter and not self.written:
            self.written = True
            self._say(now, self.matter.text, after=self.conduct.writes_later)

    def _be_invited(self, question: Asked, now: datetime) -> None:
        """Decide when to answer at all; a reminder wins some of those who let it lie."""
        self.reminders += 1
        if self.reminders <= self.conduct.ignores:
            return
        self.begun = True
        self._say(now, self._answer(question, again=False), after=self.conduct.first_after)

    def _answer(self, question: Asked, *, again: bool) -> str:
        name = question.question.name
        times = self.said.get(name, 0)
        self.said[name] = times + 1
        first = self.conduct.words_for(name, times)
        if first is not None:
            return first
        if question.form == "identity":
            return self._who(question)
        if question.form == "complaint":
            return self._about_matter(question)
        if question.form == "callback":
            return self._of_callback(question, again=again)
        if question.question.kind is Kind.TEXT:
            return "捡垃圾" if question.language == CHINESE else "picking litter"
        value = self.opinions.get(name, "")
        if not value:
            return str(len(question.question.choices))
        return put(self.conduct.habit, question, value, self.rng, again=again and times > 0)

    def _who(self, question: Asked) -> str:
        words = {"self": ("本人", "me"), "family": ("家人", "family"), "changed": ("号码换人", "wrong number")}
        self.gone = self.resident.holder == "changed"
        return words[self.resident.holder][question.language != CHINESE]

    def _about_matter(self, question: Asked) -> str:
        chinese = question.language == CHINESE
        if question.question.name == "what":
            wanted = self.matter is not None and not self.conduct.writes_later
            return self.matter.text if wanted and self.matter else NOTHING_ELSE[question.language]
        said = self.conduct.pass_on
        words = {"named": ("同意转办", "ok"), "unnamed": ("不署名转办", "anonymous"), "no": ("不用转", "no")}
        return words[said][not chinese]

    def _be_called_back(self, question: Asked, now: datetime, *, again: bool) -> None:
        if self.conduct.silent_at_callback:
            return
        if self.conduct.declines_callback:
            self._say(now, "不想评" if question.language == CHINESE else "rather not say")
            return
        self._say(now, self._answer(question, again=again))

    def _of_callback(self, question: Asked, *, again: bool) -> str:
        fix = self.matter.fix(self.reported) if self.matter else Fix.DONE
        name, chinese = question.question.name, question.language == CHINESE
        if name == "why":
            return (self.matter.topic.still if self.matter else "") if chinese else "still the same"
        if name == "anything_else":
            return NOTHING_ELSE[question.language]
        values = {
            "contacted": "yes" if self.heard_from_unit else "no",
            "solved": fix.value,
            "satisfied": {Fix.DONE: "satisfied", Fix.PARTLY: "basically", Fix.NOTHING: "not"}[fix],
            "pressure": "yes" if self.conduct.pressed else "no",
        }
        return put(self.conduct.habit, question, values[name], self.rng, again=again)

    def _say(self, now: datetime, text: str, *, after: timedelta | None = None) -> None:
        """Plan to send `text` after a while, at an hour when people are up."""
        wait = after if after is not None else self.conduct.pause(self.rng)
        grid = GRID if self.conduct.temper is Temper.FAST else WIDE_GRID
        at = on_grid(now + wait, grid).astimezone(self.zone)
        if at.time() >= SLEEPS:
            at += timedelta(days=1)
        if at.time() >= SLEEPS or at.time() < WAKES:
            at = datetime.combine(at.date(), WAKES, self.zone) + grid * self.rng.randrange(timedelta(hours=4) // grid)
        self.reply = Reply(at.astimezone(now.tzinfo), text)
