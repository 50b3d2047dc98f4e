"""What staff do with a launched campaign: let it rest, go on, close, and release reserves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection

from bot.actions.launch import chunks
from bot.actions.planning import find_campaign, stamp, summary
from bot.actions.progress import Progress
from bot.house import House
from storage import campaigns, events, sample
from surveys.campaign.plan import CampaignState
from surveys.dialogue.turn import Event
from surveys.language import Message, message
from surveys.problem import Problem, Refused
from surveys.sampling.release import invitations
from surveys.sampling.tickets import ticket


class PauseCampaign(BaseModel):
    """Let a running campaign rest: nothing goes out but replies."""

    model_config = ConfigDict(frozen=True)

    name: str


class ResumeCampaign(BaseModel):
    """Let a paused campaign go on."""

    model_config = ConfigDict(frozen=True)

    name: str


class CloseCampaign(BaseModel):
    """Close a campaign before its time."""

    model_config = ConfigDict(frozen=True)

    name: str


class ReleaseReplicate(BaseModel):
    """Release a whole reserve replicate; the next one if no number is given."""

    model_config = ConfigDict(frozen=True)

    name: str
    replicate: int | None = None


def pause_campaign(house: House, order: PauseCampaign, progress: Progress) -> dict[str, Any]:
    """Pause a campaign; Refused unless it is running."""
    wrong = message("The campaign {name} is not running.", name=order.name)
    return _move(house, order.name, campaigns.pause_campaign, wrong, progress)


def resume_campaign(house: House, order: ResumeCampaign, progress: Progress) -> dict[str, Any]:
    """Resume a campaign; Refused unless it is paused."""
    wrong = message("The campaign {name} is not paused.", name=order.name)
    return _move(house, order.name, campaigns.resume_campaign, wrong, progress)


def close_campaign(house: House, order: CloseCampaign, progress: Progress) -> dict[str, Any]:
    """Close a campaign; answers stay, what is not out yet is called off. Refused unless it is running or paused."""
    wrong = message("The campaign {name} is neither running nor paused.", name=order.name)
    return _move(house, order.name, campaigns.close_campaign, wrong, progress)


def release_replicate(house: House, order: ReleaseReplicate, progress: Progress) -> dict[str, Any]:
    """Release a reserve replicate: all its residents are invited from now on. Refused out of turn or twice.

    A replicate stays a random sample only if it is released whole and in its turn.
    """
    campaign = find_campaign(house, order.name)
    now = house.now()
    if campaign.state is not CampaignState.RUNNING or now >= campaign.plan.closes_at:
        raise _refused(order.name, message("The campaign {name} is not running.", name=order.name))
    write = house.database.write
    while write(lambda connection: sample.clear_held(connection, order.name)):
        pass
    with house.database.read() as connection:
        waiting = [part.number for part in sample.replicates(connection, order.name) if part.released_at is None]
        if not waiting or order.replicate not in {None, waiting[0]}:
            wrong = message("The campaign {name} has no reserve replicate left.", name=order.name)
            if waiting:
                wrong = message("The next reserve replicate is {number}: they go out in turn.", number=waiting[0])
            raise _refused(order.name, wrong)
        members = sample.members_of(connection, order.name, waiting[0])
    seed = campaign.plan.sample.seed
    in_turn = sorted((ticket(seed, order.name, stratum, name), resident) for name, resident, stratum in members)
    wakes = list(invitations(campaign.plan, [resident for _, resident in in_turn], now))
    for done, chunk in enumerate(chunks(wakes), start=1):
        write(partial(sample.add_held_wakes, planned=chunk))
        progress(min(done * sample.CHUNK, len(wakes)), len(wakes))
    size = write(lambda connection: _release(connection, order.name, waiting[0], now))
    return {**summary(campaign), "replicate": waiting[0], "released": size, "left": waiting[1:]}


def _release(connection: Connection, name: str, replicate: int, now: datetime) -> int:
    # Asked again within the transaction: it may have been closed, or released by somebody else, meanwhile.
    if campaigns.state_of(connection, name) is not CampaignState.RUNNING:
        raise _refused(name, message("The campaign {name} is not running.", name=name))
    size = sample.release_replicate(connection, name, replicate, now)
    if not size:
        raise _refused(name, message("The campaign {name} has no reserve replicate left.", name=name))
    data = {"replicate": replicate, "size": size}
    events.record(connection, [Event("ReplicateReleased", now, campaign=name, actor="staff", data=data)])
    return size


def _move(
    house: House,
    name: str,
    move: Callable[[Connection, str, datetime], bool],
    wrong: Message,
    progress: Progress,
) -> dict[str, Any]:
    find_campaign(house, name)
    now = house.now()
    if not house.database.write(lambda connection: move(connection, name, now)):
        raise _refused(name, wrong)
    progress(1, 1)
    return {**summary(find_campaign(house, name)), "at": stamp(now)}


def _refused(name: str, what: Message) -> Refused:
    fix = message("See how it stands: pingyi campaign status {name}", name=name)
    return Refused([Problem("wrong_state", what, fix)])
