"""Importing residents: a frame that never changes, contact details that are never doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from stored_rows import rows

from bot.actions.progress import silent
from bot.actions.residents import Imported, ImportResidents, import_residents
from bot.actions.roster import ListResidents, ShowResident, list_residents, show_resident
from bot.house import House
from storage import frames
from storage.tables.residents import addresses, consents, frame_members, resident_addresses, residents
from surveys.problem import Refused

HEADER = "编号,姓名,手机,层,片区,语言,出生年份,同意来源,同意日期"
WANG = "R1,王芳,13812345678,城区,东街,,1968,登记,2026-06-01"


def take(house: House, path: Path, **options: Any) -> Imported:
    return import_residents(house, ImportResidents(path=path, **options), silent)


def links(house: House) -> dict[int, tuple[int, bool, bool]]:
    """Rank, confirmed and ended of every link, by address."""
    return {
        row.address_id: (row.rank, row.confirmed_at is not None, row.ended_at is not None)
        for row in rows(house, select(resident_addresses))
    }


def test_a_town_is_imported_with_names_and_numbers_sealed(house: House, town: Path) -> None:
    result = take(house, town)
    assert (result.rows, result.new, result.shared_numbers, result.skipped) == (120, 120, 12, 0)
    assert result.strata == {"企业": 20, "乡镇": 40, "城区": 60}
    people = rows(house, select(residents).order_by(residents.c.id))
    assert [row.id for row in people] == list(range(1, 121))
    assert all("王".encode() not in bytes(row.name) for row in people)
    values = rows(house, select(addresses))
    assert len(values) == 108
    assert all(b"139" not in bytes(row.value) and b"139" not in bytes(row.blind) for row in values)
    with house.database.read() as connection:
        frame = frames.newest(connection)
    assert frame is not None
    assert (frame.size, frame.digest, frame.source) == (120, result.digest, "town.csv")


def test_the_same_file_again_changes_nothing(house: House, town: Path) -> None:
    first = take(house, town)
    before = rows(house, select(residents.c.id, residents.c.name, residents.c.updated_at).order_by(residents.c.id))
    again = take(house, town)
    assert (again.new, again.updated, again.unchanged) == (0, 0, 120)
    assert (again.digest, again.frame, again.frame_new) == (first.digest, first.frame, False)
    assert (
        rows(house, select(residents.c.id, residents.c.name, residents.c.updated_at).order_by(residents.c.id)) == before
    )
    assert len(rows(house, select(consents))) == 120


def test_the_digest_follows_the_rows_and_not_their_order(house: House, town: Path, table: Callable[..., Path]) -> None:
    first = take(house, town)
    header, *lines = town.read_text(encoding="utf-8").splitlines()
    turned = take(house, table(header, *reversed(lines), name="turned.csv"), dry_run=True)
    changed = take(house, table(header, *lines[:-1], lines[-1].replace("企业", "城区"), name="b.csv"), dry_run=True)
    assert turned.digest == first.digest
    assert changed.digest != first.digest


def test_contact_details_change_while_the_old_frame_stays(house: House, table: Callable[..., Path]) -> None:
    take(house, table(HEADER, WANG))
    result = take(house, table(HEADER, WANG.replace("13812345678", "13912345678/13812345678").replace("芳", "方")))
    assert (result.new, result.updated) == (0, 1)
    assert links(house) == {1: (1, True, False), 2: (0, True, False)}
    members = rows(house, select(frame_members).order_by(frame_members.c.frame_id))
    assert [(row.frame_id, row.resident_id, row.address_id) for row in members] == [(1, 1, 1), (2, 1, 2)]
    assert show_resident(house, ShowResident(office_id="R1"), silent)["name"] == "王方"


def test_a_number_no_longer_listed_ends_and_comes_back_when_it_is(house: House, table: Callable[..., Path]) -> None:
    take(house, table(HEADER, WANG))
    take(house, table(HEADER, WANG.replace("13812345678", "13912345678")))
    assert links(house) == {1: (0, True, True), 2: (0, True, False)}
    take(house, table(HEADER, WANG))
    assert links(house) == {1: (0, True, False), 2: (0, True, True)}


def test_a_number_where_a_stranger_answered_stays_ended_until_the_resident_agrees_anew(
    house: House,
    table: Callable[..., Path],
) -> None:
    take(house, table(HEADER, WANG))
    at = datetime(2026, 7, 1, tzinfo=UTC)
    house.database.write(lambda c: c.execute(update(resident_addresses).values(ended_at=at)))
    entry = {"resident_id": 1, "consent": "stopped", "source": "wrong_person", "channel": "simulator", "at": at}
    house.database.write(lambda c: c.execute(insert(consents).values(entry)))
    assert take(house, table(HEADER, WANG)).unchanged == 1
    assert links(house) == {1: (0, True, True)}
    take(house, table(HEADER, WANG.replace("2026-06-01", "2026-08-01")))
    assert links(house) == {1: (0, True, False)}


def test_an_import_never_lifts_a_stop(house: House, table: Callable[..., Path]) -> None:
    take(house, table(HEADER, WANG))
    house.database.write(lambda c: c.execute(update(residents).values(consent="stopped")))
    take(house, table(HEADER, WANG.replace("芳", "方").replace("2026-06-01", "2026-10-01")))
    assert [row.consent for row in rows(house, select(residents))] == ["stopped"]
    assert len(rows(house, select(consents))) == 1


@pytest.mark.parametrize(
    ("first", "second", "confirmed", "reason"),
    [
        (WANG, None, {True}, "registered lately, alone on the number"),
        (WANG.replace("2026-06-01", "2025-10-01"), None, {False}, "more than twelve months ago"),
        (WANG.replace("登记", ""), None, {False}, "nobody says how"),
        (WANG, "R2,李四,13812345678,城区,,,,登记,2026-06-01", {False}, "shared within the file"),
    ],
)
def test_a_number_counts_as_confirmed_only_when_registered_lately_by_its_only_holder(  # noqa: PLR0917 - fixtures and rows
    house: House,
    table: Callable[..., Path],
    first: str,
    second: str | None,
    confirmed: set[bool],
    reason: str,
) -> None:
    take(house, table(HEADER, *filter(None, (first, second))))
    assert {state for _, state, _ in links(house).values()} == confirmed, reason


def test_a_number_another_resident_has_already_is_not_confirmed(house: House, table: Callable[..., Path]) -> None:
    take(house, table(HEADER, WANG))
    take(house, table(HEADER, "R2,李四,13812345678,城区,,,,登记,2026-06-01"))
    second = rows(house, select(resident_addresses).where(resident_addresses.c.resident_id == 2))
    assert [row.confirmed_at for row in second] == [None]


def test_a_bad_file_is_refused_whole_and_writes_nothing(house: House, table: Callable[..., Path]) -> None:
    path = table(HEADER, WANG, "R2,李四,123,城区,,,,,")
    with pytest.raises(Refused) as refused:
        take(house, path)
    assert [problem.row for problem in refused.value.problems if problem.code == "bad_phone"] == [3]
    assert rows(house, select(residents)) == []
    result = take(house, path, skip_bad=True)
    assert (result.new, result.skipped) == (1, 1)


def test_a_dry_run_says_the_same_and_writes_nothing(house: House, town: Path, table: Callable[..., Path]) -> None:
    assert take(house, town, dry_run=True).new == 120
    assert rows(house, select(residents)) == []
    take(house, town)
    header, first, *others = town.read_text(encoding="utf-8").splitlines()
    changed = table(header, first.replace("139", "137"), *others, "N1,新,13700000001,城区,,,,,", name="changed.csv")
    dry = take(house, changed, dry_run=True)
    done = take(house, changed)
    assert (dry.new, dry.updated, dry.unchanged) == (done.new, done.updated, done.unchanged) == (1, 1, 119)


def test_what_an_interrupted_import_left_is_cleared_away(house: House, town: Path) -> None:
    left = house.database.write(lambda c: frames.open_frame(c, "broken.csv", house.now()))
    member = frames.Member("p" * 20, 1, "城区")
    house.database.write(lambda c: frames.add_members(c, left, [member]))
    with house.database.read() as connection:
        assert frames.newest(connection) is None
    result = take(house, town)
    assert {row.frame_id for row in rows(house, select(frame_members.c.frame_id).distinct())} == {result.frame}


def test_an_import_another_one_has_overtaken_gives_up(house: House, town: Path) -> None:
    def disturb(done: int, _total: int) -> None:
        if done:
            while house.database.write(frames.clear_unfinished):
                pass

    with pytest.raises(Refused) as refused:
        import_residents(house, ImportResidents(path=town), disturb)
    assert [problem.code for problem in refused.value.problems] == ["import_overtaken"]


def test_a_bulk_write_never_holds_the_writer_with_a_whole_file(
    house: House,
    town: Path,
    table: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows go in chunks of bounded size, so that answers of those known already are not kept waiting."""
    take(house, town)
    lines = [f"R{at},王,139{at:08},城区,,,,登记,2026-06-01" for at in range(1500)]
    sizes: Counter[str] = Counter()
    seen = frames.add_members
    monkeypatch.setattr(
        frames, "add_members", lambda c, f, members: (sizes.update(n=len(members)), seen(c, f, members))
    )
    jobs = 0
    run = house.database.writer.run

    def counted(function: Any, **options: Any) -> Any:
        nonlocal jobs
        jobs += 1
        return run(function, **options)

    monkeypatch.setattr(house.database.writer, "run", counted)
    take(house, table(HEADER, *lines))
    assert sizes["n"] == 1500
    assert jobs >= 6  # clear, open, two of residents, one of the frame, close


def test_lists_show_numbers_masked_only(house: House, town: Path) -> None:
    take(house, town)
    shown = list_residents(house, ListResidents(limit=5, after=3), silent)
    assert [resident["id"] for resident in shown["residents"]] == [4, 5, 6, 7, 8]
    assert shown["total"] == 120
    assert shown["residents"][0]["phones"] == [{"number": "+86139****0003", "confirmed": True, "ended": False}]
    with pytest.raises(Refused):
        show_resident(house, ShowResident(office_id="nobody"), silent)


def test_consent_is_logged_with_its_date_in_the_offices_zone(house: House, table: Callable[..., Path]) -> None:
    take(house, table(HEADER, WANG, "R2,李四,,城区,,,,,"))
    log = rows(house, select(consents).order_by(consents.c.id))
    assert [(row.source, row.at) for row in log] == [
        ("登记", datetime(2026, 6, 1, tzinfo=UTC) - timedelta(hours=8)),
        ("import", house.now()),
    ]
