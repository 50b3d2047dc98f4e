"""Invitations into the office's Telegram chat that are printed and handed out: made, counted, revoked."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from bot.actions.progress import Progress
from bot.house import House
from storage import campaigns, invitations
from storage.events import record
from storage.sheet import SheetPeople, sheet_people
from surveys.consent.invitation import Invitation
from surveys.dialogue.linking import chat_link
from surveys.dialogue.turn import Event
from surveys.language import message
from surveys.problem import Problem, Refused

SHEET = "sheet"
#: Bytes of chance in a token: 160 bits, 32 characters.
TOKEN_BYTES = 20


class PrintInvitations(BaseModel):
    """Make an invitation for each resident of a campaign's sample, an area, or a list of office ids."""

    model_config = ConfigDict(frozen=True)
    campaign: str = ""
    area: str = ""
    office_ids: tuple[str, ...] = ()
    days: int = Field(default=30, ge=1, le=365)
    renew: bool = False
    dry_run: bool = False


class ListInvitations(BaseModel):
    """Count what became of invitations."""

    model_config = ConfigDict(frozen=True)


class RevokeInvitations(BaseModel):
    """Let printed invitations nobody has used run out now: of some residents, or of everybody."""

    model_config = ConfigDict(frozen=True)
    campaign: str = ""
    area: str = ""
    office_ids: tuple[str, ...] = ()
    everybody: bool = False


def print_invitations(house: House, order: PrintInvitations, progress: Progress) -> dict[str, Any]:
    """Return a card for each resident; with `dry_run` only how many there would be.

    A printed invitation may be read by the whole family: whoever uses it is asked who they are. Older unused ones
    stay valid unless `renew`.
    """
    bot = house.office.telegram
    if not bot:
        raise Refused([_no_bot()])
    if not (order.campaign or order.area or order.office_ids):
        raise Refused([_nobody_named()])
    now = house.now()
    expires_at = now + timedelta(days=order.days)
    vault = house.database.vault

    def act(connection: Connection) -> tuple[SheetPeople, list[Invitation], int]:
        found = _people(connection, house, order)
        made = [_invitation(invited.resident, order.days, house) for invited in found.people]
        if order.dry_run:
            return found, [], 0
        ids = [invited.resident for invited in found.people]
        ended = invitations.end_unused(connection, ids, now, source=SHEET) if order.renew else 0
        invitations.write_invitations(connection, vault, made, now)
        data: dict[str, str | int] = {"made": len(made), "ended": ended, "campaign": order.campaign, "area": order.area}
        record(connection, [Event("InvitationsPrinted", now, actor="staff", data=data)])
        return found, made, ended

    if order.dry_run:
        with house.database.read() as connection:
            found, made, ended = act(connection)
    else:
        found, made, ended = house.database.write(act)
    progress(len(found.people), len(found.people))
    zone = ZoneInfo(house.office.zone)
    return {
        "dry_run": order.dry_run,
        "residents": len(found.people),
        "stopped": found.stopped,
        "linked": found.linked,
        "unknown": list(found.unknown),
        "ended": ended,
        "valid_until": expires_at.astimezone(zone).date().isoformat(),
        "offices": dict(house.office.names),
        "hotline": house.office.hotline,
        "bot": bot,
        "cards": [
            {
                "office_id": invited.office_id,
                "surname": invited.surname,
                "area": invited.area,
                "language": invited.language,
                "link": chat_link(bot, invitation.token),
            }
            for invited, invitation in zip(found.people, made, strict=False)
        ],
    }


def list_invitations(house: House, order: ListInvitations, progress: Progress) -> dict[str, Any]:
    """Return how many invitations were made, used, are open, and ran out, by source."""
    del order, progress
    with house.database.read() as connection:
        found = invitations.counts(connection, house.now())
    return {"sources": {source: asdict(counted) for source, counted in found.items()}}


def revoke_invitations(house: House, order: RevokeInvitations, progress: Progress) -> dict[str, Any]:
    """End printed invitations that are still open; chats that are linked stay linked."""
    del progress
    if not (order.everybody or order.campaign or order.area or order.office_ids):
        raise Refused([_nobody_named()])
    now = house.now()

    def act(connection: Connection) -> int:
        ids: Collection[int] | None = None
        if not order.everybody:
            ids = _residents(connection, house, order)
        ended = invitations.end_unused(connection, ids, now, source=SHEET)
        record(connection, [Event("InvitationsRevoked", now, actor="staff", data={"ended": ended})])
        return ended

    return {"revoked": house.database.write(act)}


def _invitation(resident: int, days: int, house: House) -> Invitation:
    token = base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()
    return Invitation(token, resident, SHEET, confirmed=False, expires_at=house.now() + timedelta(days=days))


def _residents(connection: Connection, house: House, order: RevokeInvitations) -> list[int]:
    found = _people(connection, house, order, everybody=True)
    return [invited.resident for invited in found.people]


def _people(
    connection: Connection, house: House, order: PrintInvitations | RevokeInvitations, *, everybody: bool = False
) -> SheetPeople:
    if order.campaign:
        try:
            campaigns.state_of(connection, order.campaign)
        except campaigns.CampaignMissing:
            what = message("There is no campaign {name}.", name=order.campaign)
            raise Refused([Problem("campaign_missing", what, message("`pingyi campaign list` shows them."))]) from None
    return sheet_people(
        connection,
        house.database.vault,
        campaign=order.campaign,
        area=order.area,
        office_ids=order.office_ids,
        everybody=everybody,
    )


def _no_bot() -> Problem:
    return Problem(
        "no_telegram",
        message("The office has no Telegram bot to invite to."),
        message("Set telegram_token and telegram_name first (docs/telegram.md)."),
    )


def _nobody_named() -> Problem:
    return Problem(
        "nobody_named",
        message("It is not said whom the invitations are for."),
        message("Give --campaign, --area or --ids."),
    )
