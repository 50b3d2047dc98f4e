"""Frozen frames, the randomness entered for them, and certificates."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from storage.tables.draws import draw_frames, draws
from storage.tables.residents import frames
from surveys.sampling.certificate import WITNESSES, Frozen, GivenUp, Randomness
from surveys.sampling.frame import DrawFrame, frame_of
from surveys.sampling.randomness import Source, canonical, seed_of

#: Little is gained beyond: pseudonyms are random, the rest repeats itself.
LEVEL = 1


@dataclass(frozen=True, slots=True)
class StoredDraw:
    """The draw of one campaign: of which import, for which design (JSON), and how far it has come."""

    campaign: str
    frame: int
    design: str
    frozen: Frozen
    randomness: Randomness | None
    certificate: dict[str, Any] | None


def find(connection: Connection, campaign: str) -> StoredDraw | None:
    """Return the draw of `campaign`, None while its frame is not frozen."""
    row = connection.execute(
        select(draws, frames.c.digest.label("source")).join(frames).where(draws.c.campaign_id == campaign)
    ).first()
    if row is None:
        return None
    frozen = Frozen(
        row.digest,
        row.size,
        row.frozen_at,
        row.source,
        row.contact_cap,
        row.cap_days,
        discarded=row.discarded,
        given_up=_given_up(row.given_up) if row.given_up else (),
    )
    return StoredDraw(
        campaign=campaign,
        frame=row.frame_id,
        design=row.design,
        frozen=frozen,
        randomness=_randomness(json.loads(row.randomness), row.entered_at) if row.randomness else None,
        certificate=json.loads(row.certificate) if row.certificate else None,
    )


def clear_unfinished(connection: Connection, campaign: str) -> None:
    """Take away the parts of a frame whose freezing came to no end."""
    connection.execute(delete(draw_frames).where(draw_frames.c.campaign_id == campaign, draw_frames.c.part < 0))


def packed(frame: DrawFrame) -> Iterator[bytes]:
    """Yield the parts of a frame as they are stored."""
    for part in frame.parts():
        yield zlib.compress(part, LEVEL)


def add_part(connection: Connection, campaign: str, number: int, lines: bytes) -> None:
    """Store one part: under a number below zero, at which nobody looks until `put` makes it count."""
    connection.execute(insert(draw_frames).values(campaign_id=campaign, part=-1 - number, lines=lines))


def put(
    connection: Connection, campaign: str, *, frame: int, design: str, frozen: Frozen, certificate: str = ""
) -> None:
    """Store the draw whose parts are stored already, in place of any other; with a `certificate` it has been drawn."""
    mine = draw_frames.c.campaign_id == campaign
    connection.execute(delete(draws).where(draws.c.campaign_id == campaign))
    connection.execute(delete(draw_frames).where(mine, draw_frames.c.part >= 0))
    connection.execute(update(draw_frames).where(mine).values(part=-1 - draw_frames.c.part))
    connection.execute(
        insert(draws).values(
            campaign_id=campaign,
            frame_id=frame,
            design=design,
            digest=frozen.digest,
            size=frozen.size,
            contact_cap=frozen.contact_cap,
            cap_days=frozen.cap_days,
            discarded=frozen.discarded,
            frozen_at=frozen.at,
            certificate=certificate,
            given_up=json.dumps([_given_up_record(one) for one in frozen.given_up], ensure_ascii=False),
        )
    )


def put_randomness(connection: Connection, campaign: str, randomness: Randomness) -> bool:
    """Store what witnesses typed in; False if there is some already, or no frozen frame: it is entered once."""
    return bool(
        connection.execute(
            update(draws)
            .where(draws.c.campaign_id == campaign, draws.c.randomness == "")
            .values(randomness=json.dumps(_record(randomness), ensure_ascii=False), entered_at=randomness.at)
        ).rowcount
    )


def put_certificate(connection: Connection, campaign: str, certificate: str) -> None:
    """Store the certificate of a frozen frame that has been drawn from."""
    connection.execute(update(draws).where(draws.c.campaign_id == campaign).values(certificate=certificate))


def frozen_frame(connection: Connection, campaign: str) -> DrawFrame:
    """Return the frozen frame of `campaign`."""
    parts = connection.execute(
        select(draw_frames.c.lines)
        .where(draw_frames.c.campaign_id == campaign, draw_frames.c.part >= 0)
        .order_by(draw_frames.c.part)
    ).scalars()
    return frame_of(zlib.decompress(part) for part in parts)


def _record(randomness: Randomness) -> dict[str, Any]:
    return {
        "sources": [[source.name, list(source.numbers)] for source in randomness.sources],
        "witnesses": list(randomness.witnesses),
    }


def _given_up_record(one: GivenUp) -> dict[str, Any]:
    entered = one.randomness.at
    return {
        "digest": one.digest,
        "at": one.at.isoformat(),
        "entered_at": entered.isoformat() if entered else None,
        **_record(one.randomness),
    }


def _given_up(text: str) -> tuple[GivenUp, ...]:
    return tuple(
        GivenUp(
            one["digest"],
            datetime.fromisoformat(one["at"]),
            _randomness(one, datetime.fromisoformat(one["entered_at"])),
        )
        for one in json.loads(text)
    )


def _randomness(record: Mapping[str, Any], at: datetime) -> Randomness:
    sources = tuple(Source(name, tuple(numbers)) for name, numbers in record["sources"])
    return Randomness(WITNESSES, seed_of(canonical(sources)), sources, tuple(record["witnesses"]), at)
