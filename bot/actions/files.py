"""Files a member of staff names in an order."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from surveys.language import message
from surveys.problem import Problem, Refused


def read_file(path: Path) -> bytes:
    """Return the file's bytes; Refused, naming it, if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        what = message("The file cannot be read: {reason}.", reason=error.strerror or type(error).__name__)
        raise Refused([Problem("unreadable", what, message("Check the name and the rights."), str(path))]) from None


def tables_beside(paths: Iterable[Path]) -> dict[str, bytes]:
    """Return the tables that a form chooses from or looks things up in, by file name; Refused if one cannot be read."""
    return {path.name: read_file(path) for path in paths}
