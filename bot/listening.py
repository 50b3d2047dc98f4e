"""Channels that look for messages themselves: one process of a service at a time does it for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack

from bot.channels.channel import Channel
from bot.inbound import Reception
from bot.logs import logger
from storage.database import Database
from storage.election import elected

#: Seconds after which a process asks again whether another one has stopped listening, or tries again after a fault.
AGAIN = 5.0


async def listen(
    channel: Channel, reception: Reception, database: Database, *, pause: float = AGAIN, stopped: Callable[[], bool]
) -> None:
    """Let `channel` look for messages until cancelled; returns if its provider posts them."""
    while not stopped():
        with ExitStack() as stack:
            mine = await asyncio.to_thread(stack.enter_context, elected(database, f"listen {channel.name}"))
            if mine:
                try:
                    await channel.listen(lambda inbounds, receipts: reception.take(channel, inbounds, receipts))
                except Exception as error:  # noqa: BLE001 - listening must not end with one fault
                    logger("bot.listening").error("listening failed", channel=channel.name, exc_info=error)
                else:
                    return  # its provider posts what there is
        await asyncio.sleep(pause)
