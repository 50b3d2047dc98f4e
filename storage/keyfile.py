"""A secret in a file: written whole by whoever comes first, found by everybody after."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(path: Path, body: bytes) -> None:
    """Write `body` to `path` for its owner alone, unless the file exists; processes may do so side by side.

    The file appears under its name only when it is whole and on disk: a process that starts in the same moment
    would otherwise find a key of no length, and a power cut would leave one.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.link(made, path)
    except FileExistsError:
        pass  # another process came first: its secret is the one
    finally:
        made.unlink()
