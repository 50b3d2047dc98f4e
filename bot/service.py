"""The running service: the HTTP edge, the clock's ticks and the control socket, started and stopped in order."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from enum import StrEnum

from aiohttp import web

from bot.channels.channel import Channel
from bot.channels.registry import CHANNELS, enabled
from bot.control import Control, socket_path
from bot.house import House, open_house
from bot.listening import listen as listen_to
from bot.logs import configure, logger
from bot.settings import Settings
from bot.simulator.app import MOUNT, make_app, make_standalone
from bot.simulator.carrier import Carrier
from bot.simulator.mailbox import Mailbox
from bot.simulator.secret import simulator_secret
from bot.web import Edge
from bot.web import make_app as make_edge
from scheduler.dispatch import Dispatch
from scheduler.fetching import Fetching
from scheduler.talk import Talk
from scheduler.ticks import Ticks
from storage.lock import FolderBusy
from storage.outbox import lapse
from surveys.language import message
from surveys.problem import Problem, Refused

#: Seconds a service waits for a command that holds the data folder, and for requests under way when it ends.
PATIENCE = 10.0
#: Seconds one thread may keep the interpreter while another waits for it. At Python's 5 ms every socket call of the
#: edge waits for the writer's group: a webhook then takes half as long again (docs/decisions/0001).
TURN_OF_A_THREAD = 0.0001
#: Objects made before the youngest generation is searched for cycles, and how much rarer the older ones are. What is
#: loaded at the start lives for ever: searching it again and again took a quarter of the time of a sent message.
SEARCHED = (20_000, 20, 50)


class Role(StrEnum):
    """Which part of the service a process is."""

    ALL = "run"
    WEB = "web"
    WORKER = "worker"


class PortBusy(OSError):
    """Another program listens on the port."""


def serve(settings: Settings, role: Role, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way.

    `announce` is called with the service's URL once it answers. Raises Refused, PortBusy, FolderBusy, KeyFault.
    """
    if role is not Role.ALL and settings.embedded:
        raise Refused([_one_process(role)])
    configure(settings.log_level)
    listener = None
    if role is not Role.WORKER:
        listener = listen(settings.host, settings.port)
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    if settings.embedded:
        socket_path(settings.folder)
    house = _open_patiently(settings)
    try:
        asyncio.run(_serve(house, role, listener, announce))
    finally:
        house.close()
        if listener is not None:
            listener.close()


def settle_in() -> None:
    """Set the interpreter up for a process that stays, once everything it needs is loaded."""
    sys.setswitchinterval(TURN_OF_A_THREAD)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHED)


def simulate(settings: Settings, port: int, announce: Callable[[str], None]) -> None:
    """Run the phone simulator on its own, so that it outlives the service, until SIGTERM or SIGINT."""
    configure(settings.log_level)
    listener = listen(settings.host, port)
    url = settings.model_copy(update={"port": listener.getsockname()[1]}).local_url

    async def run() -> None:
        stop = _stop_event()
        async with AsyncExitStack() as stack:
            await _site(stack, make_standalone(make_carrier(settings)), listener)
            announce(f"{url}{MOUNT}")
            await stop.wait()

    try:
        asyncio.run(run())
    finally:
        listener.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to the port, so that a busy one is known before anything else is opened."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise PortBusy(errno.EADDRINUSE, "the port is in use", f"{host}:{port}") from error
        raise
    return bound


def make_channels(house: House) -> dict[str, Channel]:
    """Return the channels the settings ask for, by name."""
    return {name: CHANNELS[name].make(house.settings, house.clock) for name in enabled(house.settings)}


def make_carrier(settings: Settings) -> Carrier:
    """Return the simulator's carrier; its phones are kept in the data folder."""
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Carrier(
        service=settings.local_url,
        secret=simulator_secret(settings),
        mailbox=Mailbox(settings.folder / "phones.jsonl"),
    )


async def _serve(house: House, role: Role, listener: socket.socket | None, announce: Callable[[str], None]) -> None:
    settings, log, stop = house.settings, logger("bot.service"), _stop_event()
    channels = make_channels(house)
    talk = Talk(
        house.database,
        house.office,
        house.clock,
        {name: channel.kind for name, channel in channels.items()},
        {name: channel.capabilities.longest for name, channel in channels.items()},
    )
    edge = Edge(house.database, talk, channels)
    # Left in the opposite order: webhooks first, then the clock, what still sends, the socket, the connections.
    async with AsyncExitStack() as stack:
        for channel in channels.values():
            await channel.open()
            stack.push_async_callback(channel.close)
        if listener is not None:
            inside = settings.simulator and not settings.simulator_url
            mounted = {MOUNT: make_app(make_carrier(settings))} if inside else {}
            await _site(stack, make_edge(edge, mounted), listener)
        if settings.embedded:
            control = Control(house, log.error)
            await control.start()
            stack.push_async_callback(control.stop)
        if settings.embedded:
            unclear = house.database.write(lambda connection: lapse(connection, datetime.now(UTC)))
            if unclear:
                log.info("attempts of a process that died are looked into", count=unclear)
        if role is not Role.WEB:
            dispatch = Dispatch(house.database, channels, house.clock, house.office)
            ticks = Ticks(talk, dispatch, Fetching(house.database, channels, house.clock))
            sending = asyncio.create_task(dispatch.run(), name="dispatch")
            sending.add_done_callback(lambda _: stop.set())  # a service that cannot send ends, to be started anew
            stack.push_async_callback(_finish, dispatch, sending)
            ticks.start()
            stack.callback(ticks.stop)
            edge.ticking, edge.nudge = ticks.alive, dispatch.nudge
            for channel in channels.values():
                looking = listen_to(channel, edge.reception, house.database, stopped=stop.is_set)
                stack.push_async_callback(_cancelled, asyncio.create_task(looking, name=f"listen {channel.name}"))
        if not channels:
            log.warning("no channel is switched on: nothing can be sent")
        settle_in()
        log.info("started", role=role.value, schema=house.migrated[1], channels=sorted(channels))
        if listener is not None:
            announce(settings.outside_url)
        await stop.wait()
        edge.closing = True
        log.info("stopping")
    log.info("stopped")


async def _site(stack: AsyncExitStack, app: web.Application, listener: socket.socket) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listener).start()


async def _finish(dispatch: Dispatch, sending: asyncio.Task[None]) -> None:
    """Claim nothing more and wait for the calls under way: what they lead to is still written."""
    dispatch.stop()
    await sending


async def _cancelled(task: asyncio.Task[None]) -> None:
    """End a task that would go on for ever."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _stop_event() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def _open_patiently(settings: Settings) -> House:
    """Open the house; a command that holds the data folder for a moment is waited for."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return open_house(settings)
        except FolderBusy:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def _one_process(role: Role) -> Problem:
    return Problem(
        code="one_process",
        what=message("`pingyi {role}` needs PostgreSQL: SQLite is opened by one process alone.", role=role.value),
        fix=message("Use `pingyi run`, or set PINGYI_DATABASE to a postgresql:// address."),
    )
