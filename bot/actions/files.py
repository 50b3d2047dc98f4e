"""Files a member of staff names in an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.questionnaire.beside import mentioned_tables, stem

_REASONS: Mapping[type[OSError], Message] = {
    FileNotFoundError: message("there is no such file"),
    PermissionError: message("it may not be read"),
    IsADirectoryError: message("it is a folder"),
}


def read_file(path: Path) -> bytes:
    """Return the file's bytes; Refused, naming it, if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        what = message("The file cannot be read: {reason}.", reason=reason_of(error))
        raise Refused([Problem("unreadable", what, message("Check the name and the rights."), str(path))]) from None


def reason_of(error: OSError) -> Message | str:
    """Return why a file could not be used, in a sentence that can be translated where the reason is a usual one."""
    return _REASONS.get(type(error)) or error.strerror or type(error).__name__


def tables_of(form: Path, source: bytes, named: Iterable[Path]) -> dict[str, bytes]:
    """Return the tables of a form: those that are named, and those it mentions that lie in its own folder."""
    found = tables_beside(named)
    given = {stem(name) for name in found}
    for name in sorted(mentioned_tables(form.name, source)):
        path = form.parent / name
        if stem(name) not in given and path.is_file():
            found[name] = read_file(path)
    return found


def tables_beside(paths: Iterable[Path]) -> dict[str, bytes]:
    """Return the tables that a form chooses from or looks things up in, by file name; Refused if one cannot be read."""
    return {path.name: read_file(path) for path in paths}
