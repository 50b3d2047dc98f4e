"""Plan files (TOML) read into a Plan; every finding at once, each by its field.

    name = "water-2026"
    kind = "survey"                       # or "awareness"
    organiser = "District Evaluation Office"
    legal_basis = "District decree 2026/14"
    delete_on = 2027-06-30
    starts = 2026-11-02T09:00:00          # local time; a mere date begins when the day opens
    closes = 2026-11-20                   # a mere date counts to its end
    form = "five_waters_2018"             # a template, a file beside the plan, or a digest
    channels = ["simulator"]
    reminders = ["24h", "72h"]
    [title]
    zh = "…"
    [quiet]                               # nothing but replies goes out after `closes` and before `opens`
    closes = 20:00:00
    opens = 09:00:00
    [audience]
    strata = ["…"]
    minimum_age = 18
    [sample]
    size = 1000
    seed = "7"
    [units]                               # where the form has a repeat called unit
    per_resident = 6
    classes = ["…"]
    [units.quotas]                        # how many of each class; without it a class takes part by its size
    "…" = 3

An awareness campaign has `[message]` (zh, en) and `send_on` instead of form and sample.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from surveys.campaign.fields import Fields
from surveys.campaign.plan import Audience, CampaignKind, Plan, SampleDesign, UnitsDesign
from surveys.campaign.samplecheck import contradictions
from surveys.campaign.weighting import read_weights
from surveys.language import message
from surveys.problem import Problem, Refused
from surveys.scoring.design import read_scoring

#: What campaigns may be called: it is typed on the command line and stands in file names and keys.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,46}[a-z0-9])?", re.ASCII)
#: How a sample may be spread over the strata.
ALLOCATIONS = ("proportional", "neyman", "equal", "fixed")
#: Most reserve replicates.
MOST_REPLICATES = 20
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def parse(data: bytes, file: str = "") -> dict[str, Any]:
    """Return the tables of a plan file; Refused if it is not TOML, with the place."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        found = message("The file is not UTF-8.")
        fix = message("Save it as UTF-8.")
        raise Refused([Problem("not_utf8", found, fix, file)]) from None
    except tomllib.TOMLDecodeError as error:
        row = re.search(r"line (\d+)", str(error))
        found = message("The file is not TOML: {reason}.", reason=str(error))
        fix = message('Write name = "value" on each line; texts stand in quotation marks.')
        raise Refused([Problem("not_toml", found, fix, file, row=int(row[1]) if row else 0)]) from None


def read_plan(table: Mapping[str, Any], *, zone: str, form: str = "", file: str = "") -> Plan:
    """Return the plan of `table`; local times are in `zone`, `form` is the digest its form was found under.

    Raises Refused with every finding: unknown fields, missing ones, values that do not fit.
    """
    problems: list[Problem] = []
    fields = Fields(table, problems, file=file)
    zone_name = fields.text("zone", zone)
    try:
        place = ZoneInfo(zone_name)
    except (KeyError, ValueError, OSError):
        fields.wrong("zone", message("a time zone such as Asia/Shanghai"))
        zone_name, place = zone, ZoneInfo(zone)
    name = fields.text("name").lower()
    if not NAME.fullmatch(name):
        fields.tell(
            "name",
            "bad_name",
            message("{name} cannot be the name of a campaign.", name=name or "''"),
            message("Use 1 to 48 lower-case letters, digits and hyphens, e.g. water-2026."),
        )
    kind = CampaignKind(fields.choice("kind", [kind.value for kind in CampaignKind], "survey"))
    quiet = fields.sub("quiet")
    defaults = _defaults()
    opens = quiet.clock("opens", defaults.day_opens)
    closes = quiet.clock("closes", defaults.day_closes)
    quiet.finish()
    starts_at = fields.moment("starts", place, opens)
    closes_at = fields.moment("closes", place, None)
    delete_on = fields.day("delete_on")
    for field, value in (("starts", starts_at), ("closes", closes_at), ("delete_on", delete_on)):
        if value is None and field not in table:
            fields.tell(field, "missing", message("{name} is missing.", name=field), message("Write its date."))
    fields.text("form")  # resolved by the caller: only it can look for files and stored questionnaires
    plan = Plan(
        name=name,
        kind=kind,
        organiser=fields.text("organiser"),
        legal_basis=fields.text("legal_basis"),
        delete_on=delete_on or date.max,
        starts_at=starts_at or _NEVER,
        closes_at=closes_at or _NEVER,
        zone=zone_name,
        titles=fields.by_language("title"),
        audience=_audience(fields.sub("audience")),
        sample=_sample(fields.sub("sample")),
        units=_units(fields.sub("units")),
        scoring=read_scoring(fields.sub("scoring")),
        weights=read_weights(fields.sub("weights")),
        form=form,
        messages=fields.by_language("message"),
        send_on=fields.days("send_on"),
        channels=fields.texts("channels") or defaults.channels,
        day_opens=opens,
        day_closes=closes,
        reminders=fields.spans("reminders", defaults.reminders),
        invite_over=fields.span("invite_over", defaults.invite_over),
        ask_complaint=fields.flag("ask_complaint", default=defaults.ask_complaint),
        complete_share=fields.share("complete_share", defaults.complete_share),
        partial_share=fields.share("partial_share", defaults.partial_share),
        key_question=fields.text("key_question"),
        late_days=fields.number("late_days", defaults.late_days),
        verify_by=fields.text("verify_by"),
    )
    fields.finish()
    if problems:
        raise Refused(problems)
    return plan


