"""A small town for tests: residents with numbers, a launched campaign, and a service on a clock that is moved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select, update

from scheduler.clock import SteppedClock
from scheduler.dispatch import Dispatch
from scheduler.sender import Accepted, NotSent, Outgoing, Unknown
from scheduler.talk import Talk
from storage import forms
from storage.campaigns import put_draft
from storage.database import Database
from storage.entry import Entry
from storage.gates import Limits
from storage.hearing import Settled
from storage.inbox import Inbound
from storage.residents import put
from storage.tables.campaigns import campaigns, sample
from storage.tables.messages import outbox
from storage.tables.residents import units
from storage.wakes import write_wakes
from surveys.campaign.office import Office
from surveys.campaign.plan import CampaignKind, Plan
from surveys.dialogue.turn import Wake
from surveys.questionnaire.templates import template, template_form

T = TypeVar("T")
START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning in Shanghai
OFFICE = Office(names={"zh": "清江市测评办", "en": "Qingjiang Survey Office"}, hotline="0838-12345")
CHANNELS = {"simulator": "phone"}


@dataclass
class Pigeon:
    """A sender that keeps what it is given; `answer` decides what becomes of each call."""

    name: str = "simulator"
    limits: Limits = field(default_factory=Limits)
    sent: list[Outgoing] = field(default_factory=list)
    answer: Callable[[Outgoing], Accepted | NotSent | Unknown] | None = None
    holds: set[str] = field(default_factory=set)  # attempts the provider has, for evidence

    async def send(self, message: Outgoing) -> Accepted | NotSent | Unknown:
        result = self.answer(message) if self.answer else Accepted(f"p{len(self.sent)}")
        if not isinstance(result, NotSent):
            self.sent.append(message)
        if isinstance(result, Accepted):
            self.holds.add(message.attempt)
        return result

    async def evidence(self, message: Outgoing, since: datetime, known: frozenset[str]) -> Accepted | NotSent | Unknown:
        del since, known
        return Accepted(f"e-{message.attempt}") if message.attempt in self.holds else NotSent("not there")


class Town:
    """Residents 1..n with numbers of their own, unless `numbers` says otherwise."""

    def __init__(
        self, database: Database, size: int = 3, *, numbers: Sequence[str] = (), confirmed: bool = True
    ) -> None:
        self.database = database
        self.clock = SteppedClock(START)
        self.numbers = list(numbers) or [f"+86139000{n:05d}" for n in range(1, size + 1)]
        self.talk = Talk(database, OFFICE, self.clock, CHANNELS)
        self.pigeon = Pigeon()
        self.count = 0
        entries = [
            Entry(
                office_id=f"R{n}",
                name=f"王{n}",
                language="zh",
                birth_year=1970,
                telegram=False,
                phones=(number,),
                agreed_by="window",
                agreed_at=START - timedelta(days=30),
                confirms=confirmed,
            )
            for n, number in enumerate(self.numbers, 1)
        ]
        shared = {number for number in self.numbers if self.numbers.count(number) > 1}
        database.write(lambda c: put(c, database.vault, entries, shared, START))
        database.write(self._furnish)

    def _furnish(self, connection: Connection) -> None:
        form = template_form("five_waters_2018")
        forms.add(connection, form, "five_waters_2018.csv", template("five_waters_2018"), START)
        connection.execute(
            insert(units).values(
                id="chengguan", name="城管局", name_en="Urban Management", unit_class="A", duties="", hotline="",
                exempt=False, updated_at=START,
            )
        )  # fmt: skip

    def plan(self, name: str = "water", **changes: Any) -> Plan:
        settings: dict[str, Any] = {
            "name": name,
            "kind": CampaignKind.SURVEY,
            "organiser": "清江市测评办",
            "legal_basis": "《清江市政务服务评议办法》",
            "delete_on": date(2027, 11, 1),
            "starts_at": START,
            "closes_at": START + timedelta(days=21),
            "zone": "Asia/Shanghai",
            "titles": {"zh": "五水共治群众评议", "en": "Five Waters survey"},
            "form": template_form("five_waters_2018").digest,
        }
        return Plan(**{**settings, **changes})

    def launch(self, plan: Plan | None = None, *, drawn: Sequence[int] | None = None) -> Plan:
        """Make a campaign running with the residents `drawn` (all if not said), their invitations due at once."""
        plan = plan or self.plan()
        members = list(drawn if drawn is not None else range(1, len(self.numbers) + 1))

        def start(connection: Connection) -> None:
            put_draft(connection, plan, START)
            connection.execute(
                update(campaigns).where(campaigns.c.id == plan.name).values(state="running", launched_at=START)
            )
            if plan.kind is CampaignKind.SURVEY:
                connection.execute(
                    insert(sample),
                    [
                        {
                            "campaign_id": plan.name, "pseudonym": f"p{n:04d}", "resident_id": n, "stratum": "town",
                            "area": "", "replicate": 0, "population": 100, "probability": len(members) / 100,
                            "released_at": START,
                        }
                        for n in members
                    ],
                )  # fmt: skip
            kind, subject = ("invite", None) if plan.kind is CampaignKind.SURVEY else ("awareness", "0")
            write_wakes(
                connection,
                [
                    Wake(
                        kind, self.clock.now(), subject or str(n), f"{kind}|{plan.name}|{n}", resident=n,
                        campaign=plan.name,
                    )
                    for n in members
                ],
            )  # fmt: skip
            write_wakes(
                connection, [Wake("close", plan.closes_at, plan.name, f"close|{plan.name}", campaign=plan.name)]
            )

        self.database.write(start)
        return plan

    def hear(self, resident: int, text: str, provider_id: str = "") -> Settled:
        """Hear a message and wait for its commit."""
        return self.talk.hear(self.inbound(resident, text, provider_id)).result()

    def inbound(self, resident: int, text: str, provider_id: str = "") -> Inbound:
        self.count += 1
        number = self.numbers[resident - 1]
        return Inbound("simulator", provider_id or f"m{self.count}", "phone", number, text, self.clock.now())

    def wakes(self) -> int:
        """Run everything due."""
        total = 0
        while ran := self.talk.run_wakes().result():
            total += ran
        return total

    def dispatch(self) -> Dispatch:
        return Dispatch(self.database, {"simulator": self.pigeon}, self.clock, OFFICE)

    def send(self) -> list[str]:
        """Send everything due; return what the pigeon carried this time."""
        before = len(self.pigeon.sent)
        run_async(self.dispatch().run_once())
        return [message.text for message in self.pigeon.sent[before:]]

    def pass_time(self, by: timedelta) -> list[str]:
        """Let time pass in steps of an hour, with wakes and sending; return what was sent."""
        said: list[str] = []
        until = self.clock.now() + by
        while self.clock.now() < until:
            self.clock.move(min(until, self.clock.now() + timedelta(hours=1)))
            self.wakes()
            said += self.send()
        return said

    def rows(self, table: Any, **where: Any) -> list[Any]:
        statement = select(table)
        for name, value in where.items():
            statement = statement.where(table.c[name] == value)
        with self.database.read() as connection:
            return list(connection.execute(statement).all())

    def states(self) -> list[str]:
        return sorted(row.state for row in self.rows(outbox))


def invited(database: Database, size: int = 3) -> Town:
    """Return a town whose residents are all drawn and have their invitation, and with it the first question."""
    town = Town(database, size)
    town.launch()
    town.wakes()
    town.send()
    return town


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a loop of its own."""
    return asyncio.run(work)
