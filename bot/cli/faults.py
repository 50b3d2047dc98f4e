"""What a command says when it cannot go on: one line with the way out, never a traceback."""

from __future__ import annotations

from pathlib import Path

from bot.cli.perform import INVOCATION, load_settings
from bot.cli.words import _, staff_language
from bot.control import FailedThere, NobodyListens, SocketPathTooLong
from storage.lock import FolderBusy
from storage.vault import KeyFault
from surveys.problem import Refused


def explain(error: Exception) -> str:
    """Return the line for `error`; one that nobody foresaw is recorded first."""
    if isinstance(error, FolderBusy | NobodyListens):
        return _("{folder} is held by another process; wait for it to end, or stop it.", folder=error)
    if isinstance(error, KeyFault):
        return _("The keys do not work: {error}. `pingyi doctor` says more.", error=error)
    if isinstance(error, FailedThere):
        return _("The service could not do it: {error}.", error=error)
    if isinstance(error, SocketPathTooLong):
        return _("The path of the data folder {folder} is too long; choose a shorter one.", folder=error)
    from bot.service import PortBusy

    if isinstance(error, PortBusy):
        return _("Another program listens on {address}; stop it, or choose another --port.", address=error.filename)
    if isinstance(error, OSError) and error.filename is not None:
        return _("{file}: {reason}.", file=error.filename, reason=_reason(error))
    return _unforeseen(error)


def _reason(error: OSError) -> str:
    from bot.actions.files import reason_of

    reason = reason_of(error)
    return reason if isinstance(reason, str) else reason.text(staff_language())


def _unforeseen(error: Exception) -> str:
    from bot.logs import record_failure

    try:
        folder = load_settings().folder
    except Refused:
        folder = Path()
    path = record_failure(folder, error, " ".join(INVOCATION.get().arguments[:2]))
    return _(
        "Something went wrong that nobody foresaw ({kind}). {file} says where; please report it.",
        kind=type(error).__name__,
        file=path,
    )
