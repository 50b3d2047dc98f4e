"""A town that rates twelve offices in two classes through the real dialogue, or by answers written straight in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, insert, update
from town import START, Town

from storage import campaignunits, forms
from storage.database import Database
from storage.tables.campaigns import sample
from storage.tables.residents import units
from storage.tables.talks import interviews
from storage.units import listed
from surveys.campaign.scoringcheck import with_rule
from surveys.questionnaire.templates import template, template_form
from surveys.scoring.design import ScoringDesign

PARENTS = {"city": ("", "市"), "county-1": ("city", "县"), "county-2": ("city", "县")}


def furnish(town: Town, form: str) -> str:
    """Store the form and twelve offices below two counties; return the form's digest."""
    made = template_form(form)
    rows = [
        {"id": name, "name": name, "name_en": "", "unit_class": level, "parent": parent or None, "exempt": True}
        for name, (parent, level) in PARENTS.items()
    ] + [
        {
            "id": f"U{n:02}", "name": f"单位{n}", "name_en": f"Office {n}", "unit_class": "一类" if n <= 6 else "二类",
            "parent": f"county-{1 + n % 2}", "exempt": False,
        }
        for n in range(1, 13)
    ]  # fmt: skip
    blank = {"duties": "职责。", "hotline": "", "updated_at": START}
    town.database.write(lambda c: forms.add(c, made, f"{form}.csv", template(form), START))
    town.database.write(lambda c: c.execute(insert(units), [row | blank for row in rows]))
    return made.digest


def rated(
    database: Database,
    *,
    form: str = "conduct_c",
    size: int = 60,
    each: int = 4,
    design: ScoringDesign | None = None,
    name: str = "offices",
    town: Town | None = None,
    seed: int = 7,
    kept: bool = True,
) -> Town:
    """Return a town of `size` residents who rated `each` of the offices; the first office of a class is the best.

    Without `kept` the units are not kept at launch, as those of campaigns from before that was done.

    What they say is drawn from `seed`: office n is called satisfying with a chance that falls with n.
    """
    fresh = town is None
    town = town or Town(database, size)
    digest = furnish(town, form) if fresh else template_form(form).digest
    now = town.clock.now()
    plan = town.plan(
        name, form=digest, scoring=design or ScoringDesign(), ask_complaint=False, starts_at=now,
        closes_at=now + timedelta(days=21), titles={"zh": "评机关", "en": "Rating the offices"},
    )  # fmt: skip
    town.launch(with_rule(plan, template_form(form)))
    if kept:
        town.database.write(lambda c: keep(c, name, now))
    random = Random(seed)
    given: dict[int, list[str]] = {
        n: [f"U{1 + (n * each + step) % 12:02}" for step in range(each)] for n in range(1, size + 1)
    }

    def assign(connection: Any) -> None:
        for n, ids in given.items():
            connection.execute(
                update(sample)
                .where(sample.c.campaign_id == name, sample.c.resident_id == n)
                .values(units=json.dumps(ids), population=1000)
            )

    town.database.write(assign)
    town.wakes()
    for n, ids in given.items():
        for unit in ids:
            town.hear(n, said(unit, random))
    return town


def keep(connection: Connection, name: str, now: datetime) -> None:
    """Keep the units as a launch does."""
    campaignunits.add(connection, name, listed(connection))
    campaignunits.freeze(connection, name, now)


def said(unit: str, random: Random) -> str:
    """Return what a resident answers about a unit."""
    place = (int(unit[1:]) - 1) % 6
    draw = random.random()
    if draw < 0.05:
        return "不了解"
    return "满意" if draw < 0.95 - 0.13 * place else "基本满意" if draw < 0.97 - 0.05 * place else "不满意"


def answered(town: Town, name: str = "offices") -> Mapping[str, int]:
    """Return how many interviews ended how."""
    found: dict[str, int] = {}
    for row in town.rows(interviews, campaign_id=name):
        found[row.stage] = found.get(row.stage, 0) + 1
    return found


def later(town: Town, days: int) -> None:
    """Let time pass without doing anything."""
    town.clock.move(town.clock.now() + timedelta(days=days))
