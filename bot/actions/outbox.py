"""Messages that did not get out: what staff see of them, and trying them again or calling them off."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.progress import Progress
from bot.channels.registry import CHANNELS, enabled
from bot.house import House
from storage.failure import Failure
from storage.stuck import OPEN, STUCK, Stuck, Which, call_off, count_messages, gates_now, replay, stuck_messages
from surveys.language import Message, message
from surveys.problem import Problem, Refused

STATES = ("due", "attempting", "unknown", "accepted", "delivered", "failed", "dead", "cancelled")


class ListOutbox(BaseModel):
    """Which messages to show; without states those a person may have to look at."""

    model_config = ConfigDict(frozen=True)
    states: tuple[str, ...] = ()
    channel: str = ""
    campaign: str = ""
    limit: int = Field(default=100, ge=1, le=10_000)


class ChangeOutbox(BaseModel):
    """Which messages to try again or call off: by number, or `all` of a channel or campaign."""

    model_config = ConfigDict(frozen=True)
    numbers: tuple[int, ...] = ()
    everything: bool = False
    channel: str = ""
    campaign: str = ""
    dry_run: bool = False


def list_outbox(house: House, order: ListOutbox, progress: Progress) -> dict[str, Any]:
    """Return messages, counts by channel and state, and how each channel stands; no texts, no numbers."""
    del progress
    _known(order.states, order.channel)
    which = Which(states=order.states or (*STUCK, "unknown"), channel=order.channel, campaign=order.campaign)
    with house.database.read() as connection:
        rows = stuck_messages(connection, which, order.limit)
        counts = count_messages(connection)
        gates = gates_now(connection)
    zone = ZoneInfo(house.office.zone)
    on = set(enabled(house.settings))
    return {
        "messages": [_shown(row, house.language, zone) for row in rows],
        "counts": counts,
        "channels": [
            {
                "channel": name,
                "on": name in on,
                "resting_until": gate.closed_until.astimezone(zone).isoformat(timespec="seconds")
                if gate and gate.closed_until
                else None,
                "reason": gate.reason if gate else "",
            }
            for name, gate in _standing(counts, on, {gate.channel: gate for gate in gates})
        ],
    }


def replay_outbox(house: House, order: ChangeOutbox, progress: Progress) -> dict[str, Any]:
    """Try messages anew that were put aside; not those a later one has overtaken, nor to who has opted out."""
    del progress
    which = _which(order, STUCK)
    with house.database.read() as connection:
        rows = [row for row in stuck_messages(connection, which, 1_000_000) if row.state in STUCK]
    _any(rows, order)
    barred = sum(row.barred for row in rows)
    overtaken = sum(row.overtaken and not row.barred for row in rows)
    count = len(rows) - overtaken - barred
    if not order.dry_run:
        count = house.database.write(lambda connection: replay(connection, which, house.now()))
    return {"replayed": count, "overtaken": overtaken, "barred": barred, "dry_run": order.dry_run}


def cancel_outbox(house: House, order: ChangeOutbox, progress: Progress) -> dict[str, Any]:
    """Call messages off that have not been sent; one whose call is under way is not among them."""
    del progress
    which = _which(order, OPEN)
    with house.database.read() as connection:
        rows = [row for row in stuck_messages(connection, which, 1_000_000) if row.state in OPEN]
    _any(rows, order)
    count = len(rows)
    if not order.dry_run:
        count = house.database.write(lambda connection: call_off(connection, which))
    return {"cancelled": count, "dry_run": order.dry_run}


def error_words(error: str) -> Message:
    """Return why a message did not get out, for staff."""
    code, _, detail = error.partition(":")
    said = {
        Failure.REFUSED: message("the provider refuses this message"),
        Failure.UNREACHABLE: message("not reached by this channel"),
        Failure.BLOCKED: message("the resident has shut this channel"),
        Failure.OPTED_OUT: message("the resident has opted out with the carrier"),
        Failure.AWAY: message("the phone was off"),
        Failure.BUSY: message("the provider asks for patience"),
        Failure.DOWN: message("the provider could not be reached"),
        Failure.MISCONFIGURED: message("the channel is set up wrongly"),
    }
    if code in set(Failure):
        return message("{why} ({detail})", why=said[Failure(code)], detail=detail.strip())
    return {
        "": message("no error"),
        "stopped": message("the resident has opted out"),
        "closed": message("the campaign is closed"),
        "expired": message("too late to be of use"),
        "left": message("the resident has shut this channel"),
        "overtaken": message("a later message has taken its place"),
        "staff": message("called off by staff"),
        "the sending process ended": message("the sending process ended; it is being looked into"),
        "the provider cannot say whether it was sent": message("the provider cannot say whether it was sent"),
        "nobody can say whether it was sent, and it is not worth sending twice": message(
            "nobody can say whether it was sent, and it is not worth sending twice"
        ),
    }.get(error, message("{error}", error=error))


def _shown(row: Stuck, language: str, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "number": row.id,
        "channel": row.channel,
        "state": row.state,
        "resident": row.resident,
        "campaign": row.campaign,
        "case": row.case,
        "attempts": row.attempts,
        "error": row.error,
        "error_words": error_words(row.error).text(language),
        "created_at": row.created_at.astimezone(zone).isoformat(timespec="minutes"),
        "due_at": row.due_at.astimezone(zone).isoformat(timespec="minutes"),
        "overtaken": row.overtaken,
        "barred": row.barred,
    }


def _standing(counts: Any, on: set[str], gates: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, gates.get(name)) for name in CHANNELS if name in on or name in counts]


def _which(order: ChangeOutbox, states: tuple[str, ...]) -> Which:
    _known((), order.channel)
    if not order.numbers and not (order.everything or order.channel or order.campaign):
        raise Refused(
            [
                Problem(
                    code="outbox_nothing_named",
                    what=message("No message is named."),
                    fix=message("Give numbers, or --all, --channel or --campaign."),
                )
            ]
        )
    return Which(order.numbers, states, order.channel, order.campaign)


def _any(rows: list[Stuck], order: ChangeOutbox) -> None:
    missing = sorted(set(order.numbers) - {row.id for row in rows})
    if missing:
        raise Refused(
            [
                Problem(
                    code="outbox_missing",
                    what=message("Message {number} is not one that can be changed.", number=number),
                    fix=message("`pingyi outbox list` shows the messages that are."),
                )
                for number in missing
            ]
        )


def _known(states: tuple[str, ...], channel: str) -> None:
    problems = [
        Problem(
            code="outbox_state",
            what=message("There is no state {state}.", state=state),
            fix=message("One of: {states}.", states=", ".join(STATES)),
        )
        for state in states
        if state not in STATES
    ]
    if channel and channel not in CHANNELS:
        problems.append(
            Problem(
                code="outbox_channel",
                what=message("There is no channel {channel}.", channel=channel),
                fix=message("One of: {channels}.", channels=", ".join(CHANNELS)),
            )
        )
    if problems:
        raise Refused(problems)