def _audience(fields: Fields) -> Audience:
    audience = Audience(
        strata=frozenset(fields.texts("strata") or ()),
        areas=frozenset(fields.texts("areas") or ()),
        minimum_age=fields.number("minimum_age", 0),
    )
    fields.finish()
    return audience


def _units(fields: Fields) -> UnitsDesign:
    shares = fields.sub("quotas")
    quotas = {name: shares.number(name, 0) for name in sorted(shares.table)}
    defaults = UnitsDesign()
    units = UnitsDesign(
        per_resident=fields.number("per_resident", sum(quotas.values()) or defaults.per_resident, least=1),
        classes=fields.texts("classes") or (),
        quotas=quotas,
        packets=fields.number("packets", defaults.packets),
    )
    fields.finish()
    return units


def _sample(fields: Fields) -> SampleDesign:
    defaults = SampleDesign()
    shares = fields.sub("per_stratum")
    per_stratum = {name: shares.number(name, 0) for name in sorted(shares.table)}
    replicates = fields.number("replicates", defaults.replicates)
    if replicates > MOST_REPLICATES:
        fields.wrong("replicates", message("at most {most}", most=MOST_REPLICATES))
    allocation = fields.choice("allocation", ALLOCATIONS, "fixed" if per_stratum else defaults.allocation)
    sample = SampleDesign(
        size=fields.number("size", sum(per_stratum.values())),
        allocation=allocation,
        per_stratum=per_stratum,
        # Numbers that are fixed are kept from falling below a minimum only where one is written.
        minimum_per_stratum=fields.number(
            "minimum_per_stratum", 0 if allocation == "fixed" else defaults.minimum_per_stratum
        ),
        reserve=fields.share("reserve", defaults.reserve),
        replicates=min(replicates, MOST_REPLICATES),
        seed=fields.text("seed"),
        maximum_per_stratum=fields.number("maximum_per_stratum", defaults.maximum_per_stratum),
        spread=_spread(fields.sub("spread")),
        panel=fields.text("panel"),
        rotate=fields.share("rotate", defaults.rotate),
        rest_waves=fields.number("rest_waves", defaults.rest_waves),
        target_completes=_counts(fields.sub("target_completes")),
        release_after=fields.span("release_after", defaults.release_after),
        mode_randomised=fields.flag("mode_randomised", default=defaults.mode_randomised),
    )
    fields.text("spread_from")  # read by the caller: only it can look for files
    fields.finish()
    fields.problems.extend(contradictions(sample, fields.file))
    return sample


def _spread(fields: Fields) -> dict[str, float]:
    found = {name: fields.quantity(name, least=0) for name in sorted(fields.table)}
    return {name: value for name, value in found.items() if value is not None}


def _counts(fields: Fields) -> dict[str, int]:
    return {name: fields.number(name, 0) for name in sorted(fields.table)}


def _defaults() -> Plan:
    """Return a plan whose fields are the defaults of Plan."""
    return Plan(
        name="",
        kind=CampaignKind.SURVEY,
        organiser="",
        legal_basis="",
        delete_on=date.max,
        starts_at=_NEVER,
        closes_at=_NEVER + timedelta(days=1),
        zone="UTC",
        titles={},
    )
