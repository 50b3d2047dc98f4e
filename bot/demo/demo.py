"""One whole simulated evaluation: town, campaigns, month and results, as a report."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.actions.campaigns import ReleaseReplicate, release_replicate
from bot.actions.forms import AddForm, add_form
from bot.actions.launch import LaunchCampaign, launch_campaign
from bot.actions.planning import CreateCampaign, create_campaign
from bot.actions.progress import silent
from bot.actions.residents import ImportResidents, import_residents
from bot.actions.results import CampaignResults, campaign_results
from bot.actions.units import ImportUnits, import_units
from bot.demo import plans
from bot.demo.calendar import ZONE, Calendar
from bot.demo.desk import Desk
from bot.demo.lodging import Lodging
from bot.demo.month import Deed, Month
from bot.demo.opinions import FORM, opinions, truth
from bot.demo.people import People, gather
from bot.demo.show import Show
from bot.demo.town import Resident, make_town, publicity_areas, write_frame
from bot.demo.units import write_units
from bot.house import House, open_house
from bot.simulator.mailbox import Mailbox
from scheduler.clock import SteppedClock
from storage import sample
from storage.analysis import put_setting
from storage.entry import pseudonym_of
from storage.vault import Keys
from surveys.problem import Refused

#: Residents who are told about river chiefs, if the town is large enough.
TOLD = 2000


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be simulated."""

    days: int = 30
    residents: int = 50_000
    sample: int = 1000
    seed: int = 7
    language: str = "zh"
    width: int = 100
    colour: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it: `json` is what --json prints, `tables` the results as a terminal shows them.

    `publicity` are the results of the awareness campaign, `problems` lines about the text that was refused.
    """

    json: dict[str, Any]
    tables: str
    publicity: dict[str, Any]
    problems: tuple[str, ...]


def live_a_month(order: Order, lodging: Lodging, show: Show) -> Report:
    """Simulate what `order` says in the house of `lodging`; Refused if it does not fit together."""
    began = time.perf_counter()
    clock = SteppedClock(Calendar(order.days).starts_at)
    house = open_house(lodging.settings, clock=clock, keys=Keys.from_seed(f"{order.seed}"))
    try:
        with _collector_at_rest():
            simulation = _Simulation(order, lodging, show, house, clock)
            people = simulation.prepare()
            simulation.live(people)
            return simulation.report(people, began)
    finally:
        house.close()


class _Simulation:
    """One simulation under way."""

    def __init__(self, order: Order, lodging: Lodging, show: Show, house: House, clock: SteppedClock) -> None:
        self.order, self.lodging, self.show, self.house, self.clock = order, lodging, show, house, clock
        self.calendar = Calendar(order.days)
        self.residents: tuple[Resident, ...] = ()
        self.held: list[dict[str, str]] = []
        self.mailbox = Mailbox(lodging.phones)

    def prepare(self) -> People:
        """Do what staff do before the first message: frame, units, questionnaire, campaigns."""
        order, house = self.order, self.house
        house.database.write(lambda connection: put_setting(connection, "simulated", "yes"))
        self.residents = make_town(order.seed, order.residents, self.calendar.starts_at.astimezone(ZONE).date())
        self.held = [opinions(order.seed, resident) for resident in self.residents]
        with TemporaryDirectory(prefix="pingyi-demo-") as folder:
            frame, units = Path(folder) / "residents.csv", Path(folder) / "units.csv"
            write_frame(self.residents, frame)
            write_units(units)
            self.show.imported(import_residents(house, ImportResidents(path=frame), silent).model_dump())
            import_units(house, ImportUnits(path=units), silent)
        add_form(house, AddForm(template=FORM), silent)
        self._store_truth()
        self._launch(plans.survey(self.calendar, order.sample, order.seed))
        areas = publicity_areas(self.residents, min(TOLD, order.residents // 4))
        self._launch(plans.publicity(self.calendar, areas))
        people = self._gather()
        self.show.follow(people.cast)
        return people

    def live(self, people: People) -> None:
        """Let the month pass."""
        desk = Desk(self.house, people)
        deeds: list[tuple[datetime, Deed]] = [(at, desk.work) for at in self.calendar.desk_hours()]
        deeds.append((self.calendar.release_at, self._release))
        off = frozenset(resident.number for resident in self.residents if resident.off)
        month = Month(self.house, self.clock, self.calendar, people, self.show.hear, off=off, mailbox=self.mailbox)
        self.show.begin()
        try:
            asyncio.run(month.live(deeds, self.show.tell))
        finally:
            self.show.end()

    def report(self, people: People, began: float) -> Report:
        """Work out the results and write them; Report."""
        order, house = self.order, self.house
        refused, problems = self._refused()
        wish = CampaignResults(name=plans.SURVEY, folder=self.lodging.results, width=order.width, colour=order.colour)
        found = campaign_results(house, wish, silent)
        told = campaign_results(house, CampaignResults(name=plans.PUBLICITY), silent)
        cases = found["results"]["cases"]
        wanted = ("confirmed", "partly", "not_resolved", "reopened", "unreachable", "declined", "total", "by_state")
        return Report(
            json={
                "seed": order.seed,
                "days": order.days,
                "database": "sqlite" if house.database.sqlite else "postgresql",
                "campaign": plans.SURVEY,
                "results": found["results"],
                "cases": {name: cases[name] for name in wanted},
                "messages": self._messages(people),
                "refused": refused,
                "files": [*found["files"], *self.lodging.files()],
                "seconds": round(time.perf_counter() - began, 1),
            },
            tables=found["tables"],
            publicity=told["results"],
            problems=problems,
        )

    def _launch(self, fields: dict[str, Any]) -> None:
        create_campaign(self.house, CreateCampaign(fields=fields), silent)
        self.show.launched(launch_campaign(self.house, LaunchCampaign(name=fields["name"]), silent))

    def _store_truth(self) -> None:
        known = json.dumps(truth(self.held))
        self.house.database.write(lambda connection: put_setting(connection, f"truth.{plans.SURVEY}", known))

    def _gather(self) -> People:
        """Give every phone its person, and the parts of the cast to drawn residents."""
        vault = self.house.database.vault
        with self.house.database.read() as connection:
            parts = [sample.members_of(connection, plans.SURVEY, part) for part in range(1 + plans.REPLICATES)]
        drawn_as = vault.names("draw", plans.SURVEY)
        names = {drawn_as(pseudonym_of(vault, person.office_id)): person.office_id for person in self.residents}
        ids = [[names[name] for name, _, _ in members] for members in parts]
        return gather(
            self.order.seed,
            self.calendar,
            self.residents,
            self.held,
            main=frozenset(ids[0]),
            drawn=frozenset(chain.from_iterable(ids)),
        )

    def _release(self, _now: datetime) -> None:
        release_replicate(self.house, ReleaseReplicate(name=plans.SURVEY), silent)

    def _refused(self) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Try to launch a text that asks for full marks."""
        fields = plans.leading(self.calendar)
        create_campaign(self.house, CreateCampaign(fields=fields), silent)
        language = self.order.language
        try:
            launch_campaign(self.house, LaunchCampaign(name=plans.LEADING), silent)
        except Refused as refused:
            findings = [problem for problem in refused.problems if problem.code == "leading_wording"]
            lines = tuple(problem.text(language) for problem in findings)
            return {
                "text": plans.LEADING_TEXT,
                "problems": [problem.as_json(language) for problem in findings],
            }, lines
        raise AssertionError("a text that asks for full marks was not refused")

    def _messages(self, people: People) -> dict[str, int]:
        """Count messages as the carrier saw them."""
        attempts = self.mailbox.attempts()
        sent = sum(attempts.values())
        everything = sum(len(self.mailbox.of(number)) for number in people.met)
        return {
            "sent": sent,
            "sent_twice": sum(count > 1 for count in attempts.values()),
            "received": everything - sent,
        }


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the cycle collector from walking the whole town again and again; a run leaves few cycles behind."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
