"""Keys and what is done with them: sealing personal data, finding it again without opening it, naming things."""

from __future__ import annotations

import base64
import hashlib
import hmac
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


class Vault:
    """Seals text for one place (AES-256-GCM, bound to table.column and row) and derives keyed names."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._sealer = AESGCM(keys.data)
        self._id = hashlib.sha256(keys.data).digest()[:1]  # tells a later key from this one

    def seal(self, column: str, row: str, text: str) -> bytes:
        """Return key id, nonce and ciphertext of `text`; it opens only for the same column and row."""
        # Half of a surrogate pair, as some gateways cut it, is no text; the rest of the message is.
        return self.seal_bytes(column, row, text.encode(errors="replace"))

    def seal_bytes(self, column: str, row: str, body: bytes) -> bytes:
        """Seal what is no text, as `seal` does."""
        nonce = os.urandom(NONCE_BYTES)
        return self._id + nonce + self._sealer.encrypt(nonce, body, f"{column}|{row}".encode())

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
        return hmac.digest(self._keys.blind, f"{kind}|{value}".encode(), "sha256")

    def name(self, *parts: object, length: int = 20) -> str:
        """Return a short name (lower-case base32) that follows from `parts` and the name key alone."""
        digest = hmac.digest(self._keys.name, "|".join(map(str, parts)).encode(), "sha256")
        # Five bytes make eight letters; the rest is not encoded at all.
        return base64.b32encode(digest[: -(-length // 8) * 5]).decode().lower()[:length]

    def names(self, *parts: object) -> Callable[[str], str]:
        """Return a function from a text to its name (20 hexadecimal digits) among those that `parts` stand for.

        For a million names at once: a keyed BLAKE2b under a key of `parts` alone. Nobody gets from one to the other,
        nor from the names of some `parts` to those of others, without the name key.
        """
        key = hmac.digest(self._keys.name, ("names|" + "|".join(map(str, parts))).encode(), "sha256")

        def name_of(text: str) -> str:
            return hashlib.blake2b(text.encode(), key=key, digest_size=10).hexdigest()

        return name_of

    def digits(self, *parts: object, length: int) -> str:
        """Return `length` decimal digits that follow from `parts`: numbers that people read out."""
        digest = hmac.digest(self._keys.name, ("#" + "|".join(map(str, parts))).encode(), "sha256")
        return f"{int.from_bytes(digest[:16], 'big') % 10**length:0{length}d}"

    def check(self) -> None:
        """Seal and open once; KeyFault if this machine's crypto or the keys do not work."""
        if self.open("self.test", "0", self.seal("self.test", "0", "评议")) != "评议":
            raise KeyFault("a sealed text did not open to itself")
