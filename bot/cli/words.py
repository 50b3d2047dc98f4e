"""The language the command line speaks, and its sentences in that language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextvars import ContextVar

from surveys.language import CHINESE, ENGLISH, LANGUAGES, translate

#: The language that the files of settings set for this call, '' for none.
CONFIGURED: ContextVar[str] = ContextVar("configured", default="")


def staff_language(environment: Mapping[str, str] | None = None) -> str:
    """Return `zh` or `en`: PINGYI_LANGUAGE decides, then the files of settings, else the locale of the terminal."""
    known = os.environ if environment is None else environment
    for said in (known.get("PINGYI_LANGUAGE", ""), CONFIGURED.get()):
        chosen = said.strip().lower()[:2]
        if chosen in LANGUAGES:
            return chosen
    locale = known.get("LC_ALL") or known.get("LC_MESSAGES") or known.get("LANG") or ""
    return CHINESE if locale.lower().startswith("zh") else ENGLISH


def _(template: str, /, **fields: object) -> str:
    """Return `template` in the language of the command line, its `{names}` filled from `fields`."""
    return translate(staff_language(), template, **fields)
