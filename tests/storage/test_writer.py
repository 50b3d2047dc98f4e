"""The one writing thread: groups, order, errors, and its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from typing import Any

import pytest
from sqlalchemy import Connection, text

from storage.database import Database
from storage.writer import Writer, WriterStopped


class Ledger:
    """A handler that writes numbers down and remembers in which groups they came; `gate` holds the writer up."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.groups: list[list[Any]] = []
        self.gate = threading.Event()
        database.write(lambda c: c.execute(text("CREATE TABLE ledger (number INTEGER PRIMARY KEY)")))
        self.write = self._write  # one bound method, as neighbours are grouped by it

    def hold(self) -> Future[None]:
        """Keep the writer busy until the gate opens, so that jobs queue up behind."""
        entered = threading.Event()

        def wait_at_gate(connection: Connection) -> None:
            del connection
            entered.set()
            self.gate.wait(10)

        held = self.database.later(wait_at_gate)
        assert entered.wait(10)
        return held

    def _write(self, connection: Connection, group: Sequence[Any]) -> Sequence[Any]:
        self.groups.append(list(group))
        for number in group:
            if number == "burst":
                raise ArithmeticError("burst")
            if number == "odd":
                continue
            connection.execute(text("INSERT INTO ledger VALUES (:number)"), {"number": number})
        return [ArithmeticError("odd") if number == "odd" else number for number in group]

    def rows(self) -> list[int]:
        """Return what is committed."""
        with self.database.read() as connection:
            return list(connection.execute(text("SELECT number FROM ledger ORDER BY number")).scalars())


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    made = Ledger(database)
    yield made
    made.gate.set()


def test_what_waits_is_committed_in_groups_of_at_most_64_in_order(ledger: Ledger) -> None:
    ledger.hold()
    futures = [ledger.database.writer.submit(ledger.write, number) for number in range(150)]
    assert ledger.database.writer.waiting >= 150
    ledger.gate.set()
    assert [future.result(10) for future in futures] == list(range(150))
    assert [len(group) for group in ledger.groups] == [64, 64, 22]
    assert [number for group in ledger.groups for number in group] == list(range(150))


def test_a_job_of_its_own_keeps_its_place_between_groups(ledger: Ledger) -> None:
    """What was queued before it is committed when it runs, what was queued after is not."""
    ledger.hold()
    before = [ledger.database.writer.submit(ledger.write, number) for number in (1, 2)]
    between = ledger.database.later(lambda c: c.execute(text("SELECT count(*) FROM ledger")).scalar())
    after = [ledger.database.writer.submit(ledger.write, number) for number in (3, 4)]
    ledger.gate.set()
    wait([*before, between, *after], 10)
    assert between.result() == 2
    assert ledger.groups == [[1, 2], [3, 4]]


def test_items_of_another_handler_are_a_group_of_their_own(ledger: Ledger) -> None:
    def other(connection: Connection, group: Sequence[int]) -> Sequence[str]:
        del connection
        return [f"other {number}" for number in group]

    ledger.hold()
    submit = ledger.database.writer.submit
    futures = [submit(ledger.write, 1), submit(other, 2), submit(other, 3), submit(ledger.write, 4)]
    ledger.gate.set()
    assert [future.result(10) for future in futures] == [1, "other 2", "other 3", 4]
    assert ledger.groups == [[1], [4]]


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(1, id="refused by the database"),  # its key is there already
        pytest.param("burst", id="an error of ours"),
        pytest.param("odd", id="an error as its result"),
    ],
)
def test_one_bad_item_harms_itself_alone(ledger: Ledger, bad: int | str) -> None:
    ledger.hold()
    submit = ledger.database.writer.submit
    first, broken, last = submit(ledger.write, 1), submit(ledger.write, bad), submit(ledger.write, 2)
    ledger.gate.set()
    assert (first.result(10), last.result(10)) == (1, 2)
    assert broken.exception(10) is not None
    assert ledger.rows() == [1, 2]


def test_an_error_in_a_job_of_its_own_rolls_it_back_and_the_writer_goes_on(ledger: Ledger) -> None:
    def half(connection: Connection) -> None:
        connection.execute(text("INSERT INTO ledger VALUES (7)"))
        raise ArithmeticError("half done")

    with pytest.raises(ArithmeticError):
        ledger.database.write(half)
    assert ledger.database.writer.submit(ledger.write, 8).result(10) == 8
    assert ledger.rows() == [8]


def test_who_gives_up_waiting_does_not_stop_the_writer(ledger: Ledger) -> None:
    """A future cancelled before its turn used to be a way to kill the thread that answers everybody."""
    ledger.hold()
    submit = ledger.database.writer.submit
    given_up, alone, kept = submit(ledger.write, 1), ledger.database.later(lambda _: None), submit(ledger.write, 2)
    assert given_up.cancel()
    assert alone.cancel()
    ledger.gate.set()
    assert kept.result(10) == 2
    assert ledger.database.write(lambda _: "still there") == "still there"


def test_one_given_up_beside_one_that_fails(ledger: Ledger) -> None:
    ledger.hold()
    submit = ledger.database.writer.submit
    given_up, broken, kept = (submit(ledger.write, item) for item in ("burst", "burst", 3))
    assert given_up.cancel()
    ledger.gate.set()
    assert kept.result(10) == 3
    assert isinstance(broken.exception(10), ArithmeticError)


def test_close_finishes_what_is_queued_and_then_refuses(ledger: Ledger) -> None:
    writer = ledger.database.writer
    ledger.hold()
    futures = [writer.submit(ledger.write, number) for number in range(100)]
    alone = ledger.database.later(lambda c: c.execute(text("SELECT count(*) FROM ledger")).scalar())
    closing = threading.Thread(target=writer.close)
    closing.start()
    ledger.gate.set()
    closing.join(10)
    assert [future.result(0) for future in futures] == list(range(100))
    assert alone.result(0) == 100
    with pytest.raises(WriterStopped):
        writer.submit(ledger.write, 100)
    with pytest.raises(WriterStopped):
        writer.run(lambda _: None)
    writer.close()  # a second time is no harm


def test_nothing_that_was_taken_is_left_undone_when_many_submit_while_it_closes(ledger: Ledger) -> None:
    writer: Writer = ledger.database.writer
    taken: list[Future[Any]] = []
    begun = threading.Barrier(5)

    def push(start: int) -> None:
        begun.wait(10)
        for number in range(start, start + 200):
            try:
                taken.append(writer.submit(ledger.write, number))
            except WriterStopped:
                return

    threads = [threading.Thread(target=push, args=(1000 * part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    begun.wait(10)
    writer.close()
    for thread in threads:
        thread.join(10)
    assert all(future.done() for future in taken)
    assert len(ledger.rows()) == len(taken)
