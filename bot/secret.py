"""Secrets a service makes for itself and keeps in its data folder."""

from __future__ import annotations

import secrets
from pathlib import Path

from storage.keyfile import write_once


def kept_secret(path: Path) -> str:
    """Return the 64 hexadecimal digits in the file `path`, written first if it does not exist; owner-readable."""
    write_once(path, secrets.token_hex(32).encode())
    return path.read_text(encoding="ascii").strip()
