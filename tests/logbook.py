"""Logging into memory, and logging as it was before."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from bot import logs


@contextmanager
def restored() -> Iterator[None]:
    """Let anything be configured within; afterwards handlers and level are as they were."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    for handler in list(root.handlers):
        root.removeHandler(handler)
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)


@contextmanager
def logged(level: str) -> Iterator[io.StringIO]:
    """Log what is of `level` or above as the service does, into the text that is given."""
    with restored():
        stream = io.StringIO()
        logs.configure(level, stream)
        yield stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines logged so far."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]
