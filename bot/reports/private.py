"""Files with personal data: readable by whoever asked for them alone, and never written over another."""

from __future__ import annotations

import os
from pathlib import Path

from surveys.language import message
from surveys.problem import Problem, Refused

#: Readable and writable by their owner.
PRIVATE = 0o600


def refuse_existing(path: Path) -> None:
    """Raise Refused if `path` is taken, or cannot be written at all, before anything is done for it."""
    if path.exists() or path.is_symlink():
        what = message("{file} exists already.", file=str(path))
        raise Refused([Problem("file_exists", what, message("Choose another name, or remove it first."))])
    if not path.parent.is_dir():
        what = message("The folder {folder} does not exist.", folder=str(path.parent))
        raise Refused([Problem("folder_missing", what, message("Make it first."))])


def write_private(path: Path, content: str) -> None:
    """Write `content` to a new file of the owner's alone; FileExistsError if somebody was quicker."""
    write_private_bytes(path, content.encode())


def write_private_bytes(path: Path, content: bytes) -> None:
    """Write `content` to a new file of the owner's alone; FileExistsError if somebody was quicker."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
