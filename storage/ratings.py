"""Reading one campaign as scoring needs it: its answers, its frozen rule, the units, what they say of themselves."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from storage import campaigns, selfscores, units
from storage.analysis import read_analysis
from storage.vault import Vault
from surveys.scoring.facts import ScoringFacts


def read_compared(
    connection: Connection, vault: Vault, campaign_id: str
) -> tuple[ScoringFacts, dict[str, ScoringFacts | None]]:
    """Return a campaign and those its plan compares it with, by name, None for one that is not there."""
    facts = read_scoring(connection, vault, campaign_id)
    earlier: dict[str, ScoringFacts | None] = {}
    for name in facts.design.compare_with:
        try:
            earlier[name] = read_scoring(connection, vault, name)
        except campaigns.CampaignMissing:
            earlier[name] = None
    return facts, earlier


def read_scoring(connection: Connection, vault: Vault, campaign_id: str) -> ScoringFacts:
    """Return what scoring reads of a campaign; CampaignMissing if there is none of this name."""
    campaign = campaigns.load(connection, campaign_id)
    closed = min(campaign.closed_at or campaign.plan.closes_at, campaign.plan.closes_at)
    design = campaign.plan.scoring
    return ScoringFacts(
        analysis=read_analysis(connection, vault, campaign_id),
        design=design,
        directory=units.listed(connection),
        own=selfscores.of_campaign(connection, campaign_id),
        year=closed.astimezone(ZoneInfo(campaign.plan.zone)).year,
        frozen=campaign.launched_at is not None and bool(design.rule),
    )
