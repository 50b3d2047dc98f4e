"""Reading a campaign for statistics: a town whose answers are known, and the table of dispositions with its reasons."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import delete, update
from town import START, Town, invited

from storage.analysis import put_setting, read_analysis, setting
from storage.campaigns import CampaignMissing
from storage.database import Database
from storage.dispositions import disposition
from storage.receipts import Delivery, Receipt, take_receipts
from storage.tables.campaigns import sample
from storage.tables.cases import cases
from storage.tables.messages import outbox
from storage.tables.residents import resident_addresses
from storage.wakes import write_wakes
from surveys.campaign.plan import CampaignKind
from surveys.dialogue.turn import Wake
from surveys.statistics.analysis import AnalysisSet, Respondent
from surveys.statistics.dispositions import Disposition

D = Disposition
PLAN = SimpleNamespace(complete_share=0.8, partial_share=0.5)
ALL_SIX = ("1", "2", "否", "没有", "1", "1")  # q5, which activities, is asked of those who took part


def talk(stage: str, answered: int, asked: int) -> Any:
    return SimpleNamespace(stage=stage, answered=answered, asked=asked)


@pytest.mark.parametrize(
    ("row", "delivery", "confirmed", "late", "code"),
    [
        pytest.param(None, "", True, 0, D.NOTHING_BACK, id="never written to: capped, or no number"),
        pytest.param(talk("complete", 6, 6), "delivered", True, 0, D.COMPLETE, id="every question answered"),
        pytest.param(talk("complete", 5, 6), "delivered", True, 0, D.COMPLETE, id="one skipped: above the share"),
        pytest.param(talk("complete", 4, 6), "delivered", True, 0, D.PARTIAL, id="two skipped: below it"),
        pytest.param(talk("complete", 2, 6), "delivered", True, 0, D.BREAK_OFF, id="most skipped: below both"),
        pytest.param(talk("complete", 0, 6), "delivered", True, 0, D.NO_REPLY, id="all left out: nothing was learnt"),
        pytest.param(talk("expired", 4, 5), "delivered", True, 0, D.PARTIAL, id="most, then silence"),
        pytest.param(talk("expired", 5, 6), "delivered", True, 0, D.PARTIAL, id="all but the last: not at its end"),
        pytest.param(talk("expired", 1, 2), "delivered", True, 0, D.BREAK_OFF, id="one answer, then silence"),
        pytest.param(talk("open", 1, 2), "delivered", True, 0, D.BREAK_OFF, id="one answer so far"),
        pytest.param(talk("declined", 0, 1), "delivered", True, 0, D.REFUSED, id="would not begin"),
        pytest.param(talk("declined", 1, 3), "delivered", True, 0, D.REFUSED, id="began, then opted out"),
        pytest.param(talk("declined", 4, 5), "delivered", True, 0, D.PARTIAL, id="answered most, then opted out"),
        pytest.param(talk("wrong_person", 0, 0), "delivered", False, 0, D.UNDELIVERED, id="somebody else's number"),
        pytest.param(talk("open", 0, 1), "failed", True, 0, D.UNDELIVERED, id="the carrier could not deliver"),
        pytest.param(talk("open", 0, 1), "delivered", True, 0, D.NO_REPLY, id="theirs, delivered, silent"),
        pytest.param(talk("open", 0, 1), "delivered", False, 0, D.NOTHING_BACK, id="delivered, to whom is not known"),
        pytest.param(talk("open", 0, 1), "accepted", True, 0, D.NOTHING_BACK, id="no word of the delivery"),
        pytest.param(talk("waiting", 0, 0), "", True, 0, D.NOTHING_BACK, id="outranked, never begun"),
        pytest.param(talk("complete", 6, 6), "delivered", True, 6, D.BREAK_OFF, id="all answered after the close"),
        pytest.param(talk("complete", 6, 6), "delivered", True, 2, D.PARTIAL, id="two of six after the close"),
        pytest.param(talk("complete", 6, 6), "delivered", True, 1, D.COMPLETE, id="one of six after the close"),
    ],
)
def test_dispositions(row: Any, delivery: str, confirmed: bool, late: int, code: Disposition) -> None:  # noqa: FBT001 - a parameter
    asked = row.asked if row else 0
    found = disposition(row, PLAN, applicable=asked, delivery=delivery, confirmed=confirmed, late=late)  # type: ignore[arg-type]  # two shares are all of a plan it reads
    assert found is code


def receipts(town: Town, resident: int, delivery: Delivery) -> None:
    told = [
        Receipt("simulator", row.attempt, f"p{row.id}", delivery, town.clock.now())
        for row in town.rows(outbox, resident_id=resident)
    ]
    town.database.write(lambda c: take_receipts(c, told))


def analysed(town: Town, name: str = "water") -> AnalysisSet:
    with town.database.read() as connection:
        return read_analysis(connection, town.database.vault, name)


def by_resident(town: Town) -> dict[int, Respondent]:
    """Return respondents by resident; the keys follow the pseudonyms, which this town made in order."""
    people = sorted(analysed(town).respondents, key=lambda person: person.key)
    return dict(enumerate(people, 1))


@pytest.fixture
def town(database: Database) -> Town:
    """Ten residents drawn; the numbers below say what each of them does."""
    made = invited(database, 10)
    for text in ALL_SIX:
        made.hear(1, text)
    made.hear(2, "2")  # one answer, then silence
    made.hear(3, "我不想参加")
    made.hear(4, "退订")
    for text in ALL_SIX[:5]:
        made.hear(5, text)  # all but the last
    for resident in (6, 9):
        receipts(made, resident, Delivery.DELIVERED)
    receipts(made, 7, Delivery.FAILED)
    made.database.write(
        lambda c: c.execute(
            update(resident_addresses).where(resident_addresses.c.resident_id == 9).values(confirmed_at=None)
        )
    )
    for text in ("1", "跳过", "跳过", "跳过", "跳过", "跳过"):
        made.hear(10, text)
    return made


CODES = {
    1: D.COMPLETE, 2: D.BREAK_OFF, 3: D.REFUSED, 4: D.REFUSED, 5: D.PARTIAL, 6: D.NO_REPLY, 7: D.UNDELIVERED,
    8: D.NOTHING_BACK, 9: D.NOTHING_BACK, 10: D.BREAK_OFF,
}  # fmt: skip


@pytest.mark.parametrize("later", [False, True], ids=["in the field", "after everything has run out"])
def test_what_each_resident_did_is_told_by_its_code(town: Town, later: bool) -> None:  # noqa: FBT001 - a parameter
    """The end of an interview by silence changes nothing of what was answered before it."""
    if later:
        town.clock.advance(timedelta(days=40))
        town.wakes()
    assert {n: Disposition(p.disposition) for n, p in by_resident(town).items()} == CODES


def test_answers_are_opened_as_they_were_given(town: Town) -> None:
    people = by_resident(town)
    assert dict(people[1].values) == {
        "q1": "good", "q2": "better", "q3": "no", "q4": "no", "q6": "support", "q7": "satisfied",
    }  # fmt: skip
    assert dict(people[2].values) == {"q1": "fairly_good"}
    assert people[1].mode == "self"
    assert (dict(people[3].values), people[3].mode) == ({}, "")
    assert all(person.late == frozenset() for person in people.values())


def test_nothing_in_it_leads_to_a_resident(town: Town) -> None:
    told = repr(analysed(town))
    for secret in (*town.numbers, "王1", "R1'", "p0001", "resident"):
        assert secret not in told


def test_weights_are_the_people_each_released_member_stands_for(town: Town) -> None:
    """A hundred people, ten drawn of whom two are reserves that were never released."""
    town.database.write(
        lambda c: c.execute(update(sample).where(sample.c.resident_id > 8).values(released_at=None, replicate=1))
    )
    found = analysed(town)
    (stratum,) = found.strata
    assert (stratum.population, stratum.drawn, stratum.released) == (100, 10, 8)
    assert [person.weight for person in found.respondents] == [100 / 8] * 8


def test_answers_after_the_close_are_kept_marked_and_do_not_complete(town: Town) -> None:
    town.clock.advance(timedelta(days=22))
    town.wakes()
    town.hear(5, "1")
    person = by_resident(town)[5]
    assert person.values["q7"] == "satisfied"
    assert person.late == {"q7"}
    assert person.disposition == "1.1"  # five of six in time are above the share, and it came to its end
    for text in ALL_SIX:
        town.hear(6, text)
    person = by_resident(town)[6]
    assert (len(person.values), len(person.late), person.disposition) == (6, 6, "2.12")


def test_a_number_in_other_hands_counts_as_not_delivered(database: Database) -> None:
    town = Town(database, 1, confirmed=False)
    town.launch()
    town.wakes()
    town.hear(1, "号码换人")
    assert by_resident(town)[1].disposition == "3.30"


def test_a_relatives_answers_carry_their_mode(database: Database) -> None:
    town = Town(database, 1, confirmed=False)
    town.launch()
    town.wakes()
    for text in ("家人", "1"):
        town.hear(1, text)
    assert by_resident(town)[1].mode == "assisted"


def test_reach_counts_messages_by_what_became_of_them_and_people_once(town: Town) -> None:
    reach = analysed(town).reach
    by_state = Counter(row.state for row in town.rows(outbox, campaign_id="water"))
    assert (reach.audience, reach.people_reached) == (10, 2)
    assert reach.delivered == by_state["delivered"] == 2
    (channel,) = reach.by_channel
    assert (channel.channel, channel.failed) == ("simulator", 1)
    assert channel.sent == sum(by_state[state] for state in ("accepted", "delivered", "failed"))


def test_the_best_word_on_a_delivery_counts_on_either_database(town: Town) -> None:
    """One message failed, another was accepted and silent: that is no proof of a dead number."""
    town.clock.advance(timedelta(hours=25))
    town.wakes()
    town.send()
    assert [row.state for row in town.rows(outbox, resident_id=7)] == ["failed", "accepted"]
    assert by_resident(town)[7].disposition == "3.10"


def test_invitations_withheld_are_counted_by_reason(database: Database) -> None:
    town = Town(database, 2)
    town.launch()
    town.database.write(lambda c: c.execute(delete(resident_addresses).where(resident_addresses.c.resident_id == 2)))
    town.wakes()
    assert analysed(town).reach.skipped == {"no_address": 1}


def callback(town: Town, number: str, resident: int, said: tuple[str, ...]) -> None:
    """Let the unit claim a case done and the resident answer, or not."""
    (case,) = town.rows(cases, number=number)
    told = {
        "state": "staff_resolved", "unit_id": "chengguan", "round": case.round + 1, "resolved_at": town.clock.now(),
    }  # fmt: skip
    town.database.write(lambda c: c.execute(update(cases).where(cases.c.id == case.id).values(told)))
    wake = Wake("callback", town.clock.now(), case.id, f"cb|{case.id}|{case.round + 1}", guard=case.round + 1)
    town.database.write(lambda c: write_wakes(c, [wake]))
    town.wakes()
    for text in said:
        town.hear(resident, text)


SOLVED = ("1", "已解决", "满意", "没有", "没有")
PARTLY = ("1", "部分解决", "还有一盏", "基本满意", "没有", "没有")
NOT = ("2", "未解决", "还是不亮", "不满意", "没有", "没有")


def test_cases_are_counted_with_every_way_a_callback_may_end(database: Database) -> None:
    """1 not, then solved; 2 partly; 3 declines; 4 is silent; 5 waits; 6 is of another time."""
    town = Town(database, 6)
    town.launch()
    town.wakes()
    for resident in range(1, 7):
        for text in ("反映", f"路灯{resident}坏了", "同意"):
            town.hear(resident, text)
    numbers = {row.resident_id: row.number for row in town.rows(cases)}
    town.database.write(
        lambda c: c.execute(update(cases).where(cases.c.resident_id == 6).values(opened_at=START - timedelta(days=1)))
    )
    callback(town, numbers[1], 1, NOT)
    callback(town, numbers[1], 1, SOLVED)
    callback(town, numbers[2], 2, PARTLY)
    callback(town, numbers[3], 3, ("1", "不愿评价"))
    callback(town, numbers[4], 4, ())
    town.clock.advance(timedelta(days=7))
    town.wakes()
    facts = analysed(town).cases
    assert facts.total == 5
    assert facts.by_state == {"confirmed": 1, "declined": 1, "received": 1, "reopened": 1, "unreachable": 1}
    assert facts.ever_staff_resolved == 4
    assert (facts.confirmed, facts.partly, facts.not_resolved) == (1, 1, 1)
    assert (facts.declined, facts.unreachable, facts.reopened, facts.callbacks_completed) == (1, 1, 2, 2)
    assert facts.callbacks_ended == 5
    (unit,) = facts.by_unit
    assert (unit.unit, unit.cases, unit.reported_done, unit.confirmed, unit.reopened) == ("城管局", 4, 4, 1, 2)


def test_awareness_has_reach_and_no_respondents(database: Database) -> None:
    town = Town(database, 3)
    town.launch(drawn=[1])
    town.launch(town.plan("tell", kind=CampaignKind.AWARENESS, form="", messages={"zh": "河长制热线 12345"}))
    town.wakes()
    town.send()
    for resident in (1, 2, 3):
        receipts(town, resident, Delivery.DELIVERED)
    found = analysed(town, "tell")
    assert (found.form, found.strata, found.respondents) == (None, (), ())
    # Resident 1 is drawn: not meant to hear of it, so not part of the audience.
    assert (found.reach.audience, found.reach.people_reached) == (2, 2)
    assert found.reach.skipped == {"drawn": 1}


def test_read_twice_with_nothing_between_it_is_equal(town: Town) -> None:
    assert analysed(town) == analysed(town)


def test_facts_of_the_whole_database_are_remembered(town: Town) -> None:
    town.database.write(lambda c: put_setting(c, "simulated", "no"))
    town.database.write(lambda c: put_setting(c, "simulated", "yes"))
    town.database.write(lambda c: put_setting(c, "truth.water", '{"q1": {"good": 0.5}}'))
    found = analysed(town)
    assert found.campaign.simulated
    assert found.truth == {"q1": {"good": 0.5}}
    with town.database.read() as connection:
        assert setting(connection, "unheard of") == ""
        with pytest.raises(CampaignMissing):
            read_analysis(connection, town.database.vault, "unheard of")
