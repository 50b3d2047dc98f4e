"""Reading the description of a gateway: a TOML file, checked as a whole, every fault with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.channels.gatewayfile import GatewayFile
from surveys.language import Message, message
from surveys.problem import Problem, Refused

#: How many faults are told at once, so that one slip does not fill the screen.
MOST_FAULTS = 20


def read_gateway(path: Path) -> GatewayFile:
    """Return the description in the file; Refused names file, key and fix of everything that is wrong with it."""
    table = _table(path)
    listed = table.get("templates")
    if isinstance(listed, dict) and isinstance(listed.get("file"), str):
        beside = path.parent / listed["file"]
        more = _table(beside)
        for key in more.keys() - {"approved"}:
            raise Refused([_fault(beside, key, message("there is no such key."))])
        here, there = listed.get("approved", []), more.get("approved", [])
        listed["approved"] = [*here, *there] if isinstance(here, list) and isinstance(there, list) else there
    try:
        return GatewayFile.model_validate(table)
    except ValidationError as error:
        raise Refused(_faults(path, error)) from None


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Refused([_fault(path, "", message("there is no such file."))]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Refused([_fault(path, "", message("cannot be read: {error}.", error=error))]) from error


def _faults(path: Path, error: ValidationError) -> Iterator[Problem]:
    """Yield one problem per fault; the value itself is left out, it may be a secret."""
    for fault in error.errors(include_input=False, include_url=False)[:MOST_FAULTS]:
        key = ".".join(str(step) for step in fault["loc"])
        what = {
            "extra_forbidden": message("there is no such key."),
            "missing": message("this key is missing."),
        }.get(fault["type"])
        reason = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
        yield _fault(path, key, what or message("is not valid: {reason}.", reason=reason))


def _fault(path: Path, key: str, what: Message) -> Problem:
    return Problem(
        code="gateway_file",
        what=what,
        fix=message("docs/gateway.md describes the file and has examples."),
        file=str(path),
        field=key,
    )
