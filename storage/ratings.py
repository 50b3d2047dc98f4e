"""Reading one campaign as scoring needs it: its answers, its frozen rule, the units, what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from storage import campaigns, campaignunits, forms, selfscores
from storage.analysis import read_analysis, running_keys
from storage.vault import Vault
from surveys.campaign.plan import CampaignKind
from surveys.scoring.facts import ScoringFacts
from surveys.scoring.measure import Earlier


def read_compared(
    connection: Connection, vault: Vault, campaign_id: str
) -> tuple[ScoringFacts, dict[str, ScoringFacts | None]]:
    """Return a campaign and those its plan compares it with, by name, None for one that is not there.

    Who was drawn in both is told by running keys alone; the numbers of residents stay here.
    """
    facts = read_scoring(connection, vault, campaign_id)
    earlier: dict[str, ScoringFacts | None] = {}
    now = running_keys(connection, campaign_id) if facts.design.compare_with else {}
    for name in facts.design.compare_with:
        try:
            then = read_scoring(connection, vault, name)
        except campaigns.CampaignMissing:
            earlier[name] = None
        else:
            keys = running_keys(connection, name)
            again = {key: now[resident] for resident, key in keys.items() if resident in now}
            earlier[name] = replace(then, again=again)
    return facts, earlier


def read_scoring(connection: Connection, vault: Vault, campaign_id: str) -> ScoringFacts:
    """Return what scoring reads of a campaign; CampaignMissing if there is none of this name."""
    campaign = campaigns.load(connection, campaign_id)
    closed = min(campaign.closed_at or campaign.plan.closes_at, campaign.plan.closes_at)
    design = campaign.plan.scoring
    known = campaignunits.of_campaign(connection, campaign_id)
    return ScoringFacts(
        analysis=read_analysis(connection, vault, campaign_id),
        design=design,
        directory=known.units,
        own=selfscores.of_campaign(connection, campaign_id),
        year=closed.astimezone(ZoneInfo(campaign.plan.zone)).year,
        frozen=campaign.launched_at is not None and bool(design.rule),
        units_frozen=known.frozen,
    )


def read_earlier(connection: Connection, names: Iterable[str]) -> dict[str, Earlier]:
    """Return of these campaigns those that are there, as far as their scores are to be compared with."""
    found = {}
    for name in names:
        try:
            campaign = campaigns.load(connection, name)
        except campaigns.CampaignMissing:
            continue
        plan = campaign.plan
        asks = plan.kind is CampaignKind.SURVEY and forms.exists(connection, plan.form)
        form = forms.load(connection, plan.form) if asks else None
        found[name] = Earlier(campaign.launched_at is not None, form, plan.scoring)
    return found
