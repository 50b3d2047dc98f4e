"""Logs: one JSON object per line on stderr, without message texts, phone numbers or secrets."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
import unicodedata
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, TextIO

import structlog

WITHHELD = "[withheld]"
#: A key one of whose words is among these carries something that is never logged.
PRIVATE_WORDS = frozenset(
    {"body", "text", "phone", "token", "secret", "password", "key", "sender", "address", "answer"}
)
#: Seven digits on end (of any script), or groups of three and four as phone numbers are written.
NUMBER = re.compile(r"\+?\d{7,}|(?<!\d)\+?\d{2,4}(?:[ \u00b7.\-\u2010-\u2015]\d{3,4}){2,}(?!\d)")
#: Depth to which a value is looked through; what lies deeper is withheld.
DEPTH = 6
#: Libraries whose everyday lines say nothing to staff, or hold addresses.
QUIET = ("aiohttp", "apscheduler", "alembic", "asyncio", "httpx", "httpcore", "sqlalchemy", "telegram", "twilio")


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send our own and every library's lines of `level` and above to `stream` (stderr) as JSON."""
    tail: list[Any] = [_name_error, scrub, _stamp, _line]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.add_log_level],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *tail],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of one part of the house."""
    return structlog.stdlib.get_logger(name)


def record_failure(folder: Path, error: BaseException, doing: str) -> Path:
    """Append a line about an error nobody foresaw to `pingyi.log` in `folder`; return the file."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "pingyi.log"
    event: MutableMapping[str, Any] = {"event": "failed", "doing": doing, "exc_info": error}
    for step in (_name_error, scrub, _stamp):
        event = step(None, "", event)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(_line(None, "", event) + "\n")
    return path


def scrub(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Withhold private keys, mask numbers, escape characters that could change how a line looks."""
    return {_visible(str(key)): _clean(str(key), value, DEPTH) for key, value in event.items()}


def mask(text: str) -> str:
    """Return `text` without phone numbers and without invisible characters."""
    return _visible(NUMBER.sub("[number]", text))


def _clean(key: str, value: Any, depth: int) -> Any:
    if PRIVATE_WORDS & set(re.split(r"[^a-z]+", key.lower())) or depth == 0:
        return WITHHELD
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 1_000_000 else mask(str(value))
    if isinstance(value, Mapping):
        return {_visible(mask(str(name))): _clean(str(name), item, depth - 1) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item, depth - 1) for item in value]
    return mask(value if isinstance(value, str) else str(value))


def _visible(text: str) -> str:
    """Escape control, format (among them bidirectional) and unassigned characters and line separators."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(character):04x}"
        if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029"
        else character
        for character in text
    )


def _name_error(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put type and place of an exception in its stead: its message may quote what a resident wrote."""
    error = event.pop("exc_info", None)
    if error is True or isinstance(error, tuple):
        error = sys.exc_info()[1] if error is True else error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__qualname__
        if error.__cause__ is not None:
            event["cause"] = type(error.__cause__).__qualname__
        event["at"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _stamp(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the machine's time, after the scrubbing: its digits are no phone number."""
    return structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")(None, "", event)


def _line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    return json.dumps(dict(event), ensure_ascii=False, default=str)
