"""What a process keeps at hand to decide: the vault, opened names, questionnaires, units, the office's settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, select

from storage import forms
from storage.campaigns import read_plan
from storage.codec import NamedCodec
from storage.holdings import holdings
from storage.loading import Surnames
from storage.saying import NO_LIMIT
from storage.tables.campaigns import campaigns
from storage.tables.cases import cases as case_table
from storage.tables.residents import units
from storage.taught import Taught
from storage.vault import Vault
from surveys.campaign.office import Office
from surveys.campaign.plan import CampaignState
from surveys.cases.case import Case
from surveys.dialogue.world import Campaign, World
from surveys.language import CHINESE
from surveys.questionnaire.form import Form
from surveys.questionnaire.templates import template_form

#: Questionnaires that come with the house; interviews name them by template, not by digest.
BUILT_IN = frozenset({"identity", "complaint", "callback"})


class Desk:
    """One per process. Nothing in it goes out of date: forms, plans and names are kept by what they contain.

    What staff teach of residents' words is looked at anew.
    """

    def __init__(self, vault: Vault, office: Office, longest: Mapping[str, int] = NO_LIMIT) -> None:
        self.vault = vault
        self.longest = longest  # characters a message may have, by channel
        self.office = office
        self.codec = NamedCodec(vault)
        self.surnames = Surnames(vault)
        self.taught = Taught()

    def world(
        self, connection: Connection, now: datetime, campaign_ids: Collection[str], cases: Mapping[str, Case]
    ) -> World:
        """Return the facts decisions are made on, read in this transaction."""
        self.taught.look(connection)

        def form(digest: str) -> Form:
            known = template_form(digest) if digest in BUILT_IN else forms.load(connection, digest)
            return self.taught.form(digest, known)

        def unit(unit_id: str, language: str) -> str:
            row = connection.execute(select(units.c.name, units.c.name_en).where(units.c.id == unit_id)).first()
            if row is None:
                return unit_id
            return str(row.name if language == CHINESE or not row.name_en else row.name_en)

        def numbered(number: str) -> bool:
            if any(case.number == number for case in cases.values()):  # opened in this very transaction
                return True
            return connection.execute(select(case_table.c.id).where(case_table.c.number == number)).first() is not None

        return World(
            now=now,
            office=self.office,
            names=self.vault,
            form=form,
            campaigns=running(connection, campaign_ids),
            cases=cases,
            units=unit,
            numbered=numbered,
            holdings=partial(holdings, connection),
        )


def running(connection: Connection, campaign_ids: Collection[str]) -> dict[str, Campaign]:
    """Return the campaigns with these ids as they stand now."""
    wanted = sorted(set(campaign_ids) - {""})
    if not wanted:
        return {}
    rows = connection.execute(_RUNNING, {"ids": wanted})
    return {row.id: Campaign(row.id, read_plan(row.plan), CampaignState(row.state)) for row in rows}


_RUNNING = select(campaigns.c.id, campaigns.c.state, campaigns.c.plan).where(
    campaigns.c.id.in_(bindparam("ids", expanding=True))
)
