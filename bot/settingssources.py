"""Where settings come from: flags, the environment, a settings file; and what is wrong with one."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.settings import TABLE, Settings
from bot.settingsfiles import CONFIG, PREFIX, config_path
from surveys.language import message
from surveys.problem import Problem, Refused


def read_settings(config: Path | None = None, **flags: Any) -> Settings:
    """Return the settings of this process; a flag that is None was not given. Refused names every wrong one."""
    named = config_path(config)
    table = _read_table(named or Path(CONFIG), must_exist=named is not None)
    given = {name: value for name, value in flags.items() if value is not None}
    given[TABLE] = table
    try:
        return Settings(**given)
    except ValidationError as error:
        raise Refused(_faults(error)) from None


def _read_table(path: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if not must_exist:
            return {}
        raise Refused([_fault(path, "", message("there is no such file."))]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Refused([_fault(path, "", message("cannot be read: {error}.", error=error))]) from error
    strange = [_fault(path, key, _unknown(key)) for key in table if key not in Settings.model_fields]
    if strange:
        raise Refused(strange)
    return table


def _unknown(key: str) -> Any:
    near = difflib.get_close_matches(key, Settings.model_fields, n=1)
    if near:
        return message("there is no such setting; did you mean {name}?", name=near[0])
    return message("there is no such setting.")


def _fault(path: Path, field: str, what: Any) -> Problem:
    return Problem(
        code="setting",
        what=what,
        fix=message("docs/settings.md lists the settings."),
        file=str(path),
        field=field,
    )


def _faults(error: ValidationError) -> Iterable[Problem]:
    """Yield one problem per wrong setting; the value itself is left out, it may be a secret."""
    for fault in error.errors(include_input=False, include_url=False):
        field = str(fault["loc"][0]) if fault["loc"] else ""
        yield Problem(
            code="setting",
            what=message("is not a valid setting: {reason}.", reason=_reason(fault)),
            fix=message("docs/settings.md lists the settings."),
            field=f"{field} ({PREFIX}{field.upper()})" if field else "",
        )


def _reason(fault: Mapping[str, Any]) -> str:
    return str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
