"""Keys: what is sealed opens in its own place alone, names follow from keys, key files are the owner's alone."""

from __future__ import annotations

import base64
import hmac
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.vault import KEY_BYTES, KEY_FILES, NONCE_BYTES, KeyFault, Keys, Vault, make_keys, read_keys

KEYS = Keys.from_seed("one")
VAULT = Vault(KEYS)
OTHER = Vault(Keys.from_seed("two"))


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text(max_size=20), st.text(max_size=20))
def test_what_is_sealed_opens_to_itself(text: str, column: str, row: str) -> None:
    assert VAULT.open(column, row, VAULT.seal(column, row, text)) == text


def test_half_of_a_surrogate_pair_does_not_cost_the_message() -> None:
    """Gateways cut long messages between the two halves of an emoji; the rest of the words must be kept."""
    assert VAULT.open("inbox.body", "1", VAULT.seal("inbox.body", "1", "路灯坏了\ud83d")) == "路灯坏了?"


def test_the_same_text_is_sealed_differently_each_time() -> None:
    sealed = {VAULT.seal("residents.name", "R1", "王伟") for _ in range(50)}
    assert len(sealed) == 50
    assert all("王伟".encode() not in body for body in sealed)


@pytest.mark.parametrize(
    ("column", "row"),
    [
        pytest.param("residents.name", "R2", id="moved to another row"),
        pytest.param("addresses.value", "R1", id="moved to another column"),
        pytest.param("residents", "name|R1", id="column and row cut elsewhere"),
    ],
)
def test_what_is_sealed_opens_in_its_own_place_alone(column: str, row: str) -> None:
    sealed = VAULT.seal("residents.name", "R1", "王伟")
    with pytest.raises(KeyFault):
        VAULT.open(column, row, sealed)


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_any_altered_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal("cases.text", "c1", "路灯坏了"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(KeyFault):
        VAULT.open("cases.text", "c1", bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 5, 13, 20])
def test_a_blob_cut_short_is_a_key_fault_and_no_crash(length: int) -> None:
    with pytest.raises(KeyFault):
        VAULT.open("cases.text", "c1", VAULT.seal("cases.text", "c1", "路灯坏了")[:length])


def test_another_key_opens_nothing_even_if_its_id_happens_to_be_the_same() -> None:
    sealed = VAULT.seal("cases.text", "c1", "路灯坏了")
    with pytest.raises(KeyFault):
        OTHER.open("cases.text", "c1", sealed)
    with pytest.raises(KeyFault):
        OTHER.open("cases.text", "c1", OTHER._id + sealed[1:])


def test_names_and_blinds_follow_from_the_keys_alone() -> None:
    """The blind index finds a number again in any process, and is of no use to who has other keys."""
    again = Vault(Keys.from_seed("one"))
    number = ("phone", "+8613900000001")
    assert again.blind(*number) == VAULT.blind(*number)
    assert len(VAULT.blind(*number)) == 32
    assert again.name("interview", "survey", 7) == VAULT.name("interview", "survey", 7)
    assert OTHER.blind(*number) != VAULT.blind(*number)
    assert OTHER.name("interview", "survey", 7) != VAULT.name("interview", "survey", 7)
    assert VAULT.blind("telegram", number[1]) != VAULT.blind(*number)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.integers(1, 40))
def test_names_and_blinds_are_the_ones_the_library_gives(value: str, length: int) -> None:
    """What installations have stored must be found again: HMAC-SHA-256 as the library computes it, names in base32."""
    assert VAULT.blind("phone", value) == hmac.digest(KEYS.blind, f"phone|{value}".encode(), "sha256")
    digest = hmac.digest(KEYS.name, f"pseudonym|{value}".encode(), "sha256")
    assert VAULT.name("pseudonym", value, length=length) == base64.b32encode(digest).decode().lower()[:length]


def test_a_sealer_seals_as_often_as_was_asked_and_never_with_one_nonce_twice() -> None:
    seal = VAULT.sealer("residents.name", 3)
    sealed = [seal(f"R{at}", "王\ud83d") for at in range(3)]
    assert [VAULT.open("residents.name", f"R{at}", body) for at, body in enumerate(sealed)] == ["王?"] * 3
    assert len({body[1 : 1 + NONCE_BYTES] for body in sealed}) == 3
    with pytest.raises(StopIteration):
        seal("R3", "王")


@given(st.integers(1, 12), st.text(max_size=20))
def test_digits_are_as_many_as_asked_for(length: int, about: str) -> None:
    digits = VAULT.digits("receipt", about, length=length)
    assert len(digits) == length
    assert digits.isascii()
    assert digits.isdigit()


def test_a_number_people_read_out_does_not_follow_from_the_name_beside_it() -> None:
    assert VAULT.digits("case", "i1", length=6) != VAULT.name("case", "i1")[:6]


def test_key_files_are_readable_by_their_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "keys"
    make_keys(folder)
    kept = {name: (folder / name).read_bytes() for name in KEY_FILES}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in KEY_FILES:
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o400
        assert len(kept[name]) == KEY_BYTES
    assert len(set(kept.values())) == len(KEY_FILES)
    make_keys(folder)
    assert {name: (folder / name).read_bytes() for name in KEY_FILES} == kept
    assert read_keys(folder) == Keys(*(kept[name] for name in KEY_FILES))


def test_processes_that_start_together_share_one_set_of_keys(tmp_path: Path) -> None:
    """The web process and the worker of a new installation are started in one moment."""
    start = threading.Barrier(8)

    def begin(_: int) -> Keys:
        start.wait()
        make_keys(tmp_path)
        return read_keys(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        for round_ in range(20):
            assert len(set(pool.map(begin, range(8)))) == 1, round_
            for name in KEY_FILES:
                (tmp_path / name).unlink()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", KEY_FILES)
def test_a_missing_or_short_key_file_is_named(tmp_path: Path, name: str) -> None:
    make_keys(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(KeyFault, match=name):
        read_keys(tmp_path)
    (tmp_path / name).write_bytes(b"short")
    with pytest.raises(KeyFault, match="5 bytes"):
        read_keys(tmp_path)


def test_no_key_shows_in_a_repr_or_an_error() -> None:
    shown = repr(KEYS) + str(KEYS) + repr(VAULT) + str(VAULT)
    with pytest.raises(KeyFault) as caught:
        VAULT.open("cases.text", "c1", OTHER.seal("cases.text", "c1", "路灯坏了"))
    shown += str(caught.value) + repr(caught.value)
    for key in (KEYS.data, KEYS.blind, KEYS.name):
        assert key.hex() not in shown
        assert repr(key) not in shown


def test_the_check_tells_a_working_vault() -> None:
    VAULT.check()
