"""What Telegram says of the office's bot, and how to mend what is wrong, in plain words."""

from __future__ import annotations

from telegram import WebhookInfo
from telegram.error import InvalidToken

from bot.channels.channel import Examination
from bot.channels.telegrambot import OfficeBot
from bot.channels.telegramfaults import reason
from bot.logs import mask
from surveys.language import message
from surveys.problem import Problem, Severity

#: Updates that may wait before something must be wrong.
MANY_WAITING = 100


async def examine(bot: OfficeBot, *, name: str, webhook: str, polling: bool) -> Examination:
    """Compare what Telegram says with the bot's `name`, the `webhook` it should post to, or `polling`."""
    try:
        me = await bot.get_me()
        hook = await bot.get_webhook_info()
    except InvalidToken:
        return Examination({}, (_TOKEN,))
    except Exception as error:  # noqa: BLE001 - the library fails in many ways at a strange answer
        return Examination({}, (_unreachable(reason(error)),))
    facts = {
        "bot": f"@{me.username}",
        "webhook": hook.url or "-",
        "waiting": str(hook.pending_update_count),
    }
    problems = [_other_name(me.username or "")] if (me.username or "").lower() != name.lower() else []
    if polling:
        problems += [_HOOK_IN_THE_WAY] if hook.url else []
    elif not webhook:
        problems.append(_NOT_PUBLIC)
    else:
        problems += _hook_problems(hook, webhook)
    if hook.pending_update_count > MANY_WAITING:
        problems.append(_waiting(hook.pending_update_count))
    return Examination(facts, tuple(problems))


def _hook_problems(hook: WebhookInfo, webhook: str) -> list[Problem]:
    if not hook.url:
        return [_NO_HOOK]
    if hook.url != webhook:
        return [_other_hook(hook.url, webhook)]
    return [_failing(mask(hook.last_error_message))] if hook.last_error_message else []


_TOKEN = Problem(
    code="telegram_token",
    what=message("Telegram does not accept the bot's token."),
    fix=message("Copy it again from @BotFather into PINGYI_TELEGRAM_TOKEN; /token shows it, /revoke makes a new one."),
    field="telegram_token",
)
_NOT_PUBLIC = Problem(
    code="telegram_not_public",
    what=message("Telegram cannot post to the service: it has no https address."),
    fix=message("Set PINGYI_PUBLIC_URL to the https address of the service, or PINGYI_TELEGRAM_POLLING=true."),
    field="public_url",
)
_NO_HOOK = Problem(
    code="telegram_no_webhook",
    what=message("Telegram has not been told where to post."),
    fix=message("Start the service: it tells Telegram by itself."),
    field="public_url",
    severity=Severity.WARNING,
)
_HOOK_IN_THE_WAY = Problem(
    code="telegram_webhook_in_the_way",
    what=message("The bot has a webhook, so that its messages cannot be fetched."),
    fix=message("Start the service: it removes the webhook by itself. If it returns, another program uses the bot."),
    field="telegram_polling",
    severity=Severity.WARNING,
)


def _unreachable(why: str) -> Problem:
    return Problem(
        code="telegram_unreachable",
        what=message("Telegram does not answer: {why}", why=why),
        fix=message("Check that this machine reaches https://api.telegram.org; a proxy is set by HTTPS_PROXY."),
        field="telegram_url",
    )


def _other_name(actual: str) -> Problem:
    return Problem(
        code="telegram_name",
        what=message("The token belongs to the bot @{actual}.", actual=actual),
        fix=message("Set PINGYI_TELEGRAM_NAME to {actual}: invitation links carry it.", actual=actual),
        field="telegram_name",
    )


def _other_hook(actual: str, expected: str) -> Problem:
    return Problem(
        code="telegram_other_webhook",
        what=message("Telegram posts to {actual} instead of {expected}.", actual=actual, expected=expected),
        fix=message("Restart the service. If it happens again, another program uses the bot: stop it."),
        field="public_url",
    )


def _failing(why: str) -> Problem:
    if "403" in why:
        return Problem(
            code="telegram_secret",
            what=message("The service does not know the secret on Telegram's posts."),
            fix=message("Give all processes of the service the same PINGYI_TELEGRAM_SECRET and restart them."),
            field="telegram_secret",
        )
    return Problem(
        code="telegram_webhook_failing",
        what=message("Telegram's last post to the service failed: {why}", why=why),
        fix=message("Check that the address is reached from outside, over https with a valid certificate."),
        field="public_url",
    )


def _waiting(count: int) -> Problem:
    return Problem(
        code="telegram_waiting",
        what=message("{count} messages wait at Telegram.", count=count),
        fix=message("Check that the service runs and takes them."),
        severity=Severity.WARNING,
    )
