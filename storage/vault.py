"""Keys and what is done with them: sealing personal data, finding it again without opening it, naming things."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.keyfile import write_once

KEY_BYTES = 32
NONCE_BYTES = 12
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # base32 of RFC 4648, in lower case
_LETTERS = tuple(one + two for one in _ALPHABET for two in _ALPHABET)
_SHIFTS = tuple(range(8 * KEY_BYTES - 10, -1, -10))
KEY_FILES = ("data.key", "blind.key", "name.key")


class KeyFault(Exception):
    """A key file is missing, too short, or does not open what it sealed."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Three keys of 32 bytes: one seals, one makes blind indexes, one derives names and pseudonyms."""

    data: bytes
    blind: bytes
    name: bytes

    @classmethod
    def from_seed(cls, seed: str) -> Keys:
        """Return keys that follow from `seed`: for simulations only, so that a run can be repeated."""
        return cls(*(hashlib.sha256(f"pingyi simulated {part} {seed}".encode()).digest() for part in KEY_FILES))


def make_keys(folder: Path) -> None:
    """Write the key files that are missing, readable by their owner alone."""
    for name in KEY_FILES:
        write_once(folder / name, secrets.token_bytes(KEY_BYTES))


def read_keys(folder: Path) -> Keys:
    """Read the key files; KeyFault says which one is wrong."""
    found = []
    for name in KEY_FILES:
        try:
            key = (folder / name).read_bytes()
        except OSError as error:
            raise KeyFault(f"{folder / name} cannot be read: {error.strerror}") from error
        if len(key) != KEY_BYTES:
            raise KeyFault(f"{folder / name} holds {len(key)} bytes, not {KEY_BYTES}")
        found.append(key)
    return Keys(*found)


class _Mac:
    """HMAC-SHA-256 (RFC 2104) under one key, whose two blocks are hashed once: in a third of the time."""

    def __init__(self, key: bytes) -> None:
        block = key.ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, body: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(body)
        outer.update(inner.digest())
        return outer.digest()


class Vault:
    """Seals text for one place (AES-256-GCM, bound to table.column and row) and derives keyed names."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._sealer = AESGCM(keys.data)
        self._blind, self._name = _Mac(keys.blind), _Mac(keys.name)
        self._id = hashlib.sha256(keys.data).digest()[:1]  # tells a later key from this one

    def seal(self, column: str, row: str, text: str) -> bytes:
        """Return key id, nonce and ciphertext of `text`; it opens only for the same column and row."""
        # Half of a surrogate pair, as some gateways cut it, is no text; the rest of the message is.
        return self.seal_bytes(column, row, text.encode(errors="replace"))

    def seal_bytes(self, column: str, row: str, body: bytes) -> bytes:
        """Seal what is no text, as `seal` does."""
        return self._made(os.urandom(NONCE_BYTES), f"{column}|{row}", body)

    def sealer(self, column: str, count: int) -> Callable[[str, str], bytes]:
        """Return a function that seals `count` texts of one column, each for its row, as `seal` does."""
        nonces = os.urandom(NONCE_BYTES * count)
        starts = iter(range(0, len(nonces), NONCE_BYTES))
        head = f"{column}|"

        def sealed(row: str, text: str) -> bytes:
            start = next(starts)  # no nonce twice: who asks for more than `count` gets none
            return self._made(nonces[start : start + NONCE_BYTES], head + row, text.encode(errors="replace"))

        return sealed

    def _made(self, nonce: bytes, place: str, body: bytes) -> bytes:
        return self._id + nonce + self._sealer.encrypt(nonce, body, place.encode())

    def open(self, column: str, row: str, sealed: bytes) -> str:
        """Return the text; KeyFault if the key is another one or the row was tampered with."""
        return self.open_bytes(column, row, sealed).decode()

    def open_bytes(self, column: str, row: str, sealed: bytes) -> bytes:
        """Return what `seal_bytes` was given; KeyFault as `open` raises it."""
        if sealed[:1] != self._id:
            raise KeyFault(f"{column} was sealed with another key than the one in use")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._sealer.decrypt(nonce, body, f"{column}|{row}".encode())
        except (InvalidTag, ValueError) as error:  # ValueError: too short to be one of ours
            raise KeyFault(f"{column} does not open: wrong key, or the row was altered") from error

    def blind(self, kind: str, value: str) -> bytes:
        """Return the keyed hash (32 bytes) under which an address is found without opening it."""
        return self._blind.digest(f"{kind}|{value}".encode())

    def name(self, *parts: object, length: int = 20) -> str:
        """Return a short name (lower-case base32) that follows from `parts` and the name key alone."""
        digest = self._name.digest("|".join(map(str, parts)).encode())
        # Two letters stand for ten bits; for a million names that is three times as fast as encoding by bytes.
        number = int.from_bytes(digest, "big")
        return "".join([_LETTERS[number >> shift & 1023] for shift in _SHIFTS[: (length + 1) // 2]])[:length]

    def names(self, *parts: object) -> Callable[[str], str]:
        """Return a function from a text to its name (20 hexadecimal digits) among those that `parts` stand for.

        For a million names at once: a keyed BLAKE2b under a key of `parts` alone. Nobody gets from one to the other,
        nor from the names of some `parts` to those of others, without the name key.
        """
        key = self._name.digest(("names|" + "|".join(map(str, parts))).encode())
        keyed = hashlib.blake2b(key=key, digest_size=10)

        def name_of(text: str) -> str:
            digest = keyed.copy()
            digest.update(text.encode())
            return digest.hexdigest()

        return name_of

    def digits(self, *parts: object, length: int) -> str:
        """Return `length` decimal digits that follow from `parts`: numbers that people read out."""
        digest = self._name.digest(("#" + "|".join(map(str, parts))).encode())
        return f"{int.from_bytes(digest[:16], 'big') % 10**length:0{length}d}"

    def check(self) -> None:
        """Seal and open once; KeyFault if this machine's crypto or the keys do not work."""
        if self.open("self.test", "0", self.seal("self.test", "0", "评议")) != "评议":
            raise KeyFault("a sealed text did not open to itself")
