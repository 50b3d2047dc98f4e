"""What Telegram's errors mean for a message, in one table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegramtransport import NotTaken, Unanswered
from bot.logs import mask
from scheduler.sender import NotSent, Unknown
from storage.failure import Failure

#: Characters of Telegram's own words that are kept.
LONGEST_REASON = 120

#: The first row whose exception and words fit decides. All of them are refusals: Telegram does not have the message.
#: BadRequest is a NetworkError to the library, and so are the errors of a connection: the order matters.
_REFUSALS: Sequence[tuple[type[TelegramError], str, Failure]] = (
    (RetryAfter, "", Failure.BUSY),  # 429
    (ChatMigrated, "", Failure.UNREACHABLE),  # 400: a group became a supergroup; we write to private chats only
    (Forbidden, "can't initiate conversation", Failure.UNREACHABLE),  # 403: the resident has never written to the bot
    (Forbidden, "can't send messages to bots", Failure.UNREACHABLE),  # 403
    (Forbidden, "", Failure.BLOCKED),  # 403: blocked by the user, user is deactivated
    (BadRequest, "chat not found", Failure.UNREACHABLE),  # 400
    (BadRequest, "user not found", Failure.UNREACHABLE),  # 400
    (BadRequest, "peer_id_invalid", Failure.UNREACHABLE),  # 400
    (BadRequest, "", Failure.REFUSED),  # 400: too long, empty, cannot be parsed
    (InvalidToken, "", Failure.MISCONFIGURED),  # 401, and 404: a token of the wrong shape
    (Conflict, "", Failure.MISCONFIGURED),  # 409: somebody else uses the token
)


def outcome(error: Exception) -> NotSent | Unknown:
    """Return what an error says of the message that was being sent."""
    if isinstance(error, NotTaken):
        return NotSent(str(error), error.failure)
    words = str(error).lower()
    for kind, part, failure in _REFUSALS:
        if isinstance(error, kind) and part in words:
            return NotSent(reason(error), failure, retry_after(error))
    # An answer that broke off, a fault behind Telegram's door, an answer nobody can read: it may have been sent.
    return Unknown(reason(error))


def reason(error: Exception) -> str:
    """Return an error in words that may be kept and logged."""
    if isinstance(error, InvalidToken):
        return "InvalidToken"  # the library quotes the token
    if not isinstance(error, TelegramError) or type(error) is NetworkError:
        return type(error).__name__  # nobody knows what it quotes
    if isinstance(error, (NotTaken, Unanswered)):
        return mask(str(error))[:LONGEST_REASON]  # our own words
    return mask(f"{type(error).__name__}: {error}")[:LONGEST_REASON]


def retry_after(error: Exception) -> float:
    """Return the seconds for which Telegram asks for patience, 0 if it does not."""
    if not isinstance(error, RetryAfter):
        return 0.0
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
