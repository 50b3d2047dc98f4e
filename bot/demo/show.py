"""What a person sees of the month while it passes: a bar with the date, and three talks as they happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.align import Align
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from bot.cli.words import _
from bot.demo.calendar import ZONE, Calendar
from bot.demo.letters import asked
from bot.demo.town import OFFICE, Resident

#: Questions of the survey that the first two talks show; the third shows what is about the matter.
FIRST_QUESTIONS = frozenset({"q1", "q2"})
ABOUT_A_MATTER = frozenset({"complaint", "callback"})
WIDTH = 76


@dataclass(slots=True)
class Talk:
    """One talk that is shown: its title, with whom, which questions of it, how many messages at most."""

    title: str
    resident: Resident
    about: Callable[[str], bool]
    most: int = 1000
    shown: int = 0
    open: bool = field(default=False)


class Show:
    """Prints to `console`; `quiet` prints nothing. On a terminal bubbles stand above a progress bar."""

    def __init__(self, console: Console, calendar: Calendar, *, quiet: bool) -> None:
        self._console, self._calendar, self._quiet = console, calendar, quiet
        self._live = console.is_terminal and not quiet
        self._talks: Mapping[str, Talk] = {}
        self._begun = 0
        self._heard: list[tuple[str, str, str]] = []
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def say(self, text: str, style: str = "") -> None:
        """Print a line."""
        if not self._quiet:
            self._console.print(escape(text), style=style, highlight=False, soft_wrap=True)

    def print(self, text: str) -> None:
        """Print text that is laid out already."""
        if not self._quiet:
            self._console.out(text, end="", highlight=False)

    def imported(self, result: Mapping[str, Any]) -> None:
        """Say what the import brought."""
        self.say(
            _(
                "Sampling frame: {rows} residents in {strata} strata, {shared} numbers shared, {digest}",
                rows=result["rows"],
                strata=len(result["strata"]),
                shared=result["shared_numbers"],
                digest=result["digest"][:12],
            )
        )

    def launched(self, result: Mapping[str, Any]) -> None:
        """Say what was launched."""
        if result["kind"] == "survey":
            sizes = " + ".join(map(str, result["replicates"]))
            self.say(
                _("Launched {name}: {sizes} residents drawn (main sample + reserves)", name=result["name"], sizes=sizes)
            )
            return
        self.say(
            _(
                "Launched {name}: {people} residents get the message, {drawn} drawn ones are left alone",
                name=result["name"],
                people=result["recipients"],
                drawn=result["left_out"].get("drawn", 0),
            )
        )

    def follow(self, cast: Mapping[str, Resident]) -> None:
        """Show the talks with these residents of the cast."""
        talks = (
            Talk(_("an answer that is no option is asked again"), cast["cautious"], _first_questions, 6),
            Talk(_("who doubts gets facts, then the question again"), cast["doubtful"], _first_questions, 6),
            Talk(_("a street lamp, from the report to the resident's word"), cast["lamp"], _about_matter),
        )
        self._talks = {talk.resident.number: talk for talk in talks}

    def begin(self) -> None:
        """Put the bar up."""
        if not self._live:
            return
        columns = (TextColumn(_("Simulated month")), BarColumn(), TextColumn("{task.description}"))
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._task = self._bar.add_task("", total=float(self._calendar.days))
        self._bar.start()

    def tell(self, now: datetime) -> None:
        """Show what was heard at this instant and move the bar."""
        # Messages of one instant race each other; shown by number they stand in one order in every run.
        for number, way, text in sorted(self._heard, key=lambda heard: heard[0]):
            self._show(number, way, text, now)
        self._heard.clear()
        if self._bar is not None and self._task is not None:
            passed = (now - self._calendar.starts_at).total_seconds() / 86_400
            self._bar.update(self._task, completed=passed, description=_stamp(now))

    def end(self) -> None:
        """Take the bar down."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def hear(self, number: str, way: str, text: str) -> None:
        """Take note of a message a phone sent or received; it is shown if it belongs to one of the talks."""
        if number in self._talks and not self._quiet:
            self._heard.append((number, way, text))

    def _show(self, number: str, way: str, text: str, now: datetime) -> None:
        talk = self._talks[number]
        if way == "received":
            talk.open = talk.about(text)
        if not talk.open or talk.shown >= talk.most:
            return
        if not talk.shown:
            self.say("")
            self._begun += 1
            title = _("Talk {number}: {title}", number=self._begun, title=talk.title)
            self.say(f"── {title} · {_('Simulated data')} ──", "bold magenta")
        talk.shown += 1
        self._bubble(talk, way, text, now)

    def _bubble(self, talk: Talk, way: str, text: str, now: datetime) -> None:
        mine = way == "sent"
        head = f"{_stamp(now)} {talk.resident.name if mine else OFFICE}"
        if self._live:
            panel = Panel.fit(escape(text), title=head, title_align="left", border_style="green" if mine else "cyan")
            self._console.print(Align(panel, "right" if mine else "left"), width=WIDTH)
        elif mine:
            self.say(f"  [{head}] » {text}")
        else:
            self.say("\n    ".join([f"  [{head}]", *text.splitlines()]))


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%m-%d %H:%M}"


def _first_questions(text: str) -> bool:
    question = asked(text)
    return question is not None and question.question.name in FIRST_QUESTIONS


def _about_matter(text: str) -> bool:
    question = asked(text)
    return question is None or question.form in ABOUT_A_MATTER
