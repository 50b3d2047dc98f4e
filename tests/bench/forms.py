"""Large forms: how long one takes to load, a turn of it takes to decide, and how much of an open talk is stored."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from statistics import median
from types import SimpleNamespace

from storage.codec import NamedCodec
from storage.vault import Keys, Vault
from surveys.campaign.plan import CampaignKind, CampaignState, Plan
from surveys.dialogue import waking
from surveys.dialogue.conversation import Conversation, Person
from surveys.dialogue.hear import Heard, hear
from surveys.dialogue.interview import Interview
from surveys.dialogue.world import Campaign, World
from surveys.questionnaire.form import Form
from surveys.questionnaire.xlsform import read_form
from surveys.units.directory import Unit
from surveys.units.given import units_given
from tests.bench.figures import Contender, Section, interleave
from tests.town import OFFICE, START

ROWS, CONDITIONS = 500, 400
UNITS, RATINGS = 12, 6
#: Seconds to load, milliseconds of a turn in the middle, bytes stored of an open conversation.
AIMS = (2.0, 2.0, 20_000)
#: Talks of a round.
TALKS = 1

_CHOICES = """
choices
,list_name,name,label::zh,label::en
,s,good,满意,Satisfied
,s,fair,一般,Fair
,s,bad,不满意,Dissatisfied
"""


def long_source() -> bytes:
    """Return a form of ROWS questions, CONDITIONS of which apply only after certain answers to others."""
    lines = ["survey", ",type,name,label::zh,label::en,relevant"]
    for n in range(ROWS):
        free = n < ROWS - CONDITIONS
        looks_at = f"${{q{n // 2}}} != 'bad' and (${{q{n - 1}}} = 'good' or ${{q{n // 3}}} = 'good')"
        lines.append(f",select_one s,q{n},第{n}件事,Matter {n},{'' if free else looks_at}")
    return ("\n".join(lines) + "\n" + _CHOICES).encode()


def units_source() -> bytes:
    """Return a form that has each unit rated by RATINGS questions, with a score of each and of all."""
    lines = [
        "survey",
        ",type,name,label::zh,label::en,required,relevant,calculation",
        ",begin repeat,unit,单位,Unit,,,",
        ",hidden,unit_name,,,,,",
        ",hidden,unit_duty,,,,,",
        ",calculate,nr,,,,,position(..)",
    ]
    for n in range(RATINGS):
        looks_at = f"${{q{n - 1}}} != 'none' and ${{nr}} > 0" if n else ""
        lines.append(f",select_one s,q{n},${{unit_name}}的第{n}项,Item {n} of ${{unit_name}},yes,{looks_at},")
    score = " + ".join(f"if(${{q{n}}} = 'good', 5, 1)" for n in range(RATINGS))
    lines += [
        f",calculate,score,,,,,{score.join(chr(34) * 2)}",
        ",end repeat,,,,,,",
        ",calculate,total,,,,,sum(${score})",
        ",note,said,您共打${total}分,You gave ${total},,,",
        ",text,end,还有什么？,Anything else?,,${total} > 0,",
    ]
    return ("\n".join(lines) + "\n" + _CHOICES).encode()


class Talk:
    """One resident's way through a form; every turn is timed, the state is sealed and opened between them."""

    def __init__(self, form: Form, given: Mapping[str, str] | None = None) -> None:
        self._codec = NamedCodec(vault := Vault(Keys.from_seed("bench")))
        plan = Plan(
            name="large",
            kind=CampaignKind.SURVEY,
            organiser="清江市测评办",
            legal_basis="",
            delete_on=(START + timedelta(days=365)).date(),
            starts_at=START,
            closes_at=START + timedelta(days=21),
            zone="Asia/Shanghai",
            titles={"zh": "评议"},
            form=form.digest,
            ask_complaint=False,
        )
        campaign = Campaign("large", plan, CampaignState.RUNNING)
        self._world = World(
            now=START,
            office=OFFICE,
            names=vault,
            form=lambda _: form,
            campaigns={"large": campaign},
            cases={},
            units=lambda unit, _: unit,
        )
        empty = Conversation(address=1, people=(Person(1, "王", confirmed=True, consent="given"),))
        self._invited = waking.invite(empty, campaign, 1, self._world, given or {}).conversation
        self.seconds: list[float] = []
        self.most_bytes = 0

    def once(self) -> tuple[int, float]:
        """Talk to the end TALKS times; return how many turns were decided, and in how many seconds."""
        before = len(self.seconds)
        for _ in range(TALKS):
            talk = self._invited
            while talk.interviews[0].position:
                reply = "没有了" if talk.interviews[0].position == "end" else "1"
                begun = time.perf_counter()
                talk = hear(talk, Heard(reply, "simulator"), self._world).conversation
                self.seconds.append(time.perf_counter() - begun)
                talk = Conversation(1, talk.people, tuple(map(self._reopened, talk.interviews)), turn=talk.turn)
        return len(self.seconds) - before, sum(self.seconds[before:])

    def _reopened(self, interview: Interview) -> Interview:
        state = self._codec.seal_interview(interview)
        self.most_bytes = max(self.most_bytes, len(state))
        row = SimpleNamespace(
            id=interview.id,
            purpose=interview.purpose.value,
            resident_id=interview.resident,
            campaign_id=interview.campaign,
            case_id=interview.case,
            stage=interview.stage.value,
            turn=interview.turn,
            mode=interview.mode.value,
            state=state,
        )
        return self._codec.open_interview(row)


def measure(rounds: int) -> Section:
    """Return the section; a rate is turns a second, the aims stand below."""
    section = Section("Large forms", "turns/s")
    begun = time.perf_counter()
    long_form = read_form("long.csv", long_source())
    loaded = time.perf_counter() - begun
    units = [Unit(str(n), f"第{n}局", f"Unit {n}", "一类", duties="负责市容环卫。") for n in range(UNITS)]
    talks = {
        f"{ROWS} questions, {CONDITIONS} of them under conditions": Talk(long_form),
        f"{UNITS} units, {RATINGS} questions each, scores": Talk(
            read_form("units.csv", units_source()), units_given(units)
        ),
    }
    interleave(section, {name: Contender(talk.once) for name, talk in talks.items()}, rounds)
    section.lines.append(f"{ROWS} questions: loaded in {loaded:.2f} s; aim {AIMS[0]:g} s")
    for name, talk in talks.items():
        middle = 1000 * median(talk.seconds)
        section.lines.append(
            f"{name}: {middle:.2f} ms a turn (median), {talk.most_bytes:,} bytes stored at most; "
            f"aim {AIMS[1]:g} ms, {AIMS[2]:,} bytes"
        )
        section.extra[name] = {"milliseconds": middle, "bytes": talk.most_bytes}
    section.extra["seconds to load"] = loaded
    return section
