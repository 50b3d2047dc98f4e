"""The engine alone: hear() with its state as JSON between all turns, no database and no encryption."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from storage.codec import NamedCodec
from storage.vault import Keys, Vault
from surveys.campaign.plan import CampaignKind, CampaignState, Plan
from surveys.dialogue import waking
from surveys.dialogue.conversation import Conversation, Person
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import Interview, Stage
from surveys.dialogue.world import Campaign, World
from surveys.questionnaire.templates import template_form
from tests.bench.figures import Contender, Section, interleave
from tests.bench.handler import Handler
from tests.bench.replies import FORM, REPLIES
from tests.town import OFFICE, START

OURS = "Pingyi: hear(), state dumped and loaded as JSON each turn"
HANDLER = "python-telegram-bot: JSON → handler, stub bot, live state"
#: FLOIP flow-runner on Node, as published in the facts of this project for another machine.
FLOIP_JSON, FLOIP_LIVE = 3_400, 4_200


class OpenVault(Vault):
    """Seals nothing: what is left of the codec is the JSON."""

    def seal(self, column: str, row: str, text: str) -> bytes:
        """Return the text as bytes."""
        del column, row
        return text.encode()

    def open(self, column: str, row: str, sealed: bytes) -> str:
        """Return the text."""
        del column, row
        return sealed.decode()


class Engine:
    """Conversations that begin with the first question put, and are talked to their end."""

    def __init__(self, batch: int) -> None:
        vault = OpenVault(Keys.from_seed("bench"))
        plan = Plan(
            name="water",
            kind=CampaignKind.SURVEY,
            organiser="清江市测评办",
            legal_basis="《清江市政务服务评议办法》",
            delete_on=(START + timedelta(days=365)).date(),
            starts_at=START,
            closes_at=START + timedelta(days=21),
            zone="Asia/Shanghai",
            titles={"zh": "五水共治群众评议"},
            form=FORM,
            ask_complaint=False,
        )
        campaign = Campaign("water", plan, CampaignState.RUNNING)
        self._world = World(
            now=START,
            office=OFFICE,
            names=vault,
            form=template_form,
            campaigns={"water": campaign},
            cases={},
            units=lambda unit, _: unit,
        )
        self._codec = NamedCodec(vault)
        self._batch = batch
        empty = Conversation(address=1, people=(Person(1, "王", confirmed=True, consent="given"),))
        self._invited = waking.invite(empty, campaign, 1, self._world).conversation
        self.turns = self.complete = 0

    def once(self) -> int:
        """Talk to as many residents as a round has; return how many turns were decided."""
        before = self.turns
        for number in range(self._batch):
            talk = self._invited
            for text in REPLIES[number % len(REPLIES)]:
                talk = hear(talk, Heard(text, "simulator"), self._world).conversation
                talk = Conversation(1, talk.people, tuple(map(self._reopened, talk.interviews)), turn=talk.turn)
                self.turns += 1
            self.complete += talk.interviews[0].stage is Stage.COMPLETE
        return self.turns - before

    def verify(self) -> None:
        """Count the interviews that came to their end."""
        if self.complete * len(REPLIES[0]) != self.turns:
            raise AssertionError((self.complete, self.turns))

    def _reopened(self, interview: Interview) -> Interview:
        row = SimpleNamespace(
            id=interview.id,
            purpose=interview.purpose.value,
            resident_id=interview.resident,
            campaign_id=interview.campaign,
            case_id=interview.case,
            stage=interview.stage.value,
            turn=interview.turn,
            mode=interview.mode.value,
            state=self._codec.seal_interview(interview),
        )
        return self._codec.open_interview(row)


def measure(rounds: int, batch: int) -> Section:
    """Return the section."""
    section = Section("The engine alone", "turns/s")
    engine, handler = Engine(batch), Handler(batch)
    interleave(section, {OURS: Contender(engine.once), HANDLER: Contender(handler.once, handler.prepare)}, rounds)
    engine.verify()
    handler.verify()
    handler.close()
    section.against(OURS, HANDLER, aim=3)
    rate = section.series[OURS].rate
    section.lines.append(
        f"FLOIP flow-runner, as published for another machine and not measured here: {FLOIP_JSON:,} turns/s with JSON "
        f"state, {FLOIP_LIVE:,} live; were the machines alike: {rate / FLOIP_JSON:.1f}× and {rate / FLOIP_LIVE:.1f}×"
    )
    return section
