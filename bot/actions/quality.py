"""The quality of a campaign's answers: every flag with its evidence, and the results without those flagged."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.actions.dispositions import no_survey
from bot.actions.progress import Progress
from bot.actions.results import campaign_missing
from bot.house import House
from storage.analysis import read_analysis
from storage.campaigns import CampaignMissing
from surveys.problem import Refused
from surveys.statistics.record import plain

if TYPE_CHECKING:
    from surveys.quality.assessment import Quality


class CampaignQuality(BaseModel):
    """Which campaign; `width` asks for the tables as text as well, so many columns wide, with colours if `colour`."""

    model_config = ConfigDict(frozen=True)
    name: str
    width: int = Field(default=0, ge=0, le=400)
    colour: bool = False


def campaign_quality(house: House, order: CampaignQuality, progress: Progress) -> dict[str, Any]:
    """Return what was looked at and found; respondents appear by the running keys of this very reading."""
    from surveys.quality.effect import first_question
    from surveys.statistics.results import quality_of

    with house.database.read() as connection:
        try:
            analysis = read_analysis(connection, house.database.vault, order.name)
        except CampaignMissing:
            raise Refused([campaign_missing(order.name)]) from None
    progress(1, 2)
    if analysis.form is None:
        raise Refused([no_survey(order.name)])
    quality = quality_of(analysis, first_question(analysis.form, analysis.campaign.key_question))
    progress(2, 2)
    zone = ZoneInfo(analysis.campaign.zone)
    return {
        "quality": {"name": order.name, **told(quality, zone)},
        "tables": terminal_text(quality, house.language, order.width, colour=order.colour) if order.width else "",
    }


def told(quality: Quality, zone: ZoneInfo) -> dict[str, Any]:
    """Return everything as JSON: what is published, and for staff the flags one by one."""
    from surveys.quality.assessment import published

    found: dict[str, Any] = plain(published(quality), zone)
    for shown, check in zip(found["checks"], quality.checks, strict=True):
        shown["flagged"] = plain(check.flags, zone)
    return found


def terminal_text(quality: Quality, language: str, width: int, *, colour: bool) -> str:
    """Return the tables a terminal shows."""
    from rich.console import Console

    from bot.reports.quality import show_flags, show_quality
    from surveys.quality.assessment import published

    console = Console(file=StringIO(), width=width, force_terminal=colour, no_color=not colour)
    with console.capture() as captured:
        show_quality(published(quality), console, language)
        show_flags(quality, console, language)
    return captured.get()
