"""Where settings lie, and which language they set: looked at before anything slow is imported."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

#: What the variables of the environment that are settings begin with.
PREFIX = "PINGYI_"
#: Read from the working folder unless PINGYI_CONFIG names another file.
CONFIG = "pingyi.toml"
DOTENV = ".env"
#: The setting that every word on the screen follows.
_LANGUAGE = "language"


def config_path(named: Path | None) -> Path | None:
    """Return the settings file that the command line or the environment names, None for the one that may lie here."""
    given = os.environ.get(f"{PREFIX}CONFIG", "")
    return named or (Path(given) if given else None)


def language_set(named: Path | None) -> str:
    """Return the language that `.env` or the settings file sets, '' for none: in the order in which settings win.

    `named` is the settings file given on the command line. A file that cannot be read says nothing here; whoever reads
    the settings afterwards says what is wrong with it.
    """
    return _in_dotenv() or _in_table(config_path(named) or Path(CONFIG))


def _in_dotenv() -> str:
    if not Path(DOTENV).is_file():
        return ""
    from dotenv import dotenv_values

    try:
        told = dotenv_values(DOTENV, encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return next((value for name, value in told.items() if value and name.upper() == PREFIX + _LANGUAGE.upper()), "")


def _in_table(path: Path) -> str:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8")).get(_LANGUAGE, "")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ""
    return said if isinstance(said, str) else ""
