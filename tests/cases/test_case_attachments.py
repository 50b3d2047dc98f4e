"""Staff see what came with a case, and write it to a file of their own that never replaces another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from office import house_over
from town import Town, run_async

from bot.actions.attachments import WriteAttachment, ending, write_attachment
from bot.actions.cases import NameCase, show_case
from bot.actions.progress import silent
from bot.house import House
from scheduler.fetching import Fetching
from storage.database import Database
from storage.tables.cases import cases
from surveys.dialogue.attachment import Attachment, AttachmentKind
from surveys.problem import Refused


class Carrier:  # noqa: D101 - a channel as far as fetching goes
    async def fetch(self, reference: str) -> tuple[str, bytes]:
        return "audio/ogg", f"sound of {reference}".encode()


@pytest.fixture
def town(database: Database) -> Town:
    """A town in which one case has come with a voice message and a place."""
    town = Town(database)
    town.hear(1, "反映")
    came = (Attachment(AttachmentKind.VOICE, "v1"), Attachment(AttachmentKind.LOCATION, text="31.1,104.4"))
    town.talk.hear(replace(town.inbound(1, ""), attachments=came)).result()
    town.hear(1, "同意")
    return town


@pytest.fixture
def house(town: Town, tmp_path: Path) -> House:
    return house_over(town.database, town.clock, tmp_path)


def number(town: Town) -> str:
    (case,) = town.rows(cases)
    return str(case.number)


def fetch(town: Town) -> None:
    run_async(Fetching(town.database, {"simulator": Carrier()}, town.clock).run_once())


def write(house: House, town: Town, index: int, out: Path) -> Path:
    order = WriteAttachment(number=number(town), index=index, out=out)
    return Path(write_attachment(house, order, silent)["file"])


def test_a_case_lists_its_attachments_by_number(house: House, town: Town) -> None:
    shown = show_case(house, NameCase(number=number(town)), silent)["attachments"]
    assert [(one["index"], one["kind"], one["state"]) for one in shown] == [
        (1, "voice", "waiting"),
        (2, "location", "kept"),
    ]
    fetch(town)
    shown = show_case(house, NameCase(number=number(town)), silent)["attachments"]
    assert [(one["state"], one["size"]) for one in shown] == [("kept", len("sound of v1")), ("kept", 10)]


def test_an_attachment_is_written_for_its_owner_alone(house: House, town: Town, tmp_path: Path) -> None:
    fetch(town)
    written = write(house, town, 1, tmp_path / "voice.ogg")
    assert written.read_bytes() == b"sound of v1"
    assert written.stat().st_mode & 0o777 == 0o600


def test_in_a_folder_it_gets_a_name_of_ours(house: House, town: Town, tmp_path: Path) -> None:
    fetch(town)
    assert write(house, town, 1, tmp_path).name == f"{number(town)}-1.ogg"
    assert write(house, town, 2, tmp_path).read_text() == "31.1,104.4"


def test_no_file_is_ever_written_over(house: House, town: Town, tmp_path: Path) -> None:
    """Nor through a link that somebody has laid there."""
    taken = tmp_path / "taken"
    taken.write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    for out in (taken, link):
        with pytest.raises(Refused):
            write(house, town, 2, out)
    assert taken.read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(("index", "code"), [(1, "attachment_not_here"), (3, "attachment_missing")])
def test_what_is_not_there_is_refused_in_words(house: House, town: Town, tmp_path: Path, index: int, code: str) -> None:
    with pytest.raises(Refused) as refused:
        write(house, town, index, tmp_path)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("audio/ogg", ".ogg"),
        ("audio/ogg; codecs=opus", ".ogg"),
        ("IMAGE/JPEG", ".jpg"),
        ("", ".bin"),
        ("../../etc/passwd", ".bin"),
    ],
)
def test_a_file_ends_as_its_media_type_says(media_type: str, expected: str) -> None:
    assert ending(media_type) == expected
